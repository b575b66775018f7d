"""Hints in plain Python (spec 0.e): what the Rust engine makes on the way, computed as the specification says it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sanduq.algebra.elgamal import product
from sanduq.algebra.group import G, Point, Q, unchecked_point
from sanduq.algebra.proofs import Proof, Statement, interval
from sanduq.archive.hints import POINT
from sanduq.booth.ballot import Answer, Ballot
from sanduq.question.election import Election, Question

_EIGHTH: Final = pow(8, -1, Q)


def hint_size(election: Election) -> int:
    """The bytes of one ballot's hint."""
    points = sum(2 * (3 * q.choices + q.overall_proofs) + (4 if q.blank else 0) for q in election.questions)
    return POINT * (2 + points)


def hint_point(element: Point) -> bytes:
    """A point of the group, as a hint says it: x and y of its power 1/8."""
    return b"".join(coordinate.to_bytes(32, "little") for coordinate in (element**_EIGHTH).affine)


def hint_ballot(ballot: Ballot, election: Election) -> bytes:
    """The hint of a ballot that was accepted."""
    answers = ballot.unsigned.answers
    credential = unchecked_point(ballot.credential)
    points = [credential, *(point for answer in answers for choice in answer.choices for point in (choice.alpha, choice.beta))]
    for question, answer in zip(election.questions, answers, strict=True):
        for statement, proof in _statements(question, answer):
            points += _commitments(statement, proof, election.public_key)
    points.append(G**ballot.signature.response * credential**ballot.signature.challenge)
    return b"".join(map(hint_point, points))


def _commitments(statement: Statement, proof: Proof, key: Point) -> tuple[Point, Point]:
    """A and B of one proof (4.a)."""
    e, f = proof.challenge, proof.response
    b = key**f * (statement.ciphertext.beta / G**statement.message) ** e
    return G**f * statement.ciphertext.alpha**e, b


def _statements(question: Question, answer: Answer) -> Iterator[tuple[Statement, Proof]]:
    """Each proof of an answer, in the order of the text, and what it is about."""
    for choice, proofs in zip(answer.choices, answer.individual_proofs, strict=True):
        yield from zip(interval(choice, 0, 1), proofs, strict=True)
    first, total = answer.choices[0], product(answer.choices[1:] if question.blank else answer.choices)
    overall: Sequence[Statement] = interval(total, question.min, question.max)
    if question.blank:
        overall = [Statement(first, 1), *overall]
    yield from zip(overall, answer.overall_proof, strict=True)
    yield from zip([Statement(first, 0), Statement(total, 0)], answer.blank_proof or (), strict=False)
