"""What a result decides: named scenarios, edges first. (Uncounted areas: ``test_outcome_uncounted.py``.)"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from rule_makers import ABC, ABSOLUTE, AREAS, AT_LEAST_HALF, HALF, YES_NO, area, choice, proposal, rule, share, uncounted
from sanduq import errors
from sanduq.count.outcome import ACCEPTED, REJECTED, RUN_OFF, TIE, AreaTally, Decision, decide, number, percent
from sanduq.question.rule import QuestionShape, Rule

# -------------------------------------------------------------------------------- one proposal

PROPOSALS: list[tuple[str, dict[str, Any], tuple[int, int, int], int, str]] = [
    # name, rule, (blank, yes, no), electorate, decision
    ("one more", proposal(), (0, 51, 50), 200, ACCEPTED),
    ("a tie fails", proposal(), (0, 50, 50), 200, REJECTED),
    ("a tie for yes", proposal(tie="yes"), (7, 50, 50), 200, ACCEPTED),
    ("a tie for no", proposal(tie="no"), (0, 50, 50), 200, REJECTED),
    ("no votes", proposal(), (0, 0, 0), 200, REJECTED),
    ("no votes, and a tie for yes: nothing is no tie", proposal(tie="yes"), (0, 0, 0), 200, REJECTED),
    ("blank votes only", proposal(tie="yes"), (9, 0, 0), 200, REJECTED),
    ("one vote", proposal(), (0, 1, 0), 200, ACCEPTED),
    ("blank does not count among valid votes", proposal(), (100, 2, 1), 200, ACCEPTED),
    ("blank counts with blank", proposal(share=share("valid-votes-and-blank", "more-than", "1/2")), (1, 2, 1), 200, REJECTED),
    ("of the ballots cast, one more", proposal(share=share("ballots-cast", "more-than", "1/2")), (1, 3, 1), 200, ACCEPTED),
    (
        "of the electorate, exactly half is not more",
        proposal(share=share("electorate", "more-than", "1/2")),
        (0, 100, 0),
        200,
        REJECTED,
    ),
    ("of the electorate, at least half", proposal(share=share("electorate", "at-least", "1/2")), (0, 100, 0), 200, ACCEPTED),
    ("two thirds exactly, at least", proposal(share=share("valid-votes", "at-least", "2/3")), (0, 66, 33), 200, ACCEPTED),
    ("two thirds exactly, more than", proposal(share=share("valid-votes", "more-than", "2/3")), (0, 66, 33), 200, REJECTED),
    ("a hair below two thirds", proposal(share=share("valid-votes", "at-least", "2/3")), (0, 65, 33), 200, REJECTED),
    ("turnout exactly met, at least", proposal(turnout=AT_LEAST_HALF), (10, 50, 40), 200, ACCEPTED),
    ("turnout exactly met, more than", proposal(turnout=AT_LEAST_HALF | {"compare": "more-than"}), (10, 50, 40), 200, REJECTED),
    ("turnout one short", proposal(turnout=AT_LEAST_HALF), (9, 90, 0), 200, REJECTED),
    ("turnout reached by those against", proposal(turnout=AT_LEAST_HALF), (0, 51, 50), 202, ACCEPTED),
    ("approval exactly met", proposal(approval=AT_LEAST_HALF | {"needed": "1/4"}), (0, 50, 49), 200, ACCEPTED),
    ("approval one short", proposal(approval=AT_LEAST_HALF | {"needed": "1/4"}), (0, 49, 0), 200, REJECTED),
    ("approval without a majority", proposal(approval=AT_LEAST_HALF | {"needed": "1/4"}), (0, 60, 70), 200, REJECTED),
    ("all of the electorate", proposal(share=share("electorate", "at-least", "1")), (0, 200, 0), 200, ACCEPTED),
    ("all but one", proposal(share=share("electorate", "at-least", "1")), (0, 199, 1), 200, REJECTED),
    ("nobody may vote", proposal(), (0, 0, 0), 0, REJECTED),
    ("beyond every float", proposal(), (0, 10**30 + 1, 10**30), 3 * 10**30, ACCEPTED),
]


@pytest.mark.parametrize(
    ("item", "votes", "electorate", "decision"), [row[1:] for row in PROPOSALS], ids=[row[0] for row in PROPOSALS]
)
def test_proposal(item: dict[str, Any], votes: tuple[int, int, int], electorate: int, decision: str) -> None:
    outcome = decide(rule(item), [YES_NO], [area("N", electorate, votes)])
    assert outcome.region().decision("q") == decision
    question = outcome.region().question("q")
    assert all(c.met for c in question.conditions) == (decision == ACCEPTED)
    assert question.tied == (votes[1] == votes[2] > 0)
    assert not outcome.uncounted_could_change
    json.dumps(outcome.to_json())


def test_every_condition_has_both_sides() -> None:
    item = proposal(turnout=AT_LEAST_HALF, approval=AT_LEAST_HALF | {"needed": "1/3"}, area_majority=AREAS)
    weights = {"level": "areas", "weights": {"N": "1", "S": "1/2"}}
    tallies = [area("N", 100, (1, 30, 20)), area("S", 50, (2, 8, 20))]
    value = decide(rule(item, area_weights=weights), [YES_NO], tallies).to_json()
    assert value["regions"][0]["turnout"] == {"numerator": 81, "denominator": 150, "percent": "54.00"}
    question = value["regions"][0]["questions"][0]
    assert question["totals"] == {
        "electorate": 150,
        "ballots-cast": 81,
        "valid-votes": 78,
        "valid-votes-and-blank": 81,
        "blank": 3,
        "invalid": 0,
    }
    assert question["votes"] == {"yes": 38, "no": 40}
    assert [(c["kind"], c["of"], c["needed"], c["numerator"], c["denominator"], c["met"]) for c in question["conditions"]] == [
        ("share", "valid-votes", "more than 1/2", 38, 78, False),
        ("turnout", "electorate", "at least 1/2", 81, 150, True),
        ("approval", "electorate", "at least 1/3", 38, 150, False),
        ("area_majority", "areas", "more than 1/2", 1, "3/2", True),
    ]
    assert question["areas"] == [{"code": "N", "weight": 1, "says": "yes"}, {"code": "S", "weight": "1/2", "says": "no"}]
    assert question["decision"] == "rejected"


def test_papers_that_are_neither_a_vote_nor_blank_are_named_invalid() -> None:
    tally = AreaTally("N", None, 10, 7, ((1, 3, 2),))
    of_cast = decide(rule(proposal(share=share("ballots-cast", "more-than", "1/2"))), [YES_NO], [tally]).region().question("q")
    assert (of_cast.totals.invalid, of_cast.totals.ballots_cast, of_cast.decision) == (1, 7, REJECTED)
    assert decide(rule(proposal()), [YES_NO], [tally]).region().decision("q") == ACCEPTED


def test_a_question_without_blank() -> None:
    shape = replace(YES_NO, blank=False)
    outcome = decide(rule(proposal()), [shape], [area("N", 9, (2, 1))])
    assert outcome.region().question("q").votes == (("yes", 2), ("no", 1))
    assert outcome.region().decision("q") == ACCEPTED


def test_the_accepting_answer_may_stand_anywhere() -> None:
    shape = QuestionShape("q", ("no", "yes"), True)
    assert decide(rule(proposal()), [shape], [area("N", 9, (0, 2, 1))]).region().decision("q") == REJECTED


# -------------------------------------------------------------------------------- areas


def cantons(yes: int, half_yes: int, tied: int = 0) -> tuple[Rule, list[AreaTally]]:
    """20 areas of weight 1 and 6 of weight 1/2; so many of each say yes, the last ``tied`` of weight 1 are equal; the people
    say yes."""
    codes = [f"F{n:02}" for n in range(20)] + [f"H{n}" for n in range(6)]
    weights = {code: "1" if code[0] == "F" else "1/2" for code in codes}
    says = [n < yes for n in range(20)] + [n < half_yes for n in range(6)]
    tallies = [area(code, 1000, (0, 500, 1) if aye else (0, 1, 2)) for code, aye in zip(codes, says, strict=True)]
    for place in range(20 - tied, 20):
        tallies[place] = area(codes[place], 1000, (0, 2, 2))
    return rule(proposal(area_majority=AREAS), area_weights={"level": "areas", "weights": weights}), tallies


@pytest.mark.parametrize(
    ("yes", "half_yes", "tied", "weight", "decision"),
    [
        (10, 3, 0, "23/2", REJECTED),  # 11½ : 11½
        (11, 1, 0, "23/2", REJECTED),
        (11, 2, 0, "12", ACCEPTED),
        (9, 6, 0, "12", ACCEPTED),
        (8, 6, 12, "11", REJECTED),  # 11 : 0, and 12 equal: more than any, but not more than half
        (20, 6, 0, "23", ACCEPTED),
        (1, 0, 0, "1", REJECTED),
    ],
)
def test_cantons(yes: int, half_yes: int, tied: int, weight: str, decision: str) -> None:
    fitting, tallies = cantons(yes, half_yes, tied)
    question = decide(fitting, [YES_NO], tallies).region().question("q")
    (people, areas) = question.conditions
    assert people.met
    assert (str(areas.numerator), str(areas.denominator), areas.met) == (weight, "23", decision == ACCEPTED)
    assert question.decision == decision


def test_an_area_without_votes_does_not_accept() -> None:
    tallies = [area("N", 10, (0, 5, 1)), area("S", 10, (3, 0, 0))]
    question = (
        decide(rule(proposal(area_majority=AREAS), area_weights={"level": "areas"}), [YES_NO], tallies).region().question("q")
    )
    assert [a.says for a in question.areas] == ["yes", TIE]
    assert (question.conditions[1].numerator, question.conditions[1].denominator) == (Fraction(1), Fraction(2))
    assert question.decision == REJECTED


def test_areas_may_be_the_parents_of_counting_areas() -> None:
    by_region = rule(proposal(area_majority=AREAS), area_weights={"level": "parents", "weights": {"X": "2", "Y": "1"}})
    tallies = [area("1", 9, (0, 5, 0), parent="X"), area("2", 9, (0, 0, 4), parent="X"), area("3", 9, (0, 0, 0), parent="Y")]
    question = decide(by_region, [YES_NO], tallies).region().question("q")
    assert [(a.code, str(a.weight), a.says) for a in question.areas] == [("X", "2", "yes"), ("Y", "1", TIE)]
    assert question.decision == ACCEPTED


# -------------------------------------------------------------------------------- choices

CHOICES: list[tuple[str, dict[str, Any], tuple[int, ...], str, tuple[str, ...]]] = [
    # name, rule, (blank, a, b, c), decision, answers
    ("plurality", choice(), (0, 4, 3, 3), "a", ()),
    ("plurality of the last", choice(), (9, 1, 2, 3), "c", ()),
    ("plurality tie", choice(), (0, 4, 4, 3), TIE, ("a", "b")),
    ("plurality tie of all", choice(), (0, 4, 4, 4), TIE, ("a", "b", "c")),
    ("plurality tie, one goes first", choice(tie="b"), (0, 4, 4, 3), "b", ()),
    ("plurality tie, who goes first is not in it", choice(tie="c"), (0, 4, 4, 3), TIE, ("a", "b")),
    ("who goes first does not overtake", choice(tie="c"), (0, 4, 3, 3), "a", ()),
    ("nobody voted", choice(), (0, 0, 0, 0), REJECTED, ()),
    ("nobody voted, one goes first", choice(tie="a"), (5, 0, 0, 0), REJECTED, ()),
    ("absolute majority", choice(**ABSOLUTE), (9, 5, 2, 2), "a", ()),
    ("exactly half", choice(**ABSOLUTE), (0, 5, 4, 1), RUN_OFF, ("a", "b")),
    ("run-off in the order of the question", choice(**ABSOLUTE), (0, 1, 4, 5), RUN_OFF, ("b", "c")),
    ("run-off, tie in the second place", choice(**ABSOLUTE), (0, 4, 3, 3), RUN_OFF, ("a", "b", "c")),
    ("run-off, tie in the second place, one goes first", choice(tie="c", **ABSOLUTE), (0, 4, 3, 3), RUN_OFF, ("a", "c")),
    ("run-off, tie in the first place", choice(**ABSOLUTE), (0, 4, 4, 3), RUN_OFF, ("a", "b")),
    ("run-off, tie in the first place, the third goes first", choice(tie="c", **ABSOLUTE), (0, 4, 4, 3), RUN_OFF, ("a", "b")),
    ("run-off, tie of all", choice(**ABSOLUTE), (0, 3, 3, 3), RUN_OFF, ("a", "b", "c")),
    ("run-off, tie of all, one goes first", choice(tie="a", **ABSOLUTE), (0, 3, 3, 3), RUN_OFF, ("a", "b", "c")),
    (
        "run-off with nobody in the second place",
        choice(share=share("electorate", "more-than", "1/2"), otherwise="run-off"),
        (0, 3, 0, 0),
        RUN_OFF,
        ("a", "b", "c"),
    ),
    ("no run-off of nothing", choice(**ABSOLUTE), (4, 0, 0, 0), REJECTED, ()),
    ("otherwise nothing", choice(share=HALF, otherwise="none"), (0, 5, 4, 1), REJECTED, ()),
    ("a small share is enough", choice(share=share("valid-votes", "at-least", "2/5"), otherwise="none"), (0, 4, 3, 3), "a", ()),
    (
        "a small share reached by two",
        choice(share=share("valid-votes", "at-least", "2/5"), otherwise="none"),
        (0, 4, 4, 2),
        TIE,
        ("a", "b"),
    ),
    (
        "two with exactly half",
        choice(share=share("valid-votes", "at-least", "1/2"), otherwise="run-off"),
        (0, 5, 5, 0),
        TIE,
        ("a", "b"),
    ),
    ("turnout missed", choice(turnout=AT_LEAST_HALF), (0, 5, 4, 0), REJECTED, ()),
    ("turnout missed: no run-off either", choice(turnout=AT_LEAST_HALF, **ABSOLUTE), (0, 3, 3, 3), REJECTED, ()),
    ("turnout met by blanks", choice(turnout=AT_LEAST_HALF), (1, 5, 4, 0), "a", ()),
]


@pytest.mark.parametrize(
    ("item", "votes", "decision", "answers"), [row[1:] for row in CHOICES], ids=[row[0] for row in CHOICES]
)
def test_choice(item: dict[str, Any], votes: tuple[int, ...], decision: str, answers: tuple[str, ...]) -> None:
    outcome = decide(rule(item), [ABC], [area("N", 20, votes)])
    assert outcome.region().decisions == (Decision("c", decision, answers),)
    chosen = decision in ABC.answers
    assert all(c.met for c in outcome.region().question("c").conditions) == chosen


def test_two_answers_go_into_no_larger_run_off() -> None:
    shape = QuestionShape("c", ("a", "b"), False)
    assert decide(rule(choice(**ABSOLUTE)), [shape], [area("N", 20, (5, 5))]).region().decisions[0].answers == ("a", "b")


def test_a_decision_as_a_sentence() -> None:
    assert Decision("c", RUN_OFF, ("a", "b", "c")).sentence == "run-off between a, b and c"
    assert Decision("c", TIE, ("a", "b")).sentence == "tie between a and b"
    assert Decision("c", "a").sentence == "a"


# -------------------------------------------------------------------------------- refused

GOOD = area("N", 10, (1, 3, 2))
BAD: list[tuple[str, Sequence[AreaTally], type[errors.Refused], str]] = [
    ("an area twice", [GOOD, GOOD], errors.SetupAreas, "twice"),
    ("no area", [], errors.RuleInvalid, "there is no area"),
    ("too few numbers", [area("N", 10, (3, 2))], errors.ResultMalformed, "area N: numbers a question; expected [3]; got [2]"),
    ("too many questions", [area("N", 10, (1, 3, 2), (1, 3, 2))], errors.ResultMalformed, "got [3, 3]"),
    ("no questions", [AreaTally("N", None, 10, 0, ())], errors.ResultMalformed, "got []"),
    ("a negative number", [area("N", 10, (-1, 3, 2))], errors.CountWrong, "votes; expected 0 or more; got -1"),
    ("more votes than ballots", [AreaTally("N", None, 10, 5, ((1, 3, 2),))], errors.CountWrong, "at most 5; got 6"),
    ("more ballots than people", [replace(GOOD, electorate=5)], errors.CountWrong, "expected 0 to 5, the electorate; got 6"),
    ("more uncounted ballots than people", [GOOD, uncounted("S", 2, 3)], errors.CountWrong, "area S: ballots"),
    ("negative ballots", [GOOD, uncounted("S", 2, -1)], errors.CountWrong, "area S: ballots"),
    ("a negative electorate", [AreaTally("N", None, -1, 0, ((0, 0, 0),))], errors.CountWrong, "expected 0 to -1"),
]


@pytest.mark.parametrize(("tallies", "refusal", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_refused(tallies: Sequence[AreaTally], refusal: type[errors.Refused], message: str) -> None:
    with pytest.raises(refusal) as caught:
        decide(rule(proposal()), [YES_NO], tallies)
    assert message in caught.value.brief


def test_the_order_of_areas_changes_nothing() -> None:
    fitting, tallies = cantons(10, 3, 2)
    expected = decide(fitting, [YES_NO], tallies)
    draw = random.Random(2)
    for _ in range(5):
        draw.shuffle(tallies)
        assert decide(fitting, [YES_NO], tallies) == expected


# -------------------------------------------------------------------------------- numbers for people


@pytest.mark.parametrize(
    ("numerator", "denominator", "digits", "text"),
    [
        (1, 3, 2, "33.33"),
        (2, 3, 2, "66.67"),
        (1, 2, 0, "50"),
        (1, 8, 1, "12.5"),
        (1, 800, 2, "0.13"),  # 0.125: a half goes up
        (1999999, 2000000, 2, "100.00"),
        (0, 5, 2, "0.00"),
        (0, 0, 2, "–"),
        (17410742, 33551983, 2, "51.89"),
    ],
)
def test_percent(numerator: int, denominator: int, digits: int, text: str) -> None:
    assert percent(numerator, denominator, digits) == text


def test_numbers_for_json() -> None:
    assert [number(Fraction(17, 2)), number(Fraction(4, 2)), number(7)] == ["17/2", 2, 7]
