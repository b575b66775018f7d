"""Annulled areas leave every sum and every denominator, and nothing else changes."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rule_makers import AREAS, LINKED_SHAPES, YES_NO, area, linked, proposal, rule, share, uncounted
from sanduq import errors
from sanduq.count.outcome import ACCEPTED, REJECTED, AreaTally, decide, decide_without

SHAPES = [YES_NO]
# Blank, yes, no.
TALLIES = [
    area("A", 100, (0, 60, 0), parent="north"),
    area("B", 100, (5, 10, 30), parent="north"),
    area("C", 100, (0, 10, 35), parent="south"),
]


def test_nothing_annulled_is_the_outcome_as_counted() -> None:
    assert decide_without(rule(proposal()), SHAPES, TALLIES, ()) == decide(rule(proposal()), SHAPES, TALLIES)


def test_an_annulled_area_turns_the_decision() -> None:
    counted = decide(rule(proposal()), SHAPES, TALLIES).region()
    left = decide_without(rule(proposal()), SHAPES, TALLIES, {"A"})
    assert left is not None
    assert (counted.decision("q"), left.region().decision("q")) == (ACCEPTED, REJECTED)
    totals = left.region().question("q").totals
    assert (totals.electorate, totals.ballots_cast, totals.valid_votes, totals.blank) == (200, 90, 85, 5)
    assert (left.region().electorate, left.region().ballots) == (200, 90)


def test_a_quorum_is_of_the_electorate_that_is_left() -> None:
    asked = rule(proposal(turnout={"compare": "at-least", "needed": "1/2"}))
    tallies = [area("A", 1000, (0, 10, 0)), area("B", 100, (0, 40, 10))]
    assert decide(asked, SHAPES, tallies).region().decision("q") == REJECTED
    left = decide_without(asked, SHAPES, tallies, ["A"])
    assert left is not None and left.region().decision("q") == ACCEPTED
    turnout = next(c for c in left.region().question("q").conditions if c.kind == "turnout")
    assert (turnout.numerator, turnout.denominator) == (50, 100)


def test_a_majority_of_areas_is_of_those_that_are_left_with_their_weights() -> None:
    weights = {"level": "areas", "weights": {"A": "1/2", "B": "1", "C": "1"}}
    asked = rule(proposal(area_majority=AREAS), area_weights=weights)
    left = decide_without(asked, SHAPES, TALLIES, {"C"})
    assert left is not None
    majority = next(c for c in left.region().question("q").conditions if c.kind == "area_majority")
    assert (majority.numerator, majority.denominator) == (Fraction(1, 2), Fraction(3, 2))


def test_a_region_stays_with_its_weight_until_its_last_area_is_annulled() -> None:
    weights = {"level": "parents", "weights": {"north": "1", "south": "1/2"}}
    asked = rule(proposal(area_majority=AREAS), area_weights=weights)

    def whole(annulled: set[str]) -> Fraction:
        left = decide_without(asked, SHAPES, TALLIES, annulled)
        assert left is not None
        return next(c for c in left.region().question("q").conditions if c.kind == "area_majority").denominator

    assert [whole(codes) for codes in ({"A"}, {"A", "B"}, {"C"})] == [Fraction(3, 2), Fraction(1, 2), 1]


def test_a_region_that_decides_for_itself_and_is_annulled_is_not_in_the_outcome() -> None:
    asked = rule(proposal(), decides="each", regions="parents")
    left = decide_without(asked, SHAPES, TALLIES, {"C"})
    assert left is not None and [region.code for region in left.regions] == ["north"]
    assert left.region("north") == decide(asked, SHAPES, TALLIES).region("north")


def test_nothing_is_left() -> None:
    assert decide_without(rule(proposal()), SHAPES, TALLIES, {"A", "B", "C"}) is None


def test_an_area_that_is_not_there() -> None:
    with pytest.raises(errors.SetupAreas, match="D, E"):
        decide_without(rule(proposal()), SHAPES, TALLIES, {"A", "E", "D"})


def test_an_uncounted_area_is_annulled() -> None:
    tallies = [*TALLIES, uncounted("D", 100, 30)]
    asked = rule(proposal(share=share("electorate", "more-than", "1/2")))
    left = decide_without(asked, SHAPES, tallies, {"D"})
    assert left is not None and left == decide(asked, SHAPES, TALLIES) and not left.uncounted_could_change


def test_linked_proposals_with_areas() -> None:
    def votes(code: str, prefers: tuple[int, int, int]) -> AreaTally:
        return area(code, 100, (0, 30, 10), (0, 30, 10), prefers)

    asked = rule(linked({"by": "people-and-areas"}), area_weights={"level": "areas"})
    tallies = [votes("A", (0, 39, 1)), votes("B", (0, 10, 30)), votes("C", (0, 10, 30))]
    left = decide_without(asked, LINKED_SHAPES, tallies, {"B", "C"})
    assert left is not None and left.region().decision("g") == "a"
    assert left == decide(asked, LINKED_SHAPES, tallies[:1])
