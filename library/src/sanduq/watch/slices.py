"""Verify one large archive in slices, each by itself, and join them to the report that verifying it in one piece gives.

What holds an archive together is a chain: each event names the one before it. A slice is a run of ballot events, read by the
same reader as ever, but from a place in the middle with a *claimed* state: position, height and hash of the event before it.
Whoever looks for that place in bytes that somebody else made can be led astray; so nothing rests on it. Joining is verifying as
ever (``sanduq.watch.archive``), from the Setup event on, with one short cut: where a slice began exactly where the reader
stands, in position, height, hash, kind and time, it jumps to that slice's end, since reading there would have found the same.
Credentials, replays and revotes are looked into on the way, in order.

Where no slice fits, one was refused, or a ballot in it is a replay or not of the roll, the reader goes on by itself. So the
verdict, the step and the report are always the ordinary ones; a bad slice costs time.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from sanduq import errors
from sanduq.algebra.elgamal import NOTHING
from sanduq.archive.events import Kind, read_event
from sanduq.archive.hints import HintsFile
from sanduq.archive.reader import LARGEST_EVENT, ArchiveReader, Entry
from sanduq.archive.tar import BLOCK, padding, read_header
from sanduq.booth.ballot import max_ballot_size
from sanduq.count.report import ArchiveReport
from sanduq.count.tally import multiply
from sanduq.engine import BallotEngine, Engine, Sums
from sanduq.engine.ledger import Place
from sanduq.question.election import read_election
from sanduq.watch.archive import ArchiveVerifier

SLICE: Final = 1 << 28
"""Bytes of a slice, about: 65,000 ballots of three choices."""
_SCAN: Final = 1 << 20
_HASH: Final = 32


@dataclass(frozen=True)
class Start:
    """A place between two events: its position in bytes; hash, height and kind of the event that ends there; the archive's
    time."""

    position: int
    head: str
    height: int
    kind: Kind
    time: int


@dataclass(frozen=True)
class Plan:
    """How an archive is cut: the election's text, where the ballots begin, and the bytes near which slices end."""

    election: bytes
    first: Start
    ends: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many slices there are."""
        return len(self.ends) + 1


@dataclass(frozen=True)
class Slice:
    """A slice whose records, events and ballots are right, each by itself.

    ``credentials`` and ``payloads`` have 32 bytes for each ballot, ``places`` and ``lengths`` say where it stands. ``sums`` is
    the product of all its ballots, each with weight 1. ``hinted`` were accepted with their hints, ``bad`` had some that did not
    fit.
    """

    start: Start
    end: Start
    records: int
    sums: Sums
    credentials: bytes = field(repr=False)
    payloads: bytes = field(repr=False)
    places: array[int] = field(repr=False)
    lengths: array[int] = field(repr=False)
    hinted: int = 0
    bad: int = 0
    marks: tuple[tuple[str, int], ...] = ()


class _Reader(ArchiveReader):
    """A reader that can jump."""

    begin: Start | None = None

    def _read_first(self) -> None:
        if self.begin is None:
            super()._read_first()
        else:
            self.jump(self.begin, 0)

    def jump(self, to: Start, records: int) -> None:
        """Go on from this place, behind so many more records, as if what is before it had been read; it is hashed, if asked."""
        left = to.position - self._position
        while self._digest_left and left > 0:
            block = self._file.read(min(left, _SCAN))
            self._digest_next(block)
            left = left - len(block) if block else 0
        self._file.seek(to.position)
        self._position = self.end = to.position
        self.head, self.height, self.kind, self.time = to.head, to.height, to.kind, to.time
        self.records += records

    @property
    def here(self) -> Start:
        """Behind the last event that was read."""
        return Start(self.end, self.head or "", self.height, self.kind or Kind.SETUP, self.time)


def plan_slices(file: BinaryIO, size: int = SLICE, least: int = 0) -> Plan | None:
    """How an archive is cut; None if it has fewer than ``least`` bytes, or not enough for two slices, or if its roll has
    weights: those only the whole knows.
    """
    length = file.seek(0, os.SEEK_END)
    if length < max(2 * size, least):
        return None
    file.seek(0)
    reader = _Reader(file)
    try:
        setup = next(iter(reader))
        read_election(setup.data[0])
    except (errors.Refused, StopIteration):
        return None
    if _weighted(setup):
        return None
    count = (length - setup.end) // size
    ends = tuple(setup.end + (length - setup.end) * number // count for number in range(1, count))
    return Plan(setup.data[0], reader.here, ends)


def _weighted(setup: Entry) -> bool:
    """Whether the entries of the roll have weights: the first one tells."""
    return setup.data[2][66:67] == b","


def find_place(file: BinaryIO, near: int) -> Start | None:
    """The end of the first event that begins at or behind ``near``, as its own text says; None if there is none."""
    position = -(-near // BLOCK) * BLOCK
    file.seek(position)
    while block := file.read(_SCAN):
        for offset in range(0, len(block) - BLOCK + 1, BLOCK):
            # The cheapest look first: an event's name has 64 digits, then this.
            if block[offset + 64 : offset + 75] == b".event.json":
                found = _event_at(file, position + offset)
                if found is not None:
                    return found
        position += len(block)
        file.seek(position)
    return None


def _event_at(file: BinaryIO, position: int) -> Start | None:
    file.seek(position)
    try:
        header = read_header(file.read(BLOCK))
        if header.size > LARGEST_EVENT:
            return None
        event = read_event(file.read(header.size))
    except errors.Refused:
        return None
    end = position + BLOCK + header.size + padding(header.size)
    return Start(end, header.name[:64], event.height, event.kind, header.time)


def check_slice(
    file: BinaryIO,
    plan: Plan,
    number: int,
    engine: Engine,
    *,
    marks: Collection[str] = (),
    hints: BinaryIO | None = None,
) -> Slice | None:
    """Slice ``number`` (from 0) of an archive; None if anything in it is refused. ``marks`` and ``hints`` are as for
    ``verify_archive``.
    """
    start = plan.first if number == 0 else find_place(file, plan.ends[number - 1])
    stop = find_place(file, plan.ends[number]) if number < len(plan.ends) else None
    if start is None:
        return None
    try:
        work = _Work(file, start, plan, engine, marks, hints)
        for entry in work.reader:
            if entry.event.kind is not Kind.BALLOT:
                break
            work.take(entry)
            if stop is not None and entry.end >= stop.position:
                break
        return work.done()
    except (errors.Refused, errors.EnginesDisagree):
        return None  # whoever joins the slices finds the same again, and tells it


class _Work:
    """A slice that is being read."""

    def __init__(
        self, file: BinaryIO, start: Start, plan: Plan, engine: Engine, marks: Collection[str], hints: BinaryIO | None
    ) -> None:
        election = read_election(plan.election)
        self.reader = _Reader(file)
        self.reader.begin = start
        # At most what the whole allows: a longer record is left to it.
        self.reader.largest_record = max_ballot_size(election) + 1
        self._ballots: BallotEngine = engine.ballots(election)
        self._hints = None if hints is None else HintsFile(hints, plan.first.head, self._ballots.hint_size)
        self._checked = self._missing = self._bad = 0
        self._sought, self._marks = frozenset(marks), list[tuple[str, int]]()
        self._start, self._end, self._records = start, start, 0
        self._sums: Sums = tuple((NOTHING,) * question.choices for question in election.questions)
        self._credentials, self._payloads = bytearray(), bytearray()
        self._places, self._lengths = array("Q"), array("I")
        self._waiting: list[bytes] = []

    def take(self, entry: Entry) -> None:
        """One more ballot."""
        raw = entry.data[0]
        self._waiting.append(raw)
        self._payloads += bytes.fromhex(entry.event.payload or "")
        self._places.append(entry.start + BLOCK)
        self._lengths.append(len(raw))
        self._end, self._records = self.reader.here, self.reader.records
        if entry.hash in self._sought:
            self._marks.append((entry.hash, entry.event.height))
        if len(self._waiting) >= self._ballots.batch:
            self._check()

    def _check(self) -> None:
        raws, self._waiting = self._waiting, []
        for verdict in self._verdicts(raws):
            if isinstance(verdict, errors.Refused):
                raise verdict
            self._credentials += bytes.fromhex(verdict)
        self._sums = multiply(self._sums, self._ballots.sum(raws, [1] * len(raws)))

    def _verdicts(self, raws: list[bytes]) -> list[str | errors.Refused]:
        first = self._start.height + self._checked
        self._checked += len(raws)
        if self._hints is None:
            return self._ballots.check(raws)
        hints = self._hints.records(first, len(raws))
        verdicts, without = self._ballots.check_hinted(raws, hints)
        missing = len(raws) - len(hints) // self._ballots.hint_size
        self._missing += missing
        self._bad += without - missing
        return verdicts

    def done(self) -> Slice:
        """What was found."""
        self._check()
        facts = (bytes(self._credentials), bytes(self._payloads), self._places, self._lengths)
        hinted = 0 if self._hints is None else self._checked - self._missing - self._bad
        return Slice(self._start, self._end, self._records, self._sums, *facts, hinted, self._bad, tuple(self._marks))


class _Joiner(ArchiveVerifier):
    """Verifies as ever, and jumps over slices that fit."""

    def __init__(
        self,
        file: BinaryIO,
        engine: Engine,
        slices: Sequence[Slice],
        fingerprint: tuple[int, str] | None,
        marks: Collection[str],
        hints: BinaryIO | None,
    ) -> None:
        super().__init__(file, engine, None, fingerprint, marks, hints)
        self._reader: _Reader = _Reader(file, digest_at=fingerprint[0] if fingerprint else None)
        self._slices = list(slices)

    def _setup(self, entry: Entry) -> None:
        super()._setup(entry)
        if _weighted(entry):
            self._slices = []

    def _leap(self) -> None:
        for each in self._slices:
            if each.start != self._reader.here:
                break
            self._take_slice(each)
            self._reader.jump(each.end, each.records)
        self._slices = []
        super()._leap()

    def _take_slice(self, each: Slice) -> None:
        """4.6 and 4.7 of its ballots, in their order; its product into the sum, and those out that were replaced."""
        state = self._known()
        replaced: list[tuple[Place, int]] = []
        ballots = zip(_hashes(each.credentials), _hashes(each.payloads), each.places, each.lengths, strict=True)
        for height, (credential, payload, start, length) in enumerate(ballots, each.start.height + 1):
            try:
                weight, before = state.ledger.enter(credential, payload, Place(start, length))
            except errors.Refused as refusal:
                raise refusal.within(f"event {height} ({Kind.BALLOT.value})") from None
            if before is not None:
                replaced.append((before, weight))
        state.sums = multiply(state.sums, each.sums)
        self._take_out(state, replaced)
        state.accepted += len(each.places)
        state.hinted += each.hinted
        state.bad_hints += each.bad
        self._marks.update(each.marks)


def _hashes(data: bytes) -> Iterator[str]:
    return (data[at : at + _HASH].hex() for at in range(0, len(data), _HASH))


def join_slices(
    file: BinaryIO,
    engine: Engine,
    slices: Sequence[Slice | None],
    *,
    fingerprint: tuple[int, str] | None = None,
    marks: Collection[str] = (),
    hints: BinaryIO | None = None,
) -> ArchiveReport:
    """The report of an archive, of which slices were checked, in their order; or the refusal that verifying it in one piece
    gives.
    """
    return _Joiner(file, engine, [each for each in slices if each is not None], fingerprint, marks, hints).run()
