"""Hints beside an archive (spec 0.e): made afterwards for whoever verifies it next, and found by who verifies.

A file of hints is never trusted. What is here decides nothing: it opens the file if there is one, or writes a new one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sanduq import errors
from sanduq.archive.events import Kind
from sanduq.archive.hints import header
from sanduq.archive.packed import ENDING, open_archive
from sanduq.archive.reader import ArchiveReader
from sanduq.archive.writer import sync_folder
from sanduq.count.report import ArchiveReport
from sanduq.engine import BallotEngine, Engine
from sanduq.question.election import read_election
from sanduq.roll import read_roll
from sanduq.watch.archive import Progress

_MOST_BYTES: Final = 1 << 25
"""How many bytes of ballots wait for an engine, however few."""


def hints_path(archive: Path) -> Path:
    """Where the hints of an archive are: ``<uuid>.hints`` beside ``<uuid>.bel`` or ``<uuid>.bel.gz``."""
    return (archive.with_suffix("") if archive.suffix == ENDING else archive).with_suffix(".hints")


@contextmanager
def hints_of(archive: Path, *, use: bool = True) -> Iterator[BinaryIO | None]:
    """The hints beside an archive as an open file; None if there are none, they cannot be read, or are not to be used."""
    try:
        file = hints_path(archive).open("rb") if use else None
    except OSError:
        file = None
    try:
        yield file
    finally:
        if file is not None:
            file.close()


def make_hints(archive: Path, engine: Engine, progress: Progress | None = None) -> tuple[int, int]:
    """Write the hints of an archive beside it, in place of those there are; tells of how many ballots, and of those with hints.

    A ballot that is refused gets none. Nothing else is checked: this is no verifying. An archive that is still written to is
    read up to its last whole event.
    """
    path = hints_path(archive)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with open_archive(archive) as file, partial.open("wb") as out:
            made = _write(file, out, engine, progress or (lambda done, total: None))
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
        sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)
    return made


def _write(file: BinaryIO, out: BinaryIO, engine: Engine, progress: Progress) -> tuple[int, int]:
    reader = ArchiveReader(file, stop_at_tail=True, check_hashes=False)
    entries = iter(reader)
    setup = next(entries, None)
    if setup is None or len(setup.data) < 4:
        raise errors.Truncated("the archive has no Setup event")
    election, roll = read_election(setup.data[0]), read_roll(setup.data[2])
    ballots = engine.ballots(election)
    out.write(header(setup.hash, ballots.hint_size, engine.hint_roll(roll)))
    del setup, roll
    made, hinted, waiting, size = 0, 0, list[bytes](), 0
    for entry in entries:
        if entry.event.kind is not Kind.BALLOT:
            break
        waiting.append(entry.data[0])
        size += len(entry.data[0])
        if len(waiting) >= ballots.batch or size > _MOST_BYTES:
            made, hinted = made + len(waiting), hinted + _put(out, ballots, waiting)
            waiting, size = [], 0
            progress(entry.end, reader.size)
    return made + len(waiting), hinted + _put(out, ballots, waiting)


def _put(out: BinaryIO, ballots: BallotEngine, raws: list[bytes]) -> int:
    records = ballots.hint(raws)
    nothing = bytes(ballots.hint_size)
    out.writelines(nothing if record is None else record for record in records)
    return sum(record is not None for record in records)


@dataclass(frozen=True)
class HintsTold:
    """What is told of the hints of one or many archives: ballots that were checked with them, and what was wrong with them."""

    used: int
    bad: tuple[str, ...]


def told_of_hints(areas: Iterable[tuple[str, ArchiveReport]]) -> HintsTold | None:
    """None if there were no hints at all. ``bad`` has a sentence for each area whose hints were not all right."""
    used, bad, found = 0, [], False
    for code, report in areas:
        use, place = report.hints, f"area {code}: " if code else ""
        if use is None:
            continue
        found, used = True, used + use.used
        if use.problem is not None:
            bad.append(f"{place}the file is not one for this archive: {use.problem}")
        elif use.bad:
            bad.append(f"{place}{use.bad} do not fit their ballots")
    return HintsTold(used, tuple(bad)) if found else None
