"""Keys that sign letters: Ed25519 (RFC 8032), read strictly (spec 9.b, :mod:`sanduq.algebra.ed25519`)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sanduq import errors
from sanduq.algebra.ed25519 import check_public

FILE_PREFIX: Final = "sanduq-press-secret-key:"
"""How the secret key's file begins; the browser's script writes and reads the same."""
_KEY: Final = re.compile(r"[0-9a-f]{64}\Z")
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{40}\Z")


@dataclass(frozen=True)
class PressKey:
    """An organisation's secret key. Never shown by ``repr``."""

    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def new(cls) -> PressKey:
        """A fresh key from the system's randomness."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_file(cls, text: str) -> PressKey:
        """The key from the text of its file; nothing of a wrong file is repeated (9.13)."""
        stripped = text.strip()
        digits = stripped.removeprefix(FILE_PREFIX)
        if not stripped.startswith(FILE_PREFIX) or not _KEY.match(digits):
            raise errors.PressKeyMalformed(expected=f"{FILE_PREFIX} and 64 digits: what `sanduq press key` made")
        return cls(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(digits)))

    def file_text(self) -> str:
        """The text of the secret key's file, and for nothing else."""
        return FILE_PREFIX + self.private.private_bytes_raw().hex()

    @property
    def public(self) -> str:
        """The public key in 64 digits."""
        return self.private.public_key().public_bytes_raw().hex()


@lru_cache(maxsize=4096)
def check_key(public: str) -> None:
    """Refuse a public key that is not the one way to write a point of the group (9.7, 9.8)."""
    if not _KEY.match(public):
        raise errors.CosignerKeyInvalid(expected="64 lower-case hexadecimal digits", got=public)
    check_public(bytes.fromhex(public), errors.CosignerKeyInvalid, errors.CosignerKeySmallOrder)


def fingerprint(public: str) -> str:
    """The fingerprint of a public key: 40 digits, which are compared by another way."""
    return hashlib.sha256(b"sanduq-press-key-1\n" + bytes.fromhex(public)).hexdigest()[:40]


def grouped(digits: str) -> str:
    """Digits in groups of four, to be read out."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def read_fingerprint(text: str) -> str:
    """A fingerprint as somebody typed it: in groups or not, in any case."""
    digits = re.sub(r"\s", "", text).lower()
    if not _FINGERPRINT.match(digits):
        raise errors.Unusable(f"not a fingerprint: {text[:80]!r}", hint="40 hexadecimal digits, in groups or not")
    return digits
