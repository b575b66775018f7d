r"""The ceremonies that make a key which no one holds (spec 3.c; BS §Filling in the trustees structure; Pedersen, EUROCRYPT
1991).

A *mandatory* trustee makes one key (:func:`new_single`). *Threshold* trustees go through these steps, exchanging files, each
on its own machine; the files are those of belenios-tool's steps 1 to 6, so that any trustee may use either:

1. :func:`begin`: seed and certificate. All certificates are collected in the order of their indices.
2. :func:`read_certs`: everybody checks all of them.
3. :func:`make_polynomial`: a secret polynomial; signed coefficients for all, a sealed share for each.
   **Before anybody hands this over**, all exchange the SHA-256 of ``coefexps.message`` (:attr:`Polynomial.commitment`): a
   trustee who saw the others' coefficients first could otherwise choose its own so that the sum is a key it likes (a rushing
   adversary; version 2 of the protocol puts this hash into the certificates).
4. :func:`route`: anybody sorts the shares by recipient.
5. :func:`finish`: each checks all shares against all coefficients and commitments, and makes its key.
6. :func:`assemble`: anybody puts together what is published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sanduq import errors
from sanduq.algebra.group import G, Point, Q, secret_power
from sanduq.algebra.interpolation import evaluate, evaluate_in_exponent
from sanduq.algebra.numbers import Random, scalar, sha256_hex
from sanduq.algebra.proofs import Proof, Schnorr
from sanduq.archive import json
from sanduq.archive.values import proof_value, read_proof
from sanduq.keys.certificates import Cert, Context, SignedMessage, check_cert, check_group, read_signed, sign
from sanduq.keys.pki import Seed, receive, send
from sanduq.keys.trustees import (
    Pedersen,
    PublicKey,
    certs_text,
    check_certs_signature,
    check_coefficients,
    check_pedersen,
    check_public_key,
    check_verification_key,
    coefficient_sums,
    read_coefficients,
    read_pedersen,
    read_public_key,
)

_form = json.Form(errors.TrusteesMalformed)


def public_key_of(x: int, random: Random, signer: Seed | None = None, name: str | None = None) -> PublicKey:
    """g^x with a proof of knowledge of x; in a threshold group also signed by its owner."""
    key = secret_power(G, x)
    proof = Schnorr(f"pok|Ed25519|{key.hex}|").prove(x, random)
    signature = sign(key.hex, signer.signing, random).signature if signer else None
    return PublicKey(key, proof, signature, name)


def new_single(random: Random) -> tuple[int, PublicKey]:
    """A mandatory trustee's secret key and public key."""
    x = random()
    return x, public_key_of(x, random)


def begin(seed: Seed, context: Context, random: Random) -> Cert:
    """Step 1: the certificate of a seed."""
    text = Cert.text(context, seed.verification_key, seed.encryption_key)
    cert = Cert.of(sign(text, seed.signing, random))
    check_cert(cert, context)
    return cert


def read_cert(data: bytes) -> Cert:
    """A certificate from its line of JSON."""
    return Cert.of(read_signed(_form, json.read(data.strip())))


def read_certs(lines: Sequence[bytes]) -> tuple[Cert, ...]:
    """Step 2: the certificates of a group, in the order of their indices, checked (3.4, 3.7, 3.8)."""
    certs = _form.items(list(lines), "certificate", read_cert)
    if not certs:
        raise errors.TrusteesMalformed("no certificate at all")
    check_group(certs, certs[0].context.threshold)
    return certs


def check_cert_for(data: bytes, context: Context) -> Cert:
    """One certificate as it comes in, for whoever collects them (3.3, 3.7, 3.8); :func:`read_certs` sees them together."""
    cert = read_cert(data)
    check_cert(cert, context)
    return cert


def own_index(seed: Seed, certs: Sequence[Cert]) -> int:
    """Which of the certificates (from 1) belongs to the seed (3.18)."""
    for number, cert in enumerate(certs, 1):
        if cert.verification == seed.verification_key and cert.encryption == seed.encryption_key:
            return number
    raise errors.SecretKeyMismatch("none of the certificates belongs to this key")


@dataclass(frozen=True)
class Polynomial:
    """What a trustee hands over in step 3: letters to itself and to each, and signed coefficients for all."""

    polynomial: str
    secrets: tuple[str, ...]
    coefexps: SignedMessage
    signature: Proof

    @property
    def commitment(self) -> str:
        """SHA-256 of the coefficients' text: exchanged before the rest."""
        return sha256_hex(self.coefexps.message.encode())

    def to_bytes(self) -> bytes:
        """One line of JSON, as belenios-tool writes it."""
        value = {
            "polynomial": self.polynomial,
            "secrets": list(self.secrets),
            "coefexps": self.coefexps.to_json(),
            "signature": proof_value(self.signature),
        }
        return json.write(value).encode()


