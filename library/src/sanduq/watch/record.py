"""Verify a whole record: the anchor, every area, that none is missing or extra, the journal, the sums, the outcome (spec 8).

1. The setup is the announced one (8.1) and makes sense (2.5 to 2.12).
2. The folder holds the areas of the setup, each once, and nothing else (8.2 to 8.4, 8.13).
3. Each archive is verified (chapters 0 to 7) and is the one that setup and trustees give (8.5 to 8.7, 3.19).
4. The test sum, if the setup reserves one, was decrypted by every trustee (7.18 to 7.20).
5. Journal and fingerprints say what the archives say (8.8 to 8.12), and the supervisor, where one is named, has signed what
   needs its signature (8.16 to 8.18).
6. If every area has its result, the rule is applied (chapter 2.c). Before that no outcome is told, not even in part.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import active_children, get_context, resource_tracker
from multiprocessing.process import BaseProcess
from pathlib import Path

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive.packed import ENDING, is_there, open_archive
from sanduq.archive.reader import ArchiveReader
from sanduq.box.journal import Act, Line
from sanduq.box.record import Fingerprint, Record, is_left_over
from sanduq.count.outcome import AreaTally, Outcome, decide
from sanduq.count.report import ArchiveReport
from sanduq.engine import Engine, choose
from sanduq.keys.trustees import Pedersen, Single, Trustees, check_trustees, read_trustees
from sanduq.question.setup import CountingArea, Setup, TrusteePolicy
from sanduq.watch.archive import verify_archive
from sanduq.watch.bindings import check_bindings
from sanduq.watch.hints import hints_of
from sanduq.watch.journal import check_journal, heads_named, outcome_sha256
from sanduq.watch.testsum import check_test

__all__ = [
    "AreaTask",
    "RecordReport",
    "Reports",
    "Told",
    "check_anchor",
    "check_area",
    "outcome_of",
    "outcome_sha256",
    "policy_of",
    "tallies_of",
    "trustees_of",
    "verify_frozen",
    "verify_record",
    "verify_task",
    "verify_tasks",
]
Told = Callable[[str, ArchiveReport], None]
"""Told of each area when it is verified."""


@dataclass(frozen=True)
class AreaTask:
    """One archive to be verified, by paths and names only, so that it can be done in another process, or on another machine.

    ``marks`` are hashes of events to look for. With ``hints`` those beside the archive are used, if there are any.
    """

    path: str
    code: str
    engine: str
    fingerprint: Fingerprint | None = None
    marks: frozenset[str] = frozenset()
    hints: bool = True


Reports = Callable[[Sequence[AreaTask]], Iterator[ArchiveReport]]
"""Verifies archives, and gives the reports in their order."""


@dataclass(frozen=True)
class RecordReport:
    """What a verified record says. ``phase``: frozen, open, suspended, closed, counting, counted or
    decided.

    ``uncounted`` are the areas below the minimum of ballots; ``outcome`` is there only if all others have their result (and
    the setup does not ask those areas to vote again). ``anchored`` says whether an anchor was given from outside, ``bound``
    how many decryptions have a second proof. ``test_head`` is the head of the test sum that every trustee has decrypted, if
    the setup reserves one and it is there.
    """

    setup: Setup
    anchor: str
    anchored: bool
    phase: str
    areas: Mapping[str, ArchiveReport]
    uncounted: tuple[str, ...]
    outcome: Outcome | None
    journal: tuple[Line, ...]
    bound: int
    engine: str
    test_head: str | None = None

    @property
    def ballots(self) -> int:
        """Ballots taken in, in all areas."""
        return sum(report.ballots for report in self.areas.values())

    @property
    def counted(self) -> int:
        """Ballots that count (the last of each credential), in all areas."""
        return sum(report.counted for report in self.areas.values())

    @property
    def tallies(self) -> tuple[AreaTally, ...]:
        """What the rule is applied to, in the order of the setup; areas without a result have no votes."""
        return tallies_of(self.setup, self.areas)


def check_anchor(record: Record, anchor: str) -> None:
    """The setup's text has the announced SHA-256 (8.1), and is read and checked (chapter 2)."""
    got = sha256_hex(record.setup_bytes)
    errors.require(errors.AnchorMismatch, got == anchor.strip().lower(), expected=anchor, got=got)
    setup = record.setup
    errors.require(errors.AnchorMismatch, setup.anchor == got, expected=got, got=setup.anchor)


