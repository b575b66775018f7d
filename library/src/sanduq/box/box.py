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
from sanduq.archive.events import Kind
from sanduq.archive.reader import ArchiveReader
from sanduq.archive.writer import Head, append, cut_unfinished_tail, head_of, locked, write_durably
from sanduq.box.intake import Intake, Place, Taken, credential_in
from sanduq.box.receipt import BoxKey, Receipt
from sanduq.engine import Engine
from sanduq.question.election import Election, read_election
from sanduq.roll import Roll, read_roll


@dataclass
class Index:
    """What the box knows of its archive: the setup, and for each ballot and credential where it stands."""

    election: Election
    roll: Roll
    places: dict[str, Place]
    last: dict[str, str]

    def on_roll(self, credential: str) -> bool:
        """See :class:`sanduq.box.intake.Known`."""
        return credential in self.roll

    def place(self, payload: str) -> Place | None:
        """See :class:`sanduq.box.intake.Known`."""
        return self.places.get(payload)

    def latest(self, credential: str) -> str | None:
        """See :class:`sanduq.box.intake.Known`."""
        return self.last.get(credential)

    def add(self, payload: str, credential: str, place: Place) -> None:
        """Remember a ballot, by the SHA-256 of its text."""
        self.places[payload] = place
        self.last[credential] = payload


def _index(reader: ArchiveReader) -> Index:
    index: Index | None = None
    for entry in reader:
        if entry.event.kind is Kind.SETUP:
            index = Index(read_election(entry.data[0]), read_roll(entry.data[2]), {}, {})
        elif entry.event.kind is Kind.BALLOT and index is not None:
            payload = entry.event.payload or ""
            index.add(payload, credential_in(entry.data[0]) or "", Place(entry.event.height, entry.hash))
    if index is None:
        raise errors.Truncated("the archive has no Setup event")
    return index


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
        intake = Intake(self.head, self._index)
        taken: list[Taken] = []
        for raw, verdict in zip(raws, self._engine.check(raws), strict=True):
            if isinstance(verdict, errors.Refused):
                raise verdict
            taken.append(intake.take(raw, verdict))
        content = b"".join(each.content for each in taken)
        if content:
            write_durably(self._file, content)
            self.head = intake.head
        for each in taken:
            if each.content:
                self._index.add(each.payload, each.credential, each.place)
        return [self._receipt(each) for each in taken]

    def _receipt(self, taken: Taken) -> Receipt:
        receipt = taken.receipt(self.election.uuid)
        return self._key.sign(receipt) if self._key else receipt

    def close(self) -> Head:
        """No more ballots: append EndBallots."""
        if not self.is_open:
            raise errors.BoxNotOpen("the box is closed already")
        self.head = append(self._file, self.head, Kind.END_BALLOTS, [])
        return self.head
