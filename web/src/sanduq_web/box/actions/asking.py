"""Asking for a PIN or a code, of who has sent a verified ballot that is not in the box yet (docs/decisions/0014).

A try is counted, durably, before it is compared: so parallel guesses, and a restart, win nothing. A wrong one delays the next,
and never for longer than some minutes: whoever has a credential cannot lock its voter out for good.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Final

from django.db import transaction

from sanduq.roll import Hashed, is_pin
from sanduq_web import clock
from sanduq_web.box.actions.forgetting import forget_tries
from sanduq_web.box.models import Pin, Tries
from sanduq_web.problems import Busy, Problem
from sanduq_web.question.api import Place

FREE: Final = 2
"""Wrong tries after which the next need not wait."""
FIRST: Final = 15
LONGEST: Final = 300
AGAIN: Final = "again"
_hashing: Final = BoundedSemaphore(os.cpu_count() or 1)


@dataclass(frozen=True)
class Said:
    """What came beside a ballot: a PIN or code, or :data:`AGAIN` for another code; the language that mail is written in."""

    code: str | None = field(default=None, repr=False)
    language: str = "en"


def refused(name: str, detail: str, hint: str, retry_after: int | None = None) -> Problem:
    """401: the ballot is good, and something else is asked for."""
    return Problem(HTTPStatus.UNAUTHORIZED, detail, hint=hint, retry_after=retry_after, name=name)


def too_many(detail: str, seconds: int) -> Problem:
    """429 of somebody who must wait; other than for floods, the same need not be sent again by itself."""
    return Problem(HTTPStatus.TOO_MANY_REQUESTS, detail, hint="nothing was changed", retry_after=seconds, name="TooManyTries")


def hash_of(code: str, bound_to: str) -> Hashed:
    """The slow hash of a new code; no more at once than there are processors."""
    with _hashing:
        return Hashed.of(code, bound_to)


def fits(hashed: Hashed, code: str, bound_to: str) -> bool:
    """Whether this is the secret; no more at once than there are processors."""
    with _hashing:
        return hashed.fits(code, bound_to)


def require_pin(place: Place, credential: str, said: Said) -> None:
    """Refuse unless the PIN of this credential came along."""
    pin = Pin.objects.filter(archive_id=place.id, credential=bytes.fromhex(credential)).first()
    if pin is None:
        raise Busy("this box has no PINs of this area: its operator must bring them", retry_after=60)
    if said.code is None:
        raise refused("PinNeeded", "the PIN of the letter is asked for", "send the same ballot with it in Sanduq-Code")
    wrong, hint = "this is not the PIN", "it stands on the letter: eight digits"
    if not is_pin(said.code):
        raise refused("PinWrong", wrong, hint)
    wait = _count(place, credential)
    if not fits(Hashed(bytes(pin.salt), bytes(pin.hash)), said.code, credential):
        raise refused("PinWrong", wrong, hint, retry_after=wait or None)
    forget_tries(place, credential)


def _count(place: Place, credential: str) -> int:
    """Count one try; for how many seconds the next must wait if it is wrong."""
    now = clock.seconds(clock.now())
    with transaction.atomic():
        rows = Tries.objects.select_for_update()
        row, _ = rows.get_or_create(archive_id=place.id, credential=bytes.fromhex(credential))
        if row.until > now:
            raise too_many("this credential was used with wrong PINs just now", row.until - now)
        row.count += 1
        wait = 0 if row.count <= FREE else min(FIRST << min(row.count - FREE - 1, 10), LONGEST)
        row.until = now + wait
        row.save()
    return wait
