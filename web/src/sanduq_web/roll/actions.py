"""Keeping a public list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain, islice
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from sanduq.roll import Roll
from sanduq_web.roll.models import Entry, LookUp, PublicList, Registration

BUCKET: Final = 256
"""How many entries a bucket should have at least: who asks for one says no more than that it may be one of these."""

_AT_ONCE: Final = 2000
_ENTRY: Final = f"INSERT INTO {Entry._meta.db_table} (list_id, key, weight)"
"""Plain: as objects of models, a list of 300,000 took 14 s of a processor and 110 MB more."""

_LOOK_UP: Final = f"INSERT INTO {LookUp._meta.db_table} (registration_id, generation, key, area, state)"


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


# --- registrations: what is looked up, before there are keys -----------------------------------------------------------------


def registration(uuid: UUID) -> int:
    """The key in the database of a vote's registration, which is made if there is none."""
    return Registration.objects.get_or_create(uuid=uuid)[0].pk


def use_generation(uuid: UUID, generation: int) -> None:
    """From now on another import is looked up."""
    Registration.objects.filter(pk=registration(uuid)).update(generation=generation)


def set_destruction(uuid: UUID, day: date) -> None:
    """The day that the public pages name."""
    Registration.objects.filter(pk=registration(uuid)).update(destroy_on=day)


def add_look_ups(registration: int, generation: int, found: list[tuple[bytes, str]]) -> None:
    """Entries that can be looked up, by key and area, within the caller's transaction; a key that is there stays as it is."""
    if not found:
        return
    marks = ",".join(["(%s,%s,%s,%s,'')"] * len(found))
    rows: Iterator[int | bytes | str] = chain.from_iterable((registration, generation, key, area) for key, area in found)
    with connection.cursor() as cursor:
        cursor.execute(f"{_LOOK_UP} VALUES {marks} ON CONFLICT DO NOTHING", [*rows])


def look_ups(registration: int, generation: int) -> QuerySet[LookUp]:
    """All that can be looked up of an import, to be taken away."""
    return LookUp.objects.filter(registration_id=registration, generation=generation)
