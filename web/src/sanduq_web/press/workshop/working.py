"""The work itself: one edition after the other, in processes of its own, beside the site that answers readers.

What is to be done stands in the database, so a restart loses nothing: an edition on which nobody has worked for a minute is
taken up anew, with the pages and books that are kept. One that is made elsewhere still is waited for.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import close_old_connections, connections
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Site

from sanduq_web.disc.build import is_at_work
from sanduq_web.press.models import EditionJob, EditionState
from sanduq_web.press.models.editions import MOST_LOG
from sanduq_web.press.workshop import folder, folder_of

_log: Final = logging.getLogger(__name__)
_LOOKS: Final = 5.0  # seconds between looks for something to do
_BEATS: Final = 2.0
_LEFT: Final = timedelta(minutes=1)
_GRACE: Final = 20.0
_NOT_PASSED_ON: Final = ("SANDUQ_PRESS_SMTP", "SANDUQ_PRESS_SECRET")
"""What making pages needs not."""


def take() -> EditionJob | None:
    """Something to do, which is this process's from now on; None if there is nothing."""
    now = timezone.now()
    left = Q(beat_on__isnull=True) | Q(beat_on__lt=now - _LEFT)
    wanted = Q(state=EditionState.WAITING) | (Q(state__in=(EditionState.WORKING, EditionState.PACKING)) & left)
    for job in EditionJob.objects.filter(wanted).order_by("number"):
        if is_at_work(folder_of(job.number)):
            continue
        state = EditionState.PACKING if job.state == EditionState.PACKING else EditionState.WORKING
        if EditionJob.objects.filter(wanted, pk=job.pk, state=job.state).update(state=state, beat_on=now):
            return EditionJob.objects.get(pk=job.pk)
    return None


def work_once(stop: threading.Event) -> bool:
    """Do one thing; whether there was any."""
    job = take()
    if job is None:
        return False
    done = _pack(job, stop) if job.state == EditionState.PACKING else _make(job, stop)
    if done is not None:
        EditionJob.objects.filter(pk=job.pk, state=job.state).update(state=done, beat_on=None, ended_on=timezone.now())
    return True


def _make(job: EditionJob, stop: threading.Event) -> EditionState | None:
    edition = folder_of(job.number)
    if edition.exists():  # it was whole before anybody could say so
        return EditionState.MADE
    there = folder()
    command = ["disc", "build", str(edition), "--number", str(job.number), "--date", job.date.isoformat()]
    command += ["--address", address(), "--cache", str(there / "cache")]
    if (there / "parts").is_dir():
        command += ["--parts", str(there / "parts")]
    ended = _run(job, command, stop)
    return None if ended is None else EditionState.FAILED if ended else EditionState.MADE


def _pack(job: EditionJob, stop: threading.Event) -> EditionState | None:
    """Check all of it as readers will, and put it where they find it."""
    offered = Path(settings.SANDUQ_PRESS_EDITIONS or folder() / "offered").resolve()
    spare = folder() / f"packing-{job.number}"
    shutil.rmtree(spare, ignore_errors=True)
    ended = _run(job, ["disc", "pack", str(folder_of(job.number)), str(spare)], stop)
    if ended:
        (folder_of(job.number) / "SHA256SUMS.minisig").unlink(missing_ok=True)
        return EditionState.MADE  # the log says why; another signature may come
    if ended is None:
        return None
    offered.mkdir(parents=True, exist_ok=True)
    for each in sorted(spare.iterdir()):
        shutil.move(each, offered / each.name)
    spare.rmdir()
    return EditionState.SIGNED


def address() -> str:
    """The site's, as readers type it."""
    site = Site.objects.order_by("-is_default_site").first()
    origin = site.root_url if site else "http://localhost:8001"
    return origin.replace("http://", "https://", 1) if settings.SANDUQ_PRESS_HTTPS else str(origin)


def _run(job: EditionJob, arguments: Sequence[str], stop: threading.Event) -> int | None:
    """Run a command of ``sanduq-web``, its words into the log; its end, or None if it was ended on the way."""
    path = folder() / f"edition-{job.number}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}
    environment |= {"SANDUQ_PRESS_MEDIA": str(Path(settings.MEDIA_ROOT).resolve()), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-P", "-m", "sanduq_web", *arguments]
    with path.open("ab") as log:
        process = subprocess.Popen(  # noqa: S603  # our own command
            command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    while process.poll() is None:
        if stop.wait(_BEATS) or not _beat(job, path):
            process.terminate()
            try:
                process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            EditionJob.objects.filter(pk=job.pk).update(beat_on=None)
            return None
    _beat(job, path)
    return process.returncode


def _beat(job: EditionJob, path: Path) -> bool:
    """Say that it is being worked on, and what was said; whether it is still wanted."""
    said = path.read_bytes()[-4 * MOST_LOG :].decode(errors="replace")[-MOST_LOG:]
    stages = [line.removeprefix("==> ") for line in said.splitlines() if line.startswith("==> ")]
    told = {"beat_on": timezone.now(), "log": said.replace("\0", ""), "stage": (stages[-1] if stages else "")[:40]}
    return bool(EditionJob.objects.filter(pk=job.pk, state=job.state).update(**told))


def _for_ever(stop: threading.Event) -> None:
    while not stop.wait(_LOOKS):
        close_old_connections()
        try:
            while work_once(stop) and not stop.is_set():
                pass
        except Exception:  # noqa: BLE001  # a thread that ended would make no edition any more
            _log.exception("an edition was not made")
            time.sleep(_LOOKS)
        finally:
            connections.close_all()


def start(stop: threading.Event) -> threading.Thread:
    """In a thread beside the server's, until the event."""
    thread = threading.Thread(target=_for_ever, args=(stop,), name="workshop", daemon=True)
    thread.start()
    return thread
