"""Photographs within a PDF: mat2 draws the pages anew, but takes a JPEG over as it was, with its EXIF, place and thumbnail.

What names people is overwritten with zeros where it stands: nothing moves, so the PDF's table of places stays right.
"""

from __future__ import annotations

import re
from typing import Final

from sanduq import errors

# As cairo writes it: the length of a stream stands in an object of its own.
_PHOTO: Final = re.compile(rb"<< /Length (\d+) 0 R\n[^>]*/Filter /DCTDecode\n[^>]*>>\nstream\n")
_FILLED: Final = 0xFF
_WITHOUT_LENGTH: Final = {0x01, *range(0xD0, 0xD8), _FILLED}
_END: Final = 0xD9
_SCAN: Final = 0xDA
_COMMENT: Final = 0xFE
# JFIF and Adobe say which colours are meant, in so many bytes; all other application segments are of cameras and programs.
_KEPT: Final = {0xE0: (b"JFIF\0", 12), 0xEE: (b"Adobe", 12)}
_NEXT: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)


def quiet_jpegs(pdf: bytes) -> bytes:
    """The PDF, with nothing in its JPEGs but what is seen.

    Raises :class:`sanduq.errors.Refused` for one in which that cannot be made sure.
    """
    out = bytearray(pdf)
    found = list(_PHOTO.finditer(pdf))
    if len(found) != pdf.count(b"/DCTDecode") or b"/JPXDecode" in pdf:
        raise _unknown()
    for each in found:
        length = re.search(rb"\n%b 0 obj\n\s*(\d+)\nendobj" % each[1], pdf)
        if length is None:
            raise _unknown()
        _quiet(out, each.end(), each.end() + int(length[1]))
    return bytes(out)


def _unknown() -> errors.Refused:
    return errors.Refused("the PDF has pictures that cannot be cleaned", hint="print it again as PDF")


def _quiet(out: bytearray, at: int, end: int) -> None:
    """Overwrite the segments of one JPEG that say something, and all that is behind its end."""
    at += 2
    while at + 2 <= end and out[at] == 0xFF:
        kind = out[at + 1]
        if kind == _END:
            out[at + 2 : end] = bytes(end - at - 2)
            return
        if kind in _WITHOUT_LENGTH:
            at += 2 if kind != _FILLED else 1
            continue
        after = at + 2 + int.from_bytes(out[at + 2 : at + 4])
        if after > end:
            break
        if kind == _COMMENT or 0xE0 <= kind <= 0xEF:
            name, size = _KEPT.get(kind, (b"", 0))
            first = min(after, at + 4 + (size if out[at + 4 : after].startswith(name) else 0))
            out[first:after] = bytes(after - first)
        at = after
        if kind == _SCAN:
            following = _NEXT.search(out, at, end)
            at = following.start() if following else end
    raise _unknown()
