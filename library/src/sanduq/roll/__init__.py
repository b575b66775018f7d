r"""Roll: credentials and the public list (spec 1; BS §Credentials).

A *credential* is 22 characters of base58 in groups, ``XXXXX-XXXXXX-XXXXX-XXXXXX``: a secret of 128 bits that one voter gets
on paper. From it and the election's uuid follows a secret exponent, and from that the *public credential* g^x, which stands
on the public list. The list holds no names. Who got which credential is known to the registrar alone, in a file that has a
date of destruction.

A :class:`Roll` is the public list of one counting area. Reading it checks 1.1, 1.2 and 1.4; that every key is in the group
(0.4, 0.5, 1.3) costs a scalar multiplication each and is left to an engine (``sanduq.engine``), since rolls have up to
millions of keys.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sanduq import errors
from sanduq.algebra.group import G, Point, Q, point, secret_power
from sanduq.algebra.numbers import sha256_hex
from sanduq.algebra.proofs import Proof, Schnorr
from sanduq.archive import json
from sanduq.archive.values import proof_value, read_proof

BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
MAX_WEIGHT: Final = 10**11
"""The largest weight of one voter, and of all together: sums are found by search (BS §Election result)."""

_GROUPS: Final = (5, 6, 5, 6)
_LENGTH: Final = sum(_GROUPS)
_CREDENTIAL: Final = re.compile(rf"[{BASE58}]{{5}}-[{BASE58}]{{6}}-[{BASE58}]{{5}}-[{BASE58}]{{6}}\Z")
_UUID: Final = re.compile(rf"[{BASE58}]{{14,64}}\Z")
_ENTRY: Final = re.compile(r"([0-9a-f]{64})(?:,(0|[1-9][0-9]{0,11}))?\Z")


def check_uuid(uuid: str) -> str:
    """The uuid itself, if it is one (2.6)."""
    errors.require(errors.UuidInvalid, _UUID.match(uuid) is not None, got=uuid)
    return uuid


def new_uuid(choose: Callable[[str], str] = secrets.choice) -> str:
    """A fresh uuid of 14 characters (82 bits)."""
    return "".join(choose(BASE58) for _ in range(14))


def new_credential(choose: Callable[[str], str] = secrets.choice) -> str:
    """A fresh credential: 22 characters of base58, 128 bits."""
    text = "".join(choose(BASE58) for _ in range(22))
    return f"{text[:5]}-{text[5:11]}-{text[11:16]}-{text[16:]}"


def check_credential(credential: str) -> str:
    """The credential itself, if it has the form of one (1.8); the error never repeats it."""
    if not _CREDENTIAL.match(credential):
        raise errors.CredentialMalformed(
            expected="XXXXX-XXXXXX-XXXXX-XXXXXX in base58",
            got=f"{len(credential)} characters",
            hint="0, O, I and l are not used; upper and lower case matter",
        )
    return credential


def check_character(group: str) -> str:
    """The character that is printed behind a group of a credential, and is no part of it (1.d).

    Luhn's algorithm modulo 58: every other character, from the last one on, counts twice, and a product of two digits (to the
    base 58) counts as their sum. As 58 is even, doubling so is a permutation: every single mistyped character is noticed.
    """
    total = 0
    for position, character in enumerate(reversed(group)):
        value = BASE58.find(character)
        if value < 0:
            raise errors.CredentialMalformed("a character that is not used", hint="0, O, I and l are not used")
        quotient, rest = divmod(value * (2 if position % 2 == 0 else 1), 58)
        total += quotient + rest
    return BASE58[-total % 58]


def printed_credential(credential: str) -> str:
    """The credential as it stands on the voter's letter: each group followed by its check character (1.d)."""
    return "-".join(group + check_character(group) for group in check_credential(credential).split("-"))


