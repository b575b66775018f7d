"""A registration: what its pages show, and what can be looked up of a register. The console calls these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from sanduq_web.roll.models import LookUp, Registration

_LOOK_UP: Final = f"INSERT INTO {LookUp._meta.db_table} (registration_id, generation, key, area, state)"


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


def strike(uuid: UUID, generation: int, key: bytes, state: str) -> None:
    """What is looked up says from now on that an entry is struck off (``out``), or is not (empty)."""
    LookUp.objects.filter(registration_id=registration(uuid), generation=generation, key=key).update(state=state)


def set_recipients(uuid: UUID, reads: str, recipients: str) -> None:
    """To whom what people write is sealed from now on."""
    Registration.objects.filter(pk=registration(uuid)).update(reads=reads, recipients=recipients)


def set_areas(uuid: UUID, areas: Sequence[tuple[str, str]]) -> None:
    """The areas among which people choose, by code and name."""
    Registration.objects.filter(pk=registration(uuid)).update(areas=[list(area) for area in areas])


def show(uuid: UUID, names: Mapping[str, str], needs: Mapping[str, str], days: Mapping[str, date | None], shown: bool) -> None:
    """What the pages say: names and what documents are asked for, by language; ``days``: those of the model's columns."""
    values: dict[str, Any] = {"names": dict(names), "needs": dict(needs), "shown": shown}
    Registration.objects.filter(pk=registration(uuid)).update(**values | dict(days))


def close(uuid: UUID) -> None:
    """Nothing comes in any more; what was decided, and the register, can still be looked up."""
    Registration.objects.filter(uuid=uuid).update(applies_from=None, applies_until=None, objects_until=None)
