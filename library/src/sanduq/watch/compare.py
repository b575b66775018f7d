"""Does a newer copy of an archive, or of a record, extend an older one? (spec 8.15; BS §Audit during the voting phase)

Both copies may have been taken in the middle of a write, so what is compared ends at whole events: every byte of the older
copy, up to its last whole event, must stand at the same place in the newer one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sanduq import errors
from sanduq.archive.packed import is_there, open_archive
from sanduq.archive.reader import ArchiveReader
from sanduq.box.record import Record

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Comparison:
    """Heights of both copies, and how many bytes of an unfinished end were left aside in each."""

    old_height: int
    new_height: int
    old_tail: int
    new_tail: int

    @property
    def added(self) -> int:
        """How many events the newer copy has more."""
        return self.new_height - self.old_height


def compare_archives(old: BinaryIO, new: BinaryIO) -> Comparison:
    """Refuse (8.15) unless nothing of ``old`` was removed, changed or reordered in ``new``; both must be sound chains."""
    readers = []
    for name, file in (("the older copy", old), ("the newer copy", new)):
        reader = ArchiveReader(file, stop_at_tail=True)
        try:
            for _ in reader:
                pass
            if reader.head is None:
                raise errors.Truncated("there is no whole Setup event")
        except errors.Refused as refusal:
            raise refusal.within(name) from None
        readers.append(reader)
        file.seek(0)
    before, after = readers
    errors.require(
        errors.NotAnExtension,
        before.end <= after.end,
        "events were removed",
        expected=f"height {before.height} or more",
        got=after.height,
    )
    position = 0
    while position < before.end:
        count = min(_BLOCK, before.end - position)
        same = old.read(count) == new.read(count)
        errors.require(
            errors.NotAnExtension, same, "something that was there is not there any more", got=f"after byte {position}"
        )
        position += count
    return Comparison(before.height, after.height, before.size - before.end, after.size - after.end)


def compare_records(old: Record, new: Record) -> dict[str, Comparison]:
    """The same for two copies of a record, area by area: the setup is the same, no act was taken out of the journal (8.15)."""
    errors.require(errors.NotAnExtension, new.setup_bytes == old.setup_bytes, "the setup is another one")
    before, after = old.journal_path.read_bytes(), new.journal_path.read_bytes()
    whole = before[: before.rfind(b"\n") + 1]
    errors.require(errors.NotAnExtension, after.startswith(whole), "the journal is not the older one with more acts")
    found = {area.code: _compare(old.archive(area), new.archive(area), f"area {area.code}") for area in old.setup.areas}
    if old.test_path is not None and new.test_path is not None and is_there(old.test_path):
        _compare(old.test_path, new.test_path, "test sum")
    return found


def _compare(old: Path, new: Path, place: str) -> Comparison:
    try:
        with open_archive(old) as earlier, open_archive(new) as later:
            return compare_archives(earlier, later)
    except FileNotFoundError:
        raise errors.NotAnExtension("an archive is not there").within(place) from None
    except errors.Refused as refusal:
        raise refusal.within(place) from None
