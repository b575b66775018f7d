"""What all that is written of a vote hangs on: its docket, numbers, hashes, days."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import models, transaction

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.question.setup import canonical
from sanduq_web import clock
from sanduq_web.question.api import referendum
from sanduq_web.watch.models import Docket

DAYS: Final = range(1, 31)
_DAY: Final = 24 * 3600


@dataclass(frozen=True)
class Writer:
    """Who writes: an officer's post in the console, and its role there."""

    post: int
    role: str


def docket_of(vote: UUID, anchor: str | None) -> Docket:
    """The docket of a vote, made if it is not there; it learns the anchor when the setup is frozen."""
    found, _made = Docket.objects.get_or_create(id=vote)
    if anchor is not None and found.referendum_id is None:
        Docket.objects.filter(pk=vote, referendum=None).update(referendum_id=anchor)
        found.refresh_from_db()
    return found


def lock(docket: Docket) -> Docket:
    """The docket's row, locked within the caller's transaction: numbers are given out one by one."""
    return Docket.objects.select_for_update().get(pk=docket.pk)


def after(rows: models.QuerySet[Any], field: str = "number") -> int:
    """The number behind the last one."""
    return int(rows.aggregate(last=models.Max(field))["last"] or 0) + 1


def sealed(content: Mapping[str, Any], *, salted: bool = True) -> dict[str, str]:
    """The hash of what is written; with a salt, so that nobody who has the hash can try what may have been written."""
    salt = secrets.token_hex(16) if salted else ""
    found = sha256_hex(canonical(dict(content) | ({"salt": salt} if salted else {})))
    return {"salt": salt, "sha256": found} if salted else {"sha256": found}


def days_after(now: str, days: int) -> str:
    """The time so many days later."""
    return clock.text(clock.seconds(now) + days * _DAY)


def require_area(docket: Docket, code: str) -> str:
    """A code of one of the vote's areas, or nothing."""
    if code and (docket.referendum_id is None or code not in referendum(docket.referendum_id).places):
        raise errors.Unusable(f"there is no area {code[:64]!a} in this vote")
    return code


@transaction.atomic
def set_limits(docket: Docket, until: str, appeal_days: int, answer_days: int, now: str) -> None:
    """Set the time limits. That for complaints ends after the close and is only ever made longer; so is that for appeals."""
    kept = lock(docket)
    if appeal_days not in DAYS or answer_days not in DAYS:
        raise errors.Unusable(f"days: expected {DAYS.start} to {DAYS.stop - 1}")
    earliest = days_after(now, 1)
    if kept.referendum_id is not None:
        earliest = max(earliest, days_after(referendum(kept.referendum_id).setup.calendar.closes, 1))
    if kept.complaints_until:
        if until < kept.complaints_until or appeal_days < kept.appeal_days:
            raise errors.Unusable("a time limit is made longer, never shorter", hint=f"it is {kept.complaints_until} now")
    elif until < earliest:
        raise errors.Unusable(
            f"the time limit for complaints ends at {earliest} or later: a day after the close, and after now"
        )
    kept.complaints_until, kept.appeal_days, kept.answer_days = until, appeal_days, answer_days
    kept.save()
