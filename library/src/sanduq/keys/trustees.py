"""The trustees as the archive shows them: read them, check them, multiply their keys (spec 3.a; BS §Trustees, §Threshold
parameters).

Owners of partial decryptions are counted from 1 over all trustees in the order of the text, those of a Pedersen group one by
one: after one ``Single`` the group's first trustee is owner 2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sanduq import errors
from sanduq.algebra.group import IDENTITY, Point
from sanduq.algebra.interpolation import evaluate_in_exponent
from sanduq.algebra.numbers import sha256_hex
from sanduq.algebra.proofs import Proof, Schnorr
from sanduq.archive import json
from sanduq.archive.values import proof_value, read_point, read_proof
from sanduq.keys.certificates import Cert, SignedMessage, check_group, read_signed

MAX_TRUSTEES: Final = 100
_form = json.Form(errors.TrusteesMalformed)


@dataclass(frozen=True)
class PublicKey:
    """One trustee's key X = g^x with a proof of knowledge of x; in a Pedersen group signed, and perhaps named."""

    key: Point
    proof: Proof
    signature: Proof | None = None
    name: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The JSON value, fields in their order."""
        value: dict[str, Any] = {"pok": proof_value(self.proof), "public_key": self.key.hex}
        if self.signature is not None:
            value["signature"] = proof_value(self.signature)
        return value if self.name is None else value | {"name": self.name}


@dataclass(frozen=True)
class Single:
    """A mandatory trustee."""

    public_key: PublicKey

    @property
    def key(self) -> Point:
        """This item's part of the election's key."""
        return self.public_key.key

    @property
    def keys(self) -> tuple[Point, ...]:
        """The keys that partial decryptions are verified with, in the order of owners."""
        return (self.public_key.key,)

    @property
    def needed(self) -> int:
        """How many of them must decrypt."""
        return 1

    def to_json(self) -> list[Any]:
        """The JSON value."""
        return ["Single", self.public_key.to_json()]


@dataclass(frozen=True)
class Pedersen:
    """Trustees of whom ``threshold`` are enough."""

    threshold: int
    certs: tuple[Cert, ...]
    coefexps: tuple[SignedMessage, ...]
    signatures: tuple[Proof, ...]
    verification_keys: tuple[PublicKey, ...]
    coefficients: tuple[tuple[Point, ...], ...]
    """A_ik = g^(a_ik), read from the messages in ``coefexps``."""

    @property
    def key(self) -> Point:
        """∏ A_i0."""
        result = IDENTITY
        for row in self.coefficients:
            result = result * row[0]
        return result

    @property
    def keys(self) -> tuple[Point, ...]:
        """The verification keys."""
        return tuple(item.key for item in self.verification_keys)

    @property
    def needed(self) -> int:
        """The threshold."""
        return self.threshold

    def to_json(self) -> list[Any]:
        """The JSON value."""
        parameters = {
            "threshold": self.threshold,
            "certs": [cert.signed.to_json() for cert in self.certs],
            "coefexps": [signed.to_json() for signed in self.coefexps],
            "signatures": [proof_value(proof) for proof in self.signatures],
            "verification_keys": [key.to_json() for key in self.verification_keys],
        }
        return ["Pedersen", parameters]


@dataclass(frozen=True)
class Trustees:
    """All trustees of an election."""

    items: tuple[Single | Pedersen, ...]

    @cached_property
    def public_key(self) -> Point:
        """The election's key: the product of the items' keys."""
        result = IDENTITY
        for item in self.items:
            result = result * item.key
        return result

    @cached_property
    def keys(self) -> tuple[Point, ...]:
        """The key of each owner; owner n is ``keys[n - 1]``."""
        return tuple(key for item in self.items for key in item.keys)

    def to_bytes(self) -> bytes:
        """The canonical text."""
        return json.write([item.to_json() for item in self.items]).encode()

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the text: what the setup commits to."""
        return sha256_hex(self.to_bytes())


# --- reading ----------------------------------------------------------------------------------------------------------------


