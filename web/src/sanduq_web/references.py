"""Reference numbers of what readers send, to look its answer up: 80 bits in groups, with two characters that catch slips.

Crockford's alphabet: no I, L, O, U; whoever reads O or l from a note is understood. A number is made from the token of the
form, so that a form which is sent twice (a connection broke) shows the same number again. Only its hash is kept.
"""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ: Final = str.maketrans("OIL", "011")
_LENGTH: Final = 16
_PRIME: Final = 1021


class NotAReference(ValueError):
    """A text that is no reference number, or one with a slip in it."""


def of_token(token: str) -> str:
    """The number of what a form makes: ``XXXX-XXXX-XXXX-XXXX-CC``."""
    body = _characters(hashlib.sha256(f"reference {token}".encode()).digest(), _LENGTH)
    whole = body + _check(body)
    return "-".join(whole[at : at + 4] for at in range(0, len(whole), 4))


def read(text: str) -> str:
    """A number as somebody typed it, in its one form.

    Raises :class:`NotAReference`.
    """
    typed = unicodedata.normalize("NFKC", text).upper()
    bare = "".join(str(unicodedata.decimal(c, c)) for c in typed if c.isalnum()).translate(_READ)
    if len(bare) != _LENGTH + 2 or not set(bare) <= set(_ALPHABET) or _check(bare[:_LENGTH]) != bare[_LENGTH:]:
        raise NotAReference
    return "-".join(bare[at : at + 4] for at in range(0, len(bare), 4))


def hash_of(reference: str, kind: str = "enquiry") -> str:
    """What is kept of it. 80 random bits need no salt."""
    return hashlib.sha256(f"{kind} {reference}".encode()).hexdigest()


def _check(body: str) -> str:
    """The rest by a prime above 31: one wrong character, or two that changed places beside each other, always change it."""
    value = 0
    for each in body:
        value = (32 * value + _ALPHABET.index(each)) % _PRIME
    return _ALPHABET[value >> 5] + _ALPHABET[value & 31]


def _characters(raw: bytes, length: int) -> str:
    number = int.from_bytes(raw[:20], "big")
    return "".join(_ALPHABET[number >> (5 * place) & 31] for place in range(length))
