"""Keeping a public list."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from django.db import connection

from sanduq.roll import Roll
from sanduq_web.roll.models import Entry, PublicList

BUCKET: Final = 256
"""How many entries a bucket should have at least: who asks for one says no more than that it may be one of these."""

_AT_ONCE: Final = 2000
_ENTRY: Final = f"INSERT INTO {Entry._meta.db_table} (list_id, key, weight)"
"""Plain: as objects of models, a list of 300,000 took 14 s of a processor and 110 MB more."""


def prefix_for(size: int) -> int:
    """How many hexadecimal digits a bucket's name has, so that buckets have some :data:`BUCKET` entries or more."""
    digits = 0
    while size >= BUCKET * 16 ** (digits + 1):
        digits += 1
    return digits


def keep(uuid: str, roll: Roll) -> PublicList:
    """Keep the list of an election, within the caller's transaction."""
    kept = PublicList.objects.create(uuid=uuid, size=len(roll), weighted=roll.weighted, prefix=prefix_for(len(roll)))
    # In their order, so that the index grows at its end.
    rows: Iterator[tuple[int | bytes, ...]] = (
        (kept.pk, bytes.fromhex(key), weight) for key, weight in sorted(roll.weights.items())
    )
    with connection.cursor() as cursor:
        while batch := [*islice(rows, _AT_ONCE)]:
            marks = ",".join(["(%s,%s,%s)"] * len(batch))
            cursor.execute(f"{_ENTRY} VALUES {marks}", [*chain.from_iterable(batch)])
    return kept
