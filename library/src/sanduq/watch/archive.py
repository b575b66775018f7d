"""Verify one ``.bel``: every numbered check of chapters 0 to 7, in one pass, with bounded memory.

How to read it: :class:`ArchiveVerifier` is told of each event in turn (``_setup``, ``_ballot``, ``_encrypted_tally``, …). The
reader has by then done 0.6 to 0.15; each method names the steps that it does; what it does not do is done by the word that
owns the type.

Ballots are most of an archive. So before they are read one by one the engine is shown the bytes (``_leap``) and may take in as
many ballots as are plainly right, with their records and events, and with hints (0.e) if there are any. What it does not take
is read and judged here, event by event, and only here is anything refused.

What is kept for each ballot stands in a ledger (``sanduq.engine.ledger``). A ballot replaced by a later one is read again and
taken out of the sum.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import BinaryIO, TypeVar

from sanduq import errors
from sanduq.algebra.elgamal import NOTHING
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive.events import Kind, read_event, read_owned, read_sized
from sanduq.archive.hints import HintsFile
from sanduq.archive.reader import ArchiveReader, Entry
from sanduq.archive.tar import BLOCK, read_header
from sanduq.booth.ballot import max_ballot_size
from sanduq.count.decryption import Factors, check_decryption, read_decryption
from sanduq.count.report import ArchiveReport, HintsUse
from sanduq.count.result import Result, check_result, combine, read_result
from sanduq.count.tally import multiply, read_tally, tally_bytes
from sanduq.engine import BallotEngine, Engine, Sums
from sanduq.engine.ledger import Keeper, Place, Start
from sanduq.keys.trustees import Trustees, check_election_key, check_trustees, read_trustees
from sanduq.question.election import Election, read_election
from sanduq.roll import check_certificate, read_certificate, read_roll

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Told, now and then, of bytes read and bytes in all."""

_MOST_WAITING = 1 << 25
"""How many bytes of ballots may wait for an engine, however few: where many questions are asked, a ballot is long."""

_AGAIN = 1024
"""How many replaced ballots are read again at once."""

_AHEAD = (1 << 24) * min(os.cpu_count() or 1, 4)
"""How many bytes the engine is shown at once: some thousand ballots for each processor."""

_PHASES = {
    Kind.SETUP: "open",
    Kind.BALLOT: "open",
    Kind.END_BALLOTS: "closed",
    Kind.ENCRYPTED_TALLY: "counting",
    Kind.END_SHUFFLES: "counting",
    Kind.PARTIAL_DECRYPTION: "counting",
    Kind.RESULT: "counted",
}


@dataclass
class _State:
    """What is known so far. Of the roll only the numbers are kept, the keys stand in the ledger."""

    election: Election
    trustees: Trustees
    roll_size: int
    roll_weight: int
    roll_sha256: str
    has_certificate: bool
    ballots: BallotEngine
    ledger: Keeper
    sums: Sums
    hints: HintsFile | None
    roll_hinted: bool
    waiting: list[Entry] = field(default_factory=list)
    waiting_bytes: int = 0
    accepted: int = 0
    hinted: int = 0
    bad_hints: int = 0
    head_at_close: str | None = None
    head_at_sum: str | None = None
    decryptions: dict[int, Factors] = field(default_factory=dict)
    result: Result | None = None


