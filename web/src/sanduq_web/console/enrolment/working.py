"""Work in the background: a process beside the site that answers officers, so that no page waits for it.

What is to be done stands in the database, so a restart loses nothing: what nobody has worked on for a minute is taken up anew.
"""

from __future__ import annotations

import logging
import multiprocessing
import secrets
import threading
from datetime import timedelta
from functools import partial
from typing import Any, Final

from django.db import DatabaseError, close_old_connections, connections, transaction
from django.db.models import Q
from django.utils import timezone

from sanduq_web import faults
from sanduq_web.console.enrolment import child
from sanduq_web.console.enrolment.loading import Ended
from sanduq_web.console.enrolment.models import Job

_log: Final = logging.getLogger("sanduq_web")
_LOOKS: Final = 2.0  # seconds between looks for something to do
_LEFT: Final = timedelta(minutes=1)
_TRIES: Final = 3


def _left() -> Q:
    """What nobody works on. (A beat from the future is of a clock that was wrong.)"""
    now = timezone.now()
    return Q(beat_on__isnull=True) | Q(beat_on__lt=now - _LEFT) | Q(beat_on__gt=now + _LEFT)


def add(kind: str, register: Any, of: int) -> None:
    """Something to do, once; it is begun when the transaction is through."""
    Job.objects.get_or_create(kind=kind, register_id=register, of=of)


def take() -> Job | None:
    """Something to do, which is this process's from now on; None if there is nothing. Of two that ask at once one gets it."""
    for job in Job.objects.filter(_left(), tries__lt=_TRIES).order_by("pk"):
        owner = secrets.token_hex(16)
        mine = Job.objects.filter(_left(), pk=job.pk, owner=job.owner)
        if mine.update(owner=owner, beat_on=timezone.now(), tries=job.tries + 1):
            job.owner, job.tries = owner, job.tries + 1
            return job
    return None


def _give_up() -> None:
    """What was tried often enough, and ended in the middle each time, also by a kill: whoever waits for it is told."""
    from sanduq_web.console.enrolment.jobs import FAILED

    for job in Job.objects.filter(_left(), tries__gte=_TRIES):
        with transaction.atomic():
            if Job.objects.filter(pk=job.pk, owner=job.owner).delete()[0]:
                FAILED[job.kind](job)


def _beat(job: Job, stop: threading.Event) -> None:
    if stop.is_set() or not Job.objects.filter(pk=job.pk, owner=job.owner).update(beat_on=timezone.now()):
        raise Ended


def work_once(stop: threading.Event) -> bool:
    """Do one thing; whether there was any."""
    from sanduq_web.console.enrolment.actions.destroying import is_due
    from sanduq_web.console.enrolment.jobs import KINDS

    _give_up()
    for register in is_due():
        add("destroy", register.pk, 0)
    job = take()
    if job is None:
        return False
    mine = Job.objects.filter(pk=job.pk, owner=job.owner)
    try:
        KINDS[job.kind](job, partial(_beat, job, stop))
    except Ended:
        mine.update(beat_on=None, tries=job.tries - 1)
    except Exception as error:  # noqa: BLE001  # whatever it was, such as a disk that is full: it is tried again
        # Not what was worked on: that is people's data.
        _log.error("background work %s: %s: %s", job.kind, type(error).__name__, faults.briefly(error))
        mine.update(beat_on=None)
    else:
        mine.delete()
    return True


def _for_ever(stop: threading.Event) -> None:
    from sanduq_web.console.enrolment.actions.destroying import is_due

    context = multiprocessing.get_context("spawn")
    while not stop.wait(_LOOKS):
        close_old_connections()
        try:
            there_is = Job.objects.filter(_left()).exists() or bool(is_due())
        except DatabaseError as error:
            _log.warning("background work: the database does not answer: %s", type(error).__name__)
            continue
        finally:
            connections.close_all()
        if there_is:
            process = context.Process(target=child.work, name="background", daemon=True)
            process.start()
            while process.is_alive() and not stop.is_set():
                process.join(1)
            if process.is_alive():
                process.terminate()
                process.join(10)


def start(stop: threading.Event) -> threading.Thread:
    """Look for work, in a thread beside the server's, until the event."""
    thread = threading.Thread(target=_for_ever, args=(stop,), name="background", daemon=True)
    thread.start()
    return thread
