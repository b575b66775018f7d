"""The frozen types of an outcome. Numbers of ballots are whole (weights, where votes are weighted); sums of areas' weights are
fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from sanduq.question.rule import Denominator

ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
RUN_OFF: Final = "run-off"
TIE: Final = "tie"
UNCOUNTED: Final = "uncounted"


def number(value: Fraction | int) -> int | str:
    """A number for JSON: whole ones as they are, others as ``"p/q"``."""
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else str(exact)


def percent(numerator: Fraction | int, denominator: Fraction | int, digits: int = 2) -> str:
    """A share in per cent for people, rounded half up to ``digits`` places; ``"–"`` of nothing. Nothing is ever decided by
    it.
    """
    if denominator == 0:
        return "–"
    scale = 10**digits
    units = int(Fraction(numerator) * 100 * scale / denominator + Fraction(1, 2))
    return f"{units // scale}.{units % scale:0{digits}d}" if digits else str(units)


@dataclass(frozen=True)
class Condition:
    """One comparison: is ``numerator`` of ``denominator`` what is ``needed``?

    ``kind`` is the field of the rule (share, turnout, approval, area_majority, tie_break; most_votes for a choice), ``subject``
    the answer or proposal that it is about, ``of`` the name of the denominator. ``condition`` and ``needed`` are the same for
    people, in English.
    """

    kind: str
    subject: str
    of: str
    condition: str
    needed: str
    numerator: Fraction
    denominator: Fraction
    met: bool

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        words = {"kind": self.kind, "subject": self.subject, "of": self.of, "condition": self.condition, "needed": self.needed}
        return words | {"numerator": number(self.numerator), "denominator": number(self.denominator), "met": self.met}


@dataclass(frozen=True)
class Totals:
    """The sums over the areas that are counted, for one question; only the electorate is that of all areas."""

    electorate: int
    ballots_cast: int
    blank: int
    valid_votes: int

    @property
    def invalid(self) -> int:
        """Ballots with neither a vote nor blank: papers; none in an electronic count."""
        return self.ballots_cast - self.blank - self.valid_votes

    def of(self, denominator: Denominator) -> int:
        """The number that a denominator names."""
        match denominator:
            case Denominator.ELECTORATE:
                return self.electorate
            case Denominator.BALLOTS_CAST:
                return self.ballots_cast
            case Denominator.VALID_VOTES_AND_BLANK:
                return self.valid_votes + self.blank
            case Denominator.VALID_VOTES:
                return self.valid_votes

    def to_json(self) -> dict[str, Any]:
        """Every denominator by its name, and what lies between them."""
        return {name.value: self.of(name) for name in Denominator} | {"blank": self.blank, "invalid": self.invalid}


@dataclass(frozen=True)
class AreaVote:
    """How one area counts in a majority of areas: ``says`` is an answer, :data:`TIE` (no votes are a tie too) or
    :data:`UNCOUNTED`.
    """

    code: str
    weight: Fraction
    says: str

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        return {"code": self.code, "weight": number(self.weight), "says": self.says}


@dataclass(frozen=True)
class QuestionOutcome:
    """One question: its totals, the votes of each answer, the conditions, what was decided.

    ``decision`` is :data:`ACCEPTED` or :data:`REJECTED` for a proposal; for a choice the answer, or :data:`REJECTED` (nothing
    is chosen), :data:`RUN_OFF` or :data:`TIE`, then with the ``answers`` concerned; for a tie-break question the proposal, or
    :data:`TIE`; :data:`UNCOUNTED` if no area was counted though ballots are there. ``tied``: the answers with most votes have
    equally many.
    """

    id: str
    totals: Totals
    votes: tuple[tuple[str, int], ...]
    conditions: tuple[Condition, ...]
    decision: str
    answers: tuple[str, ...] = ()
    tied: bool = False
    areas: tuple[AreaVote, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        value: dict[str, Any] = {"id": self.id, "totals": self.totals.to_json(), "votes": dict(self.votes)}
        value |= {"conditions": [condition.to_json() for condition in self.conditions], "decision": self.decision}
        value |= {"answers": list(self.answers), "tied": self.tied}
        return value | ({"areas": [area.to_json() for area in self.areas]} if self.areas else {})


@dataclass(frozen=True)
class Decision:
    """What one item of the rule comes to: as in :class:`QuestionOutcome`; for linked proposals the one that holds, or REJECTED,
    or TIE.
    """

    id: str
    decision: str
    answers: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """In English: ``run-off between A and B``."""
        names = ", ".join(self.answers[:-1]) + " and " + self.answers[-1] if len(self.answers) > 1 else "".join(self.answers)
        return f"{self.decision} between {names}" if names else self.decision

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        return {"id": self.id, "decision": self.decision, "answers": list(self.answers), "sentence": self.sentence}


@dataclass(frozen=True)
class Uncounted:
    """An area with too few ballots to be counted without betraying them: they stand apart, in no sum but that of the
    electorate.
    """

    code: str
    electorate: int
    ballots: int

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        return {"code": self.code, "electorate": self.electorate, "ballots": self.ballots}


@dataclass(frozen=True)
class Region:
    """Who decides together: the whole (``code`` None), or one region."""

    code: str | None
    electorate: int
    ballots: int
    questions: tuple[QuestionOutcome, ...]
    decisions: tuple[Decision, ...]
    uncounted: tuple[Uncounted, ...]
    uncounted_could_change: bool

    def decision(self, item: str) -> str:
        """The decision of one item of the rule."""
        return {decision.id: decision.decision for decision in self.decisions}[item]

    def question(self, name: str) -> QuestionOutcome:
        """The outcome of one question."""
        return {question.id: question for question in self.questions}[name]

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        return {
            "code": self.code,
            "turnout": {
                "numerator": self.ballots,
                "denominator": self.electorate,
                "percent": percent(self.ballots, self.electorate),
            },
            "decisions": [decision.to_json() for decision in self.decisions],
            "questions": [question.to_json() for question in self.questions],
            "uncounted": [area.to_json() for area in self.uncounted],
            "uncounted_could_change": self.uncounted_could_change,
        }


@dataclass(frozen=True)
class Outcome:
    """The whole outcome: one region with code None if the whole decides, else one for each region, by code."""

    decides: str
    regions: tuple[Region, ...]

    @property
    def uncounted_could_change(self) -> bool:
        """Whether the ballots that were not counted could have changed any decision."""
        return any(region.uncounted_could_change for region in self.regions)

    def region(self, code: str | None = None) -> Region:
        """One region; without a code the whole."""
        return {region.code: region for region in self.regions}[code]

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        regions = [region.to_json() for region in self.regions]
        return {"decides": self.decides, "uncounted_could_change": self.uncounted_could_change, "regions": regions}
