"""``python -m sanduq_web``."""

from sanduq_web.command import main

main()
