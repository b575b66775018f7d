"""Reading a ``.bel`` as a stream of events, never whole in memory (spec 0.d).

:func:`read_archive` yields one :class:`Entry` for each event, with the data records that it brings, and has by then checked
0.1 to 0.15 for it. What the records *mean* is the business of the words. Sizes bound what is held at a time: one for the roll,
which stands third in the setup, one for any other record; the consumer lowers the latter when it knows the questions.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive import json
from sanduq.archive.events import (
    DATA_BEFORE,
    MAY_FOLLOW,
    Event,
    Kind,
    read_event,
    read_owned,
    read_setup_data,
    read_sized,
)
from sanduq.archive.tar import BLOCK, Header, padding, read_header

LARGEST_ROLL: Final = 1 << 30
LARGEST_RECORD: Final = 1 << 24
LARGEST_EVENT: Final = 512
_NAME: Final = re.compile(r"([0-9a-f]{64})\.(data|event)\.json\Z")
_ROLL: Final = 2
FIRST: Final = "BELENIOS"
_form = json.Form(errors.ArchiveHeader)


@dataclass(frozen=True)
class Entry:
    """An event with its data records, and where they stand in the file (bytes ``start`` to ``end``)."""

    event: Event
    hash: str
    data: tuple[bytes, ...]
    start: int
    end: int


@dataclass
class _Record:
    header: Header
    content: bytes
    end: int


class ArchiveReader:
    """Iterates over the entries of one open file.

    ``tail`` says what happens when the file ends in the middle of something: refuse it (0.6), or stop behind the last whole
    event (``stop_at_tail=True``: for readers of a file that is being written). ``size`` bounds what is read of a longer file,
    and ``digest_at`` asks for the SHA-256 of that many bytes on the way. ``end`` is where the last whole event ended,
    ``head`` its hash, ``height`` and ``kind`` its height and kind.
    """

    def __init__(
        self,
        file: BinaryIO,
        *,
        size: int | None = None,
        stop_at_tail: bool = False,
        check_hashes: bool = True,
        digest_at: int | None = None,
    ) -> None:
        self._file = file
        self._size = _measure(file) if size is None else size
        self._stop_at_tail = stop_at_tail
        self._sha256 = sha256_hex if check_hashes else None
        self._digest = hashlib.sha256()
        self._digest_left = digest_at or 0
        self._position = 0
        self.largest_record = LARGEST_RECORD
        self.time = 0
        self.end = 0
        self.records = 0
        self.height = -1
        self.head: str | None = None
        self.kind: Kind | None = None

    @property
    def size(self) -> int:
        """The file's size in bytes when reading began."""
        return self._size

    @property
    def digest(self) -> str:
        """SHA-256 of the file's first ``digest_at`` bytes (of all that was read, if there were fewer)."""
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[Entry]:
        try:
            self._read_first()
            while self._position < self._size:
                entry = self._read_entry()
                yield entry
        except errors.Truncated as cut:
            particular = cut.message.partition(": ")[2] or None
            errors.require(errors.Truncated, self._stop_at_tail, particular, expected=cut.expected, got=cut.got)

    def ahead(self, count: int) -> bytes:
        """Up to ``count`` of the bytes that are read next, which stay to be read."""
        data = self._file.read(min(count, self._size - self._position))
        self._file.seek(self._position)
        return data

    def skip(self, data: bytes | memoryview, ballots: int, head: str) -> None:
        """Go on behind these bytes: they are next, and hold so many ballots with their events, checked, up to ``head``."""
        self._digest_next(data)
        self._position += len(data)
        self._file.seek(self._position)
        self.records += 2 * ballots
        self.height += ballots
        self.head, self.kind, self.end = head, Kind.BALLOT, self._position

    def _read_first(self) -> None:
        if self._size == 0:
            raise errors.Truncated("the file is empty")
        record = self._read_record(LARGEST_EVENT, first=True)
        self.time = record.header.time
        value = _form.fields(json.read(record.content), ("version", "timestamp"))
        errors.require(errors.ArchiveHeader, value["version"] == 1, expected="version 1", got=value["version"])
        said = _form.weight(value["timestamp"], "timestamp")
        errors.require(errors.ArchiveHeader, said == self.time, expected=self.time, got=said)
        json.require_canonical(record.content, {"version": 1, "timestamp": json.weight_value(said)})
        self.end = self._position

    def _read_entry(self) -> Entry:
        start = self._position
        names: list[str] = []
        data: list[bytes] = []
        while True:
            if self._position >= self._size:
                raise errors.Truncated("the file ends before the event of the last records", got=f"{self._size} bytes")
            record = self._read_record(LARGEST_ROLL if self.head is None and len(data) == _ROLL else self.largest_record)
            match = _NAME.match(record.header.name)
            if match is None:
                raise errors.RecordName(got=record.header.name)
            if self._sha256 is not None:
                digest = self._sha256(record.content)
                errors.require(errors.RecordHash, digest == match[1], expected=match[1], got=digest)
            if match[2] == "event":
                break
            names.append(match[1])
            data.append(record.content)
            errors.require(errors.EventPayload, len(data) <= 5, "too many data records without an event")
        entry = Entry(read_event(record.content), match[1], tuple(data), start, record.end)
        try:
            self._check_link(entry, names)
        except errors.Refused as refusal:
            raise refusal.within(f"event {self.height + 1}") from None
        self._advance(entry)
        return entry

    def _advance(self, entry: Entry) -> None:
        self.head, self.height, self.kind, self.end = entry.hash, self.height + 1, entry.event.kind, entry.end

    def _check_link(self, entry: Entry, names: list[str]) -> None:
        event, kind = entry.event, entry.event.kind
        errors.require(errors.EventParent, event.parent == self.head, expected=self.head, got=event.parent)
        errors.require(errors.EventHeight, event.height == self.height + 1, expected=self.height + 1, got=event.height)
        after = self.kind.value if self.kind else "the beginning"
        errors.require(errors.EventOrder, kind in MAY_FOLLOW[self.kind], f"{kind.value} may not follow {after}")
        count = len(names)
        wanted = DATA_BEFORE[kind]
        errors.require(errors.EventPayload, count in wanted, f"data records before {kind.value}", expected=wanted, got=count)
        last = names[-1] if names else None
        errors.require(errors.EventPayload, event.payload == last, expected=last, got=event.payload)
        if names and count in wanted:
            found = _references(kind, entry.data[-1])
            errors.require(errors.EventPayload, found == tuple(names[:-1]), "a record names others than those before it")

    def _read_record(self, largest: int, *, first: bool = False) -> _Record:
        block = self._take(BLOCK)
        header = read_header(block)
        if (header.name == FIRST) is not first:
            raise errors.RecordName("BELENIOS names the first record, and only that", got=header.name)
        if not first:
            errors.require(errors.ArchiveHeader, header.time == self.time, "a record of another time", got=header.time)
        limit = LARGEST_EVENT if header.name.endswith(".event.json") else largest
        if header.size > limit:
            raise errors.RecordOversize(expected=f"at most {limit} bytes", got=f"{header.size} bytes")
        filled = self._take(header.size + padding(header.size))
        content = filled[: header.size]
        errors.require(errors.TarHeader, not filled[header.size :].strip(b"\0"), "padding is not zero")
        self.records += 1
        return _Record(header, content, self._position)

    def _take(self, count: int) -> bytes:
        """The next ``count`` bytes; never asks the file for more than it has."""
        if self._position + count > self._size:
            raise errors.Truncated(expected=f"{self._position + count} bytes", got=f"{self._size} bytes")
        data = self._file.read(count)
        if len(data) != count:
            raise errors.Truncated("the file has become shorter while it was read", got=f"{self._position + len(data)} bytes")
        self._position += count
        self._digest_next(data)
        return data

    def _digest_next(self, data: bytes | memoryview) -> None:
        if self._digest_left:
            self._digest.update(memoryview(data)[: self._digest_left])
            self._digest_left -= min(len(data), self._digest_left)


def _references(kind: Kind, payload: bytes) -> tuple[str, ...]:
    """The hashes of other records that a payload names."""
    if kind is Kind.SETUP:
        return read_setup_data(payload).references
    if kind is Kind.ENCRYPTED_TALLY:
        return (read_sized(payload).encrypted_tally,)
    if kind in (Kind.PARTIAL_DECRYPTION, Kind.SHUFFLE):
        return (read_owned(payload).payload,)
    return ()


def _measure(file: BinaryIO) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size
