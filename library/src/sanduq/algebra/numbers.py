"""Numbers modulo q, as text and as randomness; and the one hash (spec 0.a, 0.b; BS §Conventions)."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Callable
from typing import Final

from sanduq import errors
from sanduq.algebra.group import Q

_DECIMAL: Final = re.compile(r"(0|[1-9][0-9]{0,79})\Z")

Random = Callable[[], int]
"""Gives a fresh number, uniform modulo q, at each call. An argument everywhere, so that tests can repeat themselves."""


def system_random() -> int:
    """A number modulo q from the operating system's generator."""
    return secrets.randbelow(Q)


def scalar(text: str) -> int:
    """The number modulo q that is written in canonical decimal (0.3). A refusal of the text's form is ``MalformedJson``."""
    if not _DECIMAL.match(text):
        raise errors.MalformedJson("not a decimal number of at most 80 digits", got=text)
    value = int(text)
    errors.require(errors.ScalarNotReduced, value < Q, got=text)
    return value


def hash_to_scalar(text: str) -> int:
    """H(text) of 0.b: SHA-256 as a big-endian number, modulo q.

    2²⁵⁶ is not a multiple of q, so the result is not quite uniform. For this q the numbers that come too seldom (15 times
    where the others come 16 times) are a share of 2⁻¹²⁴ of all: a known trait of version 1, harmless here (``SECURITY.md``).
    """
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big") % Q


def sha256_hex(data: bytes) -> str:
    """SHA-256, 64 lowercase digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_b64(data: bytes) -> str:
    """SHA-256 in base64 without padding: election hashes and ballot trackers (43 characters)."""
    return base64.b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode("ascii")