def read_typed_credential(typed: str) -> str:
    """The credential that somebody typed, with all its check characters or with none (1.8, 1.d).

    Hyphens and white space may stand anywhere. The refusal says which groups are wrong, never what was typed.
    """
    bare = re.sub(r"[-\s]", "", typed)
    if len(bare) == _LENGTH:
        return check_credential("-".join(_cut(bare, _GROUPS)))
    if len(bare) != _LENGTH + len(_GROUPS):
        return check_credential(typed)
    if any(character not in BASE58 for character in bare):
        raise errors.CredentialMalformed("a character that is not used", hint="0, O, I and l are not used")
    groups = _cut(bare, [length + 1 for length in _GROUPS])
    wrong = [str(number) for number, group in enumerate(groups, 1) if check_character(group[:-1]) != group[-1]]
    if wrong:
        raise errors.CredentialMalformed(
            f"group {' and '.join(wrong)} of {len(_GROUPS)} does not fit its check character", hint="compare it with the letter"
        )
    return check_credential("-".join(group[:-1] for group in groups))


def _cut(text: str, lengths: Sequence[int]) -> list[str]:
    """The text in pieces of these lengths; the last one takes what is left."""
    pieces = []
    for length in lengths[:-1]:
        pieces.append(text[:length])
        text = text[length:]
    return [*pieces, text]


def secret_exponent(uuid: str, credential: str) -> int:
    """The exponent x of a credential in the election ``uuid`` (secret)."""
    halves = (hashlib.sha256(f"derive_credential|{uuid}|{i}|{credential}".encode()).hexdigest() for i in (0, 1))
    return int("".join(halves), 16) % Q


def public_credential(uuid: str, credential: str) -> str:
    """g^x in its 64 digits."""
    return secret_power(G, secret_exponent(uuid, check_credential(credential))).hex


@dataclass(frozen=True)
class Roll:
    """A public list: each public credential (64 digits) with its weight, in the order of the file."""

    weights: Mapping[str, int]
    weighted: bool = False

    def __len__(self) -> int:
        return len(self.weights)

    def __contains__(self, credential: str) -> bool:
        return credential in self.weights

    @property
    def total_weight(self) -> int:
        """The sum of all weights: an upper bound of every count."""
        return sum(self.weights.values())

    def to_bytes(self) -> bytes:
        """The canonical text, in this order."""
        if not self.weighted:
            return json.write(list(self.weights)).encode()
        return json.write([f"{key},{weight}" for key, weight in self.weights.items()]).encode()

    @property
    def sha256(self) -> str:
        """SHA-256 of the text, in 64 digits: what the setup commits to."""
        return sha256_hex(self.to_bytes())


def make_roll(keys: Iterable[tuple[str, int | None]]) -> Roll:
    """A list from public credentials and weights (None for all, or for none), in belenios-tool's order.

    The order is that of the keys' bytes from the last to the first, so it says nothing about the order of the voters.
    """
    entries = sorted(keys, key=lambda entry: bytes.fromhex(entry[0])[::-1])
    weighted = any(weight is not None for _, weight in entries)
    return _check([(key, 1 if weight is None else weight, weight is not None) for key, weight in entries], weighted)


def read_roll(data: bytes) -> Roll:
    """The list in ``data`` (1.1, 1.2, 1.4)."""
    # An entry has two quotation marks around 64 digits or more, and two commas at most. What has more of them is no roll: seen
    # before the text is made into values, which can take thirty times its memory.
    entries_at_most = len(data) // 66
    if data.count(b'"') > 2 * entries_at_most or data.count(b",") > 2 * entries_at_most:
        raise errors.RollMalformed(expected="64 digits, or 64 digits, a comma and a weight", got="shorter entries")
    try:
        value = json.read(data)
    except errors.MalformedJson as refusal:
        raise errors.RollMalformed(refusal.message, got=refusal.got) from None
    if not isinstance(value, list):
        raise errors.RollMalformed(expected="a list of strings")
    entries = []
    for number, text in enumerate(value, 1):
        match = _ENTRY.match(text) if isinstance(text, str) else None
        if match is None:
            raise errors.RollMalformed(expected="64 digits, or 64 digits, a comma and a weight", got=text).within(
                f"entry {number}"
            )
        entries.append((match[1], int(match[2] or 1), match[2] is not None))
    roll = _check(entries, bool(entries) and entries[0][2])
    # Every entry is a full match of the one canonical form, so only white space and escapes can still differ.
    errors.require(errors.NotCanonical, roll.to_bytes() == data or len(roll) != len(entries))
    return roll


