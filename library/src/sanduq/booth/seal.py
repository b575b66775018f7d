"""Sealing a ballot, challenging it, casting it (spec 4.c; Benaloh, *Simple verifiable elections*, EVT 2006).

Sealing makes everything but the signature and needs the *public* credential only. What is sealed can then be opened before
witnesses (:func:`challenge`, and anybody runs :func:`check_challenge`) or signed and sent (:func:`cast_ballot`), never both.
This module computes; that a sealed ballot is used once is the business of :mod:`sanduq.booth.sealed_file`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sanduq import errors
from sanduq.algebra.elgamal import Ciphertext, encrypt
from sanduq.algebra.group import Q
from sanduq.algebra.numbers import Random, scalar
from sanduq.algebra.proofs import interval, interval_prefix, prove_one
from sanduq.archive import json
from sanduq.booth.ballot import (
    Answer,
    Ballot,
    Proofs,
    Unsigned,
    ballot_value,
    blank_statements,
    check_unsigned,
    max_ballot_size,
    overall_statements,
    read_unsigned,
    signature_scheme,
)
from sanduq.question.election import Election, Question
from sanduq.roll import public_credential, secret_exponent

_form = json.Form(errors.ChallengeMismatch)
_OPENING: Final = 128
"""More than the length in bytes of r and m of one ciphertext, and of what stands around them."""

Opening = tuple[int, int]
"""r and m of one ciphertext."""


@dataclass(frozen=True)
class Sealed:
    """A sealed ballot with the secrets that open it: r and m of every ciphertext, by answer."""

    unsigned: Unsigned
    openings: tuple[tuple[Opening, ...], ...]


def check_choice(question: Question, chosen: Sequence[int]) -> None:
    """``chosen`` is a vector of 0 and 1 that the question allows (4.18); with blank, its first number says "blank"."""
    form = len(chosen) == question.choices and all(m in (0, 1) for m in chosen)
    errors.require(errors.ChoiceInvalid, form, expected=f"{question.choices} numbers, each 0 or 1")
    rest = chosen[1:] if question.blank else chosen
    total = sum(rest)
    if question.blank and chosen[0]:
        errors.require(errors.ChoiceInvalid, total == 0, "a blank vote chooses nothing else")
    else:
        allowed = question.min <= total <= question.max
        errors.require(errors.ChoiceInvalid, allowed, expected=f"{question.min} to {question.max} answers", got=f"{total}")


def check_choices(election: Election, choices: Sequence[Sequence[int]]) -> None:
    """``choices`` has a vector for every question that the question allows (4.18)."""
    count = len(election.questions)
    errors.require(errors.ChoiceInvalid, len(choices) == count, expected=f"{count} questions", got=len(choices))
    for number, (question, chosen) in enumerate(zip(election.questions, choices, strict=True), 1):
        try:
            check_choice(question, chosen)
        except errors.Refused as refusal:
            raise refusal.within(f"question {number}") from None


def seal(election: Election, credential: str, choices: Sequence[Sequence[int]], random: Random) -> Sealed:
    """Encrypt and prove ``choices`` (one vector per question) for a public credential."""
    check_choices(election, choices)
    answers, openings = [], []
    context = f"{election.fingerprint}|{credential}"
    for question, chosen in zip(election.questions, choices, strict=True):
        opened = tuple((random(), m) for m in chosen)
        openings.append(opened)
        answers.append(_seal_answer(election, question, opened, context, random))
    unsigned = Unsigned(election.uuid, election.fingerprint, credential, tuple(answers))
    return Sealed(unsigned, tuple(openings))


def _seal_answer(election: Election, question: Question, opened: Sequence[Opening], context: str, random: Random) -> Answer:
    y = election.y
    choices: list[Ciphertext] = []
    individual: list[Proofs] = []
    for r, m in opened:
        choice = encrypt(y, r, m)
        choices.append(choice)
        individual.append(prove_one(y, interval_prefix(context, choice), interval(choice, 0, 1), m, r, random))
    bare = Answer(tuple(choices), tuple(individual), ())
    whole = f"{context}|{bare.text}"
    rest = opened[1:] if question.blank else opened
    r_sum, m_sum = sum(r for r, _ in rest) % Q, sum(m for _, m in rest)
    is_blank = bool(question.blank and opened[0][1])
    blank_proof = None
    if question.blank:
        # m₀ = 0 ∨ mΣ = 0: of an ordinary vote the first holds, of a blank one the second.
        index, r = (1, r_sum) if is_blank else (0, opened[0][0])
        blank_proof = prove_one(y, f"bproof0|{whole}|", blank_statements(bare), index, r, random)
    prefix, statements = overall_statements(question, bare, whole)
    index = 0 if is_blank else m_sum - question.min + bool(question.blank)
    r = opened[0][0] if is_blank else r_sum
    overall = prove_one(y, prefix, statements, index, r, random)
    return Answer(bare.choices, bare.individual_proofs, overall, blank_proof)


def cast_ballot(unsigned: Unsigned, credential: str, random: Random) -> Ballot:
    """Sign a sealed ballot with the secret credential that it was sealed for."""
    if public_credential(unsigned.uuid, credential) != unsigned.credential:
        raise errors.SecretKeyMismatch("the ballot was sealed for another credential")
    proof = signature_scheme(unsigned.hash).prove(secret_exponent(unsigned.uuid, credential), random)
    raw = json.write(ballot_value(unsigned, unsigned.hash, proof)).encode()
    return Ballot(raw, unsigned, unsigned.hash, proof)


# --- challenge --------------------------------------------------------------------------------------------------------------


def challenge(sealed: Sealed) -> bytes:
    """The opened ballot as a file: the unsigned ballot, and r and m of every ciphertext."""
    openings = [[{"r": str(r), "m": m} for r, m in answer] for answer in sealed.openings]
    return json.write({"ballot": sealed.unsigned.to_json(), "openings": openings}).encode()


def check_challenge(data: bytes, election: Election, shown_hash: str) -> list[list[int]]:
    """What an opened ballot says, question by question, if it is the one whose hash the booth had shown (4.16, and 4.4 to
    4.13).

    Every ciphertext is computed anew from r and m: a booth that encrypted something else than it was told is caught here.
    """
    choices = sum(question.choices for question in election.questions)
    limit = max_ballot_size(election) + _OPENING * choices
    if len(data) > limit:
        raise errors.ChallengeMismatch(
            "longer than an opened ballot can be", expected=f"at most {limit} bytes", got=f"{len(data)} bytes"
        )
    value = _form.fields(json.read(data), ("ballot", "openings"))
    unsigned = read_unsigned(value["ballot"])
    canonical = {"ballot": unsigned.to_json(), "openings": value["openings"]}
    json.require_canonical(data, canonical)
    errors.require(errors.ChallengeMismatch, unsigned.hash == shown_hash, "hash", expected=shown_hash, got=unsigned.hash)
    openings = _form.items(value["openings"], "answer", lambda answer: _form.items(answer, "opening", _read_opening))
    lengths = [len(answer.choices) for answer in unsigned.answers]
    if [len(answer) for answer in openings] != lengths:
        raise errors.ChallengeMismatch("openings", expected=lengths, got=[len(answer) for answer in openings])
    for number, (answer, opened) in enumerate(zip(unsigned.answers, openings, strict=True), 1):
        for index, (choice, (r, m)) in enumerate(zip(answer.choices, opened, strict=True), 1):
            same = encrypt(election.y, r, m) == choice
            errors.require(errors.ChallengeMismatch, same, f"answer {number}, choice {index}: does not encrypt what it says")
    check_unsigned(unsigned, election)
    return [[m for _, m in answer] for answer in openings]


def _read_opening(value: Any) -> Opening:
    fields = _form.fields(value, ("r", "m"))
    return scalar(_form.text(fields["r"], "r")), _form.number(fields["m"], "m", 0, 1)
