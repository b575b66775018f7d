r"""Proofs that a ciphertext holds an allowed number, without saying which (spec 4.a; BS §Proofs of interval membership,
§bproof).

All of them are one construction: a disjunction of Chaum–Pedersen proofs (Cramer, Damgård, Schoenmakers, CRYPTO 1994), made
non-interactive by hashing *statement and* commitments (the strong Fiat–Shamir transform: Bernhard, Pereira, Warinschi,
ASIACRYPT 2012).

=====================  =====================================================================
here                   in the specification
=====================  =====================================================================
``Statement(c, m)``    "(α, β) encrypts m": β / g^m = y^r where α = g^r
``Proof(e, f)``        ``challenge``, ``response``
commitment (A, B)      A = g^f·α^e, B = y^f·(β/g^m)^e
=====================  =====================================================================

A disjunction holds if the hash of all commitments is the sum of the challenges. The prover knows r for one statement,
simulates the others with chosen (e, f), and is left with one challenge that the hash decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanduq.algebra.elgamal import Ciphertext
from sanduq.algebra.group import G, Point, Power, Q, secret_power
from sanduq.algebra.numbers import Random, hash_to_scalar


@dataclass(frozen=True)
class Proof:
    """Challenge and response, both modulo q."""

    challenge: int
    response: int


@dataclass(frozen=True)
class Statement:
    """That ``ciphertext`` encrypts ``message``."""

    ciphertext: Ciphertext
    message: int

    def commitment(self, y: Power, proof: Proof) -> str:
        """``A,B`` recomputed from a proof, as text for the hash."""
        e, f = proof.challenge, proof.response
        a = G**f * self.ciphertext.alpha**e
        # (β/g^m)^e = β^e·g^(−m·e): β keeps its table of doublings for all disjuncts.
        b = y**f * self.ciphertext.beta**e
        if self.message:
            b = b * G ** (-self.message * e)
        return f"{a.hex},{b.hex}"


def prove_one(
    y: Power, prefix: str, statements: Sequence[Statement], true_index: int, r: int, random: Random
) -> tuple[Proof, ...]:
    """Prove that one of the statements holds, the one at ``true_index`` with randomness r, without showing which.

    ``prefix`` is the whole text of the hash before the commitments (tag, context, statement).
    """
    proofs: list[Proof] = []
    texts: list[str] = []
    w = random()
    for index, statement in enumerate(statements):
        if index == true_index:
            proofs.append(Proof(0, 0))
            texts.append(f"{secret_power(G, w).hex},{secret_power(y, w).hex}")
        else:
            simulated = Proof(random(), random())
            proofs.append(simulated)
            texts.append(statement.commitment(y, simulated))
    challenge = (hash_to_scalar(prefix + ",".join(texts)) - sum(p.challenge for p in proofs)) % Q
    proofs[true_index] = Proof(challenge, (w - r * challenge) % Q)
    return tuple(proofs)


def proves_one(y: Power, prefix: str, statements: Sequence[Statement], proofs: Sequence[Proof]) -> bool:
    """Whether the proofs show that one of the statements holds (lengths must agree; the caller has checked them)."""
    texts = [statement.commitment(y, proof) for statement, proof in zip(statements, proofs, strict=True)]
    return hash_to_scalar(prefix + ",".join(texts)) == sum(p.challenge for p in proofs) % Q


def interval_prefix(context: str, ciphertext: Ciphertext) -> str:
    """The hash's text before the commitments, for "m lies in an interval"."""
    return f"prove|{context}|{ciphertext.text}|"


def interval(ciphertext: Ciphertext, low: int, high: int) -> list[Statement]:
    """The statements "m = low" … "m = high"."""
    return [Statement(ciphertext, m) for m in range(low, high + 1)]


@dataclass(frozen=True)
class Schnorr:
    """Proofs of knowledge of one exponent x of X = g^x, over a text: keys, signatures (BS §Verification keys, §Signing,
    §Signatures).

    ``prefix`` is the hash's text before the commitment.
    """

    prefix: str

    def prove(self, x: int, random: Random) -> Proof:
        """challenge = H(prefix g^w), response = w − x·challenge."""
        w = random()
        challenge = hash_to_scalar(self.prefix + secret_power(G, w).hex)
        return Proof(challenge, (w - x * challenge) % Q)

    def holds(self, key: Power, proof: Proof) -> bool:
        """Whether the proof is one for ``key``."""
        commitment = G**proof.response * key**proof.challenge
        return hash_to_scalar(self.prefix + commitment.hex) == proof.challenge


@dataclass(frozen=True)
class SameExponent:
    """That X = g^x and F = α^x have the same x: a partial decryption is right (BS §Partial decryptions; Chaum–Pedersen
    1992).
    """

    prefix: str

    def prove(self, alpha: Point, x: int, random: Random) -> Proof:
        """challenge = H(prefix g^w,α^w), response = w − x·challenge."""
        w = random()
        challenge = hash_to_scalar(f"{self.prefix}{secret_power(G, w).hex},{secret_power(alpha, w).hex}")
        return Proof(challenge, (w - x * challenge) % Q)

    def holds(self, key: Power, alpha: Point, factor: Point, proof: Proof) -> bool:
        """Whether ``factor`` = ``alpha``^x for the x of ``key``."""
        e, f = proof.challenge, proof.response
        a, b = G**f * key**e, alpha**f * factor**e
        return hash_to_scalar(f"{self.prefix}{a.hex},{b.hex}") == e
