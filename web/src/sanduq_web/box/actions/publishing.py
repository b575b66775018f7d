"""What is public of the archives: it advances in steps of minutes and ballots, so that no ballot is timed to a person.

Time is cut into slots of ``step_minutes`` from the opening on. In each slot it is decided once, by whoever comes first (one
who casts, reads, or the ticker), whether all that is in the box becomes public: it does if there are ``step_ballots`` more than
before. Who casts decides *before* appending; so what is published depends on the slots and the counts alone, not on who asks.
The close publishes everything.
"""

from __future__ import annotations

import hashlib
from threading import Lock
from typing import Any, Final

from django.db import transaction

from sanduq_web import clock
from sanduq_web.box.api import pieces
from sanduq_web.box.models import Archive, Ballot, Fingerprint
from sanduq_web.question.api import Frozen


def slot_at(archive: Archive, frozen: Frozen, now: str) -> int:
    """The number of the slot at this time; negative before the opening."""
    passed = clock.seconds(now) - clock.seconds(frozen.setup.calendar.opens)
    return passed // (60 * archive.step_minutes) if archive.step_minutes else passed


def publish_due(archive: Archive, frozen: Frozen, now: str) -> bool:
    """Publish if it is due, in a locked row, which the caller saves; whether anything in the row has changed."""
    slot = slot_at(archive, frozen, now)
    if archive.step_minutes and slot <= archive.slot:
        return False
    archive.slot = slot
    more = archive.height - archive.public_height
    if more and more >= archive.step_ballots:
        since = clock.seconds(frozen.setup.calendar.opens) + slot * 60 * archive.step_minutes
        publish(archive, clock.text(since) if archive.step_minutes else now)
    return True


def publish(archive: Archive, time: str) -> None:
    """Make all of a locked archive public, as of ``time``; the caller saves the row."""
    new = Ballot.objects.filter(archive=archive, height__gt=archive.public_height, height__lte=archive.height)
    archive.public_ballots += new.count()
    archive.public_voters += new.filter(first=True).count()
    archive.public_height, archive.public_size = archive.height, archive.size
    Fingerprint.objects.get_or_create(
        archive=archive,
        height=archive.height,
        defaults={
            "head": archive.head,
            "size": archive.size,
            "ballots": archive.public_ballots,
            "voters": archive.public_voters,
            "time": time,
        },
    )


def publish_all(frozen: Frozen, now: str) -> None:
    """Publish what is due in every area."""
    rows = Archive.objects.filter(area__referendum_id=frozen.anchor, held=False)
    for row in rows.only("area_id", "slot", "step_minutes", "height", "public_height"):
        waits = row.height > row.public_height if row.step_minutes == 0 else slot_at(row, frozen, now) > row.slot
        if not waits:
            continue
        with transaction.atomic():
            archive = Archive.objects.select_for_update().get(pk=row.pk)
            if publish_due(archive, frozen, now):
                archive.save()


_digests: Final[dict[int, tuple[int, Any]]] = {}
"""By archive: how many of its first bytes were hashed, and the hash so far. After a restart it is made anew."""
_lock = Lock()


def complete_fingerprints(anchor: str) -> None:
    """Hash what was published since the last time. Bytes that are public never change, so nothing is locked for it."""
    waiting = Fingerprint.objects.filter(archive__area__referendum_id=anchor, sha256="").order_by("archive_id", "height")
    for fingerprint in waiting:
        with _lock:
            fingerprint.sha256 = _sha256(fingerprint.archive_id, fingerprint.size)
        fingerprint.save(update_fields=["sha256"])


def _sha256(archive: int, size: int) -> str:
    known, digest = _digests.get(archive, (0, hashlib.sha256()))
    if known > size:
        known, digest = 0, hashlib.sha256()
    digest = digest.copy()
    for piece in pieces(archive, known, size):
        digest.update(piece)
    _digests[archive] = size, digest.copy()
    return str(digest.hexdigest())
