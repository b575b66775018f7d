"""What was kept for a second authentication goes as soon as it can: it has times, or says who somebody is."""

from __future__ import annotations

import logging
from typing import Final

from sanduq_web import clock
from sanduq_web.box.models import Address, Code, Pin, Tries
from sanduq_web.question.api import Place

HOUR: Final = 3600
_log = logging.getLogger("sanduq_web.box")


def forget_tries(place: Place, credential: str) -> None:
    """Of one credential, whose ballot is in the box: the code that it was sent, and when."""
    for table in (Tries, Code):
        table.objects.filter(archive_id=place.id, credential=bytes.fromhex(credential)).delete()


def forget_old(now: str) -> None:
    """Tries and codes that limit nothing any more. Asks before it writes, so that an idle site writes nothing."""
    before = clock.seconds(now) - HOUR
    for rows in (Tries.objects.filter(until__lt=before), Code.objects.filter(since__lt=before, until__lt=before)):
        if rows.exists():
            rows.delete()


def forget_all(anchor: str) -> None:
    """Everything of a referendum, within the caller's transaction."""
    gone = 0
    for table in (Pin, Tries, Address, Code):
        gone += table.objects.filter(archive__area__referendum_id=anchor).delete()[0]
    if gone:
        _log.warning("referendum %s: PINs, addresses and codes are deleted", anchor[:12])
