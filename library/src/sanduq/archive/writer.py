"""Writing a ``.bel``: the bytes of records and events, a new file, and one more event at its end (spec 0.d).

:func:`append` is the only way in which a file grows, and it is made for machines that stop at any moment: under a lock, an
unfinished tail (a write that never was acknowledged) is cut back to the last whole event; then all records of the event go
out in one write; then fsync; and only then does the function return. :func:`create` makes a file appear whole or not at all,
and never replaces one.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive import json
from sanduq.archive.events import DATA_BEFORE, MAY_FOLLOW, Event, Kind, SetupData, ballot_event
from sanduq.archive.reader import FIRST, LARGEST_RECORD, ArchiveReader
from sanduq.archive.tar import BLOCK, Header, padding, read_header


def record(name: str, content: bytes, time: int) -> bytes:
    """Header, content and padding of one record."""
    return Header(name, len(content), time).to_bytes() + content + bytes(padding(len(content)))


def first_record(time: int) -> bytes:
    """The record that begins an archive made at ``time`` (seconds since 1970)."""
    return record(FIRST, json.write({"version": 1, "timestamp": json.weight_value(time)}).encode(), time)


@dataclass(frozen=True)
class Head:
    """Where an archive ends: what the next event must be chained to."""

    hash: str | None
    height: int
    kind: Kind | None
    time: int


def event_records(head: Head, kind: Kind, data: Sequence[bytes]) -> tuple[bytes, Head]:
    """The bytes that append an event with its data records, and the head after it."""
    if kind not in MAY_FOLLOW[head.kind] or len(data) not in DATA_BEFORE[kind]:
        after = head.kind.value if head.kind else "the beginning"
        raise errors.EventOrder(f"{kind.value} with {len(data)} data records may not follow {after}")
    names = [sha256_hex(item) for item in data]
    if kind is Kind.BALLOT and head.hash is not None:
        event = ballot_event(head.hash, head.height + 1, names[0])
    else:
        event = Event(head.hash, head.height + 1, kind, names[-1] if names else None).to_bytes()
    digest = sha256_hex(event)
    parts = [record(f"{name}.data.json", item, head.time) for name, item in zip(names, data, strict=True)]
    parts.append(record(f"{digest}.event.json", event, head.time))
    return b"".join(parts), Head(digest, head.height + 1, kind, head.time)


def setup_records(
    time: int, election: bytes, trustees: bytes, credentials: bytes, certificate: bytes | None = None
) -> tuple[bytes, Head]:
    """A whole new archive up to its Setup event."""
    data = [election, trustees, credentials] + ([certificate] if certificate is not None else [])
    setup = SetupData(*(sha256_hex(item) for item in data)).to_bytes()
    body, head = event_records(Head(None, -1, None, time), Kind.SETUP, [*data, setup])
    return first_record(time) + body, head


def create(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a new file, whole or not at all; :class:`errors.Unusable` if it exists already."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(partial, path)  # unlike rename, this fails if the name is taken
        except FileExistsError:
            raise errors.Unusable(
                f"{path} exists already", hint="nothing was changed; name another file, or move that one away"
            ) from None
        sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def replace(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Give a file new content, durably: after a crash either the old or the new one is there."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[BinaryIO]:
    """The file, open for reading and writing, while no other process has it so."""
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def cut_unfinished_tail(file: BinaryIO) -> tuple[ArchiveReader, int]:
    """Cut a locked archive back to its last whole event; returns its reader (read to the end) and the number of bytes cut.

    Only what an interrupted write leaves is cut: a beginning of records, possibly followed by zeros where the disk did not
    get the data. Anything else that cannot be read is damage, and is refused with nothing changed.
    """
    reader = ArchiveReader(file, stop_at_tail=True)
    file.seek(0)
    try:
        for _ in reader:
            pass
    except errors.Refused as refusal:
        if not _is_torn(file, reader):
            raise refusal.within(_DAMAGED) from None
    if reader.head is None:
        raise errors.Truncated("there is no whole Setup event").within(_DAMAGED)
    cut = reader.size - reader.end
    if cut:
        os.ftruncate(file.fileno(), reader.end)
        os.fsync(file.fileno())
    return reader, cut


_DAMAGED: Final = "the archive is damaged, nothing was changed"
_HEADER_END: Final = 157
"""A header has no byte but zeros from here on."""


def _is_torn(file: BinaryIO, reader: ArchiveReader) -> bool:
    """Whether what follows the last whole event is a beginning of records and then only zeros."""
    tail = reader.size - reader.end
    if reader.head is None or tail > LARGEST_RECORD:
        return False
    file.seek(reader.end)
    written = file.read(tail).rstrip(b"\0")
    file.seek(0)
    probe = ArchiveReader(file, size=reader.end + len(written), stop_at_tail=True, check_hashes=False)
    try:
        for _ in probe:
            pass
        return probe.end == reader.end and _is_unfinished(written)
    except errors.Refused:
        return False


def _is_unfinished(written: bytes) -> bool:
    """Whether records stop in the middle. One that is there to the last byte of its content must be sound, and is no event.

    Else one wrong bit in the last event, of a ballot that was acknowledged, would look like an unfinished write.
    """
    start = 0
    while len(written) - start >= _HEADER_END:
        header = read_header(written[start : start + BLOCK].ljust(BLOCK, b"\0"))
        end = start + BLOCK + header.size
        if end > len(written):
            return True
        sound = header.name.startswith(sha256_hex(written[start + BLOCK : end]))
        start = end + padding(header.size)
        if not sound or any(written[end:start]) or header.name.endswith(".event.json"):
            return False
    return True


def write_durably(file: BinaryIO, content: bytes) -> None:
    """Append bytes to a locked archive; returns when they are on the disk. After a failed write the archive is as before."""
    descriptor = file.fileno()
    start = os.fstat(descriptor).st_size
    try:
        # Past the file object's buffer: one call for all of it, and nothing left to be written later if it fails.
        rest = memoryview(content)
        while rest:
            rest = rest[os.pwrite(descriptor, rest, start + len(content) - len(rest)) :]
        os.fsync(descriptor)
    except OSError:
        # A full disk: take back what was written, so that the archive stays readable for all.
        os.ftruncate(descriptor, start)
        raise


def append(file: BinaryIO, head: Head, kind: Kind, data: Sequence[bytes]) -> Head:
    """Append an event to a locked archive whose whole end is ``head``; returns when it is on the disk."""
    content, after = event_records(head, kind, data)
    write_durably(file, content)
    return after


def head_of(reader: ArchiveReader) -> Head:
    """The head of an archive that was read to its end."""
    return Head(reader.head, reader.height, reader.kind, reader.time)