def check_area(setup: Setup, area: CountingArea, report: ArchiveReport) -> None:
    """A verified archive is the one of this area of this setup (7.15, 8.5 to 8.7, 3.19, 7.12)."""
    known = setup.by_uuid.get(report.election.uuid)
    errors.require(errors.NotInSetup, known is not None, got=report.election.uuid)
    election = setup.election(area, report.trustees.public_key)
    errors.require(
        errors.AreaOtherSetup, report.election.raw == election.raw, expected=election.sha256, got=report.election.sha256
    )
    errors.require(errors.AreaRoll, report.roll_sha256 == area.roll_sha256, expected=area.roll_sha256, got=report.roll_sha256)
    size = max(report.roll_size, report.roll_weight)
    fits = size <= area.electorate
    errors.require(errors.AreaRoll, fits, "more credentials than electors", expected=f"at most {area.electorate}", got=size)
    got, expected = report.trustees_sha256, setup.trustees_sha256
    errors.require(errors.AreaTrustees, got == expected, expected=expected, got=got)
    policy = policy_of(report.trustees)
    errors.require(errors.TrusteePolicy, policy == setup.trustees, expected=setup.trustees, got=policy)
    enough = report.result is None or report.counted == 0 or report.counted >= setup.minimum_ballots
    errors.require(errors.BelowMinimum, enough, expected=f"at least {setup.minimum_ballots}", got=report.counted)


def policy_of(trustees: Trustees) -> TrusteePolicy:
    """How many mandatory trustees there are, and the size and threshold of the threshold group (one at most)."""
    groups = [item for item in trustees.items if isinstance(item, Pedersen)]
    errors.require(errors.TrusteePolicy, len(groups) <= 1, "threshold groups", expected="at most 1", got=len(groups))
    mandatory = sum(isinstance(item, Single) for item in trustees.items)
    return TrusteePolicy(mandatory, len(groups[0].keys), groups[0].threshold) if groups else TrusteePolicy(mandatory, 0, 0)


def trustees_of(record: Record) -> Trustees:
    """The trustees of a record, from the beginning of its first archive; they are the setup's (8.7)."""
    with open_archive(record.archive(record.setup.areas[0])) as file:
        trustees = read_trustees(next(iter(ArchiveReader(file))).data[1])
    errors.require(errors.AreaTrustees, trustees.sha256 == record.setup.trustees_sha256)
    check_trustees(trustees)
    return trustees


def _check_folder(record: Record) -> None:
    """The areas of the setup, the test sum if it reserves one, and nothing else (8.2, 8.3, 8.4, 8.13)."""
    allowed = {"setup.json", "areas", "journal.jsonl", "fingerprints.json"}
    allowed |= set() if record.setup.test_uuid is None else {"test"}
    for path in sorted(record.path.iterdir()):
        errors.require(errors.RecordMalformed, path.name in allowed or is_left_over(path), got=path.name)
    folder = record.path / "areas"
    if not folder.is_dir():
        raise errors.AreaMissing("there is no folder areas")
    by_code = {area.code: area for area in record.setup.areas}
    for path in sorted(folder.iterdir()):
        area = by_code.get(path.name)
        errors.require(errors.AreaExtra, area is not None, got=path.name)
        if area is None:
            continue
        if not path.is_dir():
            raise errors.RecordMalformed("a file where the folder of an area is expected", got=f"areas/{path.name}")
        _check_archives(path, area.uuid)
    if record.setup.test_uuid is not None and (record.path / "test").is_dir():
        _check_archives(record.path / "test", record.setup.test_uuid)
    for area in record.setup.areas:
        errors.require(errors.AreaMissing, is_there(record.archive(area)), got=area.code)


