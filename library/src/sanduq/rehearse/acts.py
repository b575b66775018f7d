"""What is done in one area of a rehearsal, by the code that a real referendum uses: roll, ballots, sum, decryption, result."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sanduq.algebra.numbers import Random
from sanduq.box import Box, BoxKey
from sanduq.box.record import Record
from sanduq.count.result import Result
from sanduq.count.steps import append_sum
from sanduq.count.trustee import Heads, Memory
from sanduq.engine import Engine
from sanduq.question.setup import CountingArea
from sanduq.rehearse.plan import Plan, PlanArea
from sanduq.rehearse.players import Credentials, Keys
from sanduq.roll import Roll, make_roll
from sanduq.watch.trustee import append_parts, decrypt_verified, verify_area

BATCH: Final = 4096
"""Ballots that are sealed and written at once: as many as the engines like to check."""
_KEYS: Final = 50_000


def roll_of(credentials: Credentials, engine: Engine, uuid: str, electorate: int) -> Roll:
    """The public list of an area: as many credentials as the electorate has people; the same at every call."""
    keys: list[str] = []
    for first in range(0, electorate, _KEYS):
        keys += engine.public_credentials(uuid, credentials.of(uuid, first, min(_KEYS, electorate - first)))
    return make_roll((key, None) for key in keys)


def _choices(area: PlanArea, sizes: Sequence[int]) -> Iterator[list[list[int]]]:
    """The choice vectors of every ballot of an area, in the order of the ciphertexts; ``sizes`` are how many each question
    has."""
    for pattern in area.patterns():
        vectors = [[int(index == chosen) for index in range(size)] for chosen, size in zip(pattern.choices, sizes, strict=True)]
        for _ in range(pattern.count):
            yield vectors


def cast_all(path: Path, area: PlanArea, engine: Engine, credentials: Credentials, key: BoxKey | None) -> int:
    """Seal and cast every ballot of an area, in an order that is not that of the choices, and close its box."""
    with Box.open(path, engine, key) as box:
        order = list(_choices(area, [question.choices for question in box.election.questions]))
        secrets.SystemRandom().shuffle(order)
        for first in range(0, len(order), BATCH):
            chosen = order[first : first + BATCH]
            voters = credentials.of(box.election.uuid, first, len(chosen))
            box.cast_many(engine.seal_many(box.election, voters, chosen))
        box.close()
    return len(order)


def sum_up(record: Record, area: CountingArea, engine: Engine) -> str:
    """Verify a closed area and append its encrypted sum; gives the head after it."""
    return append_sum(record.archive(area), verify_area(record, area, engine)).hash or ""


def open_sum(
    record: Record,
    area: CountingArea,
    engine: Engine,
    keys: Keys,
    memories: Mapping[int, Memory],
    random: Random,
) -> tuple[Result, str]:
    """As many trustees as are needed verify the area and decrypt its sum; gives the result and the head after it."""
    report = verify_area(record, area, engine)
    heads = {owner: Heads(owner, {area.uuid: report.head}) for owner in keys.enough}
    parts = {}
    for owner in keys.enough:
        others = [heads[other] for other in keys.enough if other != owner]
        parts[owner] = decrypt_verified(record.setup, report, keys.secret[owner], others, memories[owner], random)[1]
    result, head = append_parts(record, area, report, parts)
    return result, head.hash or ""


def times(plan: Plan) -> tuple[str, int]:
    """When a rehearsal is frozen: a day before it opens; as text and in seconds."""
    opens = datetime.strptime(plan.calendar.opens, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) - timedelta(days=1)
    return opens.strftime("%Y-%m-%dT%H:%M:%SZ"), int(opens.timestamp())
