"""``python -m sanduq_web.press``."""

from sanduq_web.press.command import main

main()
