"""Checking a file of a register, in the background: every row into tables that nobody reads yet, or nothing.

Rows go in under the load's own number as their generation, so what is half done is seen by nobody; what brings them into force
is one number in :class:`Register`. Memory is bounded by a batch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from sanduq import errors
from sanduq.roll import MAX_WEIGHT
from sanduq_web.console.enrolment import keys
from sanduq_web.console.enrolment.areas import areas_of
from sanduq_web.console.enrolment.models import AreaCount, Entry, Fault, Load, LoadState
from sanduq_web.console.enrolment.reading import Fault as Wrong
from sanduq_web.console.enrolment.reading import Frame, Register, Row
from sanduq_web.environment import SANDUQ_LANGUAGES
from sanduq_web.roll import actions as roll
from sanduq_web.roll.api import can_be_looked_up, key_of

BATCH: Final = 2000
MOST_FAULTS: Final = 10_000
"""So many are kept; then the rest of the file is not read."""
_DELETED: Final = 20_000
_COLUMNS: Final = (
    "register_id", "generation", "line", "voter", "area", "language", "weight", "withheld", "state", "sealed",
)  # fmt: skip
Beat = Callable[[], None]
"""Says that the work goes on. Raises :class:`Ended` when nobody wants it any more."""


class Ended(Exception):
    """Somebody threw it away, or another process took it up."""


def check(load: Load, beat: Beat) -> None:
    """Check a load: afterwards it is CHECKED, or REFUSED with its faults and without its entries.

    It begins anew where an earlier try was broken off.
    """
    wipe(load.register_id, load.pk, beat)
    Fault.objects.filter(load=load).delete()
    found: Counter[str] = Counter()
    weights: Counter[str] = Counter()
    load.read = load.entries = load.weight = load.withheld = load.faults = 0
    try:
        _read(load, found, weights, beat)
    except errors.Unusable as error:
        load.log = f"{error}. {error.hint}" if error.hint else str(error)
    total = sum(weights.values())
    if not load.log and not load.faults:
        if not load.entries:
            load.log = "no voters: the first line names the columns, the others are voters"
        elif total > MAX_WEIGHT:
            load.log = f"all weights together are {total}; at most {MAX_WEIGHT}"
    refused = bool(load.log or load.faults)
    with transaction.atomic():
        beat()
        AreaCount.objects.bulk_create(
            AreaCount(register_id=load.register_id, generation=load.pk, area=area, entries=found[area], weight=weights[area])
            for area in ([] if refused else sorted(found))
        )
        load.state = LoadState.REFUSED if refused else LoadState.CHECKED
        load.weight = total
        load.save()
    keys.forget(settings.SANDUQ_CONSOLE_FILES / load.file)
    if refused:
        wipe(load.register_id, load.pk, beat)


def _read(load: Load, found: Counter[str], weights: Counter[str], beat: Beat) -> None:
    frame = Frame(set(areas_of(load.register.vote)), {each.code for each in SANDUQ_LANGUAGES})
    if not frame.areas:
        raise errors.Unusable("the draft has no areas yet", hint="areas come first: rows of a register name them")
    registration = roll.registration(load.register_id)
    with keys.opened_file(settings.SANDUQ_CONSOLE_FILES / load.file) as source:
        rows = Register(source, load.encoding, frame)
        load.weighted, load.with_detail = rows.weighted, "detail" in rows.columns
        if load.with_detail and not can_be_looked_up():
            raise errors.Unusable(
                "the file has the column detail, but nothing can be looked up here",
                hint="set SANDUQ_ROLL_LOOKUP for the console and for the vote site, or leave the column out",
            )
        each = iter(rows)
        while batch := list(islice(each, BATCH)):
            good = [row for row in batch if isinstance(row, Row)]
            bad = [fault for fault in batch if isinstance(fault, Wrong)]
            with transaction.atomic():
                bad += _insert(load, registration, good)
                Fault.objects.bulk_create(Fault(load=load, **fault._asdict()) for fault in bad[: MOST_FAULTS - load.faults])
                load.faults += len(bad)
                load.entries += len(good)
                load.withheld += sum(row.withheld for row in good)
                load.read = batch[-1].line
                Load.objects.filter(pk=load.pk).update(read=load.read, entries=load.entries, faults=load.faults)
                beat()
            for row in good:
                found[row.area] += 1
                weights[row.area] += row.weight
            if load.faults >= MOST_FAULTS:
                raise errors.Unusable(f"more than {MOST_FAULTS} rows are wrong; the rest was not read")


def _insert(load: Load, registration: int, rows: list[Row]) -> list[Wrong]:
    """Put rows in; gives a fault for each whose voter was there before."""
    if not rows:
        return []
    there, looked = [], []
    for row in rows:
        values: dict[str, Any] = {"name": row.name, "address": row.address, "email": row.email}
        if row.detail and not row.withheld:
            key = key_of(load.register_id.hex, row.voter, row.detail)
            looked.append((key, row.area))
            values["key"] = key.hex()
        sealed = keys.seal_fields(
            {name: value for name, value in values.items() if value}, f"{load.register_id.hex} {row.voter}"
        )
        there.append(
            (_vote(load), load.pk, row.line, row.voter, row.area, row.language, row.weight, row.withheld, "", sealed)
        )  # fmt: skip
    roll.add_look_ups(registration, load.pk, looked)
    if insert(Entry, _COLUMNS, there, "(register_id, generation, voter)") == len(rows):
        return []
    voters = [row.voter for row in rows]
    query = Entry.objects.filter(register_id=load.register_id, generation=load.pk, voter__in=voters)
    first = dict(query.values_list("voter", "line"))
    return [Wrong(row.line, "voter", "twice", str(first[row.voter])) for row in rows if first[row.voter] != row.line]


def _vote(load: Load) -> Any:
    field = Entry._meta.get_field("register").target_field
    return field.get_db_prep_value(load.register_id, connection, prepared=False)


def insert(model: Any, columns: tuple[str, ...], rows: list[tuple[Any, ...]], unique: str) -> int:
    """Put rows into a table, but those that are there; how many it were. (As objects of models it takes five times as long.)"""
    marks = ",".join([f"({','.join(['%s'] * len(columns))})"] * len(rows))
    statement = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES {marks} ON CONFLICT {unique} DO NOTHING"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [*chain.from_iterable(rows)])  # names of ours, marks for values
        return int(cursor.rowcount)


def securely() -> None:
    """From now on what this connection deletes is overwritten (SQLite)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")


def wipe(register: Any, generation: int, beat: Beat) -> None:
    """No entry of a generation is left, nor what is looked up of it."""
    securely()
    registration = roll.registration(register)
    query = Entry.objects.filter(register_id=register, generation=generation)
    for _part in parts(query):
        beat()
    for _part in parts(roll.look_ups(registration, generation)):
        beat()
    AreaCount.objects.filter(register_id=register, generation=generation).delete()


def parts(query: Any) -> Iterator[int]:
    """Delete what a query finds, some thousands at a time, so that others get their turn; gives how many, each time."""
    while True:
        found = list(query.order_by("pk").values_list("pk", flat=True)[:_DELETED])
        if not found:
            return
        with transaction.atomic():
            query.filter(pk__gte=found[0], pk__lte=found[-1])._raw_delete(query.db)
        yield len(found)
