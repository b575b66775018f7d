"""The box of one counting area: takes a ballot, appends it, and only then acknowledges it (spec 5.a).

While a :class:`Box` is open it holds the archive's lock, so that two processes never write at once. Opening cuts off what an
interrupted write left (never anything acknowledged) and reads the archive through once, without checking the ballots again. A
ballot that is in the box already is not taken twice: if it is its credential's latest, the same receipt is given again, so a
voter whose connection broke may simply send again; an older one is refused, since taking it again would undo the later vote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sanduq import errors
from sanduq.algebra.numbers import sha256_b64, sha256_hex
from sanduq.archive.events import Kind
from sanduq.archive.reader import ArchiveReader, Entry
from sanduq.archive.writer import Head, append, cut_unfinished_tail, event_records, head_of, locked, write_durably
from sanduq.box.receipt import BoxKey, Receipt
from sanduq.engine import Engine
from sanduq.question.election import Election, read_election
from sanduq.roll import Roll, read_roll


@dataclass(frozen=True)
class _Place:
    """Where a ballot stands."""

    height: int
    event: str


@dataclass
class Index:
    """What the box knows of its archive: the setup, and for each ballot and credential where it stands."""

    election: Election
    roll: Roll
    places: dict[str, _Place]
    latest: dict[str, str]

    def add(self, payload: str, credential: str, place: _Place) -> None:
        """Remember a ballot, by the SHA-256 of its text."""
        self.places[payload] = place
        self.latest[credential] = payload


def _index(reader: ArchiveReader) -> Index:
    index: Index | None = None
    for entry in reader:
        if entry.event.kind is Kind.SETUP:
            index = Index(read_election(entry.data[0]), read_roll(entry.data[2]), {}, {})
        elif entry.event.kind is Kind.BALLOT and index is not None:
            payload = entry.event.payload or ""
            index.add(payload, _credential_of(entry), _Place(entry.event.height, entry.hash))
    if index is None:
        raise errors.Truncated("the archive has no Setup event")
    return index


def _credential_of(entry: Entry) -> str:
    """The credential in a ballot that was accepted before: a cheap look into its canonical text."""
    mark = b'"credential":"'
    start = entry.data[0].index(mark) + len(mark)
    return entry.data[0][start : start + 64].decode()


class Box:
    """An open box. Use :func:`Box.open`."""

    def __init__(self, file: BinaryIO, index: Index, head: Head, engine: Engine, key: BoxKey | None, cut: int) -> None:
        self._file = file
        self._index = index
        self._engine = engine.ballots(index.election)
        self._key = key
        self.head = head
        self.cut = cut
        """How many bytes of an unfinished write were cut off when the box was opened."""

    @classmethod
    @contextmanager
    def open(cls, path: Path, engine: Engine, key: BoxKey | None = None) -> Iterator[Box]:
        """The box of an archive, locked until the block ends. Without ``key`` receipts are not signed."""
        with locked(path) as file:
            reader, cut = cut_unfinished_tail(file)
            file.seek(0)
            index = _index(ArchiveReader(file, check_hashes=False))
            yield cls(file, index, head_of(reader), engine, key, cut)

    @property
    def election(self) -> Election:
        """The election whose ballots this box takes."""
        return self._index.election

    @property
    def is_open(self) -> bool:
        """Whether ballots can still be taken."""
        return self.head.kind in (Kind.SETUP, Kind.BALLOT)

    def cast(self, raw: bytes) -> Receipt:
        """Take one ballot (4.1 to 4.15, 5.1, 5.2); when this returns, it is on the disk."""
        return self.cast_many([raw])[0]

    def cast_many(self, raws: Sequence[bytes]) -> list[Receipt]:
        """Take ballots one after the other with one write: all of them, or none and the first refusal."""
        if not self.is_open:
            raise errors.BoxNotOpen("the vote is closed", got=f"the last event is {self.head.kind}")
        verdicts = self._engine.check(raws)
        head, written, receipts = self.head, [], []
        added: dict[str, tuple[str, _Place]] = {}
        latest: dict[str, str] = {}
        for raw, verdict in zip(raws, verdicts, strict=True):
            if isinstance(verdict, errors.Refused):
                raise verdict
            errors.require(errors.CredentialUnknown, verdict in self._index.roll, got=verdict)
            payload = sha256_hex(raw)
            # The same ballot may stand twice among these.
            place = added[payload][1] if payload in added else self._index.places.get(payload)
            if place is None:
                content, head = event_records(head, Kind.BALLOT, [raw])
                written.append(content)
                place = _Place(head.height, head.hash or "")
                added[payload] = verdict, place
                latest[verdict] = payload
            elif latest.get(verdict, self._index.latest.get(verdict)) != payload:
                raise errors.BallotSuperseded(got=sha256_b64(raw))
            receipts.append(self._receipt(raw, place))
        if written:
            write_durably(self._file, b"".join(written))
            self.head = head
        for payload, (credential, place) in added.items():
            self._index.add(payload, credential, place)
        return receipts

    def _receipt(self, raw: bytes, place: _Place) -> Receipt:
        receipt = Receipt(self.election.uuid, sha256_b64(raw), place.height, place.event)
        return self._key.sign(receipt) if self._key else receipt

    def close(self) -> Head:
        """No more ballots: append EndBallots."""
        if not self.is_open:
            raise errors.BoxNotOpen("the box is closed already")
        self.head = append(self._file, self.head, Kind.END_BALLOTS, [])
        return self.head