def _check_archives(folder: Path, uuid: str) -> None:
    """One archive, and what belongs to it (8.4, 8.13)."""
    for file in sorted(folder.iterdir()):
        same = file.stem == uuid
        if file.suffix == ".bel":
            errors.require(errors.AreaTwice, same, expected=f"{uuid}.bel", got=file.name)
        elif file.name.endswith(f".bel{ENDING}"):
            alone = file.name == f"{uuid}.bel{ENDING}" and not (folder / f"{uuid}.bel").exists()
            errors.require(errors.AreaTwice, alone, expected=f"{uuid}.bel, or that compressed", got=file.name)
        else:
            known = (file.suffix in (".hints", ".proofs") and same) or is_left_over(file)
            errors.require(errors.RecordMalformed, known, got=f"{folder.parent.name}/{folder.name}/{file.name}")


def verify_task(task: AreaTask) -> ArchiveReport:
    """One archive of a record."""
    path, fingerprint = Path(task.path), task.fingerprint
    known = (fingerprint.size, fingerprint.sha256) if fingerprint else None
    try:
        with open_archive(path) as file, hints_of(path, use=task.hints) as beside:
            return verify_archive(file, choose(task.engine), fingerprint=known, marks=task.marks, hints=beside)
    except errors.Refused as refusal:
        raise refusal.within(f"area {task.code}") from None


@contextmanager
def _deaf_to_interrupts(started: list[BaseProcess]) -> Iterator[None]:
    """The processes that are started within do not hear a terminal's Ctrl-C, which goes to all: we end them then."""
    resource_tracker.ensure_running()  # it would be started within, and then let the signal through again
    before = set(active_children())
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
        started += set(active_children()) - before
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def tasks_of(record: Record, engine: Engine, fingerprints: Mapping[str, Fingerprint], *, hints: bool) -> list[AreaTask]:
    """What is to be verified, in the setup's order."""
    marks = _marks(record)
    return [
        AreaTask(
            str(record.archive(area)),
            area.code,
            engine.name,
            fingerprints.get(area.code),
            marks.get(area.code, frozenset()),
            hints,
        )
        for area in record.setup.areas
    ]


def verify_tasks(tasks: Sequence[AreaTask], jobs: int = 1) -> Iterator[ArchiveReport]:
    """The verified archives in their order; several at once where that pays."""
    if jobs <= 1 or len(tasks) <= 1:
        yield from map(verify_task, tasks)
        return
    # Spawned, not forked: the Rust engine's threads would not survive a fork.
    with ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn")) as pool:
        futures: list[Future[ArchiveReport]] = []
        workers: list[BaseProcess] = []
        try:
            with _deaf_to_interrupts(workers):
                futures += (pool.submit(verify_task, task) for task in tasks)
            for future in futures:
                yield future.result()
        except KeyboardInterrupt:
            for worker in workers:
                worker.terminate()
            raise
        finally:
            for future in futures:
                future.cancel()


def _marks(record: Record) -> dict[str, frozenset[str]]:
    """What to look for in the archives. The journal is judged behind them: here a bad one has nothing to say."""
    try:
        return heads_named(record.journal())
    except errors.Refused:
        return {}


def verify_record(
    record: Record,
    engine: Engine,
    anchor: str | None,
    *,
    jobs: int = 1,
    hints: bool = True,
    reports_of: Reports | None = None,
    told: Told | None = None,
) -> RecordReport:
    """Verify a record; raises the first :class:`errors.Refused`.

    The archives are verified by ``jobs`` processes, or by ``reports_of``. Without ``hints`` those beside the archives are not
    read.
    """
    if anchor is not None:
        check_anchor(record, anchor)
    setup = record.setup
    made_by = reports_of or partial(verify_tasks, jobs=jobs)
    reports, bound = _verify_areas(record, engine, made_by, told, hints=hints)
    journal = tuple(record.journal())
    opened = any(line.act is Act.OPENED for line in journal)
    test_head = check_test(record, engine, needed=opened)
    uncounted = _uncounted(setup, reports)
    outcome = outcome_of(setup, reports, uncounted)
    phase = check_journal(setup, journal, reports, uncounted, outcome, test_head)
    return RecordReport(
        setup, setup.anchor, anchor is not None, phase, reports, uncounted, outcome, journal, bound, engine.name, test_head
    )


