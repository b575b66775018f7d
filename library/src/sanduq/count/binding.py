"""A second proof of each partial decryption, which binds everything it speaks of (spec 7.f).

The challenge of version 1's proof (7.7) covers election, key and commitments, but neither the ciphertext nor the factor.
Proofs should hash their whole statement (Bernhard, Pereira, Warinschi: *How not to prove yourself*, ASIACRYPT 2012). The
archive's format is not ours to change, so a record carries this proof beside the archive, in ``areas/<code>/<uuid>.proofs``:
the same equation, with the whole statement, and the encrypted tally that it stands in, under the hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sanduq import errors
from sanduq.algebra.elgamal import Ciphertext
from sanduq.algebra.group import G, Point, secret_power
from sanduq.algebra.numbers import Random, sha256_hex
from sanduq.algebra.proofs import Proof, SameExponent
from sanduq.archive import json
from sanduq.archive.values import proof_value, read_proof
from sanduq.count.decryption import Factors
from sanduq.count.tally import tally_bytes
from sanduq.engine import Sums
from sanduq.question.election import Election

_form = json.Form(errors.BindingInvalid)
Bindings = tuple[tuple[Proof, ...], ...]
"""A proof for each choice of each question."""


@dataclass(frozen=True)
class Binding:
    """What the proofs of one trustee are about: its key, and the encrypted tally of one election."""

    election: Election
    sums: Sums
    key: Point

    def _scheme(self, tally: str, choice: Ciphertext, factor: Point) -> SameExponent:
        statement = f"{self.election.fingerprint}|{self.key.hex}|{tally}|{choice.alpha.hex},{factor.hex}"
        return SameExponent(f"sanduq-decrypt-1|{statement}|")

    def check(self, factors: Factors, proofs: Bindings) -> None:
        """Every factor is α^x for the x of the key, in this tally (7.17)."""
        shape, got = [len(row) for row in self.sums], [len(row) for row in proofs]
        errors.require(errors.BindingInvalid, got == shape, "numbers of proofs", expected=shape, got=got)
        tally = sha256_hex(tally_bytes(self.sums))
        for q, row in enumerate(self.sums):
            for c, choice in enumerate(row):
                factor = factors[q][c]
                holds = self._scheme(tally, choice, factor).holds(self.key, choice.alpha, factor, proofs[q][c])
                errors.require(errors.BindingInvalid, holds, f"question {q + 1}, choice {c + 1}")


def bind(election: Election, sums: Sums, factors: Factors, x: int, random: Random) -> Bindings:
    """The proofs of a trustee with the secret key x for factors that it has made."""
    binding, tally = Binding(election, sums, secret_power(G, x)), sha256_hex(tally_bytes(sums))
    return tuple(
        tuple(
            binding._scheme(tally, choice, factor).prove(choice.alpha, x, random)
            for choice, factor in zip(row, factors[q], strict=True)
        )
        for q, row in enumerate(sums)
    )


def bindings_value(proofs: Bindings) -> list[list[dict[str, str]]]:
    """The JSON value."""
    return [[proof_value(proof) for proof in row] for row in proofs]


def read_bindings(value: Any) -> Bindings:
    """The proofs of one trustee from JSON (7.17)."""

    def row(item: Any) -> tuple[Proof, ...]:
        return _form.items(item, "proof", lambda proof: read_proof(_form, proof), most=2048)

    return _form.items(value, "question", row, most=64)


def file_bytes(proofs: Mapping[int, Bindings]) -> bytes:
    """The text of ``<uuid>.proofs``: canonical JSON, the owners' numbers as keys in ascending order."""
    return json.write({str(owner): bindings_value(proofs[owner]) for owner in sorted(proofs)}).encode()


def read_file(data: bytes) -> dict[int, Bindings]:
    """The proofs in ``<uuid>.proofs``, by owner (7.17)."""
    value = json.read(data)
    if not isinstance(value, dict) or not all(owner.isascii() and owner.isdigit() and len(owner) < 4 for owner in value):
        _form.fail_kind("proofs by owner", value)
    proofs = {int(owner): read_bindings(rows) for owner, rows in value.items()}
    errors.require(errors.BindingInvalid, file_bytes(proofs) == data, "not canonical")
    return proofs
