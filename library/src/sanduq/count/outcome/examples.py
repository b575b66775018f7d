"""Invented counts that show what a rule does: just accepted, a tie, a quorum that is missed.

The figures are made up and small, the same for a rule every time; what they come to is what :func:`decide` says. A count is
tried, not reckoned back from the rule: if none of those tried shows a case, the case is left out. So an example can be
missing, but it cannot be wrong.

In the examples of a choice the first answer leads. Whoever shows them calls the answers A, B, C: a page that takes no side
shows no answer ahead of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Final

from sanduq.count.outcome.decide import decide
from sanduq.count.outcome.sums import AreaTally
from sanduq.count.outcome.types import ACCEPTED, QuestionOutcome, Region
from sanduq.question.rule import (
    SIMPLE_MAJORITY,
    AreaWeights,
    Choice,
    Decides,
    Denominator,
    Item,
    Level,
    Linked,
    Needed,
    Proposal,
    QuestionShape,
    Rule,
)

ONE_UNIT: Final = 100
MANY_UNITS: Final = 10
"""Valid votes: in the one place where areas do not matter, or in each of the areas where they do."""

_WORLDS: Final = ((15, 1), (12, 1), (11, 1), (10, 0))
"""Electorate and blank votes for ten valid ones: where many stay at home first, then for rules that nearly all must accept."""
_LARGER: Final = (*range(16, 25), 25, 30, 40, 50, 100, 200, 500, 1000, 10_000, 100_000)


class Case(StrEnum):
    """What an example shows."""

    ACCEPTED = "accepted"
    SHORT = "short"
    BLANK = "blank"
    TIE = "tie"
    AREAS = "areas"
    PEOPLE = "people"
    TURNOUT = "turnout"
    APPROVAL = "approval"
    CHOSEN = "chosen"
    ONE = "one"
    BOTH_FIRST = "both-first"
    BOTH_SECOND = "both-second"
    BOTH_TIE = "both-tie"
    NEITHER = "neither"


@dataclass(frozen=True)
class Example:
    """An invented count of one ``item`` of the rule, and what it comes to. ``tallies`` are what was counted."""

    item: str
    case: Case
    tallies: tuple[AreaTally, ...]
    region: Region


def examples(rule: Rule, questions: Sequence[QuestionShape], areas: Iterable[tuple[str, str | None]]) -> tuple[Example, ...]:
    """A few examples for each item; ``areas`` are the codes of the counting areas, each with that of its parent or None.

    Where each region decides for itself, the examples are of the first one.
    """
    found: list[Example] = []
    places = _deciding_together(rule, list(areas))
    for item in rule.items:
        world = _World(item, rule.area_weights, questions, places)
        found += [Example(item.id, case, *count) for case, count in _cases(item, world)]
    return tuple(found)


def _cases(item: Item, world: _World) -> Iterator[tuple[Case, Count]]:
    match item:
        case Proposal():
            return _proposal(item, world)
        case Choice():
            return _choice(item, world)
        case Linked():
            return _linked(item, world)


def _deciding_together(rule: Rule, areas: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    if rule.decides is Decides.WHOLE:
        return areas
    code, parent = min(areas, key=lambda area: (area[1] or "", area[0]))
    return [(code, parent)] if rule.regions is Level.AREAS else [area for area in areas if area[1] == parent]


Count = tuple[tuple[AreaTally, ...], Region]
Votes = dict[str, list[int]]
"""By question and answer, ``question/answer``: the votes of each unit."""


class _World:
    """One item of the rule and the units in which it is counted: the areas that it weighs, or a single place."""

    def __init__(
        self, item: Item, weights: AreaWeights | None, questions: Sequence[QuestionShape], areas: list[tuple[str, str | None]]
    ) -> None:
        alone = Rule((item,))
        by_id = {shape.id: shape for shape in questions}
        self.shapes = [by_id[name] for name in alone.question_ids]
        self.weights: AreaWeights | None = None
        self.units = ["1"]
        if alone.uses_areas and weights is not None:
            self.units = sorted({str(parent) if weights.level is Level.PARENTS else code for code, parent in areas})
            self.weights = AreaWeights(
                weights.level, weights.weights and tuple((code, weights.weight(code)) for code in self.units)
            )
        self.rule = Rule((item,), area_weights=self.weights)
        self.votes = ONE_UNIT if self.weights is None else MANY_UNITS

    def count(self, votes: Votes, electorate: int, blank: int) -> Count:
        """Decide; ``electorate`` and ``blank`` are for ten valid votes."""
        tallies = []
        for number, code in enumerate(self.units):
            rows = []
            for shape in self.shapes:
                row = [votes[f"{shape.id}/{answer}"][number] for answer in shape.answers]
                rows.append(tuple([blank * self.votes // 10, *row] if shape.blank else row))
            parent = code if self.weights is not None and self.weights.level is Level.PARENTS else None
            tallies.append(AreaTally(code, parent, electorate * self.votes // 10, max(map(sum, rows)), tuple(rows)))
        return tuple(tallies), decide(self.rule, self.shapes, tallies).regions[0]

    def enough(self, needed: Needed) -> int:
        """How many units, from the first on, are as few as may accept; at least one."""
        weigh = self.weights or AreaWeights(Level.AREAS)
        weights = [weigh.weight(code) for code in self.units]
        return next((k for k in range(1, len(weights) + 1) if needed.met(sum(weights[:k]), sum(weights))), len(weights))


def _failed(outcome: QuestionOutcome) -> set[str]:
    return {condition.kind for condition in outcome.conditions if not condition.met}


# --- a proposal -------------------------------------------------------------------------------------------------------------


def _spreads(item: Proposal, world: _World) -> list[list[int]]:
    """How many accept in each unit, fewest at all first."""
    whole, count = world.votes, len(world.units)
    if item.area_majority is None or count == 1:
        return [[ayes] * count for ayes in range(whole + 1)]
    enough = world.enough(item.area_majority)
    half = whole // 2
    found = [[ayes] * count for ayes in range(whole + 1)]
    for few in (enough, enough - 1):
        found += [[high] * few + [low] * (count - few) for high in range(half + 1, whole + 1) for low in range(half)]
    return sorted(found, key=sum)


def _yes_no(item: Proposal, world: _World, spread: Sequence[int]) -> Votes:
    (shape,) = (shape for shape in world.shapes if shape.id == item.id)
    return {
        f"{item.id}/{answer}": [ayes if answer == item.accept else world.votes - ayes for ayes in spread]
        for answer in shape.answers
    }


def _proposal(item: Proposal, world: _World) -> Iterator[tuple[Case, Count]]:
    spreads = _spreads(item, world)

    def count(spread: Sequence[int], electorate: int, blank: int) -> Count:
        return world.count(_yes_no(item, world, spread), electorate, blank)

    for electorate, blank in _WORLDS:
        counts = [count(spread, electorate, blank) for spread in spreads]
        outcomes = [found[1].questions[0] for found in counts]
        carried = next((n for n, outcome in enumerate(outcomes) if outcome.decision == ACCEPTED), None)
        if carried is not None:
            break
    else:
        return
    yield Case.ACCEPTED, counts[carried]
    for n in range(len(outcomes) - 1, -1, -1):
        if _failed(outcomes[n]) == {"share"} and not outcomes[n].tied and (item.area_majority is not None or n < carried):
            yield _short(item, outcomes[n]), counts[n]
            break
    if item.share == SIMPLE_MAJORITY:
        yield from ((Case.TIE, counts[n]) for n in [n for n, outcome in enumerate(outcomes) if outcome.tied][:1])
    missed = [n for n, outcome in enumerate(outcomes) if _failed(outcome) == {"area_majority"}]
    yield from ((Case.AREAS, counts[n]) for n in missed[:1])
    yield from _quorums(item, lambda spread, more: count(spread, more, blank), [spreads[carried], spreads[-1]])


def _short(item: Proposal, outcome: QuestionOutcome) -> Case:
    """Why the share is missed: the votes, the votes though the areas accept, or the blank ones that count too."""
    if item.area_majority is not None:
        return Case.PEOPLE
    counts_blank = item.share.of in (Denominator.BALLOTS_CAST, Denominator.VALID_VOTES_AND_BLANK)
    ayes = dict(outcome.votes)[item.accept]
    clear = item.share.needed.met(ayes, outcome.totals.valid_votes)
    return Case.BLANK if counts_blank and clear and outcome.totals.blank else Case.SHORT


def _quorums(
    item: Proposal | Choice, count: Callable[[Sequence[int], int], Count], spreads: list[list[int]]
) -> Iterator[tuple[Case, Count]]:
    """Too few of an electorate that is larger and larger, and nothing else amiss."""
    for case in (Case.TURNOUT, Case.APPROVAL):
        if getattr(item, case.value, None) is None:
            continue
        tried = (count(spread, electorate) for electorate in _LARGER for spread in spreads)
        found = next((one for one in tried if _failed(one[1].questions[0]) == {case.value}), None)
        if found is not None:
            yield case, found


# --- a choice ---------------------------------------------------------------------------------------------------------------


def _choice(item: Choice, world: _World) -> Iterator[tuple[Case, Count]]:
    (shape,) = world.shapes
    others = len(shape.answers) - 1

    def count(spread: Sequence[int], electorate: int, blank: int = 1) -> Count:
        votes = {f"{item.id}/{answer}": [spread[n]] for n, answer in enumerate(shape.answers)}
        return world.count(votes, electorate, blank)

    def spread(first: int, second: int) -> list[int]:
        rest = world.votes - first - second
        return [first, second, *(rest // (others - 1) + (n < rest % (others - 1)) for n in range(others - 1))]

    seconds = {first: world.votes - first if others == 1 else (world.votes - first) * 3 // 5 for first in range(34, 101)}
    spreads = [spread(first, second) for first, second in seconds.items() if first > max(spread(first, second)[1:])]
    for electorate, blank in _WORLDS:
        counts = [count(one, electorate, blank) for one in spreads]
        chosen = next((n for n, one in enumerate(counts) if one[1].decisions[0].decision == shape.answers[0]), None)
        if chosen is not None:
            break
    else:
        return
    yield Case.CHOSEN, counts[chosen]
    if chosen and _failed(counts[chosen - 1][1].questions[0]) == {"share"}:
        yield Case.SHORT, counts[chosen - 1]
    level = world.votes // 2 if others == 1 else world.votes * 2 // 5
    yield Case.TIE, count(spread(level, level), electorate, blank)
    yield from _quorums(item, lambda one, more: count(one, more, blank), [spreads[chosen], spreads[-1]])


# --- linked proposals -------------------------------------------------------------------------------------------------------


def _linked(item: Linked, world: _World) -> Iterator[tuple[Case, Count]]:
    first, second = item.proposals
    preferring = {proposal: answer for answer, proposal in item.tie_break.prefers}
    tenth = world.votes // 10

    def count(at: tuple[int, int], high: int, carried: tuple[bool, bool], prefer: int) -> Count:
        votes: Votes = {}
        for proposal, yes in zip(item.proposals, carried, strict=True):
            ayes = high if yes else 10 - high
            votes |= _yes_no(proposal, world, [ayes * tenth] * len(world.units))
        votes[f"{item.tie_break.id}/{preferring[first.id]}"] = [prefer * tenth] * len(world.units)
        votes[f"{item.tie_break.id}/{preferring[second.id]}"] = [(10 - prefer) * tenth] * len(world.units)
        return world.count(votes, *at)

    for at, high in product(_WORLDS, range(6, 11)):
        outcomes = count(at, high, (True, True), 6)[1].questions
        if all(outcome.decision == ACCEPTED for outcome in outcomes[:2]):
            break
    else:
        return
    yield Case.ONE, count(at, high, (True, False), 4)
    yield Case.BOTH_FIRST, count(at, high, (True, True), 6)
    yield Case.BOTH_SECOND, count(at, high, (True, True), 4)
    yield Case.BOTH_TIE, count(at, high, (True, True), 5)
    yield Case.NEITHER, count(at, high, (False, False), 6)
