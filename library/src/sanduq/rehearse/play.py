"""Play a whole referendum: keys, credentials, ballots, count, verification (the life of DESIGN, in one process).

Everything is done by the same code that a real referendum uses: a real ceremony, real sealing, the box with its checks,
trustees who verify before they decrypt. What is different: one process holds all secrets (in memory, and they are thrown away),
and the times in the journal are those of the plan's calendar.

With ``stream`` areas are played one after the other and their archives removed once they are verified, so that the disk needs
room for the largest area only; what remains is the setup, the journal and the results.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sanduq import errors
from sanduq.algebra.numbers import Random, system_random
from sanduq.archive import json
from sanduq.archive.writer import create, setup_records
from sanduq.box import Box, BoxKey
from sanduq.box.journal import Act
from sanduq.box.record import Record, create_record
from sanduq.count.outcome import AreaTally, Outcome, decide
from sanduq.count.report import ArchiveReport
from sanduq.count.result import Result
from sanduq.count.steps import append_sum
from sanduq.count.trustee import Heads, Memory
from sanduq.engine import Engine
from sanduq.keys import ceremony
from sanduq.keys.certificates import Context
from sanduq.keys.pki import Seed, new_seed
from sanduq.keys.trustees import Pedersen, Single, Trustees
from sanduq.question.setup import CountingArea, Setup, TrusteePolicy
from sanduq.rehearse.draft import make_setup, policy_of_plan
from sanduq.rehearse.plan import Plan, PlanArea
from sanduq.rehearse.supervised import play_test, public_of, supervisor_of, uuid_of_test, write_act
from sanduq.roll import BASE58, Roll, make_roll, new_uuid
from sanduq.watch.record import outcome_sha256
from sanduq.watch.trustee import append_parts, decrypt_verified, verify_area

BATCH = 2000
Told = Callable[[str, str], None]
"""Told of what is being done: a step, and the area."""


@dataclass(frozen=True)
class Keys:
    """The trustees with their secret keys, by owner."""

    trustees: Trustees
    secret: Mapping[int, int] = field(repr=False)

    @property
    def enough(self) -> tuple[int, ...]:
        """Owners that suffice to decrypt: of a threshold group the last ones, as somebody is always absent."""
        owners: list[int] = []
        first = 1
        for item in self.trustees.items:
            owners += range(first + len(item.keys) - item.needed, first + len(item.keys))
            first += len(item.keys)
        return tuple(owners)


def make_keys(policy: TrusteePolicy, random: Random) -> Keys:
    """The whole ceremony, each trustee in turn."""
    singles = [ceremony.new_single(random) for _ in range(policy.mandatory)]
    secret = {number: x for number, (x, _) in enumerate(singles, 1)}
    items: list[Single | Pedersen] = [Single(public) for _, public in singles]
    if policy.size:
        seeds = [Seed(new_seed()) for _ in range(policy.size)]
        contexts = [Context(policy.size, policy.threshold, index) for index in range(1, policy.size + 1)]
        certs = tuple(ceremony.begin(seed, context, random) for seed, context in zip(seeds, contexts, strict=True))
        made = [ceremony.make_polynomial(seed, certs, random) for seed in seeds]
        commitments = [polynomial.commitment for polynomial in made]
        vinputs = ceremony.route(certs, made)
        voutputs = [ceremony.finish(s, certs, v, commitments, random) for s, v in zip(seeds, vinputs, strict=True)]
        items.append(ceremony.assemble(certs, made, voutputs))
        for number, (seed, voutput) in enumerate(zip(seeds, voutputs, strict=True), policy.mandatory + 1):
            secret[number] = ceremony.decryption_key(seed, voutput.private_key)
    return Keys(Trustees(tuple(items)), secret)


class Credentials:
    """The credentials of a rehearsal: all of them follow from one secret, so none needs to be kept."""

    def __init__(self) -> None:
        self.secret = secrets.token_bytes(32)

    def of(self, uuid: str, first: int, count: int) -> list[str]:
        """Credentials number ``first`` to ``first + count − 1`` of an election."""
        return [self._one(f"{uuid}|{number}".encode()) for number in range(first, first + count)]

    def _one(self, name: bytes) -> str:
        value = int.from_bytes(hashlib.blake2b(name, key=self.secret, digest_size=32).digest(), "big")
        text = ""
        for _ in range(22):
            value, digit = divmod(value, 58)
            text += BASE58[digit]
        return f"{text[:5]}-{text[5:11]}-{text[11:16]}-{text[16:]}"


@dataclass
class Played:
    """A rehearsal that was played: ``results`` by area, ``outcome`` of the rule, ``differences`` from what was put in (none, or
    it is a bug)."""

    setup: Setup
    results: dict[str, Result]
    outcome: Outcome
    ballots: int
    differences: tuple[str, ...]


class Rehearsal:
    """One rehearsal with its secrets, in memory."""

    def __init__(self, plan: Plan, engine: Engine, random: Random = system_random, told: Told | None = None) -> None:
        self.plan = plan
        self.engine = engine
        self.random = random
        self.told = told or (lambda step, area: None)
        self.credentials = Credentials()
        self.box_key = BoxKey.new()
        self.uuids = {area.code: new_uuid() for area in plan.areas}
        self.supervisor = supervisor_of(plan, self.credentials.secret)

    def prepare(self) -> tuple[Setup, Keys]:
        """Keys, credentials and setup. Rolls are made for their hashes and made again when they are written."""
        policy = policy_of_plan(self.plan)
        self.told("keys", f"{policy.threshold or policy.mandatory} of {policy.size or policy.mandatory} trustees")
        keys = make_keys(policy, self.random)
        hashes = {}
        for area in self.plan.areas:
            self.told("credentials", area.code)
            hashes[area.code] = self.roll(area).sha256
        setup = make_setup(
            self.plan,
            policy,
            keys.trustees.sha256,
            self.box_key.public,
            None,
            self.uuids,
            hashes,
            supervisor_key=public_of(self.supervisor),
            test_uuid=uuid_of_test(self.plan, self.credentials.secret),
            rehearsal=True,
        )
        return setup, keys

    def roll(self, area: PlanArea) -> Roll:
        """The public list of an area: as many credentials as the electorate has people."""
        uuid = self.uuids[area.code]
        keys: list[str] = []
        for first in range(0, area.electorate, 50_000):
            part = self.credentials.of(uuid, first, min(50_000, area.electorate - first))
            keys += self.engine.public_credentials(uuid, part)
        return make_roll((key, None) for key in keys)

    def cast_all(self, path: Path, area: PlanArea) -> int:
        """Seal and cast every ballot of an area, in an order that is not that of the choices."""
        order = list(_choices(area, self.plan))
        secrets.SystemRandom().shuffle(order)
        with Box.open(path, self.engine, self.box_key) as box:
            for first in range(0, len(order), BATCH):
                chosen = order[first : first + BATCH]
                voters = self.credentials.of(box.election.uuid, first, len(chosen))
                box.cast_many(self.engine.seal_many(box.election, voters, chosen))
            box.close()
        return len(order)

    def count(
        self, setup: Setup, record: Record, area: CountingArea, keys: Keys, memories: Mapping[int, Memory]
    ) -> tuple[Result, str, str]:
        """Sum, verify, decrypt with enough trustees, open: the result, and the heads after sum and result."""
        path = record.archive(area)
        summed = append_sum(path, verify_area(record, area, self.engine)).hash or ""
        report = verify_area(record, area, self.engine)
        heads = {owner: Heads(owner, {area.uuid: summed}) for owner in keys.enough}
        parts = {}
        for owner in keys.enough:
            others = [heads[other] for other in keys.enough if other != owner]
            parts[owner] = decrypt_verified(setup, report, keys.secret[owner], others, memories[owner], self.random)[1]
        result, head = append_parts(record, area, report, parts)
        return result, summed, head.hash or ""


def _choices(area: PlanArea, plan: Plan) -> Iterator[list[list[int]]]:
    """The choice vectors of every ballot of an area, in the order of the ciphertexts."""
    sizes = [question.shape.choices for question in plan.questions]
    for pattern in area.patterns():
        vectors = [[int(index == chosen) for index in range(size)] for chosen, size in zip(pattern.choices, sizes, strict=True)]
        for _ in range(pattern.count):
            yield vectors


def _times(plan: Plan) -> tuple[str, int]:
    """When a rehearsal is frozen: a day before it opens; as text and in seconds."""
    opens = datetime.strptime(plan.calendar.opens, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) - timedelta(days=1)
    return opens.strftime("%Y-%m-%dT%H:%M:%SZ"), int(opens.timestamp())


def play(plan: Plan, out: Path, engine: Engine, *, stream: bool = False, told: Told | None = None) -> Played:
    """Play a plan into a new record at ``out``; with ``stream`` the archives are removed as soon as they are verified."""
    if out.exists() and any(out.iterdir()):
        raise errors.Unusable(f"{out} is not empty", hint="nothing was changed; name a new folder")
    rehearsal = Rehearsal(plan, engine, told=told)
    setup, keys = rehearsal.prepare()
    frozen, seconds = _times(plan)
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-trustees-") as folder:
        memories = {owner: Memory(Path(folder) / f"{owner}.decrypted") for owner in keys.secret}
        play_areas = _play_streamed if stream else _play_record
        results, ballots = play_areas(rehearsal, setup, keys, memories, out, frozen, seconds)
    tallies = [
        AreaTally(area.code, area.parent, area.electorate, sum(results[area.code][0]), results[area.code])
        for area in setup.areas
    ]
    outcome = decide(setup.rule, setup.shapes, tallies)
    if not stream:
        decided = {"outcome_sha256": outcome_sha256(outcome)}
        write_act(Record(out), rehearsal.supervisor, Act.DECIDED, plan.calendar.closes, decided)
    wrong = tuple(area.code for area in plan.areas if results[area.code] != area.votes)
    return Played(setup, results, outcome, ballots, wrong)


def _play_record(
    rehearsal: Rehearsal, setup: Setup, keys: Keys, memories: Mapping[int, Memory], out: Path, frozen: str, seconds: int
) -> tuple[dict[str, Result], int]:
    """Phase by phase over all areas, as a real referendum goes."""
    plan = rehearsal.plan
    planned_areas = {area.code: area for area in plan.areas}
    record = create_record(out, setup, keys.trustees, lambda area: rehearsal.roll(planned_areas[area.code]), frozen, seconds)
    if setup.supervisor is not None:
        write_act(record, rehearsal.supervisor, Act.FROZEN, frozen, {"anchor": setup.anchor})
    tested = play_test(record, keys.trustees, keys.secret, memories, rehearsal.engine, rehearsal.random, seconds)
    write_act(record, rehearsal.supervisor, Act.OPENED, plan.calendar.opens, tested)
    ballots = 0
    closed: dict[str, str] = {}
    for planned, area in zip(plan.areas, setup.areas, strict=True):
        rehearsal.told("vote", area.code)
        ballots += rehearsal.cast_all(record.archive(area), planned)
    for area in setup.areas:
        closed[area.code] = record.fingerprint(area).head
    write_act(record, rehearsal.supervisor, Act.CLOSED, plan.calendar.closes, {"heads": closed})
    results, summed, counted = {}, {}, {}
    for area in setup.areas:
        rehearsal.told("count", area.code)
        results[area.code], summed[area.code], counted[area.code] = rehearsal.count(setup, record, area, keys, memories)
    record.write_act(Act.SUMMED, plan.calendar.closes, {"heads": summed})
    record.write_act(Act.COUNTED, plan.calendar.closes, {"heads": counted})
    record.write_fingerprints()
    return results, ballots


def _play_streamed(
    rehearsal: Rehearsal, setup: Setup, keys: Keys, memories: Mapping[int, Memory], out: Path, frozen: str, seconds: int
) -> tuple[dict[str, Result], int]:
    """Area by area, each verified to its result and then removed."""
    create(out / "setup.json", setup.to_bytes())
    create(out / "journal.jsonl", b"")
    record = Record(out)
    write_act(record, rehearsal.supervisor, Act.FROZEN, frozen, {"anchor": setup.anchor})
    play_test(record, keys.trustees, keys.secret, memories, rehearsal.engine, rehearsal.random, seconds)
    results: dict[str, Result] = {}
    ballots = 0
    for planned, area in zip(rehearsal.plan.areas, setup.areas, strict=True):
        rehearsal.told("vote", area.code)
        path = record.archive(area)
        path.parent.mkdir(parents=True)
        election = setup.election(area, keys.trustees.public_key)
        content, _ = setup_records(seconds, election.raw, keys.trustees.to_bytes(), rehearsal.roll(planned).to_bytes())
        create(path, content)
        ballots += rehearsal.cast_all(path, planned)
        rehearsal.told("count", area.code)
        rehearsal.count(setup, record, area, keys, memories)
        rehearsal.told("verify", area.code)
        report = verify_area(record, area, rehearsal.engine)
        results[area.code] = report.result or ()
        _write_line(out / "verified.jsonl", area, report)
        shutil.rmtree(path.parent)
    return results, ballots


def _write_line(path: Path, area: CountingArea, report: ArchiveReport) -> None:
    line = {"area": area.code, "height": report.height, "head": report.head, "ballots": report.ballots, "result": report.result}
    with path.open("ab") as file:
        file.write(json.write(line).encode() + b"\n")
