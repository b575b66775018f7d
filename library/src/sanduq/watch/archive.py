"""Verify one ``.bel``: every numbered check of chapters 0 to 7, in one pass, with bounded memory.

How to read it: :class:`ArchiveVerifier` is told of each event in turn (``_setup``, ``_ballot``, ``_encrypted_tally``, …). The
reader has by then done 0.6 to 0.15; each method names the steps that it does; what it does not do is done by the word that
owns the type. Ballots are handed to an engine in batches. What is kept for each ballot is its payload's hash (replay, 4.7)
and, for each credential, where its last ballot stands: a ballot replaced by a later one is read again and taken out of the
sum.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import BinaryIO, TypeVar

from sanduq import errors
from sanduq.algebra.elgamal import NOTHING
from sanduq.archive.events import Kind, read_owned, read_sized
from sanduq.archive.reader import ArchiveReader, Entry
from sanduq.archive.tar import BLOCK
from sanduq.booth.ballot import max_ballot_size
from sanduq.count.decryption import Factors, check_decryption, read_decryption
from sanduq.count.report import ArchiveReport
from sanduq.count.result import Result, check_result, combine, read_result
from sanduq.count.tally import multiply, read_tally, tally_bytes
from sanduq.engine import BallotEngine, Engine, Sums
from sanduq.keys.trustees import Trustees, check_election_key, check_trustees, read_trustees
from sanduq.question.election import Election, read_election
from sanduq.roll import Roll, check_certificate, read_certificate, read_roll

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Told, now and then, of bytes read and bytes in all."""

