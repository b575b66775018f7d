"""The rule of decision as data: what is read, and what is refused and where (2.11)."""

from __future__ import annotations

import contextlib
import copy
import json
import pickle
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from rule_makers import AREAS, HALF, choice, linked, proposal
from rule_makers import value as rule
from sanduq import errors
from sanduq.question.rule import LANGUAGES, Comparison, Linked, Needed, Proposal, describe, read_rule

DOCS = Path(__file__).parents[2] / "docs" / "look-up"
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", (DOCS / "rules.md").read_text("utf-8"), re.DOTALL)]


@pytest.mark.parametrize("value", EXAMPLES, ids=lambda value: value["items"][0]["id"])
def test_the_examples_of_the_docs_are_read_and_written_back(value: dict[str, Any]) -> None:
    found = read_rule(value)
    assert read_rule(found.to_json()) == found
    assert pickle.loads(pickle.dumps(found)) == found
    assert hash(found) == hash(read_rule(value))
    assert all(sentence and "{" not in sentence for lang in LANGUAGES for sentence in describe(found, lang))


def test_there_are_examples_of_every_kind() -> None:
    assert len(EXAMPLES) == 7
    assert {item["kind"] for value in EXAMPLES for item in value["items"]} == {"proposal", "choice", "linked"}


def test_what_is_written_holds_strings_lists_and_objects_only() -> None:
    def leaves(value: Any) -> list[Any]:
        if isinstance(value, dict | list):
            inner = value.values() if isinstance(value, dict) else value
            return [leaf for item in inner for leaf in leaves(item)]
        return [value]

    for value in EXAMPLES:
        assert all(isinstance(leaf, str) for leaf in leaves(read_rule(value).to_json()))


def test_the_defaults() -> None:
    (item,) = read_rule(rule(proposal())).items
    assert isinstance(item, Proposal)
    assert (item.tie, item.turnout, item.approval, item.area_majority) == ("fails", None, None, None)
    (item,) = read_rule(rule(linked())).items
    assert isinstance(item, Linked)
    assert item.tie_break.tie == "none"


def test_the_order_of_keys_does_not_matter() -> None:
    """The setup sorts its keys: what is read from there equals what was written."""
    weights = {"level": "areas", "weights": {"S": "1/2", "N": "1"}}
    one = read_rule(rule(proposal(area_majority=AREAS), area_weights=weights))
    other = read_rule(json.loads(json.dumps(one.to_json(), sort_keys=True)))
    assert one == other
    tie_break = {"id": "t", "prefers": {"y": "b", "x": "a"}, "by": "people"}
    assert read_rule(rule(linked(tie_break=tie_break))) == read_rule(rule(linked()))


def test_a_tie_is_written_only_where_there_can_be_one() -> None:
    plain = read_rule(rule(proposal())).to_json()["items"][0]
    other = read_rule(rule(proposal(share=HALF | {"of": "electorate"}))).to_json()["items"][0]
    assert plain["tie"] == "fails"
    assert "tie" not in other


