"""Keeping a public list."""

from __future__ import annotations

from typing import Final

from sanduq.roll import Roll
from sanduq_web.roll.models import Entry, PublicList

BUCKET: Final = 256
"""How many entries a bucket should have at least: who asks for one says no more than that it may be one of these."""


def prefix_for(size: int) -> int:
    """How many hexadecimal digits a bucket's name has, so that buckets have some :data:`BUCKET` entries or more."""
    digits = 0
    while size >= BUCKET * 16 ** (digits + 1):
        digits += 1
    return digits


def keep(uuid: str, roll: Roll) -> PublicList:
    """Keep the list of an election, within the caller's transaction."""
    kept = PublicList.objects.create(uuid=uuid, size=len(roll), weighted=roll.weighted, prefix=prefix_for(len(roll)))
    entries = (Entry(list=kept, key=bytes.fromhex(key), weight=weight) for key, weight in roll.weights.items())
    Entry.objects.bulk_create(entries, batch_size=2000)
    return kept