class ArchiveVerifier:
    """Verifies one open file with one engine; :meth:`run` gives the report or raises the refusal, with the place in front."""

    def __init__(
        self,
        file: BinaryIO,
        engine: Engine,
        progress: Progress | None = None,
        fingerprint: tuple[int, str] | None = None,
        marks: Collection[str] = (),
        hints: BinaryIO | None = None,
    ) -> None:
        self._file = file
        self._engine = engine
        self._progress = progress or (lambda done, total: None)
        self._fingerprint = fingerprint
        self._hints = hints
        self._reader = ArchiveReader(file, digest_at=fingerprint[0] if fingerprint else None)
        self._state: _State | None = None
        self._sought = frozenset(marks)
        self._marks: dict[str, int] = {}

    def run(self) -> ArchiveReport:
        """Verify to the end of the file."""
        for entry in self._in_order():
            if entry.hash in self._sought:
                self._marks[entry.hash] = entry.event.height
            if entry.event.kind is Kind.BALLOT:
                self._ballot(entry)
                continue
            self._drain()
            try:
                self._take(entry)
            except errors.Refused as refusal:
                raise refusal.within(_place(entry)) from None
            if entry.event.kind is Kind.SETUP:
                self._leap()
        self._drain()
        if self._state is None or self._reader.head is None or self._reader.kind is None:
            raise errors.Truncated("the archive has no Setup event")
        if self._fingerprint is not None:
            expected, got = self._fingerprint[1], self._reader.digest
            errors.require(errors.FingerprintMismatch, got == expected, expected=expected, got=got)
        return self._report(self._state, self._reader.head, self._reader.kind)

    def _in_order(self) -> Iterator[Entry]:
        """The reader's entries. Of several refusals the first in the file is told, whatever the size of the batches."""
        try:
            yield from self._reader
        except errors.Refused:
            self._drain()  # a ballot before this place may be bad too
            raise

    def _take(self, entry: Entry) -> None:
        kind = entry.event.kind
        if kind is Kind.SETUP:
            self._setup(entry)
            return
        state = self._known()
        if kind is Kind.END_BALLOTS:
            state.head_at_close = entry.hash
        elif kind is Kind.ENCRYPTED_TALLY:
            self._encrypted_tally(state, entry)
            state.head_at_sum = entry.hash
        elif kind is Kind.PARTIAL_DECRYPTION:
            self._partial_decryption(state, entry)
        elif kind is Kind.RESULT:
            self._result(state, entry)

    def _known(self) -> _State:
        if self._state is None:
            raise errors.EventOrder("an event before the Setup event")
        return self._state

    def _setup(self, entry: Entry) -> None:
        """2.1 to 2.6; 3.1 to 3.14; 1.1 to 1.7, 0.4 and 0.5 of every key."""
        if len(entry.data) < 4:
            raise errors.EventPayload("a Setup event without its records")
        election = _in("election", lambda: read_election(entry.data[0]))
        trustees = _in("trustees", lambda: _checked_trustees(entry.data[1]))
        _in("trustees", lambda: check_election_key(trustees, election.public_key))
        roll = _in("roll", lambda: read_roll(entry.data[2]))
        ballots = self._engine.ballots(election)
        hints = None if self._hints is None else HintsFile(self._hints, entry.hash, ballots.hint_size)
        roll_hints = hints.roll(len(roll)) if hints else b""
        roll_hinted = _in("roll", lambda: self._engine.check_roll(roll, roll_hints))
        roll_sha256 = sha256_hex(entry.data[2])
        if len(entry.data) > 4:
            certificate = _in("certificate", lambda: read_certificate(entry.data[3]))
            _in("certificate", lambda: check_certificate(certificate, election.uuid, roll, roll_sha256))
        self._state = _State(
            election,
            trustees,
            len(roll),
            roll.total_weight,
            roll_sha256,
            len(entry.data) > 4,
            ballots,
            ballots.ledger(roll),
            tuple((NOTHING,) * question.choices for question in election.questions),
            hints,
            roll_hinted,
        )
        self._reader.largest_record = _largest_record(election, trustees)

    def _leap(self) -> None:
        """Have the engine take in what is plainly right: 0.6 to 0.15 and 4.1 to 4.15 of ballots that follow."""
        state, reader = self._known(), self._reader
        while reader.head is not None:
            data = reader.ahead(_AHEAD)
            hints = b"" if state.hints is None else state.hints.records(state.accepted, state.ballots.count(data))
            start = Start(reader.end, reader.head, reader.height + 1, reader.time)
            taken = state.ballots.take(state.ledger, data, hints, start)
            if taken is None:
                return
            self._mark(data, taken.length)
            reader.skip(memoryview(data)[: taken.length], taken.count, taken.head)
            state.sums = multiply(state.sums, taken.sums)
            self._take_out(state, taken.replaced)
            state.accepted += taken.count
            state.hinted += taken.hinted
            state.bad_hints += taken.bad
            self._progress(reader.end, reader.size)

    def _mark(self, data: bytes, length: int) -> None:
        """The events that are looked for, in bytes that were taken: there only an event's header has such a text."""
        for mark in self._sought - self._marks.keys():
            at = data.find(f"{mark}.event.json".encode(), 0, length)
            if at >= 0:
                size = read_header(data[at : at + BLOCK]).size
                self._marks[mark] = read_event(data[at + BLOCK : at + BLOCK + size]).height

    def _take_out(self, state: _State, replaced: Sequence[tuple[Place, int]]) -> None:
        """Ballots that were replaced, out of the sum."""
        for start in range(0, len(replaced), _AGAIN):
            some = replaced[start : start + _AGAIN]
            raws = [self._read_again(place) for place, _ in some]
            state.sums = multiply(state.sums, state.ballots.sum(raws, [-weight for _, weight in some]))

    def _ballot(self, entry: Entry) -> None:
        state = self._known()
        state.waiting.append(entry)
        state.waiting_bytes += len(entry.data[0])
        if len(state.waiting) >= state.ballots.batch or state.waiting_bytes > _MOST_WAITING:
            self._drain()
            self._leap()

    def _drain(self) -> None:
        """4.1 to 4.15 of all ballots read so far, in their order, and their product into the sum."""
        state = self._state
        if state is None or not state.waiting:
            return
        entries, state.waiting, state.waiting_bytes = state.waiting, [], 0
        raws = [entry.data[0] for entry in entries]
        weights, replaced = [], []
        for entry, verdict in zip(entries, state.ballots.check(raws), strict=True):
            try:
                weight, before = self._judge(state, entry, verdict)
            except errors.Refused as refusal:
                raise refusal.within(_place(entry)) from None
            weights.append(weight)
            if before is not None:
                replaced.append((before, weight))
        state.sums = multiply(state.sums, state.ballots.sum(raws, weights))
        self._take_out(state, replaced)
        state.accepted += len(entries)
        self._progress(entries[-1].end, self._reader.size)

    @staticmethod
    def _judge(state: _State, entry: Entry, verdict: str | errors.Refused) -> tuple[int, Place | None]:
        if isinstance(verdict, errors.Refused):
            raise verdict
        place = Place(entry.start + BLOCK, len(entry.data[0]))
        return state.ledger.enter(verdict, entry.event.payload or "", place)

    def _read_again(self, place: Place) -> bytes:
        position = self._file.tell()
        self._file.seek(place.start)
        raw = self._file.read(place.length)
        self._file.seek(position)
        return raw

    def _encrypted_tally(self, state: _State, entry: Entry) -> None:
        """7.1 to 7.3, 7.11."""
        sized = read_sized(entry.data[1])
        counted, weight = state.ledger.counted, state.ledger.total_weight
        errors.require(errors.CountWrong, sized.num_tallied == counted, expected=counted, got=sized.num_tallied)
        errors.require(errors.WeightWrong, sized.total_weight == weight, expected=weight, got=sized.total_weight)
        # The very text of the sum that was made here needs no reading: its points are known. Only another one is looked into.
        sums = state.sums if tally_bytes(state.sums) == entry.data[0] else read_tally(entry.data[0], state.election)
        errors.require(errors.EncryptedSumWrong, sums == state.sums)
        state.sums = sums

    def _partial_decryption(self, state: _State, entry: Entry) -> None:
        """7.4 to 7.7."""
        owner = read_owned(entry.data[1]).owner
        keys = state.trustees.keys
        errors.require(errors.DecryptionOwner, 1 <= owner <= len(keys), expected=f"1 to {len(keys)}", got=owner)
        errors.require(errors.DecryptionTwice, owner not in state.decryptions, got=owner)
        decryption = read_decryption(entry.data[0])
        check_decryption(decryption, state.sums, state.election, keys[owner - 1])
        state.decryptions[owner] = decryption.factors

    def _result(self, state: _State, entry: Entry) -> None:
        """7.8 to 7.10."""
        factors = combine(state.trustees, state.decryptions)
        result = read_result(entry.data[0], state.election)
        check_result(result, state.sums, factors)
        state.result = result

    def _report(self, state: _State, head: str, kind: Kind) -> ArchiveReport:
        return ArchiveReport(
            election=state.election,
            trustees=state.trustees,
            roll_sha256=state.roll_sha256,
            trustees_sha256=state.trustees.sha256,
            roll_size=state.roll_size,
            roll_weight=state.roll_weight,
            has_certificate=state.has_certificate,
            phase=_PHASES[kind],
            height=self._reader.height,
            head=head,
            head_at_close=state.head_at_close,
            head_at_sum=state.head_at_sum,
            size=self._reader.end,
            records=self._reader.records,
            ballots=state.accepted,
            counted=state.ledger.counted,
            total_weight=state.ledger.total_weight,
            sums=state.sums,
            decryptions=dict(state.decryptions),
            result=state.result,
            engine=self._engine.name,
            marks=self._marks,
            hints=_hints_use(state),
        )


