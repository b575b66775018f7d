"""Short addresses: ``/a/`` and the article's number in the 32 digits that nobody takes for each other (Crockford's)."""

from __future__ import annotations

import io
from typing import Final

import segno

_DIGITS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_MEANT: Final = str.maketrans("oil", "011")


def code_of(number: int) -> str:
    """A number as it stands in the address."""
    text = ""
    while number:
        number, digit = divmod(number, 32)
        text = _DIGITS[digit] + text
    return text or "0"


def number_of(code: str) -> int | None:
    """The number, also from a code that somebody typed with ``o`` for ``0`` or in capitals; None for what is no code."""
    code = code.lower().translate(_MEANT)
    if not 1 <= len(code) <= 12 or not set(code) <= set(_DIGITS):
        return None
    value = 0
    for digit in code:
        value = 32 * value + _DIGITS.index(digit)
    return value


def qr(text: str) -> bytes:
    """The QR code of an address, as SVG."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, omitsize=True, border=4, dark="#000", light="#fff", nl=False
    )
    return out.getvalue()
