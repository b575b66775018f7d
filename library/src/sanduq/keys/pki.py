"""A threshold trustee's own keys, and sealed letters between trustees (spec 3.b; BS §Public key infrastructure, §Channels).

One seed of 22 characters gives a signing key and a decryption key. Letters go through anybody's hands: signed by the sender,
naming the recipient inside the signature, encrypted to the recipient with ElGamal and AES-256-GCM.

AES-GCM is used as belenios-tool does: key and initialization vector are the 32 bytes of SHA-256 values (so the vector has 32
bytes, not the usual 12), the tag follows the text, there are no associated data.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sanduq import errors
from sanduq.algebra.group import G, Point, Q, secret_power
from sanduq.algebra.numbers import Random
from sanduq.archive import json
from sanduq.archive.values import read_point
from sanduq.keys.certificates import SignedMessage, read_signed, sign
from sanduq.roll import BASE58

_form = json.Form(errors.MessageRefused)
_ALGORITHM = "AES-GCM"
MAX_MESSAGE = 1 << 20


def new_seed(choose: Callable[[str], str] = secrets.choice) -> str:
    """A fresh seed: 22 characters of base58, 128 bits."""
    return "".join(choose(BASE58) for _ in range(22))


@dataclass(frozen=True)
class Seed:
    """A trustee's secret seed and the keys that follow from it. Never shown by ``repr``."""

    text: str = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.text) != 22 or not set(self.text) <= set(BASE58):
            raise errors.SecretKeyMismatch(
                "not a trustee's key", expected="22 characters of base58", got=f"{len(self.text)} characters"
            )

    def _derive(self, prefix: str) -> int:
        return int(hashlib.sha256(f"{prefix}|{self.text}".encode()).hexdigest(), 16) % Q

    @cached_property
    def signing(self) -> int:
        """The secret signing key."""
        return self._derive("sk")

    @cached_property
    def decryption(self) -> int:
        """The secret key with which letters to this trustee are opened."""
        return self._derive("dk")

    @cached_property
    def verification_key(self) -> Point:
        """g^signing."""
        return secret_power(G, self.signing)

    @cached_property
    def encryption_key(self) -> Point:
        """g^decryption."""
        return secret_power(G, self.decryption)


def _cipher(shared: Point, alpha: Point) -> tuple[AESGCM, bytes]:
    key = hashlib.sha256(f"key|{shared.hex}".encode()).digest()
    vector = hashlib.sha256(f"iv|{alpha.hex}".encode()).digest()
    return AESGCM(key), vector


def encrypt(recipient: Point, text: str, random: Random) -> str:
    """Encrypt a text to the owner of ``recipient``; the result is JSON."""
    r, s = random(), random()
    alpha, shared = secret_power(G, r), secret_power(G, s)
    beta = secret_power(recipient, r) * shared
    cipher, vector = _cipher(shared, alpha)
    data = cipher.encrypt(vector, text.encode(), None).hex()
    return json.write({"algorithm": _ALGORITHM, "alpha": alpha.hex, "beta": beta.hex, "data": data})


def decrypt(key: int, message: str) -> str:
    """Open what :func:`encrypt` made (3.16). Nothing of the content enters an error."""
    if len(message) > MAX_MESSAGE:
        raise errors.MessageRefused("the message is too long", expected=f"at most {MAX_MESSAGE}", got=len(message))
    value = json.read(message.encode(errors="surrogatepass"))
    fields = _form.fields(value, ("alpha", "beta", "data"), ("algorithm",))
    if fields.get("algorithm") != _ALGORITHM:
        raise errors.MessageRefused("cipher", expected=_ALGORITHM, got=fields.get("algorithm"))
    alpha, beta = read_point(_form, fields["alpha"], "alpha"), read_point(_form, fields["beta"], "beta")
    try:
        data = bytes.fromhex(_form.text(fields["data"], "data"))
        cipher, vector = _cipher(beta / secret_power(alpha, key), alpha)
        return cipher.decrypt(vector, data, None).decode()
    except (ValueError, InvalidTag):
        raise errors.MessageRefused("the message cannot be opened with this key") from None


def send(sender: Seed, recipient: Point, message: str, random: Random) -> str:
    """A sealed letter: signed by the sender for this recipient, then encrypted."""
    inner = json.write({"recipient": recipient.hex, "message": message})
    signed = sign(inner, sender.signing, random)
    return encrypt(recipient, json.write(signed.to_json()), random)


def receive(reader: Seed, sender: Point, letter: str) -> str:
    """Open a letter to ``reader`` that ``sender`` must have signed for it (3.16)."""
    signed = _read_signed(decrypt(reader.decryption, letter))
    if not signed.is_by(sender):
        raise errors.MessageRefused("the letter is not signed by its sender")
    fields = _form.fields(json.read(signed.message.encode()), ("recipient", "message"))
    if fields["recipient"] != reader.encryption_key.hex:
        raise errors.MessageRefused("the letter was written for another recipient")
    return _form.text(fields["message"], "message")


def _read_signed(text: str) -> SignedMessage:
    return read_signed(_form, json.read(text.encode()))
