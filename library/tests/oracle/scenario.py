"""What an election of these tests is, and its result, computed in the plainest way: neither sanduq nor the tool is asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

YES, NO = (1, 0), (0, 1)
BLANK, BLANK_YES, BLANK_NO = (1, 0, 0), (0, 1, 0), (0, 0, 1)
"""On a question with blank: blank, and the two answers."""


@dataclass(frozen=True)
class Asked:
    """A question. ``blank`` is None where its text does not have the field."""

    answers: tuple[str, ...] = ("Yes", "No")
    min: int = 1
    max: int = 1
    blank: bool | None = None
    question: str = "Shall the bridge be built?"

    def template(self) -> dict[str, Any]:
        """As JSON; the order of fields is deliberately not that of the specification."""
        value: dict[str, Any] = {"question": self.question, "min": self.min, "max": self.max, "answers": list(self.answers)}
        return value if self.blank is None else value | {"blank": self.blank}


@dataclass(frozen=True)
class Vote:
    """A voter (from 0) casts a ballot: for each question a vector of 0 and 1."""

    voter: int
    choices: tuple[tuple[int, ...], ...]


def vote(voter: int, *choices: tuple[int, ...]) -> Vote:
    """A short way to write one."""
    return Vote(voter, choices)


@dataclass(frozen=True)
class Holders:
    """The trustees: ``mandatory`` ones first, then ``threshold`` of ``size``; those in ``decrypt`` do so, in this order."""

    mandatory: int = 1
    size: int = 0
    threshold: int = 0
    decrypt: tuple[int, ...] = (1,)


@dataclass(frozen=True)
class Scenario:
    """An election. ``votes`` come in this order, a later one of the same voter replaces the earlier; without ``weights`` all
    ``voters`` weigh 1.
    """

    name: str
    questions: tuple[Asked, ...] = (Asked(),)
    votes: tuple[Vote, ...] = (vote(0, YES), vote(1, YES), vote(2, NO))
    voters: int = 4
    weights: tuple[int, ...] | None = None
    holders: Holders = Holders()
    title: str = "The bridge"
    description: str = "A rehearsal"
    more: tuple[tuple[str, Any], ...] = ()
    """Other fields of the election: administrator, credential_authority, language."""

    def template(self) -> bytes:
        """What `setup make-election` reads: all but key and uuid. What is not ASCII is escaped here, and must not be there."""
        questions = [question.template() for question in self.questions]
        value = {"name": self.title, "questions": questions, "description": self.description} | dict(self.more)
        return json.dumps(value, ensure_ascii=True, indent=1).encode()

    def weight(self, voter: int) -> int:
        """The weight of a voter."""
        return 1 if self.weights is None else self.weights[voter]

    @property
    def last(self) -> dict[int, Vote]:
        """The vote that counts, by voter."""
        return {vote.voter: vote for vote in self.votes}

    @property
    def counted_weight(self) -> int:
        """The weight of all who voted."""
        return sum(self.weight(voter) for voter in self.last)

    @property
    def result(self) -> tuple[tuple[int, ...], ...]:
        """The votes for each choice of each question."""
        sums = [[0] * (len(question.answers) + bool(question.blank)) for question in self.questions]
        for voter, vote in self.last.items():
            for row, chosen in zip(sums, vote.choices, strict=True):
                for index, one in enumerate(chosen):
                    row[index] += one * self.weight(voter)
        return tuple(tuple(row) for row in sums)

    @property
    def result_text(self) -> bytes:
        """The result as it stands in the archive: numbers below 2³⁰, decimal strings from there on."""
        rows = [[votes if votes < 2**30 else str(votes) for votes in row] for row in self.result]
        return json.dumps({"result": rows}, separators=(",", ":")).encode()
