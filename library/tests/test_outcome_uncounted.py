"""Ballots that are not counted: they stand apart, and every mix of them is tried, one by one."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from rule_makers import (
    ABC,
    ABSOLUTE,
    AREAS,
    AT_LEAST_HALF,
    HALF,
    LINKED_SHAPES,
    YES_NO,
    area,
    choice,
    linked,
    proposal,
    rule,
    share,
    uncounted,
)
from sanduq.count.outcome import ACCEPTED, REJECTED, UNCOUNTED, AreaTally, Decision, Outcome, decide
from sanduq.question.rule import QuestionShape, Rule


def test_uncounted_ballots_stand_apart() -> None:
    region = decide(rule(proposal()), [YES_NO], [area("N", 10, (1, 5, 2)), uncounted("S", 4, 2)]).region()
    assert [(u.code, u.electorate, u.ballots) for u in region.uncounted] == [("S", 4, 2)]
    assert (region.electorate, region.ballots, region.question("q").totals.ballots_cast) == (14, 8, 8)
    assert region.to_json()["uncounted"] == [{"code": "S", "electorate": 4, "ballots": 2}]
    assert not region.uncounted_could_change


UNSURE: list[tuple[str, dict[str, Any], tuple[int, int, int], int, bool]] = [
    # name, rule, (blank, yes, no) counted of 20 people, uncounted of 10 people, could it change?
    ("too few to change", proposal(), (0, 6, 3), 2, False),
    ("just enough for a tie", proposal(), (0, 6, 3), 3, True),
    ("a tie would be for yes", proposal(tie="yes"), (0, 6, 3), 3, False),
    ("enough to overturn", proposal(), (0, 3, 4), 2, True),
    ("enough for a tie, which fails", proposal(), (0, 3, 4), 1, False),
    ("none uncounted", proposal(), (0, 5, 5), 0, False),
    ("the turnout is met with them", proposal(turnout=AT_LEAST_HALF), (0, 9, 3), 3, True),
    ("the turnout is missed with them too", proposal(turnout=AT_LEAST_HALF), (0, 9, 3), 2, False),
    ("approval could be met", proposal(approval=AT_LEAST_HALF | {"needed": "1/3"}), (0, 8, 3), 2, True),
    ("approval could not be met", proposal(approval=AT_LEAST_HALF | {"needed": "1/3"}), (0, 7, 3), 2, False),
]


@pytest.mark.parametrize(("item", "votes", "apart", "change"), [row[1:] for row in UNSURE], ids=[row[0] for row in UNSURE])
def test_uncounted_could_change(item: dict[str, Any], votes: tuple[int, int, int], apart: int, change: bool) -> None:
    outcome = decide(rule(item), [YES_NO], [area("N", 20, votes), uncounted("S", 10, apart)])
    assert outcome.uncounted_could_change is change


def test_an_uncounted_area_could_turn_the_majority_of_areas() -> None:
    fitting = rule(proposal(area_majority=AREAS), area_weights={"level": "areas"})
    tallies = [area("N", 900, (0, 500, 1)), area("AT_LEAST_HALF", 900, (0, 1, 2)), uncounted("S", 10, 1)]
    outcome = decide(fitting, [YES_NO], tallies)
    assert [a.says for a in outcome.region().question("q").areas] == ["no", "yes", UNCOUNTED]
    assert outcome.region().decision("q") == REJECTED
    assert outcome.uncounted_could_change


def test_a_region_of_which_nothing_is_counted_is_not_rejected() -> None:
    each = rule(proposal(), choice(), decides="each", regions="parents")
    tallies = [
        AreaTally("1", "X", 9, 3, ((0, 3, 0), (0, 3, 0, 0))),
        uncounted("2", 9, 3, parent="Y"),
        uncounted("3", 9, 0, parent="Z"),
    ]
    outcome = decide(each, [YES_NO, ABC], tallies)
    assert [r.decision("q") for r in outcome.regions] == [ACCEPTED, UNCOUNTED, REJECTED]
    assert [r.decision("c") for r in outcome.regions] == ["a", UNCOUNTED, REJECTED]
    assert [r.uncounted_could_change for r in outcome.regions] == [False, True, False]


def mixes(ballots: int, choices: int) -> Iterator[tuple[int, ...]]:
    """All ways to cast so many ballots, or to leave some of them invalid."""
    for mix in itertools.product(range(ballots + 1), repeat=choices):
        if sum(mix) <= ballots:
            yield mix


def decisions(outcome: Outcome) -> tuple[Decision, ...]:
    return tuple(decision for region in outcome.regions for decision in region.decisions)


def possible(fitting: Rule, shapes: Sequence[QuestionShape], tallies: Sequence[AreaTally]) -> set[tuple[Decision, ...]]:
    """The decisions of every mix of the uncounted ballots."""
    ways = [
        [tally]
        if tally.questions is not None
        else [replace(tally, questions=way) for way in itertools.product(*(mixes(tally.ballots, s.choices) for s in shapes))]
        for tally in tallies
    ]
    return {decisions(decide(fitting, shapes, combination)) for combination in itertools.product(*ways)}


def some_tallies(draw: random.Random, shapes: Sequence[QuestionShape], apart: int) -> list[AreaTally]:
    tallies = []
    for code in "NS":
        ballots = draw.randrange(1, 10)
        tallies.append(AreaTally(code, "X", 12, ballots, tuple(cast(draw, s.choices, ballots) for s in shapes)))
    split = draw.randrange(apart + 1)
    return [*tallies, uncounted("U", 3, split, "X"), uncounted("V", 3, apart - split, "X")]


def cast(draw: random.Random, choices: int, ballots: int) -> tuple[int, ...]:
    votes = [0] * choices
    for _ in range(ballots):
        votes[draw.randrange(choices)] += 1
    return tuple(votes)


PROPOSAL_RULES = [
    rule(proposal()),
    rule(proposal(tie="yes")),
    rule(proposal(share=share("ballots-cast", "more-than", "1/2"))),
    rule(proposal(share=share("valid-votes-and-blank", "at-least", "2/3"))),
    rule(proposal(turnout=AT_LEAST_HALF, approval=AT_LEAST_HALF | {"needed": "1/4"})),
    rule(proposal(area_majority=AREAS), area_weights={"level": "areas"}),
    rule(
        proposal(area_majority=AREAS),
        area_weights={"level": "areas", "weights": {"N": "1", "S": "1/2", "U": "1/2", "V": "1/2"}},
    ),
]


@pytest.mark.parametrize("fitting", PROPOSAL_RULES, ids=lambda r: json.dumps(r.to_json()["items"][0])[:150])
def test_for_proposals_the_bound_is_exact(fitting: Rule) -> None:
    draw = random.Random(3)
    for _ in range(40):
        tallies = some_tallies(draw, [YES_NO], draw.randrange(4))
        outcome = decide(fitting, [YES_NO], tallies)
        assert outcome.uncounted_could_change == (possible(fitting, [YES_NO], tallies) != {decisions(outcome)})


CHOICE_RULES = [
    rule(choice(tie=tie, **more))
    for tie in ("none", "b")
    for more in (
        {},
        ABSOLUTE,
        {"share": HALF, "otherwise": "none"},
        {"share": share("valid-votes-and-blank", "at-least", "2/5"), "otherwise": "run-off"},
        {"share": share("electorate", "more-than", "1/3"), "otherwise": "run-off", "turnout": AT_LEAST_HALF},
    )
]


@pytest.mark.parametrize("fitting", CHOICE_RULES, ids=lambda r: json.dumps(r.to_json()["items"][0])[:150])
def test_for_choices_the_bound_is_sound(fitting: Rule) -> None:
    draw, sure = random.Random(4), 0
    for _ in range(30):
        tallies = some_tallies(draw, [ABC], draw.randrange(4))
        outcome = decide(fitting, [ABC], tallies)
        if not outcome.uncounted_could_change:
            sure += 1
            assert possible(fitting, [ABC], tallies) == {decisions(outcome)}
    assert sure > 3


@pytest.mark.parametrize("ballots", [(0, 30, 30, 30), (0, 2, 2, 2), (0, 9, 9, 1)])
def test_a_run_off_that_only_a_split_could_change(ballots: tuple[int, ...]) -> None:
    fitting = rule(choice(**ABSOLUTE))
    tallies = [area("N", 100, ballots), uncounted("S", 10, 2)]
    outcome = decide(fitting, [ABC], tallies)
    assert outcome.uncounted_could_change == (possible(fitting, [ABC], tallies) != {decisions(outcome)})


@pytest.mark.parametrize("by", ["people", "people-and-areas"])
def test_for_linked_questions_the_bound_is_sound(by: str) -> None:
    more: dict[str, Any] = {"area_majority": AREAS} if by != "people" else {}
    weights: dict[str, Any] = {"area_weights": {"level": "areas"}} if more else {}
    fitting = rule(linked({"by": by}, **more), **weights)
    draw, sure = random.Random(5), 0
    for _ in range(25):
        counted = [
            AreaTally(c, "X", 40, 20, tuple(draw.choice([(0, 12, 8), (0, 8, 12), (0, 11, 9)]) for _ in LINKED_SHAPES))
            for c in "NS"
        ]
        tallies = [*counted, uncounted("U", 3, draw.randrange(1, 3), "X")]
        outcome = decide(fitting, LINKED_SHAPES, tallies)
        if not outcome.uncounted_could_change:
            sure += 1
            assert possible(fitting, LINKED_SHAPES, tallies) == {decisions(outcome)}
    assert sure > 1