def _check(entries: list[tuple[str, int, bool]], weighted: bool) -> Roll:
    weights: dict[str, int] = {}
    for key, weight, has_weight in entries:
        errors.require(errors.RollDuplicate, key not in weights, got=key)
        errors.require(errors.RollWeight, has_weight is weighted, "some voters have a weight and some have none", got=key)
        errors.require(errors.RollWeight, 0 <= weight <= MAX_WEIGHT, expected=f"0 to {MAX_WEIGHT}", got=weight)
        weights[key] = weight
    total = sum(weights.values())
    errors.require(errors.RollWeight, total <= MAX_WEIGHT, "all weights together", expected=f"at most {MAX_WEIGHT}", got=total)
    return Roll(weights, weighted)


def check_key(key: str) -> Point:
    """A public credential as a group element other than the identity (0.4, 0.5, 1.3)."""
    element = point(key)
    errors.require(errors.RollKeyIdentity, not element.is_identity, got=key)
    return element


# --- PINs: what a box may ask for beside the credential (docs/decisions/0014); no archive knows them
# ------------------------------------

PIN_DIGITS: Final = 8
_PIN: Final = re.compile(rf"[0-9]{{{PIN_DIGITS}}}\Z")
_HASHED: Final = re.compile(r"[0-9a-f]{64}\Z")
_SALT: Final = re.compile(r"[0-9a-f]{32}\Z")
_COLUMNS: Final = ["credential", "salt", "hash"]


def new_pin(below: Callable[[int], int] = secrets.randbelow) -> str:
    """A fresh PIN: eight decimal digits, independent of everything."""
    return f"{below(10**PIN_DIGITS):0{PIN_DIGITS}}"


def is_pin(text: str) -> bool:
    """Whether a text has the form of a PIN."""
    return _PIN.match(text) is not None


@dataclass(frozen=True)
class Hashed:
    """A short secret as a server may keep it: salt and scrypt's hash of it, 16 and 32 bytes.

    Slow (20 ms, 8 MiB) so that guessing with a copy of the database costs something; eight digits fall to it all the same.
    """

    salt: bytes
    hash: bytes

    @classmethod
    def of(cls, secret: str, bound_to: str, salt: bytes | None = None) -> Hashed:
        """The hash of a secret, ``bound_to`` what it is for: the hash fits nothing else."""
        salt = secrets.token_bytes(16) if salt is None else salt
        text = f"sanduq-code-1|{bound_to}|{secret}".encode()
        return cls(salt, hashlib.scrypt(text, salt=salt, n=1 << 13, r=8, p=1, dklen=32))

    def fits(self, secret: str, bound_to: str) -> bool:
        """Whether this is the secret; takes the same time wherever it differs."""
        return hmac.compare_digest(self.hash, Hashed.of(secret, bound_to, self.salt).hash)


