"""The fingerprint of a key in words and in digits: to be printed, read out, written on a wall, and compared (spec 10.b).

132 bits of a hash: 12 words of the English list of BIP 39 (2048 words, no two with the same first four letters), or 40 decimal
digits, which every script has.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Final

from sanduq import errors

_BITS: Final = 132
_DIGITS: Final = {start + n: str(n) for start in (0x660, 0x6F0) for n in range(10)}
"""Of Arabic and of Persian."""


@cache
def word_list() -> tuple[str, ...]:
    """The 2048 words (``words.txt``: the English list of BIP 39, under the MIT licence)."""
    return tuple(files("sanduq.disc").joinpath("words.txt").read_text("ascii").split())


def fingerprint(public: bytes) -> str:
    """The fingerprint of a public key's 32 bytes: 40 decimal digits."""
    found = int.from_bytes(hashlib.sha256(b"sanduq-disc-key-1\n" + public).digest(), "big") >> (256 - _BITS)
    return f"{found:040d}"


def as_words(digits: str) -> str:
    """The same fingerprint in 12 words."""
    number = int(digits)
    return " ".join(word_list()[number >> shift & 2047] for shift in range(_BITS - 11, -1, -11))


def as_groups(digits: str) -> str:
    """The same fingerprint in groups of five digits."""
    return " ".join(digits[start : start + 5] for start in range(0, len(digits), 5))


def read_fingerprint(text: str) -> str:
    """A fingerprint as somebody typed it, in words or digits (also ۰–۹ and ٠–٩): its 40 digits."""
    parts = text.translate(_DIGITS).lower().split()
    digits = "".join(parts)
    if re.fullmatch(r"[0-9]{40}", digits) and int(digits) >> _BITS == 0:
        return digits
    index = {word: number for number, word in enumerate(word_list())}
    unknown = [word for word in parts if word not in index]
    if len(parts) != 12 or unknown:
        what = f"{unknown[0][:20]!r} is no word of the list" if unknown and len(parts) == 12 else f"{text[:80]!r}"
        raise errors.Unusable(f"not a fingerprint: {what}", hint="12 words, or 40 digits in groups or not")
    number = 0
    for word in parts:
        number = number << 11 | index[word]
    return f"{number:040d}"
