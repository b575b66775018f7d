"""Partial decryptions: each trustee's part of opening the sums, with a proof (spec 7.b; BS §Partial decryptions)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sanduq import errors
from sanduq.algebra.group import G, Point, secret_power
from sanduq.algebra.numbers import Random
from sanduq.algebra.proofs import Proof, SameExponent
from sanduq.archive import json
from sanduq.archive.values import proof_value, read_point, read_proof
from sanduq.engine import Sums
from sanduq.question.election import MAX_CHOICES, MAX_QUESTIONS, Election

_form = json.Form(errors.DecryptionMalformed)
Factors = tuple[tuple[Point, ...], ...]


@dataclass(frozen=True)
class PartialDecryption:
    """α^x of every ciphertext of the encrypted tally, each with its proof."""

    factors: Factors
    proofs: tuple[tuple[Proof, ...], ...]

    def to_bytes(self) -> bytes:
        """The canonical text."""
        value = {
            "decryption_factors": [[factor.hex for factor in row] for row in self.factors],
            "decryption_proofs": [[proof_value(proof) for proof in row] for row in self.proofs],
        }
        return json.write(value).encode()


def read_decryption(data: bytes) -> PartialDecryption:
    """A partial decryption (7.4, 0.2 to 0.5)."""
    fields = _form.fields(json.read(data), ("decryption_factors", "decryption_proofs"))

    def factors(value: Any) -> tuple[Point, ...]:
        return _form.items(value, "factor", lambda item: read_point(_form, item, "factor"), MAX_CHOICES)

    def proofs(value: Any) -> tuple[Proof, ...]:
        return _form.items(value, "proof", lambda item: read_proof(_form, item), MAX_CHOICES)

    decryption = PartialDecryption(
        _form.items(fields["decryption_factors"], "question", factors, MAX_QUESTIONS),
        _form.items(fields["decryption_proofs"], "question", proofs, MAX_QUESTIONS),
    )
    errors.require(errors.NotCanonical, decryption.to_bytes() == data)
    return decryption


def scheme(election: Election, key: Point) -> SameExponent:
    """The proof's hash for one trustee: bound to the election and the key, not to the tally (``SECURITY.md``)."""
    return SameExponent(f"decrypt|{election.fingerprint}|{key.hex}|")


def check_decryption(decryption: PartialDecryption, sums: Sums, election: Election, key: Point) -> None:
    """Every factor is the trustee's part of decrypting this tally (7.4, 7.7)."""
    shape = [len(row) for row in sums]
    for what, rows in (("factors", decryption.factors), ("proofs", decryption.proofs)):
        got = [len(row) for row in rows]
        errors.require(errors.DecryptionMalformed, got == shape, what, expected=shape, got=got)
    proof_of = scheme(election, key)
    for q, row in enumerate(sums):
        for c, choice in enumerate(row):
            holds = proof_of.holds(key, choice.alpha, decryption.factors[q][c], decryption.proofs[q][c])
            errors.require(errors.DecryptionProofInvalid, holds, f"question {q + 1}, choice {c + 1}")


def decrypt(sums: Sums, election: Election, x: int, random: Random) -> PartialDecryption:
    """A trustee's part, with the secret key x. **Without any check** of what is decrypted: see ``count/trustee.py`` for
    those.
    """
    proof_of = scheme(election, secret_power(G, x))
    factors = tuple(tuple(secret_power(choice.alpha, x) for choice in row) for row in sums)
    proofs = tuple(tuple(proof_of.prove(choice.alpha, x, random) for choice in row) for row in sums)
    return PartialDecryption(factors, proofs)