def read_public_key(value: Any) -> PublicKey:
    """A trustee's public key from JSON."""
    fields = _form.fields(value, ("pok", "public_key"), ("signature", "name"))
    return PublicKey(
        read_point(_form, fields["public_key"], "public_key"),
        read_proof(_form, fields["pok"]),
        read_proof(_form, fields["signature"]) if "signature" in fields else None,
        _form.text(fields["name"], "name") if "name" in fields else None,
    )


def read_coefficients(signed: SignedMessage) -> tuple[Point, ...]:
    """The A_k in a message ``{"coefexps":[…]}``."""
    data = signed.message.encode()
    value = _form.fields(json.read(data), ("coefexps",))
    points = _form.items(value["coefexps"], "coefficient", lambda item: read_point(_form, item, "coefficient"), MAX_TRUSTEES)
    json.require_canonical(data, {"coefexps": [point.hex for point in points]})
    return points


def read_pedersen(value: Any) -> Pedersen:
    """A threshold group from JSON, not yet checked (3.1)."""
    names = ("threshold", "certs", "coefexps", "signatures", "verification_keys")
    fields = _form.fields(value, names)
    bounded: dict[str, list[Any]] = {}
    for name in names[1:]:
        if not isinstance(fields[name], list) or not 1 <= len(fields[name]) <= MAX_TRUSTEES:
            _form.fail(f"{name} (1 to {MAX_TRUSTEES})", fields[name])
        bounded[name] = fields[name]
    coefexps = _form.items(bounded["coefexps"], "coefexps", lambda item: read_signed(_form, item))
    return Pedersen(
        _form.number(fields["threshold"], "threshold"),
        _form.items(bounded["certs"], "certificate", lambda item: Cert.of(read_signed(_form, item))),
        coefexps,
        _form.items(bounded["signatures"], "signature", lambda item: read_proof(_form, item)),
        _form.items(bounded["verification_keys"], "verification key", read_public_key),
        tuple(read_coefficients(signed) for signed in coefexps),
    )


def _read_item(value: Any) -> Single | Pedersen:
    if not (isinstance(value, list) and len(value) == 2):
        _form.fail_kind("a trustee", value)
    if value[0] == "Single":
        return Single(read_public_key(value[1]))
    if value[0] == "Pedersen":
        return read_pedersen(value[1])
    _form.fail("kind of trustee", value[0])


def _size(value: Any) -> int:
    """How many trustees an item has, before it is read: each of them costs time."""
    fields = value[1] if isinstance(value, list) and len(value) == 2 and isinstance(value[1], dict) else {}
    return max((len(item) for item in fields.values() if isinstance(item, list)), default=1)


def read_trustees(data: bytes) -> Trustees:
    """The trustees in ``data``, not yet checked (3.1, 0.2)."""
    value = json.read(data)
    if not isinstance(value, list) or len(value) > MAX_TRUSTEES or sum(map(_size, value)) > MAX_TRUSTEES:
        _form.fail_kind(f"trustees (at most {MAX_TRUSTEES})", value)
    trustees = Trustees(_form.items(value, "trustee", _read_item))
    errors.require(errors.NotCanonical, trustees.to_bytes() == data)
    return trustees


# --- checking ---------------------------------------------------------------------------------------------------------------


def check_public_key(public_key: PublicKey) -> None:
    """The key protects something, and its owner knows the secret (3.3, 3.5)."""
    errors.require(errors.TrusteeKeyIdentity, not public_key.key.is_identity)
    holds = Schnorr(f"pok|Ed25519|{public_key.key.hex}|").holds(public_key.key, public_key.proof)
    errors.require(errors.KeyProofInvalid, holds, got=public_key.key.hex)


def _each(what: str, count: int, check: Callable[[int], None]) -> None:
    for number in range(1, count + 1):
        try:
            check(number)
        except errors.Refused as refusal:
            raise refusal.within(f"{what} {number}") from None


def check_trustees(trustees: Trustees) -> None:
    """All of chapter 3 for these trustees, but for the election's key (3.2 to 3.12)."""
    errors.require(errors.NoTrustees, len(trustees.items) > 0)

    def check_item(number: int) -> None:
        item = trustees.items[number - 1]
        if isinstance(item, Single):
            check_public_key(item.public_key)
            errors.require(errors.TrusteesMalformed, item.public_key.signature is None, "a mandatory trustee with a signature")
        else:
            check_pedersen(item)

    _each("trustee", len(trustees.items), check_item)
    texts = [key.hex for key in trustees.keys]
    errors.require(errors.TrusteeTwice, len(set(texts)) == len(texts))


