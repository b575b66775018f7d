"""Public keys and signatures in the form of minisign: the legacy one, "Ed", which signs the bytes themselves (spec 10.b).

The form is that of the format's description (minisign's manual, *signature format* and *public key format*). An untrusted
comment is what anybody may write: it is read, and never shown.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from sanduq import errors
from sanduq.algebra.ed25519 import check_public, holds
from sanduq.disc.paths import HIDDEN

LARGEST: Final = 1 << 14
_UNTRUSTED: Final = "untrusted comment: "
_TRUSTED: Final = "trusted comment: "
_EDITION: Final = re.compile(r"sanduq edition ([1-9][0-9]{0,8}) of ([0-9]{4}-[0-9]{2}-[0-9]{2})\Z")


@dataclass(frozen=True)
class EditionKey:
    """A public key. ``id`` is what minisign shows of it, 16 digits: a name, which anybody can give to another key."""

    id: str
    public: bytes

    @property
    def base64(self) -> str:
        """The one line that ``minisign -P`` takes."""
        return base64.b64encode(b"Ed" + id_bytes(self.id) + self.public).decode()

    def to_bytes(self) -> bytes:
        """The file, as ``minisign -p`` reads it."""
        return f"{_UNTRUSTED}minisign public key {self.id}\n{self.base64}\n".encode()


@dataclass(frozen=True)
class Signature:
    """A signature with its trusted comment; ``seal`` is the signature of both. None of it is judged yet."""

    key_id: str
    signature: bytes
    comment: str
    seal: bytes
    untrusted: str = "signature from minisign secret key"

    def to_bytes(self) -> bytes:
        """The file, as ``minisign -x`` reads it."""
        line = base64.b64encode(b"Ed" + id_bytes(self.key_id) + self.signature).decode()
        seal = base64.b64encode(self.seal).decode()
        return f"{_UNTRUSTED}{self.untrusted}\n{line}\n{_TRUSTED}{self.comment}\n{seal}\n".encode()


@dataclass(frozen=True)
class Edition:
    """What a trusted comment says: the edition's number, and its day (``2026-11-22``)."""

    number: int
    date: str

    @property
    def comment(self) -> str:
        """The trusted comment."""
        return f"sanduq edition {self.number} of {self.date}"


def id_bytes(key_id: str) -> bytes:
    """The 8 bytes of a key's id: minisign shows them as one number, whose lowest byte comes first."""
    return bytes.fromhex(key_id)[::-1]


def lines_of(data: bytes, largest: int = LARGEST) -> list[str]:
    """The lines of a small text file that ends in a line feed and has no character that is not shown."""
    if len(data) > largest:
        raise errors.MinisignMalformed("too large", expected=f"at most {largest} bytes", got=len(data))
    try:
        *lines, end = data.decode().split("\n")
    except UnicodeDecodeError:
        raise errors.MinisignMalformed("not UTF-8") from None
    # minisign's own comments have tabs.
    if end or any(HIDDEN.search(line.replace("\t", " ")) for line in lines):
        raise errors.MinisignMalformed(expected="lines of plain text, each with a line feed alone at its end")
    return lines


def after(prefix: str, line: str) -> str:
    """What stands behind the words with which a line begins."""
    if not line.startswith(prefix):
        raise errors.MinisignMalformed(expected=f"{prefix}…")  # what it is instead may be a secret
    return line.removeprefix(prefix)


def unbase64(line: str, size: int) -> bytes:
    """So many bytes from their one text in base64."""
    try:
        data = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if len(data) != size or base64.b64encode(data).decode() != line:
        raise errors.MinisignMalformed(expected=f"{size} bytes in base64")
    return data


def read_key(data: bytes) -> EditionKey:
    """A public key from its file, or from the one line of it that counts (10.5, 10.7, 10.8)."""
    lines = lines_of(data if data.endswith(b"\n") else data + b"\n")
    if len(lines) == 2:
        after(_UNTRUSTED, lines.pop(0))
    if len(lines) != 1:
        raise errors.MinisignMalformed(expected="a comment and a public key", got=f"{len(lines)} lines")
    return key_of(lines[0])


def key_of(line: str) -> EditionKey:
    """A public key from the line that ``minisign -P`` takes."""
    data = unbase64(line, 42)
    if data[:2] != b"Ed":
        raise errors.MinisignMalformed("not a key for Ed25519", got=data[:2])
    check_public(data[10:], errors.EditionKeyInvalid, errors.EditionKeySmallOrder)
    return EditionKey(data[2:10][::-1].hex().upper(), data[10:])


def read_signature(data: bytes) -> Signature:
    """A signature from its file (10.5); one of the prehashed form is refused by its name (10.6)."""
    lines = lines_of(data)
    if len(lines) != 4:
        raise errors.MinisignMalformed(expected="a signature of four lines", got=f"{len(lines)} lines")
    untrusted, comment = after(_UNTRUSTED, lines[0]), after(_TRUSTED, lines[2])
    signature, seal = unbase64(lines[1], 74), unbase64(lines[3], 64)
    prehashed = signature[:2] == b"ED"
    errors.require(errors.SignaturePrehashed, not prehashed, hint="sign again: minisign -S -l, or sanduq disc sign")
    if not prehashed and signature[:2] != b"Ed":
        raise errors.MinisignMalformed("not a signature of Ed25519", got=signature[:2])
    return Signature(signature[2:10][::-1].hex().upper(), signature[10:], comment, seal, untrusted)


def check_signature(given: Signature, key: EditionKey, message: bytes) -> None:
    """The signature is this key's, of this message, and so is its trusted comment (10.9 to 10.11)."""
    errors.require(errors.SignatureOtherKey, given.key_id == key.id, expected=key.id, got=given.key_id)
    errors.require(errors.EditionSignatureInvalid, holds(key.public, given.signature, message), got=f"key {key.id}")
    sealed = given.signature + given.comment.encode()
    errors.require(errors.EditionCommentInvalid, holds(key.public, given.seal, sealed), got=given.comment)


def read_edition(comment: str) -> Edition:
    """The edition that a trusted comment names (10.12)."""
    found = _EDITION.match(comment)
    errors.require(
        errors.EditionComment,
        found is not None and is_date(found[2]),
        expected="sanduq edition 13 of 2026-11-22",
        got=comment,
    )
    return Edition(int(found[1]), found[2]) if found else Edition(0, "")


def is_date(text: str) -> bool:
    """Whether this is a day of the calendar, as ``2026-11-22``."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
