"""Example figures: small, the same every time, and what they come to is what the decision itself says."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from rule_makers import ABC, ABSOLUTE, AREAS, AT_LEAST_HALF, LINKED_SHAPES, YES_NO, choice, linked, proposal, rule, share
from sanduq.count.outcome import ACCEPTED, REJECTED, RUN_OFF, TIE, Case, Example, examples
from sanduq.question.rule import QuestionShape, Rule
from sanduq.rehearse.reading import read_plan

REHEARSALS = sorted((Path(__file__).parents[2] / "rehearsal").glob("*.toml"))
THREE = [("N", "X"), ("S", "X"), ("W", "Y")]
WEIGHTS = {"level": "areas", "weights": {"N": "1", "S": "1", "W": "1/2"}}


def of(found: Rule, *shapes: QuestionShape, areas: Any = THREE) -> dict[Case, Example]:
    made = examples(found, shapes, areas)
    assert len({(one.item, one.case) for one in made}) == len(made)
    return {one.case: one for one in made}


def votes(example: Example) -> tuple[int, ...]:
    return tuple(count for _, count in example.region.questions[0].votes)


def decision(example: Example) -> str:
    return example.region.decision(example.item)


def failed(example: Example) -> set[str]:
    return {condition.kind for condition in example.region.questions[0].conditions if not condition.met}


def test_a_simple_majority() -> None:
    found = of(rule(proposal()), YES_NO)
    assert {case: (*votes(one), decision(one)) for case, one in found.items()} == {
        Case.ACCEPTED: (51, 49, ACCEPTED),
        Case.SHORT: (49, 51, REJECTED),
        Case.TIE: (50, 50, REJECTED),
    }
    assert found[Case.ACCEPTED].region.questions[0].totals.blank == 10


def test_a_tie_decides_as_the_rule_says() -> None:
    assert decision(of(rule(proposal(tie="yes")), YES_NO)[Case.TIE]) == ACCEPTED
    assert decision(of(rule(proposal(tie="no")), YES_NO)[Case.TIE]) == REJECTED


@pytest.mark.parametrize("denominator", ["ballots-cast", "valid-votes-and-blank"])
def test_blank_votes_that_count(denominator: str) -> None:
    found = of(rule(proposal(share=share(denominator, "more-than", "1/2"))), YES_NO)
    assert votes(found[Case.BLANK]) == (55, 45)
    assert decision(found[Case.BLANK]) == REJECTED
    assert votes(found[Case.ACCEPTED]) == (56, 44)
    without = of(rule(proposal(share=share(denominator, "more-than", "1/2"))), QuestionShape("q", ("yes", "no"), False))
    assert Case.BLANK not in without


def test_quorums_that_are_missed_alone() -> None:
    found = of(rule(proposal(turnout=AT_LEAST_HALF, approval={"compare": "at-least", "needed": "1/4"})), YES_NO)
    for case in (Case.TURNOUT, Case.APPROVAL):
        assert failed(found[case]) == {case.value}
        assert decision(found[case]) == REJECTED
        ayes, noes = votes(found[case])
        assert ayes > noes


@pytest.mark.parametrize("weights", [WEIGHTS, {"level": "areas"}], ids=["weights", "equal"])
def test_people_and_areas_disagree(weights: dict[str, Any]) -> None:
    found = of(rule(proposal(area_majority=AREAS), area_weights=weights), YES_NO)
    assert failed(found[Case.AREAS]) == {"area_majority"}
    assert failed(found[Case.PEOPLE]) == {"share"}
    for case, more in ((Case.AREAS, True), (Case.PEOPLE, False)):
        ayes, noes = votes(found[case])
        assert (ayes > noes) == more
    assert Case.SHORT not in found


def test_of_two_regions_both_are_needed() -> None:
    found = of(rule(proposal(area_majority=AREAS), area_weights={"level": "parents"}), YES_NO)
    assert failed(found[Case.AREAS]) == {"area_majority"}
    assert {tally.code for tally in found[Case.AREAS].tallies} == {"X", "Y"}


def test_a_choice() -> None:
    plain = of(rule(choice()), ABC)
    assert {case: (votes(one), decision(one)) for case, one in plain.items()} == {
        Case.CHOSEN: ((38, 37, 25), "a"),
        Case.TIE: ((40, 40, 20), TIE),
    }
    absolute = of(rule(choice(**ABSOLUTE, turnout=AT_LEAST_HALF)), ABC)
    assert votes(absolute[Case.CHOSEN]) == (51, 29, 20)
    assert decision(absolute[Case.SHORT]) == RUN_OFF
    assert failed(absolute[Case.TURNOUT]) == {"turnout"}
    assert decision(absolute[Case.TURNOUT]) == REJECTED


@pytest.mark.parametrize("count", [2, 3, 7, 40])
def test_a_choice_of_any_number_of_answers(count: int) -> None:
    shape = QuestionShape("c", tuple(f"a{n}" for n in range(count)), False)
    found = of(rule(choice()), shape)
    assert decision(found[Case.CHOSEN]) == "a0"
    assert decision(found[Case.TIE]) == TIE
    assert all(sum(votes(one)) == 100 and min(votes(one)) >= 0 for one in found.values())


def test_linked_proposals() -> None:
    found = of(rule(linked()), *LINKED_SHAPES)
    assert {case: decision(one) for case, one in found.items()} == {
        Case.ONE: "a",
        Case.BOTH_FIRST: "a",
        Case.BOTH_SECOND: "b",
        Case.BOTH_TIE: TIE,
        Case.NEITHER: REJECTED,
    }


def test_a_region_that_decides_for_itself_weighs_its_own_areas() -> None:
    found = examples(
        rule(proposal(area_majority=AREAS), decides="each", regions="parents", area_weights=WEIGHTS), [YES_NO], THREE
    )
    for one in found:
        (majority,) = (c for c in one.region.questions[0].conditions if c.kind == "area_majority")
        assert majority.denominator == Fraction(2)


def test_what_cannot_be_shown_is_left_out() -> None:
    everybody = rule(proposal(share=share("electorate", "at-least", "1")))
    assert {case: votes(one) for case, one in of(everybody, YES_NO).items()} == {Case.ACCEPTED: (100, 0), Case.SHORT: (99, 1)}


@pytest.mark.parametrize("path", REHEARSALS, ids=lambda path: path.stem)
def test_of_real_rules_each_is_decided_as_it_says_and_the_same_again(path: Path) -> None:
    plan = read_plan(path)
    areas = [(area.code, area.parent) for area in plan.areas]
    found = examples(plan.rule, plan.shapes, areas)
    assert found == examples(plan.rule, plan.shapes, list(reversed(areas)))
    assert found
    for one in found:
        assert sum(tally.electorate for tally in one.tallies) < 100_000
        assert len(one.tallies) in (1, len(areas))