def pins_text(hashed: Mapping[str, Hashed]) -> str:
    """The file that a registrar gives to the box: public credentials with salts and hashes, in the order of the keys."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows((key, hashed[key].salt.hex(), hashed[key].hash.hex()) for key in sorted(hashed))
    return text.getvalue()


def read_pins(data: bytes) -> dict[str, Hashed]:
    """By public credential, from the text of :func:`pins_text`. Raises :class:`errors.Unusable`, with the line."""
    found: dict[str, Hashed] = {}
    for line, (key, salt, digest) in read_table(data, _COLUMNS):
        good = _HASHED.match(key) and _SALT.match(salt) and _HASHED.match(digest)
        if not good or key in found:
            what = "the same credential again" if good else "expected 64, 32 and 64 lower-case hexadecimal digits"
            raise errors.Unusable(f"line {line}: {what}", hint="`sanduq roll pins` makes this file")
        found[key] = Hashed(bytes.fromhex(salt), bytes.fromhex(digest))
    return found


def read_table(data: bytes, columns: Sequence[str]) -> list[tuple[int, list[str]]]:
    """The rows of a CSV file with exactly these columns, each with its line; :class:`errors.Unusable` if it is none."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise errors.Unusable(f"not a CSV file in UTF-8 ({error})") from None
    if not rows or rows[0] != list(columns):
        raise errors.Unusable(f"not a table with the columns {', '.join(columns)}")
    for line, row in enumerate(rows[1:], 2):
        if len(row) != len(columns):
            raise errors.Unusable(f"line {line}: {len(row)} columns; expected {len(columns)}")
    return list(enumerate(rows[1:], 2))


# --- the certificate that a Belenios server's credential authority may add (BS says nothing about it)
# --------------------------------

_certificate = json.Form(errors.CertificateMalformed)


@dataclass(frozen=True)
class Certificate:
    """Signed by the registrar: for which election and which list of how many voters."""

    uuid: str
    voters: int
    roll_sha256: str
    verification_key: str
    encryption_key: str
    message: str
    signature: Proof

    @property
    def signed(self) -> dict[str, object]:
        """The fields whose text is hashed and signed."""
        return {
            "uuid": self.uuid,
            "voter_list_length": self.voters,
            "public_creds_hash": self.roll_sha256,
            "verification_key": self.verification_key,
            "encryption_key": self.encryption_key,
        }


def read_certificate(data: bytes) -> Certificate:
    """The certificate in ``data`` (1.5)."""
    form = _certificate
    names = ("uuid", "voter_list_length", "public_creds_hash", "verification_key", "encryption_key", "signature")
    value = form.fields(json.read(data), names)
    outer = form.fields(value["signature"], ("message", "signature"))
    certificate = Certificate(
        form.text(value["uuid"], "uuid"),
        form.number(value["voter_list_length"], "voter_list_length"),
        form.hash(value["public_creds_hash"], "public_creds_hash"),
        form.hash(value["verification_key"], "verification_key"),
        form.hash(value["encryption_key"], "encryption_key"),
        form.hash(outer["message"], "message"),
        read_proof(form, outer["signature"]),
    )
    signature = {"message": certificate.message, "signature": proof_value(certificate.signature)}
    json.require_canonical(data, certificate.signed | {"signature": signature})
    return certificate


def check_certificate(certificate: Certificate, uuid: str, roll: Roll, roll_sha256: str) -> None:
    """The certificate is for this election and this list, and is signed (1.6, 1.7)."""
    got, expected = (certificate.uuid, certificate.roll_sha256, certificate.voters), (uuid, roll_sha256, len(roll))
    errors.require(errors.CertificateMismatch, got == expected, expected=expected, got=got)
    key = check_key(certificate.verification_key)
    check_key(certificate.encryption_key)
    message = sha256_hex(json.write(certificate.signed).encode())
    errors.require(errors.CertificateInvalid, certificate.message == message, expected=message, got=certificate.message)
    # BS does not describe this signature, and certificates with either sign of the response are in circulation (w − x·e as
    # everywhere else, or x·e − w). Both are sound proofs of knowledge over the same text, so both pass: docs/decisions/0005.
    scheme, proof = Schnorr(f"sigmsg|{certificate.message}|"), certificate.signature
    holds = scheme.holds(key, proof) or scheme.holds(key, Proof(proof.challenge, -proof.response))
    errors.require(errors.CertificateInvalid, holds)