REFUSED: list[tuple[str, Any, str]] = [
    ("no object", [], "rule: an object: not of the form"),
    ("a text", "more than half", "rule: an object"),
    ("nothing", None, "rule: an object"),
    ("an unknown field", rule(proposal(), quorum="1/2"), "rule: an object with unknown 'quorum'"),
    ("no items", rule(), "items; expected 1 to 50; got 0"),
    ("too many items", rule(*[proposal(f"q{n}") for n in range(51)]), "items; expected 1 to 50; got 51"),
    ("items no list", {"decides": "whole", "items": {}}, "item: not of the form"),
    ("decides missing", {"items": [proposal()]}, "without decides"),
    (
        "decides otherwise",
        rule(proposal()) | {"decides": "some"},
        "rule: decides: not one of the words; expected whole, each; got some",
    ),
    ("decides an object", rule(proposal()) | {"decides": {}}, "rule: decides: not one of the words"),
    ("each without regions", rule(proposal(), decides="each"), "regions: goes with decides"),
    ("regions without each", rule(proposal(), regions="areas"), "regions: goes with decides"),
    ("regions unknown", rule(proposal(), decides="each", regions="cantons"), "rule: regions: not one of the words"),
    ("kind missing", rule({"id": "q"}), "rule: item 1: kind; expected proposal, choice, linked"),
    ("kind unknown", rule(proposal(), proposal("r", kind="referendum")), "rule: item 2: kind"),
    ("kind a list", rule(proposal(kind=[])), "rule: item 1: kind"),
    ("item no object", rule("q"), "rule: item 1: kind"),
    ("unknown field of an item", rule(proposal(quorum="1/2")), "item 1: an object with unknown 'quorum'"),
    ("no share", rule({"id": "q", "kind": "proposal", "accept": "yes"}), "item 1: an object without share"),
    ("id empty", rule(proposal("")), "item 1: id: id: not an id"),
    ("id with a space", rule(proposal("q 1")), "item 1: id: id: not an id"),
    ("id with a line end", rule(proposal("q\n")), "item 1: id: id: not an id"),
    ("id a number", rule(proposal(1)), "item 1: id: an id: not of the form"),
    ("id too long", rule(proposal("q" * 65)), "item 1: id: id: not an id"),
    ("id reserved", rule(proposal("tie")), "a word with a meaning of its own"),
    ("the accepting answer reserved", rule(proposal(accept="accepted")), "item 1: accept: id: a word with a meaning"),
    ("denominator unknown", rule(proposal(share=HALF | {"of": "people"})), "item 1: share: of: not one of the words"),
    ("comparison unknown", rule(proposal(share=HALF | {"compare": ">"})), "share: compare: not one of the words"),
    ("unknown field of a share", rule(proposal(share=HALF | {"tie": "fails"})), "share: an object with unknown 'tie'"),
    ("a number for a fraction", rule(proposal(share=HALF | {"needed": 0.5})), "share: needed: not a fraction"),
    ("a whole number for a fraction", rule(proposal(share=HALF | {"needed": 1})), "share: needed: not a fraction"),
    ("a decimal fraction", rule(proposal(share=HALF | {"needed": "0.5"})), "share: needed: not a fraction"),
    ("a percentage", rule(proposal(share=HALF | {"needed": "50%"})), "share: needed: not a fraction"),
    ("not in lowest terms", rule(proposal(share=HALF | {"needed": "2/4"})), "not in lowest terms; expected 1/2; got 2/4"),
    ("one over one", rule(proposal(share=HALF | {"needed": "1/1"})), "not in lowest terms"),
    ("over nothing", rule(proposal(share=HALF | {"needed": "1/0"})), "not a fraction"),
    ("below nothing", rule(proposal(share=HALF | {"needed": "-1/2"})), "not a fraction"),
    ("leading zero", rule(proposal(share=HALF | {"needed": "01/2"})), "not a fraction"),
    ("Arabic digits", rule(proposal(share=HALF | {"needed": "١/٢"})), "not a fraction"),
    ("endless digits", rule(proposal(share=HALF | {"needed": "1/" + "3" * 5000})), "not a fraction"),
    ("more than all", rule(proposal(share=HALF | {"needed": "1"})), "more than the whole can never be reached"),
    ("at least more than all", rule(proposal(share=HALF | {"needed": "3/2", "compare": "at-least"})), "not a share"),
    ("a minority", rule(proposal(share=HALF | {"needed": "49/100"})), "a minority would carry it"),
    ("a minority of the electorate", rule(proposal(share=HALF | {"of": "electorate", "needed": "1/4"})), "a minority would"),
    ("at least a half", rule(proposal(share=HALF | {"compare": "at-least"})), "hides what a tie does"),
    ("tie with a larger share", rule(proposal(share=HALF | {"needed": "2/3"}, tie="yes")), "tie: only where"),
    ("tie of the electorate", rule(proposal(share=HALF | {"of": "electorate"}, tie="fails")), "tie: only where"),
    ("turnout of nothing", rule(proposal(turnout={"compare": "at-least", "needed": "0"})), "turnout: not a share"),
    ("turnout with a denominator", rule(proposal(turnout=HALF)), "turnout: an object with unknown 'of'"),
    ("turnout null", rule(proposal(turnout=None)), "item 1: turnout: an object"),
    (
        "approval of more than all",
        rule(proposal(approval={"compare": "more-than", "needed": "1"})),
        "approval: more than the whole",
    ),
    ("areas without weights", rule(proposal(area_majority=AREAS)), "area_weights: goes with a majority of areas"),
    ("weights without areas", rule(proposal(), area_weights={"level": "areas"}), "area_weights: goes with a majority of areas"),
    (
        "an area accepts otherwise",
        rule(proposal(area_majority=AREAS | {"area_accepts": "turnout"})),
        "area_accepts; expected more-for",
    ),
    ("no level", rule(proposal(area_majority=AREAS), area_weights={}), "area_weights: an object without level"),
    (
        "no weights",
        rule(proposal(area_majority=AREAS), area_weights={"level": "areas", "weights": {}}),
        "weights: not an object",
    ),
    (
        "weight of nothing",
        rule(proposal(area_majority=AREAS), area_weights={"level": "areas", "weights": {"N": "0"}}),
        "the weight of area N; expected above 0",
    ),
    (
        "weight a number",
        rule(proposal(area_majority=AREAS), area_weights={"level": "areas", "weights": {"N": 1}}),
        "area_weights: weights: area N: not a fraction",
    ),
    (
        "regions of one area",
        rule(proposal(area_majority=AREAS), decides="each", regions="areas", area_weights={"level": "areas"}),
        "a region of one area has no majority of areas",
    ),
    ("share without otherwise", rule(choice(share=HALF)), "share and otherwise go together"),
    ("otherwise without share", rule(choice(otherwise="run-off")), "share and otherwise go together"),
    ("otherwise unknown", rule(choice(share=HALF, otherwise="lot")), "item 1: otherwise: not one of the words"),
    ("a choice with areas", rule(choice(area_majority=AREAS)), "unknown 'area_majority'"),
    ("a tie that fails", rule(choice(tie="fails")), "item 1: tie: id: a word with a meaning"),
    ("one proposal linked", rule(linked() | {"proposals": [proposal("a")]}), "linked proposals; expected 2; got 1"),
    ("three linked", rule(linked() | {"proposals": [proposal(x) for x in "abd"]}), "linked proposals; expected 2; got 3"),
    ("a choice linked", rule(linked() | {"proposals": [proposal("a"), choice()]}), "item 1: proposal 2: an object"),
    (
        "prefers something else",
        rule(linked(tie_break={"id": "t", "prefers": {"x": "a", "y": "c"}, "by": "people"})),
        "tie_break: prefers; expected a, b; got a, c",
    ),
    (
        "prefers the same",
        rule(linked(tie_break={"id": "t", "prefers": {"x": "a", "y": "a"}, "by": "people"})),
        "prefers; expected a, b",
    ),
    (
        "prefers one",
        rule(linked(tie_break={"id": "t", "prefers": {"x": "a"}, "by": "people"})),
        "not an object with two answers",
    ),
    ("by lot", rule(linked(tie_break={"id": "t", "prefers": {"x": "a", "y": "b"}, "by": "lot"})), "tie_break: by: not one of"),
    (
        "a tie for another",
        rule(linked(tie_break={"id": "t", "prefers": {"x": "a", "y": "b"}, "by": "people", "tie": "x"})),
        "tie_break: tie; expected a, b",
    ),
    (
        "areas in the tie-break only, without weights",
        rule(linked(tie_break={"id": "t", "prefers": {"x": "a", "y": "b"}, "by": "people-and-areas"})),
        "area_weights: goes with a majority of areas",
    ),
    ("an id twice", rule(proposal(), proposal()), "an id stands twice; got q"),
    ("the id of a group is that of a question", rule(linked() | {"id": "a"}), "an id stands twice; got a"),
    (
        "the tie-break is a proposal",
        rule(linked(tie_break={"id": "a", "prefers": {"x": "a", "y": "b"}, "by": "people"})),
        "twice; got a",
    ),
]


