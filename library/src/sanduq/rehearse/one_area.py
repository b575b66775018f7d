"""One area of a streamed rehearsal, by paths and names only, so that it can be done in another process."""

from __future__ import annotations

import hashlib
import resource
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sanduq import errors
from sanduq.algebra.numbers import system_random
from sanduq.archive.writer import create, setup_records
from sanduq.box.record import Record
from sanduq.count.report import ArchiveReport
from sanduq.count.result import Result
from sanduq.count.trustee import Memory
from sanduq.engine import Engine, choose
from sanduq.question.setup import CountingArea
from sanduq.rehearse.acts import cast_all, open_sum, roll_of, sum_up
from sanduq.rehearse.plan import PlanArea
from sanduq.rehearse.players import Credentials, Keys, read_players
from sanduq.watch.archive import verify_archive
from sanduq.watch.bindings import check_bindings
from sanduq.watch.hints import hints_of, make_hints
from sanduq.watch.record import check_area


@dataclass(frozen=True)
class RollTask:
    """The roll of one area is to be made, for its hash. ``secret`` is the one that all credentials follow from."""

    code: str
    uuid: str
    electorate: int
    secret: bytes = field(repr=False)
    engine: str


def roll_hash(task: RollTask) -> dict[str, Any]:
    """The line about it."""
    roll = roll_of(Credentials(task.secret), choose(task.engine), task.uuid, task.electorate)
    return {"area": task.code, "electorate": task.electorate, "sha256": roll.sha256}


@dataclass(frozen=True)
class AreaTask:
    """One area is to be played in a folder of its own under ``playing``. ``seconds`` is the time in the archive's headers."""

    planned: PlanArea
    seconds: int
    engine: str
    playing: Path
    secrets: Path
    record: Path
    keep: bool
    both: bool


@dataclass(frozen=True)
class Verified:
    """An area that is done: where its archive ended, what it says, and the milliseconds that each step took.

    ``hinted`` is how many ballots the last verification accepted with their hints, ``processor`` the processor's time for all
    steps, in milliseconds, and ``peak`` the most memory that the process ever had, in kilobytes.
    """

    area: str
    uuid: str
    electorate: int
    ballots: int
    result: Result
    height: int
    head: str
    head_at_close: str
    head_at_sum: str
    size: int
    sha256: str
    engine: str
    hinted: int
    milliseconds: dict[str, int]
    processor: int
    peak: int

    def to_json(self) -> dict[str, Any]:
        """The line."""
        return vars(self).copy()

    @classmethod
    def from_json(cls, line: dict[str, Any]) -> Verified:
        """The area of a line that :meth:`to_json` gave."""
        return cls(**(line | {"result": tuple(tuple(row) for row in line["result"])}))


class Clock:
    """Milliseconds of each step."""

    def __init__(self) -> None:
        self.steps: dict[str, int] = {}
        self._began = time.process_time()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure what is done within."""
        start = time.monotonic()
        yield
        self.steps[name] = round((time.monotonic() - start) * 1000)

    @property
    def processor(self) -> int:
        """Milliseconds of the processor since this clock was made, of all threads."""
        return round((time.process_time() - self._began) * 1000)


def play_area(task: AreaTask) -> Verified:
    """Play an area from its roll to its verified result; then its archive is removed, or moved into the record."""
    work = Path(mkdtemp(dir=task.playing))
    shutil.copyfile(task.record / "setup.json", work / "setup.json")
    record, players, engine, clock = Record(work), read_players(task.secrets.read_bytes()), choose(task.engine), Clock()
    area = record.area(task.planned.code)
    path = record.archive(area)
    path.parent.mkdir(parents=True)
    with clock.step("roll"):
        roll = roll_of(players.credentials, engine, area.uuid, area.electorate).to_bytes()
        _begin(record, area, players.keys, roll, task.seconds)
        del roll
    with clock.step("hint roll"):
        make_hints(path, engine)
    with clock.step("vote"):
        cast_all(path, task.planned, engine, players.credentials, None)
    with clock.step("sum"):
        sum_up(record, area, engine)
    memories = {owner: Memory(work / f"{owner}.decrypted") for owner in players.keys.secret}
    with clock.step("decrypt"):
        open_sum(record, area, engine, players.keys, memories, system_random)
    with clock.step("hash"), path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    with clock.step("verify"):
        report = _verify(record, area, engine, sha256, hints=True)
    if task.both:
        with clock.step("verify without hints"):
            strict = _verify(record, area, engine, sha256, hints=False)
        if replace(report, hints=None) != strict:
            raise errors.EnginesDisagree(f"area {area.code} verifies otherwise without hints", hint="please report this")
    verified = _line(area, report, sha256, clock)
    if task.keep:
        folder = task.record / "areas" / area.code
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(exist_ok=True)
        path.parent.rename(folder)
    shutil.rmtree(work)
    return verified


def _begin(record: Record, area: CountingArea, keys: Keys, roll: bytes, seconds: int) -> None:
    election = record.setup.election(area, keys.trustees.public_key)
    content, _ = setup_records(seconds, election.raw, keys.trustees.to_bytes(), roll)
    create(record.archive(area), content)


def _verify(record: Record, area: CountingArea, engine: Engine, sha256: str, *, hints: bool) -> ArchiveReport:
    """As ``watch verify`` verifies an area of a record."""
    path = record.archive(area)
    with path.open("rb") as file, hints_of(path, use=hints) as beside:
        report = verify_archive(file, engine, fingerprint=(path.stat().st_size, sha256), hints=beside)
    check_area(record.setup, area, report)
    check_bindings(record, area, report)
    return report


def _line(area: CountingArea, report: ArchiveReport, sha256: str, clock: Clock) -> Verified:
    return Verified(
        area=area.code,
        uuid=area.uuid,
        electorate=area.electorate,
        ballots=report.ballots,
        result=report.result or (),
        height=report.height,
        head=report.head,
        head_at_close=report.head_at_close or "",
        head_at_sum=report.head_at_sum or "",
        size=report.size,
        sha256=sha256,
        engine=report.engine,
        hinted=report.hints.used if report.hints else 0,
        milliseconds=clock.steps,
        processor=clock.processor,
        peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    )