def read_polynomial(data: bytes) -> Polynomial:
    """A polynomial from its line of JSON."""
    fields = _form.fields(json.read(data.strip()), ("polynomial", "secrets", "coefexps", "signature"))
    return Polynomial(
        _form.text(fields["polynomial"], "polynomial"),
        _form.items(fields["secrets"], "secret", lambda item: _form.text(item, "secret")),
        read_signed(_form, fields["coefexps"]),
        read_proof(_form, fields["signature"]),
    )


def make_polynomial(seed: Seed, certs: tuple[Cert, ...], random: Random) -> Polynomial:
    """Step 3: a fresh secret polynomial of degree threshold − 1, its coefficients in the exponent, a share for each trustee."""
    cert = certs[own_index(seed, certs) - 1]
    coefficients = [random() for _ in range(cert.context.threshold)]
    points = tuple(secret_power(G, coefficient) for coefficient in coefficients)
    own = json.write({"polynomial": [str(coefficient) for coefficient in coefficients]})
    shares = [json.write({"secret": str(evaluate(coefficients, index))}) for index in range(1, len(certs) + 1)]
    signed = sign(json.write({"coefexps": [point.hex for point in points]}), seed.signing, random)
    return Polynomial(
        send(seed, seed.encryption_key, own, random),
        tuple(send(seed, other.encryption, share, random) for other, share in zip(certs, shares, strict=True)),
        signed,
        sign(certs_text(certs, points), seed.signing, random).signature,
    )


def check_polynomial(certs: tuple[Cert, ...], index: int, data: bytes, commitment: str) -> Polynomial:
    """The polynomial of trustee ``index`` as it comes in, for whoever collects them (3.6, 3.9, 3.10, 3.17).

    The shares in it are sealed: only their readers can judge them (:func:`finish`).
    """
    made = read_polynomial(data)
    errors.require(errors.CommitmentMismatch, made.commitment == commitment, expected=commitment, got=made.commitment)
    _check_row(certs, certs[index - 1], made.coefexps, made.signature)
    errors.require(
        errors.ThresholdInvalid, len(made.secrets) == len(certs), "shares", expected=len(certs), got=len(made.secrets)
    )
    return made


@dataclass(frozen=True)
class Vinput:
    """What reaches one trustee in step 5: its own polynomial, everybody's share for it, everybody's coefficients."""

    polynomial: str
    secrets: tuple[str, ...]
    coefexps: tuple[SignedMessage, ...]
    signatures: tuple[Proof, ...]

    def to_bytes(self) -> bytes:
        """One line of JSON, as belenios-tool writes it."""
        value = {
            "polynomial": self.polynomial,
            "secrets": list(self.secrets),
            "coefexps": [signed.to_json() for signed in self.coefexps],
            "signatures": [proof_value(proof) for proof in self.signatures],
        }
        return json.write(value).encode()


def read_vinput(data: bytes) -> Vinput:
    """A vinput from its line of JSON."""
    fields = _form.fields(json.read(data.strip()), ("polynomial", "secrets", "coefexps", "signatures"))
    return Vinput(
        _form.text(fields["polynomial"], "polynomial"),
        _form.items(fields["secrets"], "secret", lambda item: _form.text(item, "secret")),
        _form.items(fields["coefexps"], "coefexps", lambda item: read_signed(_form, item)),
        _form.items(fields["signatures"], "signature", lambda item: read_proof(_form, item)),
    )


def _check_coefexps(
    certs: tuple[Cert, ...], coefexps: Sequence[SignedMessage], signatures: Sequence[Proof]
) -> list[tuple[Point, ...]]:
    """Everybody's coefficients, signed under the same certificates (3.6, 3.9, 3.10)."""
    if not len(certs) == len(coefexps) == len(signatures):
        raise errors.ThresholdInvalid("parts for each trustee", expected=len(certs), got=f"{len(coefexps)}, {len(signatures)}")
    rows = []
    for number, (cert, signed, signature) in enumerate(zip(certs, coefexps, signatures, strict=True), 1):
        try:
            rows.append(_check_row(certs, cert, signed, signature))
        except errors.Refused as refusal:
            raise refusal.within(f"trustee {number}") from None
    return rows


def _check_row(certs: tuple[Cert, ...], cert: Cert, signed: SignedMessage, signature: Proof) -> tuple[Point, ...]:
    row = read_coefficients(signed)
    check_coefficients(cert, row, signed, cert.context.threshold)
    check_certs_signature(certs, cert, row, signature)
    return row


def route(certs: tuple[Cert, ...], polynomials: Sequence[Polynomial]) -> list[Vinput]:
    """Step 4: for each trustee what the others sent to it; the signatures are checked on the way."""
    coefexps = tuple(polynomial.coefexps for polynomial in polynomials)
    signatures = tuple(polynomial.signature for polynomial in polynomials)
    _check_coefexps(certs, coefexps, signatures)
    for number, polynomial in enumerate(polynomials, 1):
        if len(polynomial.secrets) != len(certs):
            raise errors.ThresholdInvalid("shares", expected=len(certs), got=len(polynomial.secrets)).within(
                f"trustee {number}"
            )
    return [
        Vinput(polynomials[j].polynomial, tuple(polynomial.secrets[j] for polynomial in polynomials), coefexps, signatures)
        for j in range(len(certs))
    ]