@pytest.mark.parametrize(("value", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(value: Any, message: str) -> None:
    before = copy.deepcopy(value)
    with pytest.raises(errors.RuleInvalid) as caught:
        read_rule(value)
    assert message in caught.value.brief
    assert caught.value.brief.startswith("rule: ")
    assert caught.value.step == "2.11"
    assert value == before


@pytest.mark.parametrize(
    "junk", [None, 0, -1, True, 1.5, "", "x", [], {}, [[]], {"": ""}, "\ud800", 10**100, float("nan")], ids=repr
)
def test_junk_in_any_place_is_refused_or_read_but_never_breaks(junk: Any) -> None:
    for example in EXAMPLES:
        for path in paths(example):
            value = copy.deepcopy(example)
            put(value, path, junk)
            with contextlib.suppress(errors.RuleInvalid):
                assert read_rule(value).items


def paths(value: Any) -> list[tuple[Any, ...]]:
    if not isinstance(value, dict | list):
        return []
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    return [(key, *rest) for key in keys for rest in [(), *paths(value[key])]]


def put(value: Any, path: tuple[Any, ...], what: Any) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = what


# -------------------------------------------------------------------------------- thresholds


@pytest.mark.parametrize(
    ("compare", "needed", "numerator", "denominator", "met"),
    [
        ("more-than", "1/2", 1, 2, False),
        ("more-than", "1/2", 2, 3, True),
        ("more-than", "1/2", 10**40 + 1, 2 * 10**40, True),
        ("more-than", "1/2", 10**40, 2 * 10**40, False),
        ("at-least", "2/3", 2, 3, True),
        ("at-least", "2/3", 2 * 10**30 - 1, 3 * 10**30, False),
        ("at-least", "1", 5, 5, True),
        ("more-than", "0", 0, 5, False),
        ("more-than", "0", 1, 5, True),
        ("at-least", "1/2", 0, 0, False),
        ("more-than", "0", 0, 0, False),
    ],
)
def test_a_threshold_is_exact(compare: str, needed: str, numerator: int, denominator: int, met: bool) -> None:
    assert Needed(Fraction(needed), Comparison(compare)).met(numerator, denominator) is met
