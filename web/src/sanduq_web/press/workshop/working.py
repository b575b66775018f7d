"""The work itself: one edition after the other, in processes of its own, beside the site that answers readers.

What is to be done stands in the database, so a restart loses nothing: an edition on which nobody has worked for a minute is
taken up anew, with the pages and books that are kept. One that is made elsewhere still is waited for.
"""

from __future__ import annotations

import errno
import logging
import shutil
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, connections
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import Site

from sanduq import errors
from sanduq_web.disc import about
from sanduq_web.disc.build import alone, is_at_work
from sanduq_web.press.models import EditionJob, EditionState
from sanduq_web.press.workshop import child, folder, folder_of, log_of, offered, partial_of, spare_of

_log: Final = logging.getLogger(__name__)
_LOOKS: Final = 5.0  # seconds between looks for something to do
_BEATS: Final = 2.0
_LEFT: Final = timedelta(minutes=1)


def take() -> EditionJob | None:
    """Something to do, which is this process's from now on; None if there is nothing.

    Of two that ask at once one gets it: the second's UPDATE finds a row (on PostgreSQL after waiting for the first) that is not
    as it was. A beat from the future is of a clock that was wrong.
    """
    now = timezone.now()
    left = Q(beat_on__isnull=True) | Q(beat_on__lt=now - _LEFT) | Q(beat_on__gt=now + _LEFT)
    wanted = Q(state=EditionState.WAITING) | (Q(state__in=(EditionState.WORKING, EditionState.PACKING)) & left)
    for job in EditionJob.objects.filter(wanted).order_by("number"):
        if is_at_work(folder_of(job.number)) or is_at_work(spare_of(job.number)):
            continue
        state = EditionState.PACKING if job.state == EditionState.PACKING else EditionState.WORKING
        if EditionJob.objects.filter(wanted, pk=job.pk, state=job.state).update(state=state, beat_on=now):
            job.state, job.beat_on = state, now
            return job
    return None


def _held(job: EditionJob) -> QuerySet[EditionJob]:
    """The job, while nobody ended it or took it up: whoever has it knows its last beat."""
    return EditionJob.objects.filter(pk=job.pk, state=job.state, beat_on=job.beat_on)


def work_once(stop: threading.Event) -> bool:
    """Do one thing; whether there was any."""
    job = take()
    if job is None:
        return False
    is_packed = job.state == EditionState.PACKING
    try:
        done = _pack(job, stop) if is_packed else _make(job, stop)
    except (OSError, errors.Unusable) as error:  # such as a disk that is full
        done = EditionState.MADE if is_packed else EditionState.FAILED
        job.log = child.plain(f"{job.log}\n{error}\n").lstrip()
    if done is not None:
        _finish(job, done)
    elif stop.is_set():
        _held(job).update(beat_on=None)
    _clear(job)
    return True


def _finish(job: EditionJob, done: EditionState) -> None:
    if done == EditionState.FAILED:
        job.log = child.plain(f"{job.log}It was not made; {child.free(folder())} are free.\n")
    _held(job).update(state=done, beat_on=None, ended_on=timezone.now(), log=job.log)


def _clear(job: EditionJob) -> None:
    """What is of no use: parts of one that was not made, and all of one that was ended while it came into being."""
    state = EditionJob.objects.filter(pk=job.pk).values_list("state", flat=True).first()
    if state not in (EditionState.FAILED, EditionState.ENDED) or is_at_work(folder_of(job.number)):
        return
    shutil.rmtree(partial_of(job.number), ignore_errors=True)
    if state == EditionState.ENDED:
        shutil.rmtree(folder_of(job.number), ignore_errors=True)


def _make(job: EditionJob, stop: threading.Event) -> EditionState | None:
    edition = folder_of(job.number)
    if not edition.exists():  # else it was whole before anybody could say so
        there = folder()
        command = ["disc", "build", str(edition), "--number", str(job.number), "--date", job.date.isoformat()]
        command += ["--address", address(), "--cache", str(there / "cache")]
        if (there / "parts").is_dir():
            command += ["--parts", str(there / "parts")]
        ended = _run(job, command, stop)
        if ended is None or ended:
            return None if ended is None else EditionState.FAILED
    told = about(edition)
    if (told.number, told.date) != (job.number, job.date):
        raise errors.Unusable(f"{edition} is edition {told.number} of {told.date}: somebody else made it")
    return EditionState.MADE


def _pack(job: EditionJob, stop: threading.Event) -> EditionState | None:
    """Check all of it as readers will, and put it where they find it."""
    spare = spare_of(job.number)
    with alone(spare) as lock:
        shutil.rmtree(spare, ignore_errors=True)
        ended = _run(job, ["disc", "pack", str(folder_of(job.number)), str(spare)], stop, lock)
        try:
            if ended == 0:
                _offer(spare)
        finally:
            shutil.rmtree(spare, ignore_errors=True)
    # Where it was refused, the log says why, and another signature may come.
    return None if ended is None else EditionState.MADE if ended else EditionState.SIGNED


def _offer(spare: Path) -> None:
    """Each file is there at once and whole, on whichever disk; the archive, which the front page looks for, is the last."""
    there = offered()
    there.mkdir(parents=True, exist_ok=True)
    for each in sorted(spare.iterdir()):
        try:
            each.replace(there / each.name)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            partial = there / f".{each.name}.partial"
            try:
                shutil.copyfile(each, partial)
                partial.replace(there / each.name)
            finally:
                partial.unlink(missing_ok=True)


def address() -> str:
    """The site's, as readers type it."""
    site = Site.objects.order_by("-is_default_site").first()
    origin = site.root_url if site else "http://localhost:8001"
    return origin.replace("http://", "https://", 1) if settings.SANDUQ_PRESS_HTTPS else str(origin)


def _run(job: EditionJob, arguments: list[str], stop: threading.Event, lock: int | None = None) -> int | None:
    """Run a command of ``sanduq-web``, its words into the log; its end, or None if it was ended on the way."""
    path = log_of(job.number)
    path.parent.mkdir(parents=True, exist_ok=True)
    with child.running([sys.executable, "-P", "-m", "sanduq_web", *arguments], path, lock) as process:
        while process.poll() is None:
            if stop.wait(_BEATS) or not _beat(job, path):
                return None
    return process.returncode if _beat(job, path) else None


def _beat(job: EditionJob, path: Path) -> bool:
    """Say that it is being worked on, and what was said; whether it is still wanted."""
    said = child.end_of(path)
    stages = [line.removeprefix("==> ") for line in said.splitlines() if line.startswith("==> ")]
    told: dict[str, Any] = {"beat_on": timezone.now(), "log": said, "stage": (stages[-1] if stages else job.stage)[:40]}
    try:
        if not _held(job).update(**told):
            return False
    except DatabaseError as error:  # away for a moment: what is being made needs not begin anew
        _log.warning("edition %s: the database does not answer: %s", job.number, type(error).__name__)
        connection.close()
        return True
    for name, value in told.items():
        setattr(job, name, value)
    return True


def _for_ever(stop: threading.Event) -> None:
    while not stop.wait(_LOOKS):
        close_old_connections()
        try:
            while work_once(stop) and not stop.is_set():
                pass
        except Exception:  # noqa: BLE001  # a thread that ended would make no edition any more
            _log.exception("an edition was not made")
        finally:
            connections.close_all()


def start(stop: threading.Event) -> threading.Thread:
    """In a thread beside the server's, until the event; wait for it, and nothing that it began goes on."""
    thread = threading.Thread(target=_for_ever, args=(stop,), name="workshop", daemon=True)
    thread.start()
    return thread