def check_election_key(trustees: Trustees, election_key: Point) -> None:
    """The election's key is the product of the trustees' keys (3.13)."""
    product = trustees.public_key
    errors.require(errors.ElectionKeyWrong, product == election_key, expected=product.hex, got=election_key.hex)


def check_pedersen(group: Pedersen) -> None:
    """Certificates, coefficients, signatures and verification keys of a threshold group (3.3 to 3.12)."""
    certs, size = group.certs, len(group.certs)
    lengths = {len(group.coefexps), len(group.signatures), len(group.verification_keys)}
    errors.require(errors.ThresholdInvalid, lengths == {size}, "parts for each trustee", expected=size, got=sorted(lengths))
    errors.require(errors.ThresholdInvalid, 1 <= group.threshold <= size, expected=f"1 to {size}", got=group.threshold)
    check_group(certs, group.threshold)
    for number, (cert, row, signed) in enumerate(zip(certs, group.coefficients, group.coefexps, strict=False), 1):
        where = f"group member {number}"
        try:
            check_coefficients(cert, row, signed, group.threshold)
            check_certs_signature(certs, cert, row, group.signatures[number - 1])
        except errors.Refused as refusal:
            raise refusal.within(where) from None
    sums = coefficient_sums(group.coefficients)
    # Not even together: else the group's secret is zero, or fewer than the threshold can decrypt.
    trivial = any(point.is_identity for point in sums)
    errors.require(errors.TrusteeKeyIdentity, not trivial, "the coefficients of all cancel each other")

    def check_member(number: int) -> None:
        check_verification_key(certs[number - 1], group.verification_keys[number - 1], sums, number)

    _each("group member", size, check_member)


def coefficient_sums(rows: Sequence[tuple[Point, ...]]) -> list[Point]:
    """∏ A_ik over the trustees i, for each k: the coefficients of the polynomial that nobody knows."""
    sums = [IDENTITY] * min(len(row) for row in rows)
    for row in rows:
        sums = [total * point for total, point in zip(sums, row, strict=False)]
    return sums


def check_coefficients(cert: Cert, row: tuple[Point, ...], signed: SignedMessage, threshold: int) -> None:
    """One trustee's coefficients: as many as the threshold, none trivial, signed (3.6, 3.3, 3.9)."""
    errors.require(errors.ThresholdInvalid, len(row) == threshold, "coefficients", expected=threshold, got=len(row))
    errors.require(errors.TrusteeKeyIdentity, not any(point.is_identity for point in row), "a coefficient is the identity")
    errors.require(errors.CoefficientsSignature, signed.is_by(cert.verification))


def check_certs_signature(certs: tuple[Cert, ...], cert: Cert, row: tuple[Point, ...], signature: Proof) -> None:
    """One trustee's signature under all certificates with its own coefficients (3.10): all saw the same certificates."""
    holds = Schnorr(f"sigmsg|{certs_text(certs, row)}|").holds(cert.verification, signature)
    errors.require(errors.CertsSignature, holds)


def certs_text(certs: tuple[Cert, ...], coefficients: tuple[Point, ...]) -> str:
    """What a trustee signs under 3.10."""
    value = {"certs": [cert.signed.to_json() for cert in certs], "coefexps": [point.hex for point in coefficients]}
    return "certs_sig|" + json.write(value)


def check_verification_key(cert: Cert, public_key: PublicKey, sums: list[Point], index: int) -> None:
    """A trustee's verification key is what all coefficients give at its index, is proven and signed (3.3, 3.5, 3.11, 3.12)."""
    check_public_key(public_key)
    expected = evaluate_in_exponent(sums, index)
    errors.require(errors.VerificationKeyWrong, public_key.key == expected, expected=expected.hex, got=public_key.key.hex)
    signature = public_key.signature
    errors.require(errors.TrusteesMalformed, signature is not None, "a verification key without a signature")
    holds = signature is not None and Schnorr(f"sigmsg|{public_key.key.hex}|").holds(cert.verification, signature)
    errors.require(errors.VerificationKeySignature, holds)
