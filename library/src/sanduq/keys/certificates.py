"""Signed messages and certificates between threshold trustees (spec 3.b; BS §Public key infrastructure, §Certificates)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sanduq import errors
from sanduq.algebra.group import Point
from sanduq.algebra.numbers import Random
from sanduq.algebra.proofs import Proof, Schnorr
from sanduq.archive import json
from sanduq.archive.values import proof_value, read_point, read_proof
from sanduq.question.election import GROUP

_form = json.Form(errors.TrusteesMalformed)


@dataclass(frozen=True)
class SignedMessage:
    """A text and a Schnorr signature of it."""

    message: str
    signature: Proof

    def is_by(self, key: Point) -> bool:
        """Whether the signature is one of ``key``."""
        return Schnorr(f"sigmsg|{self.message}|").holds(key, self.signature)

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        return {"message": self.message, "signature": proof_value(self.signature)}


def sign(message: str, signing_key: int, random: Random) -> SignedMessage:
    """Sign a text with a secret signing key."""
    return SignedMessage(message, Schnorr(f"sigmsg|{message}|").prove(signing_key, random))


def read_signed(form: json.Form, value: Any) -> SignedMessage:
    """A signed message from JSON."""
    fields = form.fields(value, ("message", "signature"))
    return SignedMessage(form.text(fields["message"], "message"), read_proof(form, fields["signature"]))


@dataclass(frozen=True)
class Context:
    """The group of trustees a certificate is for."""

    size: int
    threshold: int
    index: int

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        return {"group": GROUP, "size": self.size, "threshold": self.threshold, "index": self.index}


@dataclass(frozen=True)
class Cert:
    """A trustee's two public keys, for signatures and for encryption to it, signed by itself."""

    signed: SignedMessage
    context: Context
    verification: Point
    encryption: Point

    @classmethod
    def text(cls, context: Context, verification: Point, encryption: Point) -> str:
        """The message that is signed."""
        value = {"context": context.to_json(), "verification": verification.hex, "encryption": encryption.hex}
        return json.write(value)

    @classmethod
    def of(cls, signed: SignedMessage) -> Cert:
        """Read the message of a certificate (3.1, 0.2); the group's name is 3.7."""
        data = signed.message.encode()
        fields = _form.fields(json.read(data), ("context", "verification", "encryption"))
        context = _form.fields(fields["context"], ("group", "size", "threshold", "index"))
        group = _form.text(context["group"], "group")
        errors.require(errors.CertContext, group == GROUP, expected=GROUP, got=group)
        read = Context(*(_form.number(context[name], name) for name in ("size", "threshold", "index")))
        verification = read_point(_form, fields["verification"], "verification")
        encryption = read_point(_form, fields["encryption"], "encryption")
        errors.require(errors.NotCanonical, cls.text(read, verification, encryption).encode() == data)
        return cls(signed, read, verification, encryption)


def check_cert(cert: Cert, context: Context) -> None:
    """A certificate is for this context, its keys are not trivial, and it is signed by itself (3.7, 3.3, 3.8)."""
    errors.require(errors.CertContext, cert.context == context, expected=context, got=cert.context)
    trivial = cert.verification.is_identity or cert.encryption.is_identity
    errors.require(errors.TrusteeKeyIdentity, not trivial, "a key of a certificate is the identity")
    errors.require(errors.CertSignature, cert.signed.is_by(cert.verification))


def check_group(certs: Sequence[Cert], threshold: int) -> None:
    """All certificates of a group, and that no key stands twice among them (3.4, 3.7, 3.8)."""
    for number, cert in enumerate(certs, 1):
        try:
            check_cert(cert, Context(len(certs), threshold, number))
        except errors.Refused as refusal:
            raise refusal.within(f"certificate {number}") from None
    keys = [key.hex for cert in certs for key in (cert.verification, cert.encryption)]
    errors.require(errors.TrusteeTwice, len(set(keys)) == len(keys), "a key stands twice among the certificates")
