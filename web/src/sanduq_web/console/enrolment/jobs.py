"""The kinds of work in the background, by the name that stands in the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sanduq_web.console.enrolment import exporting, loading
from sanduq_web.console.enrolment.actions import destroying
from sanduq_web.console.enrolment.loading import Beat
from sanduq_web.console.enrolment.models import Export, Job, Load, LoadState, Register, RollFile


def _check(job: Job, beat: Beat) -> None:
    load = Load.objects.select_related("register__vote").filter(pk=job.of, state=LoadState.CHECKING).first()
    if load is not None:
        loading.check(load, beat)


def _wipe(job: Job, beat: Beat) -> None:
    loading.wipe(job.register_id, job.of, beat)


def _export(job: Job, beat: Beat) -> None:
    export = Export.objects.select_related("register__vote").filter(pk=job.of, state="waiting").first()
    if export is not None:
        exporting.write_export(export, beat)


def _list(job: Job, beat: Beat) -> None:
    row = RollFile.objects.select_related("register__vote").filter(pk=job.of, state="checking").first()
    if row is not None:
        exporting.check_list(row, beat)


def _destroy(job: Job, beat: Beat) -> None:
    register = Register.objects.select_related("vote").filter(pk=job.register_id, destroyed_at=None).first()
    if register is not None:
        destroying.destroy(register, beat)


KINDS: Final[dict[str, Callable[[Job, Beat], None]]] = {
    "check": _check, "wipe": _wipe, "export": _export, "list": _list, "destroy": _destroy,
}  # fmt: skip


def _unchecked(job: Job) -> None:
    load = Load.objects.filter(pk=job.of, state=LoadState.CHECKING).first()
    if load is not None:
        load.state, load.log = LoadState.REFUSED, "the check failed three times: this is our fault, or of the disk; see the log"
        load.save()
        Job.objects.get_or_create(kind="wipe", register_id=job.register_id, of=job.of)


def _nothing(job: Job) -> None:
    """It is tried again with the next one of its kind."""


def _not_made(job: Job) -> None:
    Export.objects.filter(pk=job.of, state="waiting").update(state="failed")


def _not_checked(job: Job) -> None:
    log = "the check failed three times: this is our fault; see the log"
    RollFile.objects.filter(pk=job.of, state="checking").update(state="refused", log=log)


FAILED: Final[dict[str, Callable[[Job], None]]] = {
    "check": _unchecked, "wipe": _nothing, "export": _not_made, "list": _not_checked, "destroy": _nothing,
}  # fmt: skip
"""What is done when one was tried often enough."""
