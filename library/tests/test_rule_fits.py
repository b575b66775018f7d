"""Whether a rule of decision fits the questions and areas (2.11), and how it is said in words."""

from __future__ import annotations

from typing import Any

import pytest

from rule_makers import AREAS, HALF, choice, linked, proposal
from rule_makers import value as rule
from sanduq import errors
from sanduq.question.rule import AreaWeights, Level, QuestionShape, check_rule, describe, read_rule

YES_NO = ("yes", "no")

Q = QuestionShape("q", YES_NO, True)
WEIGHED = rule(proposal(area_majority=AREAS), area_weights={"level": "areas", "weights": {"N": "1", "S": "1/2"}})
NS: list[tuple[str, str | None]] = [("N", None), ("S", None)]

UNFIT: list[tuple[str, dict[str, Any], list[QuestionShape], list[tuple[str, str | None]], str]] = [
    ("another question", rule(proposal("r")), [Q], NS, "names questions that are not asked; got r"),
    ("a question undecided", rule(proposal()), [Q, QuestionShape("r", YES_NO, False)], NS, "leaves questions undecided; got r"),
    ("a question twice", rule(proposal()), [Q, Q], NS, "two questions have the same id"),
    (
        "three answers to a proposal",
        rule(proposal()),
        [QuestionShape("q", ("yes", "no", "so"), True)],
        NS,
        "answers; expected 2; got 3",
    ),
    ("one answer", rule(choice()), [QuestionShape("c", ("yes",), True)], NS, "question c: answers; expected 2 or more; got 1"),
    ("an answer twice", rule(choice()), [QuestionShape("c", ("x", "x"), True)], NS, "two answers have the same id"),
    (
        "an answer of a reserved name",
        rule(choice()),
        [QuestionShape("c", ("x", "run-off"), True)],
        NS,
        "question c: answer: a word with",
    ),
    (
        "accept is no answer",
        rule(proposal(accept="aye")),
        [Q],
        NS,
        "rule: item q: accept: no such answer; expected yes, no; got aye",
    ),
    ("tie is no answer", rule(proposal(tie="aye")), [Q], NS, "item q: tie: no such answer"),
    (
        "tie of a choice is no answer",
        rule(choice(tie="z")),
        [QuestionShape("c", ("x", "y"), True)],
        NS,
        "item c: tie: no such answer",
    ),
    (
        "the tie-break prefers by no answer",
        rule(linked()),
        [QuestionShape("a", YES_NO, True), QuestionShape("b", YES_NO, True), QuestionShape("t", YES_NO, True)],
        NS,
        "rule: item g: tie_break: prefers: no such answer",
    ),
    ("no areas", rule(proposal()), [Q], [], "there is no area"),
    ("an area without weight", WEIGHED, [Q], [*NS, ("E", None)], "areas without a weight; got E"),
    ("a weight without area", WEIGHED, [Q], NS[:1], "weights of areas that are not there; got S"),
    (
        "regions without parents",
        rule(proposal(), decides="each", regions="parents"),
        [Q],
        [("N", "X"), ("S", None)],
        "without one; got S",
    ),
    (
        "weights by region without parents",
        rule(proposal(area_majority=AREAS), area_weights={"level": "parents"}),
        [Q],
        NS,
        "areas without one; got N, S",
    ),
]


@pytest.mark.parametrize(("value", "shapes", "areas", "message"), [row[1:] for row in UNFIT], ids=[row[0] for row in UNFIT])
def test_unfit(value: Any, shapes: list[QuestionShape], areas: list[tuple[str, str | None]], message: str) -> None:
    with pytest.raises(errors.RuleInvalid) as caught:
        check_rule(read_rule(value), shapes, areas)
    assert message in caught.value.brief


def test_fit() -> None:
    check_rule(read_rule(WEIGHED), [Q], NS)
    by_region = WEIGHED | {"area_weights": {"level": "parents", "weights": {"X": "1", "Y": "1"}}}
    check_rule(read_rule(by_region), [Q], [("N", "X"), ("S", "Y"), ("E", "X")])


def test_a_weight_that_is_not_named_is_one() -> None:
    assert AreaWeights(Level.AREAS).weight("N") == 1


# -------------------------------------------------------------------------------- in words


def test_in_words() -> None:
    names = {"q": "Question 1", "yes": "Oui"}
    assert describe(read_rule(rule(proposal(turnout={"compare": "at-least", "needed": "1/3"}))), names=names) == (
        "All areas decide together.",
        "Question 1: “Oui” is accepted if all of this holds: it has more than 1/2 of the valid votes (blank not counted); at "
        "least 1/3 of the electorate have voted.",
        "If exactly as many are for as against, it is rejected.",
    )
    assert "No turnout is required." in describe(read_rule(rule(proposal())))
    text = " ".join(describe(read_rule(WEIGHED)))
    assert "1 for N; 1/2 for S" in text
    assert "a tie there does not accept" in text


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (rule(proposal(tie="yes")), "If exactly as many are for as against, this condition is met."),
        (rule(proposal(tie="no")), "If exactly as many are for as against, “no” holds, so that it is rejected."),
        (rule(choice()), "If several share the first place, nothing is chosen."),
        (rule(choice(share=HALF, otherwise="run-off")), "If several share the second place, all of them go into the run-off."),
        (
            rule(choice(share=HALF, otherwise="none", tie="x")),
            "If several share the first place, “x” is chosen if it is one of them",
        ),
        (rule(proposal(), decides="each", regions="parents"), "Each region decides for itself"),
        (rule(linked()), "If they are equal there too, neither holds."),
    ],
)
def test_every_tie_is_said(value: Any, sentence: str) -> None:
    assert any(sentence in said for said in describe(read_rule(value)))


def test_names_with_braces_do_not_break_sentences() -> None:
    assert any("{yes}" in said for said in describe(read_rule(rule(proposal())), names={"yes": "{yes}"}))


def test_a_language_without_words() -> None:
    with pytest.raises(errors.Unusable, match="no words for the language 'tlh'"):
        describe(read_rule(rule(proposal())), "tlh")
