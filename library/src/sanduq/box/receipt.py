"""Receipts: the box's signed word that a ballot stands in the archive (spec 5.b).

A receipt says nothing about the vote. It commits the box to *tracker, area, height and event*: who holds it can show that the
box had taken a ballot which the archive does not have. Signed with Ed25519 (RFC 8032), which is deterministic: the same
ballot gives the same receipt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sanduq import errors
from sanduq.archive import json
from sanduq.question.setup import canonical

_PREFIX = b"sanduq-receipt-1|"
FILE_PREFIX: Final = "sanduq-box-secret-key:"
"""How the secret key's file begins: both keys are 64 digits, and the secret one must never be taken for the other."""
_SIGNATURE: Final = re.compile(r"[0-9a-f]{128}\Z")
_form = json.Form(errors.ReceiptInvalid)


@dataclass(frozen=True)
class Receipt:
    """What the box signed: the election's uuid, the ballot's tracker, the event's height (from 0) and hash."""

    uuid: str
    tracker: str
    height: int
    event: str
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """What the signature covers."""
        value = {"uuid": self.uuid, "tracker": self.tracker, "height": self.height, "event": self.event}
        return _PREFIX + canonical(value)

    def to_bytes(self) -> bytes:
        """The file."""
        fields = {"uuid": self.uuid, "tracker": self.tracker, "height": self.height, "event": self.event}
        return canonical(fields | {"signature": self.signature})


@dataclass(frozen=True)
class BoxKey:
    """The box's secret signing key. Never shown by ``repr``."""

    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def new(cls) -> BoxKey:
        """A fresh key from the system's randomness."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_hex(cls, text: str) -> BoxKey:
        """The key in its file of 64 digits."""
        try:
            raw = bytes.fromhex(text.strip())
        except ValueError:
            raw = b""
        if len(raw) != 32:
            raise errors.SecretKeyMismatch("not a box key", expected="64 hexadecimal digits")
        return cls(Ed25519PrivateKey.from_private_bytes(raw))

    @classmethod
    def from_file(cls, text: str, expected: str | None = None) -> BoxKey:
        """The key from the text of ``box.key``; it must be the one whose public part is ``expected``, if that is given."""
        stripped = text.strip()
        if not stripped.startswith(FILE_PREFIX):
            raise errors.SecretKeyMismatch("not a box key", expected="the file box.key of `sanduq box key`")
        key = cls.from_hex(stripped.removeprefix(FILE_PREFIX))
        if expected is not None and key.public != expected:
            raise errors.SecretKeyMismatch("this is not the key of the box in the setup", expected=expected, got=key.public)
        return key

    def secret_hex(self) -> str:
        """The secret, for its file and nothing else."""
        return self.private.private_bytes_raw().hex()

    @property
    def public(self) -> str:
        """The public key in 64 digits: stands in the setup."""
        return self.private.public_key().public_bytes_raw().hex()

    def sign(self, receipt: Receipt) -> Receipt:
        """The receipt with its signature."""
        signature = self.private.sign(receipt.signed_bytes()).hex()
        return Receipt(receipt.uuid, receipt.tracker, receipt.height, receipt.event, signature)


def read_receipt(data: bytes) -> Receipt:
    """A receipt from its file (5.3)."""
    value = _form.fields(json.read(data), ("uuid", "tracker", "height", "event", "signature"))
    return Receipt(
        _form.text(value["uuid"], "uuid"),
        _form.text(value["tracker"], "tracker"),
        _form.number(value["height"], "height"),
        _form.hash(value["event"], "event"),
        _form.text(value["signature"], "signature"),
    )


def check_receipt(receipt: Receipt, box_key: str) -> None:
    """The receipt is signed by this box (5.3)."""
    if not _SIGNATURE.match(receipt.signature):
        raise errors.ReceiptInvalid("the signature has another form", expected="128 lower-case hexadecimal digits")
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(box_key))
        key.verify(bytes.fromhex(receipt.signature), receipt.signed_bytes())
    except (ValueError, InvalidSignature):
        raise errors.ReceiptInvalid("the signature is not the box's") from None