_MOST_WAITING = 1 << 25
"""How many bytes of ballots may wait for an engine, however few: where many questions are asked, a ballot is long."""

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
    """What is known so far. ``last`` maps a credential to the place (start of data, length) of its last ballot."""

    election: Election
    trustees: Trustees
    roll: Roll
    roll_sha256: str
    has_certificate: bool
    ballots: BallotEngine
    sums: Sums
    last: dict[str, tuple[int, int]] = field(default_factory=dict)
    seen: set[bytes] = field(default_factory=set)
    waiting: list[Entry] = field(default_factory=list)
    waiting_bytes: int = 0
    checking: tuple[list[Entry], Future[list[str | errors.Refused]]] | None = None
    accepted: int = 0
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
    ) -> None:
        self._file = file
        self._engine = engine
        self._progress = progress or (lambda done, total: None)
        self._fingerprint = fingerprint
        self._reader = ArchiveReader(file, digest_at=fingerprint[0] if fingerprint else None)
        self._state: _State | None = None
        self._sought = frozenset(marks)
        self._marks: dict[str, int] = {}

    def run(self) -> ArchiveReport:
        """Verify to the end of the file."""
        with ThreadPoolExecutor(max_workers=1) as self._pool:
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
        _in("roll", lambda: self._engine.check_roll(roll))
        roll_sha256 = roll.sha256
        if len(entry.data) > 4:
            certificate = _in("certificate", lambda: read_certificate(entry.data[3]))
            _in("certificate", lambda: check_certificate(certificate, election.uuid, roll, roll_sha256))
        sums = tuple((NOTHING,) * question.choices for question in election.questions)
        engine = self._engine.ballots(election)
        self._state = _State(election, trustees, roll, roll_sha256, len(entry.data) > 4, engine, sums)
        self._reader.largest_record = _largest_record(election, trustees)

    def _ballot(self, entry: Entry) -> None:
        state = self._known()
        state.waiting.append(entry)
        state.waiting_bytes += len(entry.data[0])
        if len(state.waiting) >= state.ballots.batch or state.waiting_bytes > _MOST_WAITING:
            self._hand_over(state)

    def _hand_over(self, state: _State) -> None:
        """Have the ballots that wait checked, while this thread finishes those before them and reads on."""
        entries, state.waiting, state.waiting_bytes = state.waiting, [], 0
        raws = [entry.data[0] for entry in entries]
        before, state.checking = state.checking, (entries, self._pool.submit(state.ballots.check, raws))
        if before is not None:
            self._finish(state, before[0], before[1].result())

    def _drain(self) -> None:
        """Finish all ballots read so far."""
        state = self._state
        if state is None:
            return
        if state.waiting:
            self._hand_over(state)
        checking, state.checking = state.checking, None
        if checking is not None:
            self._finish(state, checking[0], checking[1].result())

    def _finish(self, state: _State, entries: list[Entry], verdicts: list[str | errors.Refused]) -> None:
        """4.1 to 4.15 of checked ballots, in their order, and their product into the sum."""
        raws, weights = [], []
        for entry, verdict in zip(entries, verdicts, strict=True):
            try:
                credential = self._judge(state, entry, verdict)
            except errors.Refused as refusal:
                raise refusal.within(_place(entry)) from None
            raws.append(entry.data[0])
            weights.append(state.roll.weights.get(credential, 1))
            before = state.last.get(credential)
            if before is not None:
                raws.append(self._read_again(*before))
                weights.append(-weights[-1])
            state.last[credential] = (entry.start + BLOCK, len(entry.data[0]))
        state.sums = multiply(state.sums, state.ballots.sum(raws, weights))
        state.accepted += len(entries)
        self._progress(entries[-1].end, self._reader.size)

    def _judge(self, state: _State, entry: Entry, verdict: str | errors.Refused) -> str:
        if isinstance(verdict, errors.Refused):
            raise verdict
        errors.require(errors.CredentialUnknown, verdict in state.roll, got=verdict)
        payload = bytes.fromhex(entry.event.payload or "")
        errors.require(errors.BallotReplayed, payload not in state.seen, got=entry.event.payload)
        state.seen.add(payload)
        return verdict

    def _read_again(self, start: int, length: int) -> bytes:
        position = self._file.tell()
        self._file.seek(start)
        raw = self._file.read(length)
        self._file.seek(position)
        return raw

    def _encrypted_tally(self, state: _State, entry: Entry) -> None:
        """7.1 to 7.3, 7.11."""
        sized = read_sized(entry.data[1])
        counted, weight = self._counted(state)
        errors.require(errors.CountWrong, sized.num_tallied == counted, expected=counted, got=sized.num_tallied)
        errors.require(errors.WeightWrong, sized.total_weight == weight, expected=weight, got=sized.total_weight)
        # The very text of the sum that was made here needs no reading: its points are known. Only another one is looked into.
        sums = state.sums if tally_bytes(state.sums) == entry.data[0] else read_tally(entry.data[0], state.election)
        errors.require(errors.EncryptedSumWrong, sums == state.sums)
        state.sums = sums

    @staticmethod
    def _counted(state: _State) -> tuple[int, int]:
        return len(state.last), sum(state.roll.weights.get(credential, 1) for credential in state.last)

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
        counted, weight = self._counted(state)
        return ArchiveReport(
            election=state.election,
            trustees=state.trustees,
            roll_sha256=state.roll_sha256,
            trustees_sha256=state.trustees.sha256,
            roll_size=len(state.roll),
            roll_weight=state.roll.total_weight,
            has_certificate=state.has_certificate,
            phase=_PHASES[kind],
            height=self._reader.height,
            head=head,
            head_at_close=state.head_at_close,
            head_at_sum=state.head_at_sum,
            size=self._reader.end,
            records=self._reader.records,
            ballots=state.accepted,
            counted=counted,
            total_weight=weight,
            sums=state.sums,
            decryptions=dict(state.decryptions),
            result=state.result,
            engine=self._engine.name,
            marks=self._marks,
        )


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
) -> ArchiveReport:
    """Verify an open ``.bel`` from its beginning; raises the first :class:`errors.Refused`.

    ``fingerprint`` (size in bytes, SHA-256 of that many) is compared on the way (8.12); ``marks`` are hashes of events, whose
    heights the report tells.
    """
    return ArchiveVerifier(file, engine, progress, fingerprint, marks).run()
