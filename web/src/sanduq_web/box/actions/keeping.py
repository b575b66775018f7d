"""Keeping the archive of a record that the library has verified, and making it longer by a later copy of the record."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from django.conf import settings

from sanduq import errors
from sanduq.archive.events import Kind
from sanduq.archive.reader import ArchiveReader, Entry
from sanduq.box import credential_in
from sanduq.box.journal import Act, Line
from sanduq.watch.compare import compare_archives
from sanduq_web.box.actions.forgetting import forget_all
from sanduq_web.box.actions.phases import keep_line
from sanduq_web.box.actions.publishing import publish
from sanduq_web.box.api import ArchiveFile, journal
from sanduq_web.box.models import Archive, Ballot, Chunk
from sanduq_web.question.api import Place
from sanduq_web.question.models import Area

_PIECE: Final = 1 << 20
_AT_ONCE: Final = 500


def keep(area: Area, path: Path, expected: str, step: tuple[int, int] | None, now: str) -> bytes:
    """Keep an area's archive, whose head must be the ``expected`` one that was verified; gives the text of its roll.

    Within the caller's transaction. ``step`` is (minutes, ballots): how the public stream advances; the setting by default.
    """
    minutes, ballots = step or settings.SANDUQ_STEP
    with path.open("rb") as file:
        reader = ArchiveReader(file)
        entries = iter(reader)
        setup = next(entries)
        archive = Archive(
            area=area,
            time=reader.time,
            kind=Kind.SETUP.value,
            head=setup.hash,
            height=0,
            size=setup.end,
            step_minutes=minutes,
            step_ballots=ballots,
            public_height=0,
            public_size=setup.end,
        )
        archive.save(force_insert=True)
        roll = setup.data[2]
        with path.open("rb") as again:
            starts = range(0, setup.end, _PIECE)
            for start in starts:
                piece = again.read(min(_PIECE, setup.end - start))
                Chunk.objects.create(archive=archive, start=start, content=piece)
        _append(archive, entries, path)
    _require_head(archive, expected)
    publish(archive, now)
    archive.save()
    return roll


def _require_head(archive: Archive, expected: str) -> None:
    """The file is still the one that was verified."""
    errors.require(errors.NotAnExtension, archive.head == expected, "the archive has changed meanwhile", expected=expected)


def _append(archive: Archive, entries: Iterator[Entry], path: Path) -> None:
    """Keep further entries of the archive in ``path`` as rows."""
    firsts = Ballot.objects.filter(archive=archive, first=True).values_list("credential", flat=True)
    seen = {bytes(credential) for credential in firsts.iterator(chunk_size=10_000)}
    chunks: list[Chunk] = []
    ballots: list[Ballot] = []
    with path.open("rb") as again:
        for entry in entries:
            again.seek(entry.start)
            chunks.append(Chunk(archive=archive, start=entry.start, content=again.read(entry.end - entry.start)))
            if entry.event.kind is Kind.BALLOT:
                ballots.append(_row(archive, entry, seen))
            archive.head, archive.height, archive.size = entry.hash, entry.event.height, entry.end
            archive.kind = entry.event.kind.value
            if len(chunks) >= _AT_ONCE:
                _flush(chunks, ballots)
    _flush(chunks, ballots)


def _row(archive: Archive, entry: Entry, seen: set[bytes]) -> Ballot:
    credential = bytes.fromhex(credential_in(entry.data[0]) or "")
    first = credential not in seen
    seen.add(credential)
    payload, event = bytes.fromhex(entry.event.payload or ""), bytes.fromhex(entry.hash)
    return Ballot(archive=archive, height=entry.event.height, payload=payload, credential=credential, event=event, first=first)


def _flush(chunks: list[Chunk], ballots: list[Ballot]) -> None:
    Chunk.objects.bulk_create(chunks)
    Ballot.objects.bulk_create(ballots)
    chunks.clear()
    ballots.clear()


def whole(archive: Archive) -> BinaryIO:
    """An archive as a file."""
    return io.BufferedReader(ArchiveFile(archive.pk, archive.size), 1 << 16)


def extend(place: Place, path: Path, expected: str, now: str) -> None:
    """Make an archive longer by what a later copy has more; refused (8.15) unless that only adds. All of it is published."""
    archive = Archive.objects.select_for_update().get(pk=place.id)
    with path.open("rb") as file:
        try:
            compare_archives(whole(archive), file)
        except errors.Refused as refusal:
            raise refusal.within(f"area {place.code}") from None
        file.seek(0)
        known = archive.height
        _append(archive, (entry for entry in ArchiveReader(file) if entry.event.height > known), path)
    _require_head(archive, expected)
    publish(archive, now)
    archive.save()


def extend_journal(anchor: str, lines: Sequence[Line]) -> None:
    """Keep the acts of a later copy that are not here yet; refused (8.15) unless it only adds."""
    before = journal(anchor)
    same = list(lines[: len(before)]) == before
    errors.require(errors.NotAnExtension, same, "the journal is not the one kept here with more acts")
    for line in lines[len(before) :]:
        keep_line(anchor, line)
        if line.act is Act.CLOSED:
            forget_all(anchor)
