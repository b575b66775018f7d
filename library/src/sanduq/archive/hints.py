"""The file ``<uuid>.hints`` beside an archive (spec 0.e): it saves a verifier time, and no verdict depends on it.

So nothing here refuses: what cannot be used says why (:attr:`HintsFile.problem`), and the verifier goes without.
"""

from __future__ import annotations

import os
import struct
from typing import BinaryIO, Final

MAGIC: Final = b"sanduq hints 1\n\0"
HEADER: Final = 64
POINT: Final = 64
"""Bytes of a point: x and y."""
_FIELDS: Final = struct.Struct("<16s32sII8x")
_ANY_VERSION: Final = MAGIC[:13]


def header(setup_event: str, record: int, roll: bytes = b"") -> bytes:
    """The beginning of a file for the archive with this Setup event (64 digits): records of so many bytes, the roll's hints."""
    return _FIELDS.pack(MAGIC, bytes.fromhex(setup_event), record // POINT, len(roll) // POINT) + roll


def whole(size: int, start: int, record: int) -> int:
    """Up to which byte a file of ``size`` bytes has whole records, which begin at ``start``: who appends cuts it there."""
    return start + max(0, size - start) // record * record


class HintsFile:
    """Hints of one archive, read where they are needed.

    ``problem`` says why nothing is used, or is None. ``start`` is where the records begin, ``count`` how many are whole, and
    ``keys`` of how many keys of the roll there are hints.
    """

    def __init__(self, file: BinaryIO, setup_event: str, record: int) -> None:
        self._file = file
        self._record = record
        self.keys = self.count = 0
        self.start = HEADER
        size = file.seek(0, os.SEEK_END)
        self.problem = self._read_header(size, setup_event)
        if self.problem is None:
            self.count = max(0, size - self.start) // record

    def _read_header(self, size: int, setup_event: str) -> str | None:
        self._file.seek(0)
        head = self._file.read(HEADER)
        if len(head) < HEADER or not head.startswith(_ANY_VERSION):
            return "not a file of hints"
        magic, setup, points, keys = _FIELDS.unpack(head)
        if magic != MAGIC:
            return "of another version"
        if setup.hex() != setup_event:
            return "of another archive"
        if points * POINT != self._record or head[56:] != bytes(8):
            return "of other questions"
        if HEADER + POINT * keys > size:
            return "cut off inside the hints of the roll"
        self.keys, self.start = keys, HEADER + POINT * keys
        return None

    def roll(self, keys: int) -> bytes:
        """The hints of the keys of a roll that has so many, in its order; none if the file has not as many."""
        return self._read(HEADER, POINT * keys) if self.problem is None and self.keys == keys else b""

    def records(self, first: int, count: int) -> bytes:
        """The records of ``count`` ballots from number ``first`` on: those that are there."""
        some = min(count, self.count - first)
        return self._read(self.start + first * self._record, some * self._record) if some > 0 else b""

    def _read(self, start: int, length: int) -> bytes:
        self._file.seek(start)
        data = self._file.read(length)
        # A file that has become shorter meanwhile: what is left of its last record is none.
        return data[: len(data) // POINT * POINT]
