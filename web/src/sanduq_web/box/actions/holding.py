"""A box that was put back from a backup: held, until its operator lets it go on (docs/decisions/0019).

A backup holds less than the box did. If it simply went on, a second ballot would stand where a first one had been acknowledged:
two heads at one height, which is what a fraud looks like. So nothing is taken, opened, closed or published meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from sanduq import errors
from sanduq.box.journal import Act
from sanduq_web.box.actions.forgetting import forget_all
from sanduq_web.box.actions.phases import lock
from sanduq_web.box.api import is_held, journal
from sanduq_web.box.models import Archive, Ballot, Restoration
from sanduq_web.question.api import Frozen, Place, anchors


def hold_all(made: str, now: str) -> None:
    """Hold every referendum, as put back from a backup that was ``made`` then; within the caller's transaction."""
    Archive.objects.update(held=True)
    for anchor in anchors():
        Restoration.objects.create(referendum_id=anchor, made=made, restored=now)
        if journal(anchor)[-1].act not in (Act.FROZEN, Act.OPENED):
            forget_all(anchor)  # what was deleted at the close has come back with the backup


def check_published(frozen: Frozen, published: Mapping[str, Any]) -> None:
    """Refuse a box that is behind a copy of fingerprints.json, or has another event where the copy has its head (8.15)."""
    for code, said in published.items():
        place = frozen.places.get(code)
        if place is None or not isinstance(said, dict) or said.get("uuid") != place.area.uuid:
            raise errors.Unusable(f"these fingerprints are of another referendum: area {code}")
        height, head = said.get("height"), said.get("head")
        if not (isinstance(height, int) and isinstance(head, str)):
            raise errors.Unusable(f"area {code}: no height and head")
        _require_there(place, height, head)


def _require_there(place: Place, height: int, head: str) -> None:
    row = Archive.objects.get(pk=place.id)
    if row.height < height:
        missing = f"area {place.code}: {height} events were published, and {row.height} are here"
        raise errors.Unusable(missing, hint="get a copy of the record, and `sanduq-web import` it: nothing was changed")
    got = row.head
    if row.height > height:
        found = Ballot.objects.filter(archive=row, height=height).values_list("event", flat=True).first()
        if found is None:
            return  # the Setup, or an event of the close: what comes behind it names it
        got = bytes(found).hex()
    said = f"area {place.code}, height {height}: another event than was published"
    errors.require(errors.NotAnExtension, got == head, said, expected=head, got=got)


def resume(frozen: Frozen, now: str, *, lost: bool) -> None:
    """Let a box go on. ``lost``: ballots that it had acknowledged may be missing, which is told to everybody."""
    with transaction.atomic():
        lock(frozen.anchor)
        if not is_held(frozen.anchor):
            raise errors.Unusable("this box is not held", hint="nothing was changed")
        Archive.objects.filter(area__referendum_id=frozen.anchor).update(held=False)
        Restoration.objects.filter(referendum_id=frozen.anchor, resumed="").update(resumed=now, lost=lost)
