"""The kinds of work in the background, by the name that stands in the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sanduq_web.console.enrolment import loading
from sanduq_web.console.enrolment.loading import Beat
from sanduq_web.console.enrolment.models import Job, Load, LoadState


def _check(job: Job, beat: Beat) -> None:
    load = Load.objects.select_related("register__vote").filter(pk=job.of, state=LoadState.CHECKING).first()
    if load is not None:
        loading.check(load, beat)


def _wipe(job: Job, beat: Beat) -> None:
    loading.wipe(job.register_id, job.of, beat)


KINDS: Final[dict[str, Callable[[Job, Beat], None]]] = {"check": _check, "wipe": _wipe}


def _unchecked(job: Job) -> None:
    load = Load.objects.filter(pk=job.of, state=LoadState.CHECKING).first()
    if load is not None:
        load.state, load.log = LoadState.REFUSED, "the check failed three times: this is our fault, or of the disk; see the log"
        load.save()
        Job.objects.get_or_create(kind="wipe", register_id=job.register_id, of=job.of)


def _nothing(job: Job) -> None:
    """It is tried again with the next one of its kind."""


FAILED: Final[dict[str, Callable[[Job], None]]] = {"check": _unchecked, "wipe": _nothing}
"""What is done when one was tried often enough."""
