"""Ballots sealed by somebody who knows the protocol and does not keep to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sanduq.algebra.elgamal import Ciphertext, encrypt
from sanduq.algebra.group import Power, Q
from sanduq.algebra.numbers import Random
from sanduq.algebra.proofs import Proof, Statement, interval, interval_prefix, prove_one, proves_one
from sanduq.archive import json
from sanduq.booth.ballot import Answer, Proofs, Unsigned, ballot_value, blank_statements, overall_statements, signature_scheme
from sanduq.booth.seal import Opening
from sanduq.question.election import Election, Question

from .world import Voter, World

Choices = Sequence[Ciphertext]


def prove(y: Power, prefix: str, statements: Sequence[Statement], index: int, r: int, rng: Random) -> Proofs:
    """A proof of one statement (none comes out if that is false). Parts of small order are overcome by trying again."""
    points = [point for s in statements for point in (s.ciphertext.alpha, s.ciphertext.beta)]
    for _ in range(1 if all(point.is_in_group for point in points) else 64):
        proofs = prove_one(y, prefix, statements, index, r, rng)
        if proves_one(y, prefix, statements, proofs):
            break
    return proofs


@dataclass(frozen=True)
class Pen:
    """Writes the answers of one voter to one election. ``context`` is what the proofs are bound to."""

    election: Election
    context: str
    rng: Random

    @classmethod
    def of(cls, world: World, voter: int, rng: Random) -> Pen:
        """The honest context."""
        return cls(world.election, f"{world.election.fingerprint}|{world.voters[voter].key}", rng)

    def bit(self, choice: Ciphertext, r: int, m: int, prefix: str | None = None) -> Proofs:
        """The proof that a choice is 0 or 1 (a false one if it is not)."""
        text = interval_prefix(self.context, choice) if prefix is None else prefix
        return prove(self.election.y, text, interval(choice, 0, 1), int(m == 1), r, self.rng)

    def answer(self, question: Question, opened: Sequence[Opening], choices: Choices = ()) -> Answer:
        """An answer with this randomness and these numbers, all proofs true that can be; ``choices`` replaces ciphertexts."""
        made = tuple(choices) or tuple(encrypt(self.election.y, r, m) for r, m in opened)
        bits = tuple(self.bit(choice, r, m) for choice, (r, m) in zip(made, opened, strict=True))
        bare = Answer(made, bits, ())
        return replace(bare, overall_proof=self.overall(question, bare, opened), blank_proof=self.blank(question, bare, opened))

    def overall(self, question: Question, bare: Answer, opened: Sequence[Opening]) -> Proofs:
        """The proof that the sum is within the question's bounds, or that the vote is blank."""
        prefix, statements = overall_statements(question, bare, f"{self.context}|{bare.text}")
        if question.blank and opened[0][1] == 1:
            index, r = 0, opened[0][0]
        else:
            rest = opened[1:] if question.blank else opened
            index, r = sum(m for _, m in rest) - question.min + bool(question.blank), sum(r for r, _ in rest) % Q
        return prove(self.election.y, prefix, statements, index if 0 <= index < len(statements) else 0, r, self.rng)

    def blank(self, question: Question, bare: Answer, opened: Sequence[Opening]) -> Proofs | None:
        """The proof that the vote is not blank, or nothing else is chosen."""
        if not question.blank:
            return None
        index, r = (0, opened[0][0]) if opened[0][1] == 0 else (1, sum(r for r, _ in opened[1:]) % Q)
        prefix = f"bproof0|{self.context}|{bare.text}|"
        return prove(self.election.y, prefix, blank_statements(bare), index, r, self.rng)


def unsigned(world: World, voter: int, answers: Sequence[Answer]) -> Unsigned:
    """A sealed ballot."""
    election = world.election
    return Unsigned(election.uuid, election.fingerprint, world.voters[voter].key, tuple(answers))


def signed(ballot: Unsigned, voter: Voter, rng: Random, h: str | None = None) -> bytes:
    """The ballot signed by any voter, over its hash or another one."""
    said = ballot.hash if h is None else h
    proof = signature_scheme(said).prove(voter.x, rng)
    return json.write(ballot_value(ballot, said, proof)).encode()


def openings(rng: Random, *numbers: int) -> list[Opening]:
    """Fresh randomness for numbers to encrypt."""
    return [(rng(), m) for m in numbers]


def forged(
    world: World, rng: Random, *numbers: int, voter: int = 0, edit: Callable[[Answer], Answer] = lambda answer: answer
) -> bytes:
    """A ballot to the first question that encrypts any numbers, changed by ``edit`` before it is signed."""
    pen = Pen.of(world, voter, rng)
    answer = pen.answer(world.election.questions[0], openings(rng, *numbers))
    return signed(unsigned(world, voter, [edit(answer)]), world.voters[voter], rng)


def off_by_one(proof: Proof) -> Proof:
    """Another response."""
    return Proof(proof.challenge, (proof.response + 1) % Q)


def other_challenge(proof: Proof) -> Proof:
    """Another challenge."""
    return Proof((proof.challenge + 1) % Q, proof.response)


def not_reduced(proof: Proof) -> Proof:
    """The same response, written otherwise."""
    return Proof(proof.challenge, proof.response + Q)


def short(proof: Proof) -> bool:
    """Whether the response has no more than 76 digits when it is not reduced."""
    return proof.response + Q < 10**76


def until(make: Callable[[], Proof], fits: Callable[[Proof], bool]) -> Proof:
    """Make proofs until one fits."""
    while True:
        proof = make()
        if fits(proof):
            return proof
