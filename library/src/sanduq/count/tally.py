"""The encrypted sum (spec 7.a; BS §Encrypted tally)."""

from __future__ import annotations

from typing import Any

from sanduq import errors
from sanduq.algebra.elgamal import Ciphertext
from sanduq.archive import json
from sanduq.archive.values import ciphertext_value, read_ciphertext
from sanduq.engine import Sums
from sanduq.question.election import MAX_CHOICES, MAX_QUESTIONS, Election

_form = json.Form(errors.TallyMalformed)


def tally_bytes(sums: Sums) -> bytes:
    """The canonical text of an encrypted tally."""
    return json.write([[ciphertext_value(choice) for choice in row] for row in sums]).encode()


def read_tally(data: bytes, election: Election) -> Sums:
    """An encrypted tally with the shape of the questions (7.11, 0.2 to 0.5)."""

    def row(value: Any) -> tuple[Ciphertext, ...]:
        return _form.items(value, "choice", lambda item: read_ciphertext(_form, item), MAX_CHOICES)

    sums = _form.items(json.read(data), "question", row, MAX_QUESTIONS)
    shape = [question.choices for question in election.questions]
    got = [len(row) for row in sums]
    errors.require(errors.TallyMalformed, got == shape, "numbers of choices", expected=shape, got=got)
    errors.require(errors.NotCanonical, tally_bytes(sums) == data)
    return sums


def multiply(left: Sums, right: Sums) -> Sums:
    """The encrypted sum of both."""
    return tuple(tuple(a * b for a, b in zip(x, y, strict=True)) for x, y in zip(left, right, strict=True))
