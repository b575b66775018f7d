"""An archive that is compressed for carrying, ``<uuid>.bel.gz`` (spec 5.d): one member of gzip (RFC 1952), no name, no time.

gzip, because what is on every computer opens it, a browser's DecompressionStream too. What is read is bounded by the length of
the file itself, so nobody's small file fills a disk.
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from sanduq import errors

ENDING: Final = ".gz"
MOST: Final = 64
"""How many times as long as its compressed form an archive may be; half of one is hashes, which hardly become shorter."""
_SPARE: Final = 1 << 20
_BLOCK: Final = 1 << 20
_HEADER: Final = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"
"""Deflate, no fields, no time, compressed well, on an unknown system: what zlib's versions write differs behind it only."""
_GZIP: Final = 16 + zlib.MAX_WBITS


def packed_path(path: Path) -> Path:
    """Where the compressed form of an archive is."""
    return path.with_name(path.name + ENDING)


def is_there(path: Path) -> bool:
    """Whether an archive is there, as it is or compressed."""
    return path.is_file() or packed_path(path).is_file()


@contextmanager
def open_archive(path: Path) -> Iterator[BinaryIO]:
    """An archive as a file that can be sought in; if it is only there compressed, or named so, a copy without a name.

    Raises :class:`errors.RecordMalformed` (8.13) for what is no such file, or longer than :data:`MOST` times its length.
    """
    packed = path if path.suffix == ENDING else packed_path(path)
    if packed is not path and (path.is_file() or not packed.is_file()):
        with path.open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile() as copy:
        with packed.open("rb") as file:
            for block in unpack(file, packed.stat().st_size):
                copy.write(block)
        copy.seek(0)
        yield copy


def unpack(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The bytes of an archive, piece by piece, of a compressed one that has ``size`` bytes."""
    reader, most, made, left = zlib.decompressobj(_GZIP), size * MOST + _SPARE, 0, b""
    while not reader.eof:
        given = left or file.read(_BLOCK)
        try:
            block = reader.decompress(given, _BLOCK)
        except zlib.error:
            raise errors.RecordMalformed("a compressed archive cannot be read") from None
        errors.require(errors.RecordMalformed, bool(given or block or reader.eof), "a compressed archive is cut off")
        left, made = reader.unconsumed_tail, made + len(block)
        errors.require(errors.RecordMalformed, made <= most, "a compressed archive is too long", expected=f"at most {most}")
        yield block
    errors.require(errors.RecordMalformed, not reader.unused_data and not file.read(1), "bytes behind a compressed archive")


def pack(file: BinaryIO) -> Iterator[bytes]:
    """The compressed form of an archive, piece by piece; the same bytes gives the same."""
    writer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    check, size = 0, 0
    yield _HEADER
    while block := file.read(_BLOCK):
        check, size = zlib.crc32(block, check), size + len(block)
        yield writer.compress(block)
    yield writer.flush() + check.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")
