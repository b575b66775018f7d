"""Destroying all data of people, on the day that the commission has set, or earlier by two registrars."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from sanduq import errors
from sanduq_web.console.enrolment import keys, loading
from sanduq_web.console.enrolment.models import Entry, Export, Fault, Job, Load, LoadState, Opinion, Register, Reserve
from sanduq_web.console.office.actions import write_down
from sanduq_web.console.office.models import Vote
from sanduq_web.roll import actions as roll


def is_due() -> list[Register]:
    """Registers whose day has come."""
    return list(Register.objects.filter(destroyed_at=None, destroy_on__lte=timezone.now().date()))


def check_destroyable(vote: Vote) -> None:
    """Raises :class:`sanduq.errors.Unusable` where there is nothing to destroy."""
    found = Register.objects.filter(pk=vote.pk).first()
    if found is None or found.destroyed_at is not None:
        raise errors.Unusable("there is no register, or it was destroyed")


def destroy(register: Register, beat: Callable[[], None]) -> None:
    """Entries, what people wrote, files, what could be looked up: deleted, and overwritten where the database can. Counts by
    area, public lists and the journal stay. It begins anew where it was broken off.
    """
    loading.securely()
    for load in Load.objects.filter(register=register):
        keys.forget(settings.SANDUQ_CONSOLE_FILES / load.file)
        Fault.objects.filter(load=load).delete()
    Load.objects.filter(register=register).exclude(state=LoadState.LIVE).update(state=LoadState.ENDED)
    for export in Export.objects.filter(register=register).exclude(state="gone"):
        keys.forget(settings.SANDUQ_CONSOLE_FILES / export.file)
    Export.objects.filter(register=register).update(state="gone")
    for _part in loading.parts(Entry.objects.filter(register=register)):
        beat()
    for generation in {0, *Load.objects.filter(register=register).values_list("pk", flat=True)}:
        for _part in loading.parts(roll.look_ups(roll.registration(register.pk), generation)):
            beat()
    with transaction.atomic():
        Opinion.objects.filter(case__registration__uuid=register.pk).delete()
        roll.forget_all(register.pk)
        # Numbers and areas of reserves stay, and who gave them; for whom does not.
        Reserve.objects.filter(register=register).update(voter="")
        Job.objects.filter(register=register).exclude(kind="destroy").delete()
        if Register.objects.filter(pk=register.pk, destroyed_at=None).update(destroyed_at=timezone.now()):
            write_down(None, "register-destroyed", vote=register.vote)
        beat()
    _overwrite()


def _overwrite() -> None:
    """What is left of deleted rows: SQLite's log is emptied; PostgreSQL frees the rows, and overwrites them later."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        elif connection.vendor == "postgresql":
            cursor.execute(f"VACUUM {Entry._meta.db_table}")