def verify_frozen(record: Record, engine: Engine, *, jobs: int = 1, told: Told | None = None) -> dict[str, ArchiveReport]:
    """Verify a record whose journal is empty still: what a supervisor does before it signs that this is frozen (8.11)."""
    errors.require(errors.JournalOrder, not record.journal(), "it is frozen already")
    reports, _ = _verify_areas(record, engine, partial(verify_tasks, jobs=jobs), told)
    check_test(record, engine, needed=False)
    voted = [code for code, report in reports.items() if report.height > 0]
    errors.require(errors.JournalMismatch, not voted, "ballots before the opening", got=", ".join(voted[:5]))
    return reports


def _verify_areas(
    record: Record, engine: Engine, reports_of: Reports, told: Told | None, *, hints: bool = True
) -> tuple[dict[str, ArchiveReport], int]:
    """The folder and every archive in it; gives the reports by area, and how many decryptions have a second proof."""
    _check_folder(record)
    fingerprints = _check_fingerprint_areas(record)
    reports: dict[str, ArchiveReport] = {}
    bound = 0
    made = reports_of(tasks_of(record, engine, fingerprints, hints=hints))
    for area, report in zip(record.setup.areas, made, strict=True):
        try:
            check_area(record.setup, area, report)
            bound += check_bindings(record, area, report)
            _check_fingerprint(fingerprints[area.code], report)
        except errors.Refused as refusal:
            raise refusal.within(f"area {area.code}") from None
        reports[area.code] = report
        if told is not None:
            told(area.code, report)
    return reports, bound


def _check_fingerprint_areas(record: Record) -> dict[str, Fingerprint]:
    fingerprints = record.fingerprints()
    codes, got = {area.code: area.uuid for area in record.setup.areas}, {code: f.uuid for code, f in fingerprints.items()}
    errors.require(errors.FingerprintMismatch, got == codes, "areas of the fingerprints", expected=len(codes), got=len(got))
    return fingerprints


def _check_fingerprint(fingerprint: Fingerprint, report: ArchiveReport) -> None:
    """The archive is, or has grown out of, the one that was fingerprinted (8.12; the hash itself is compared while reading)."""
    grown = fingerprint.height <= report.height and fingerprint.size <= report.size
    errors.require(errors.FingerprintMismatch, grown, "the archive is shorter than when it was fingerprinted")
    if fingerprint.height == report.height:
        got, expected = (report.head, report.size), (fingerprint.head, fingerprint.size)
        errors.require(errors.FingerprintMismatch, got == expected, expected=expected, got=got)


def _uncounted(setup: Setup, reports: Mapping[str, ArchiveReport]) -> tuple[str, ...]:
    """The areas that stay uncounted: their vote is over, with ballots, but fewer than the minimum."""
    return tuple(
        code
        for code, report in reports.items()
        if report.phase == "counting" and 0 < report.counted < setup.minimum_ballots and report.result is None
    )


def outcome_of(setup: Setup, reports: Mapping[str, ArchiveReport], uncounted: tuple[str, ...]) -> Outcome | None:
    """The rule applied to the results, if every area has one or stays uncounted by the setup's own rule."""
    if uncounted and setup.below_minimum == "repeat":
        return None
    if any(report.result is None and code not in uncounted for code, report in reports.items()):
        return None
    return decide(setup.rule, setup.shapes, tallies_of(setup, reports))


def tallies_of(setup: Setup, reports: Mapping[str, ArchiveReport]) -> tuple[AreaTally, ...]:
    """One tally for each area, in the order of the setup; an area without a result has none of its votes."""
    return tuple(
        AreaTally(area.code, area.parent, area.electorate, reports[area.code].total_weight, reports[area.code].result)
        for area in setup.areas
    )
