"""The frozen types of a rule of decision. All shares and weights are exact :class:`fractions.Fraction`; counts are ballots or
weights.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, Final, TypeAlias

from sanduq import errors

FAILS: Final = "fails"
"""The tie of a proposal: what is now stays."""

NONE: Final = "none"
"""The tie of a choice or of a tie-break question: nothing is decided."""

RESERVED: Final = frozenset({"accepted", "rejected", "tie", "run-off", "uncounted", "blank", FAILS, NONE})
"""Words that an outcome uses, so that no question or answer may have them as its id."""

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")


def check_id(text: str, what: str) -> str:
    """The id of a question, an answer or an item: up to 64 letters, digits and ``._-``, no reserved word (2.11)."""
    errors.require(errors.RuleInvalid, bool(_ID.match(text)), f"{what}: not an id", expected="letters, digits, . _ -", got=text)
    errors.require(errors.RuleInvalid, text not in RESERVED, f"{what}: a word with a meaning of its own", got=text)
    return text


class Denominator(StrEnum):
    """Of what a share is reckoned. All are sums over the counting areas, in ballots (in weights, where votes are weighted)."""

    BALLOTS_CAST = "ballots-cast"
    VALID_VOTES = "valid-votes"
    VALID_VOTES_AND_BLANK = "valid-votes-and-blank"
    ELECTORATE = "electorate"


class Comparison(StrEnum):
    """How the share must compare with what is needed."""

    MORE_THAN = "more-than"
    AT_LEAST = "at-least"


class Decides(StrEnum):
    """Who decides."""

    WHOLE = "whole"
    EACH = "each"


class Level(StrEnum):
    """What counts as one area or one region: the counting areas themselves, or their parents."""

    AREAS = "areas"
    PARENTS = "parents"


class Otherwise(StrEnum):
    """What follows if no answer has the share that it needs."""

    NOTHING = "none"
    RUN_OFF = "run-off"


class DecisionBy(StrEnum):
    """What a tie-break question counts."""

    PEOPLE = "people"
    PEOPLE_AND_AREAS = "people-and-areas"


@dataclass(frozen=True)
class Needed:
    """A threshold: ``more-than`` or ``at-least`` a fraction."""

    fraction: Fraction
    comparison: Comparison

    def met(self, numerator: Fraction | int, denominator: Fraction | int) -> bool:
        """Whether ``numerator`` of ``denominator`` reaches it. Of nothing (a denominator of 0) no share is ever reached."""
        if denominator == 0:
            return False
        part, bar = Fraction(numerator), self.fraction * denominator
        return part > bar if self.comparison is Comparison.MORE_THAN else part >= bar

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        return {"compare": self.comparison.value, "needed": str(self.fraction)}


HALF: Final = Fraction(1, 2)
SIMPLE: Final = Needed(HALF, Comparison.MORE_THAN)
"""Strictly more than a half."""


@dataclass(frozen=True)
class Share:
    """A threshold with its denominator."""

    of: Denominator
    needed: Needed

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        return {"of": self.of.value} | self.needed.to_json()


SIMPLE_MAJORITY: Final = Share(Denominator.VALID_VOTES, SIMPLE)
"""More for than against. Here, and only here, there can be a tie."""


@dataclass(frozen=True)
class Proposal:
    """A question with two answers, one of which accepts. It is accepted if *every* condition is met.

    ``tie`` says what holds if the share is the simple majority and exactly as many are for as against: :data:`FAILS`, or the id
    of one of the two answers. ``turnout`` and ``approval`` are quorums: of the electorate, how many must vote, how many must
    accept. ``area_majority`` is of the sum of the weights of the areas; an area accepts with more votes for than against, and
    an area's tie does not accept.
    """

    id: str
    accept: str
    share: Share
    tie: str = FAILS
    turnout: Needed | None = None
    approval: Needed | None = None
    area_majority: Needed | None = None

    @property
    def tie_accepts(self) -> bool:
        """Whether a tie carries the proposal."""
        return self.tie == self.accept

    def to_json(self) -> dict[str, Any]:
        """The JSON value; the conditions that are not there are not written."""
        value: dict[str, Any] = {"id": self.id, "kind": "proposal", "accept": self.accept}
        value |= {"share": self.share.to_json()} | ({"tie": self.tie} if self.share == SIMPLE_MAJORITY else {})
        value |= _written(turnout=self.turnout, approval=self.approval)
        if self.area_majority is not None:
            value["area_majority"] = {"area_accepts": "more-for-than-against"} | self.area_majority.to_json()
        return value


@dataclass(frozen=True)
class Choice:
    """A question with two or more answers, of which the one with most votes is chosen.

    Without ``share`` this is plurality. With it the answer needs that share, ``otherwise`` there is a run-off between the first
    two, or nothing is chosen. ``tie`` is :data:`NONE` or the id of an answer that comes first among equals: in the first place,
    and in the second place of a run-off. Where no one comes first, a tie for the second place lets all of them into the
    run-off.
    """

    id: str
    share: Share | None = None
    otherwise: Otherwise = Otherwise.NOTHING
    tie: str = NONE
    turnout: Needed | None = None

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        value: dict[str, Any] = {"id": self.id, "kind": "choice"}
        if self.share is not None:
            value |= {"share": self.share.to_json(), "otherwise": self.otherwise.value}
        return value | {"tie": self.tie} | _written(turnout=self.turnout)


@dataclass(frozen=True)
class TieBreak:
    """The question that decides if two proposals are both accepted: each of its two answers prefers one of them.

    ``by`` people: more votes. ``by`` people and areas: the greater sum of two shares, that of the votes and that of the areas'
    weights (an area goes to the proposal with more votes there, at a tie to neither). Whoever leads in both has the greater sum
    too, so this is the Swiss rule entire: Federal Constitution, art. 139b para. 3; Federal Act on Political Rights, art. 76.
    ``tie`` is :data:`NONE` or the id of a proposal. ``prefers`` are pairs of an answer and a proposal, sorted.
    """

    id: str
    prefers: tuple[tuple[str, str], tuple[str, str]]
    by: DecisionBy = DecisionBy.PEOPLE
    tie: str = NONE

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        return {"id": self.id, "prefers": dict(self.prefers), "by": self.by.value, "tie": self.tie}


@dataclass(frozen=True)
class Linked:
    """Two proposals, of which at most one comes to hold, and the question that decides between them."""

    id: str
    proposals: tuple[Proposal, Proposal]
    tie_break: TieBreak

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        proposals = [proposal.to_json() for proposal in self.proposals]
        return {"id": self.id, "kind": "linked", "proposals": proposals, "tie_break": self.tie_break.to_json()}


Item: TypeAlias = Proposal | Choice | Linked
"""One decision that a referendum makes; several items are independent of each other."""


@dataclass(frozen=True)
class AreaWeights:
    """What counts as an area in a majority of areas, and how much. Without ``weights`` (sorted pairs of a code and
    a weight) each counts 1.
    """

    level: Level
    weights: tuple[tuple[str, Fraction], ...] | None = None

    @cached_property
    def _by_code(self) -> dict[str, Fraction]:
        return dict(self.weights or ())

    def weight(self, code: str) -> Fraction:
        """The weight of an area (``check_rule`` has seen that every area has one)."""
        return Fraction(1) if self.weights is None else self._by_code[code]

    def to_json(self) -> dict[str, Any]:
        """The JSON value, codes sorted."""
        value: dict[str, Any] = {"level": self.level.value}
        if self.weights is not None:
            value["weights"] = {code: str(weight) for code, weight in self.weights}
        return value


@dataclass(frozen=True)
class Rule:
    """All that decides. ``regions`` says, if each region decides for itself, what a region is; None if the whole decides."""

    items: tuple[Item, ...]
    decides: Decides = Decides.WHOLE
    regions: Level | None = None
    area_weights: AreaWeights | None = None

    def to_json(self) -> dict[str, Any]:
        """The JSON value, as it stands in ``setup.json``: strings, lists and objects only."""
        value: dict[str, Any] = {"decides": self.decides.value}
        if self.regions is not None:
            value["regions"] = self.regions.value
        if self.area_weights is not None:
            value["area_weights"] = self.area_weights.to_json()
        return value | {"items": [item.to_json() for item in self.items]}

    @property
    def question_ids(self) -> tuple[str, ...]:
        """The ids of all questions that the rule uses, in the order of the items."""
        found: list[str] = []
        for item in self.items:
            found += [p.id for p in item.proposals] + [item.tie_break.id] if isinstance(item, Linked) else [item.id]
        return tuple(found)

    @property
    def uses_areas(self) -> bool:
        """Whether any condition counts areas."""
        return any(_uses_areas(item) for item in self.items)


@dataclass(frozen=True)
class QuestionShape:
    """A question without its texts. A tally for it has a number per choice: first that of blank where blank is allowed, then
    one an answer.
    """

    id: str
    answers: tuple[str, ...]
    blank: bool

    @property
    def choices(self) -> int:
        """How many numbers a tally has."""
        return len(self.answers) + self.blank

    def position(self, answer: str) -> int:
        """Where an answer's number stands in a tally."""
        return self.answers.index(answer) + self.blank


def _written(**conditions: Needed | None) -> dict[str, Any]:
    return {name: needed.to_json() for name, needed in conditions.items() if needed is not None}


def _uses_areas(item: Item) -> bool:
    if isinstance(item, Linked):
        return item.tie_break.by is DecisionBy.PEOPLE_AND_AREAS or any(map(_uses_areas, item.proposals))
    return isinstance(item, Proposal) and item.area_majority is not None
