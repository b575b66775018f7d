"""The box of one counting area: takes a ballot, appends it, and only then acknowledges it (spec 5.a).

While a :class:`Box` is open it holds the archive's lock, so that two processes never write at once. Opening cuts off what an
interrupted write left (never anything acknowledged) and reads the archive through once, without checking the ballots again. A
ballot that is in the box already is not taken twice: if it is its credential's latest, the same receipt is given again, so a
voter whose connection broke may simply send again; an older one is refused, since taking it again would undo the later vote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sanduq import errors
from sanduq.archive.events import Kind
from sanduq.archive.reader import ArchiveReader
from sanduq.archive.writer import Head, append, cut_unfinished_tail, head_of, locked, write_durably
from sanduq.box.hints import HintsTail
from sanduq.box.intake import Intake, Place, Taken, credential_in
from sanduq.box.receipt import BoxKey, Receipt
from sanduq.engine import BallotEngine, Engine
from sanduq.question.election import Election, read_election
from sanduq.roll import Roll, read_roll


@dataclass
class Index:
    """What the box knows of its archive: the setup and its event, and for each ballot and credential where it stands."""

    setup_event: str
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
            index = Index(entry.hash, read_election(entry.data[0]), read_roll(entry.data[2]), {}, {})
        elif entry.event.kind is Kind.BALLOT and index is not None:
            payload = entry.event.payload or ""
            index.add(payload, credential_in(entry.data[0]) or "", Place(entry.event.height, entry.hash))
    if index is None:
        raise errors.Truncated("the archive has no Setup event")
    return index


def _tail(path: Path, index: Index, ballots: BallotEngine, head: Head) -> HintsTail:
    """The hints beside an archive: a ballot's number is its event's height less one."""
    return HintsTail(path.with_suffix(".hints"), index.setup_event, ballots.hint_size, head.height)


class Box:
    """An open box. Use :func:`Box.open`."""

    def __init__(
        self,
        file: BinaryIO,
        index: Index,
        head: Head,
        engine: BallotEngine,
        key: BoxKey | None,
        cut: int,
        hints: HintsTail | None,
    ) -> None:
        self._file = file
        self._index = index
        self._engine = engine
        self._key = key
        self._hints = hints
        self.head = head
        self.cut = cut
        """How many bytes of an unfinished write were cut off when the box was opened."""

    @classmethod
    @contextmanager
    def open(cls, path: Path, engine: Engine, key: BoxKey | None = None, *, hints: bool = True) -> Iterator[Box]:
        """The box of an archive, locked until the block ends. Without ``key`` receipts are not signed.

        With ``hints`` it writes hints for verifiers beside the archive, as it accepts ballots (``sanduq.box.hints``).
        """
        with locked(path) as file:
            reader, cut = cut_unfinished_tail(file)
            file.seek(0)
            index = _index(ArchiveReader(file, check_hashes=False))
            ballots, head = engine.ballots(index.election), head_of(reader)
            takes = hints and head.kind in (Kind.SETUP, Kind.BALLOT)
            tail = _tail(path, index, ballots, head) if takes else None
            try:
                yield cls(file, index, head, ballots, key, cut, tail)
            finally:
                if tail is not None:
                    tail.close()

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
        hints: list[bytes] = []
        for raw, (credential, hint) in zip(raws, self._check(raws), strict=True):
            taken.append(intake.take(raw, credential))
            if taken[-1].content:
                hints.append(hint)
        content = b"".join(each.content for each in taken)
        if content:
            write_durably(self._file, content)
            if self._hints is not None:
                self._hints.put(self.head.height, hints)
            self.head = intake.head
        for each in taken:
            if each.content:
                self._index.add(each.payload, each.credential, each.place)
        return [self._receipt(each) for each in taken]

    def _check(self, raws: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
        """The credential and the hints of each ballot, up to the first that is refused."""
        if self._hints is None:
            verdicts: Iterable[tuple[str, bytes] | errors.Refused] = (
                verdict if isinstance(verdict, errors.Refused) else (verdict, b"") for verdict in self._engine.check(raws)
            )
        else:
            verdicts = self._engine.check_and_hint(raws)
        for verdict in verdicts:
            if isinstance(verdict, errors.Refused):
                raise verdict
            yield verdict

    def _receipt(self, taken: Taken) -> Receipt:
        receipt = taken.receipt(self.election.uuid)
        return self._key.sign(receipt) if self._key else receipt

    def close(self) -> Head:
        """No more ballots: append EndBallots."""
        if not self.is_open:
            raise errors.BoxNotOpen("the box is closed already")
        self.head = append(self._file, self.head, Kind.END_BALLOTS, [])
        return self.head
