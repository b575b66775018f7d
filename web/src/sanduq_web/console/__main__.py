"""``python -m sanduq_web.console`` is the command."""

from sanduq_web.console.command import main

main()
