"""Whole ballots from the votes of each question.

Published figures say how often each answer of each question was chosen, not which choices stood together on one paper. Where
there is one question, nothing is missing. Where there are several, the choices are *dealt*: the ballots of an area are put in a
row; the choices of the first question are laid on them in the order of the question; those of each further question are
shuffled first. So every question has exactly its published figures, and the questions are independent of each other, which in
reality they are not: nothing about how people combined their answers may be read from a rehearsal.

The shuffle is Fisher and Yates's, fed by Python's ``random.Random(seed).random()``, whose sequence Python guarantees for good,
with the SHA-256 of area and question as seed: the same figures give the same ballots on every machine.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Pattern:
    """``count`` ballots with the same choices: for each question the position in its tally (with blank allowed, 0 is blank)."""

    choices: tuple[int, ...]
    count: int


def deal(area: str, votes: Sequence[Sequence[int]]) -> tuple[Pattern, ...]:
    """The ballots of an area, patterns in the order of their choices; takes about half a second for a million choices."""
    if len(votes) == 1:
        return tuple(Pattern((choice,), count) for choice, count in enumerate(votes[0]) if count)
    columns = []
    for number, question in enumerate(votes):
        column = [choice for choice, count in enumerate(question) for _ in range(count)]
        if number:
            _shuffle(column, f"{area}\n{number}")
        columns.append(column)
    found = Counter(zip(*columns, strict=True))
    return tuple(Pattern(choices, found[choices]) for choices in sorted(found))


def _shuffle(column: list[int], seed: str) -> None:
    draw = Random(int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big")).random
    for last in range(len(column) - 1, 0, -1):
        other = int(draw() * (last + 1))
        column[last], column[other] = column[other], column[last]
