"""The process that works in the background. It imports nothing of Django at first: a new one reads this before it is set up."""

from __future__ import annotations

import threading


def work() -> None:
    """All that there is to do; it ends with the process that began it."""
    import django
    from django.db import connections

    from sanduq_web.processes import end_with_parent

    end_with_parent()
    django.setup()
    from sanduq_web.console.enrolment.working import work_once

    while work_once(threading.Event()):
        pass
    connections.close_all()
