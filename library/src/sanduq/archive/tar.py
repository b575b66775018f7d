"""The header of a record: an old-style tar entry with exactly one form for given name, size and time (spec 0.d)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sanduq import errors

BLOCK: Final = 512
_MAX_OCTAL: Final = 8**11 - 1
_MODE: Final = b"0000644\0" + b"0000000\0" * 2
_AFTER: Final = b"0".ljust(BLOCK - 156, b"\0")
# The checksum is the sum of all bytes of the header, with eight spaces in its own place.
_CONSTANT: Final = sum(_MODE) + sum(_AFTER) + 8 * ord(" ")


@dataclass(frozen=True)
class Header:
    """Name, size in bytes of the content, and time in seconds since 1970."""

    name: str
    size: int
    time: int

    def to_bytes(self) -> bytes:
        """The 512 bytes."""
        if not (0 <= self.size <= _MAX_OCTAL and 0 <= self.time <= _MAX_OCTAL and len(self.name) <= 100):
            raise ValueError(f"cannot be written in a header: {self}")
        name = self.name.encode("ascii")
        octal = b"%011o\0%011o\0" % (self.size, self.time)
        return b"%b%b%b%06o\0 %b" % (name.ljust(100, b"\0"), _MODE, octal, sum(name) + sum(octal) + _CONSTANT, _AFTER)


def padding(size: int) -> int:
    """How many zero bytes follow a content of ``size`` bytes."""
    return -size % BLOCK


def read_header(block: bytes) -> Header:
    """The header in 512 bytes; raises :class:`errors.TarHeader` (0.7) unless they are its one form."""
    try:
        name = block[:100].rstrip(b"\0").decode("ascii")
        header = Header(name, _octal(block[124:136]), _octal(block[136:148]))
        same = header.to_bytes() == block
    except (UnicodeDecodeError, ValueError):
        raise errors.TarHeader(got=block[:64].rstrip(b"\0")) from None
    errors.require(errors.TarHeader, same, got=name)
    return header


def _octal(field: bytes) -> int:
    digits = field.rstrip(b"\0 ")
    if not digits.isdigit():
        raise ValueError("not octal")
    return int(digits, 8)