@dataclass(frozen=True)
class Voutput:
    """What a trustee hands over in step 5: its decryption key in a letter to itself, and its public verification key."""

    private_key: str
    public_key: PublicKey

    def to_bytes(self) -> bytes:
        """One line of JSON, as belenios-tool writes it."""
        return json.write({"private_key": self.private_key, "public_key": self.public_key.to_json()}).encode()


def read_voutput(data: bytes) -> Voutput:
    """A voutput from its line of JSON."""
    fields = _form.fields(json.read(data.strip()), ("private_key", "public_key"))
    return Voutput(_form.text(fields["private_key"], "private_key"), read_public_key(fields["public_key"]))


def check_voutput(certs: tuple[Cert, ...], polynomials: Sequence[Polynomial], index: int, data: bytes) -> Voutput:
    """The voutput of trustee ``index`` as it comes in, for whoever collects them (3.3, 3.5, 3.11, 3.12)."""
    made = read_voutput(data)
    rows = [read_coefficients(polynomial.coefexps) for polynomial in polynomials]
    check_verification_key(certs[index - 1], made.public_key, coefficient_sums(rows), index)
    return made


def _secret_number(seed: Seed, sender: Point, letter: str, name: str) -> int:
    fields = _form.fields(json.read(receive(seed, sender, letter).encode()), (name,))
    return scalar(_form.text(fields[name], name))


def finish(
    seed: Seed, certs: tuple[Cert, ...], vinput: Vinput, commitments: Sequence[str], random: Random, name: str | None = None
) -> Voutput:
    """Step 5: check everything that came, and make this trustee's decryption key S = Σ shares.

    ``commitments`` are the hashes exchanged before step 3's files, in the order of the trustees (3.17). A share that does not
    fit its sender's coefficients is refused by the sender's number (3.15).
    """
    index = own_index(seed, certs)
    got = [sha256_hex(signed.message.encode()) for signed in vinput.coefexps]
    errors.require(errors.CommitmentMismatch, got == list(commitments), expected=list(commitments), got=got)
    rows = _check_coefexps(certs, vinput.coefexps, vinput.signatures)
    own = _form.fields(json.read(receive(seed, seed.verification_key, vinput.polynomial).encode()), ("polynomial",))
    mine = [scalar(_form.text(item, "coefficient")) for item in own["polynomial"]]
    if [secret_power(G, coefficient) for coefficient in mine] != list(rows[index - 1]):
        raise errors.SecretShareWrong("the coefficients published as mine are not mine").within(f"trustee {index}")
    if len(vinput.secrets) != len(certs):
        raise errors.ThresholdInvalid("shares", expected=len(certs), got=len(vinput.secrets))
    total = 0
    for number, (cert, letter, row) in enumerate(zip(certs, vinput.secrets, rows, strict=True), 1):
        try:
            share = _secret_number(seed, cert.verification, letter, "secret")
            fits = secret_power(G, share) == evaluate_in_exponent(row, index)
            errors.require(errors.SecretShareWrong, fits)
        except errors.Refused as refusal:
            raise refusal.within(f"trustee {number}") from None
        total = (total + share) % Q
    letter = send(seed, seed.encryption_key, json.write({"decryption_key": str(total)}), random)
    return Voutput(letter, public_key_of(total, random, seed, name))


def decryption_key(seed: Seed, private_key: str) -> int:
    """The secret decryption key in the letter that a trustee wrote to itself in step 5."""
    return _secret_number(seed, seed.verification_key, private_key, "decryption_key")


def assemble(certs: tuple[Cert, ...], polynomials: Sequence[Polynomial], voutputs: Sequence[Voutput]) -> Pedersen:
    """Step 6: what is published of the group, checked like any verifier does."""
    coefexps = tuple(polynomial.coefexps for polynomial in polynomials)
    signatures = tuple(polynomial.signature for polynomial in polynomials)
    rows = _check_coefexps(certs, coefexps, signatures)
    keys = tuple(voutput.public_key for voutput in voutputs)
    group = Pedersen(certs[0].context.threshold, certs, coefexps, signatures, keys, tuple(rows))
    check_pedersen(group)
    return group


def read_single(data: bytes) -> PublicKey:
    """A mandatory trustee's public key from its line of JSON, checked (3.3, 3.5)."""
    public_key = read_public_key(json.read(data.strip()))
    check_public_key(public_key)
    return public_key


def read_group(data: bytes) -> Pedersen:
    """A threshold group from what :func:`assemble` published, checked."""
    group = read_pedersen(json.read(data.strip()))
    check_pedersen(group)
    return group


def group_value(group: Pedersen) -> dict[str, Any]:
    """What is published of a group, as JSON."""
    parameters: dict[str, Any] = group.to_json()[1]
    return parameters
