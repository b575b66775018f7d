"""Secret keys in the form of minisign: encrypted with scrypt, or, if that was asked for, not (spec 10.d)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sanduq import errors
from sanduq.disc.minisign import EditionKey, Signature, after, id_bytes, lines_of, unbase64

OPERATIONS: Final = 1 << 23
MEMORY: Final = 1 << 28
"""What a guess at a passphrase costs: 256 MiB, so that an old laptop without a network can sign. minisign takes 1 GiB."""
_MOST: Final = (1 << 25, 1 << 30)
"""What minisign takes. A file that asks for more is refused."""
_RIGHT: Final = "a secret key that `sanduq disc key` or `minisign -G` made"


@dataclass(frozen=True)
class SecretKey:
    """A key that signs editions. Never shown by ``repr``."""

    id: str
    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def new(cls) -> SecretKey:
        """A fresh key and id from the system's randomness."""
        return cls(secrets.token_hex(8).upper(), Ed25519PrivateKey.generate())

    @property
    def public(self) -> EditionKey:
        """The public key."""
        return EditionKey(self.id, self.private.public_key().public_bytes_raw())

    def sign(self, message: bytes, comment: str) -> Signature:
        """The message signed, and the comment with it."""
        signature = self.private.sign(message)
        return Signature(self.id, signature, comment, self.private.sign(signature + comment.encode()))

    def to_bytes(self, passphrase: str | None, operations: int = OPERATIONS, memory: int = MEMORY) -> bytes:
        """The file. Without a passphrase whoever has the file can sign."""
        key = id_bytes(self.id) + self.private.private_bytes_raw() + self.public.public
        body = key + _checksum(key)
        if passphrase is None:
            head = b"Ed\0\0B2" + bytes(48)
        else:
            salt = secrets.token_bytes(32)
            head = b"EdScB2" + salt + operations.to_bytes(8, "little") + memory.to_bytes(8, "little")
            body = _mixed(body, passphrase, salt, operations, memory)
        kind = "minisign secret key" if passphrase is None else "minisign encrypted secret key"
        return f"untrusted comment: {kind}\n{base64.b64encode(head + body).decode()}\n".encode()


def read_secret(data: bytes, ask: Callable[[], str]) -> SecretKey:
    """A secret key from its file; ``ask`` gives the passphrase, if it needs one. Nothing of a wrong file is told (10.18)."""
    try:
        comment, line = lines_of(data)
        after("untrusted comment: ", comment)
        raw = unbase64(line, 158)
    except (errors.MinisignMalformed, ValueError):
        raise errors.DiscKeyMalformed(expected=_RIGHT) from None
    head, body = raw[:6], raw[54:]
    operations, memory = int.from_bytes(raw[38:46], "little"), int.from_bytes(raw[46:54], "little")
    if head == b"EdScB2":
        if operations > _MOST[0] or memory > _MOST[1]:
            raise errors.DiscKeyMalformed("its passphrase would cost too much", expected=f"at most {_MOST[1]} bytes of memory")
        body = _mixed(body, ask(), raw[6:38], operations, memory)
    elif head != b"Ed\0\0B2":
        raise errors.DiscKeyMalformed(expected=_RIGHT)
    key, private = body[:72], Ed25519PrivateKey.from_private_bytes(body[8:40])
    whole = secrets.compare_digest(_checksum(key), body[72:])
    if not whole or private.public_key().public_bytes_raw() != key[40:]:
        raise errors.DiscKeyMalformed("the passphrase is wrong" if head == b"EdScB2" else None, expected=_RIGHT)
    return SecretKey(key[:8][::-1].hex().upper(), private)


def _checksum(key: bytes) -> bytes:
    return hashlib.blake2b(b"Ed" + key, digest_size=32).digest()


def _mixed(body: bytes, passphrase: str, salt: bytes, operations: int, memory: int) -> bytes:
    """The body with scrypt's output on it: this encrypts, and decrypts."""
    n, p = _cost(operations, memory)
    spared = 128 * 8 * (n + p + 4)
    stream = hashlib.scrypt(passphrase.encode(), salt=salt, n=n, r=8, p=p, maxmem=spared, dklen=len(body))
    return bytes(one ^ other for one, other in zip(body, stream, strict=True))


def _cost(operations: int, memory: int) -> tuple[int, int]:
    """N and p of scrypt, with r = 8, from libsodium's two limits (crypto_pwhash_scryptsalsa208sha256)."""
    operations = max(operations, 1 << 15)
    few = operations < memory // 32
    largest = operations // 32 if few else memory // 1024
    n = 2
    while n <= largest // 2:
        n *= 2
    return n, 1 if few else max(1, operations // 4 // n // 8)