def _hints_use(state: _State) -> HintsUse | None:
    if state.hints is None:
        return None
    missing = state.accepted - state.hinted - state.bad_hints
    return HintsUse(state.hinted, state.bad_hints, missing, state.hints.problem, state.roll_hinted)


@lru_cache(maxsize=8)
def _checked_trustees(data: bytes) -> Trustees:
    """The areas of a referendum have the same trustees, to the byte: they are checked once, not once an area."""
    trustees = read_trustees(data)
    check_trustees(trustees)
    return trustees


def _place(entry: Entry) -> str:
    return f"event {entry.event.height} ({entry.event.kind.value})"


def _in(place: str, act: Callable[[], T]) -> T:
    try:
        return act()
    except errors.Refused as refusal:
        raise refusal.within(place) from None


def _largest_record(election: Election, trustees: Trustees) -> int:
    """No later record is longer than this: a ballot, or a partial decryption of every sum."""
    choices = sum(question.choices for question in election.questions)
    return max(max_ballot_size(election) + 1, 512 * choices + 4096)


def verify_archive(
    file: BinaryIO,
    engine: Engine,
    progress: Progress | None = None,
    *,
    fingerprint: tuple[int, str] | None = None,
    marks: Collection[str] = (),
    hints: BinaryIO | None = None,
) -> ArchiveReport:
    """Verify an open ``.bel`` from its beginning; raises the first :class:`errors.Refused`.

    ``fingerprint`` (size in bytes, SHA-256 of that many) is compared on the way (8.12); ``marks`` are hashes of events, whose
    heights the report tells. ``hints`` is the open file of hints (0.e): the verdict and the report are the same without it, but
    for what the report says of them.
    """
    return ArchiveVerifier(file, engine, progress, fingerprint, marks, hints).run()
