"""Several decisions in one referendum: linked questions, independent ones, each region for itself."""

from __future__ import annotations

import random

import pytest

from rule_makers import AREAS, LINKED_SHAPES, YES_NO, area, linked, proposal, rule, share
from sanduq.count.outcome import ACCEPTED, REJECTED, TIE, AreaTally, Outcome, decide

# -------------------------------------------------------------------------------- linked questions


Y, N, EQ = (0, 6, 4), (0, 4, 6), (0, 5, 5)


@pytest.mark.parametrize(
    ("a", "b", "preference", "tie", "decision"),
    [
        (N, N, (0, 9, 1), "none", REJECTED),
        (Y, N, (0, 1, 9), "none", "a"),  # preferred by none, but the only one accepted
        (N, Y, (0, 9, 1), "none", "b"),
        (Y, Y, (0, 6, 4), "none", "a"),
        (Y, Y, (0, 4, 6), "none", "b"),
        (Y, Y, (9, 0, 1), "none", "b"),  # the blanks of the tie-break do not count
        (Y, Y, EQ, "none", TIE),
        (Y, Y, EQ, "b", "b"),
        (Y, Y, (10, 0, 0), "b", TIE),  # nobody answered: no tie that could be for anybody
        (EQ, Y, (0, 9, 1), "none", "b"),
        (EQ, EQ, EQ, "a", REJECTED),
    ],
)
def test_linked(a: tuple[int, ...], b: tuple[int, ...], preference: tuple[int, ...], tie: str, decision: str) -> None:
    outcome = decide(rule(linked({"tie": tie})), LINKED_SHAPES, [area("N", 20, a, b, preference)])
    assert outcome.region().decision("g") == decision
    assert [question.id for question in outcome.region().questions] == ["a", "b", "t"]


def tie_break(*preferences: tuple[int, int], weights: dict[str, str] | None = None, tie: str = "none") -> Outcome:
    tallies = [AreaTally(f"N{n}", None, 1000, 1000, ((0, 1000, 0), (0, 1000, 0), (0, *p))) for n, p in enumerate(preferences)]
    more = {"level": "areas"} | ({} if weights is None else {"weights": weights})
    return decide(
        rule(linked({"by": "people-and-areas", "tie": tie}, area_majority=AREAS), area_weights=more), LINKED_SHAPES, tallies
    )


@pytest.mark.parametrize(
    ("preferences", "weights", "tie", "decision"),
    [
        # people 60 % for a, areas 1 : 2 for b; sums 0.6 + 1/3 against 0.4 + 2/3
        ([(500, 0), (40, 180), (40, 200)], None, "none", "b"),
        # people 76 % for a, areas 1 : 2 for b; the sums are 0.76 + 1/3 and 0.24 + 2/3
        ([(700, 0), (30, 110), (30, 130)], None, "none", "a"),
        # people 2 : 1 for a, areas 1 : 2 for b: the sums are equal, 1 and 1
        ([(600, 0), (0, 150), (0, 150)], None, "none", TIE),
        ([(600, 0), (0, 150), (0, 150)], None, "a", "a"),
        # people equal: the areas decide; areas equal: the people decide
        ([(100, 0), (0, 50), (0, 50)], None, "none", "b"),
        ([(100, 0), (0, 50)], None, "none", "a"),
        # a tied area goes to neither
        ([(100, 0), (50, 50), (0, 90)], None, "none", "a"),
        # weights: the first area counts one half
        ([(100, 0), (0, 99)], {"N0": "1/2", "N1": "1"}, "none", "b"),
        ([(0, 0), (0, 0)], None, "a", TIE),
    ],
)
def test_the_sum_of_shares(preferences: list[tuple[int, int]], weights: dict[str, str] | None, tie: str, decision: str) -> None:
    outcome = tie_break(*preferences, weights=weights, tie=tie)
    assert outcome.region().decision("g") == decision


def test_who_leads_with_people_and_areas_has_the_greater_sum() -> None:
    draw = random.Random(1)
    for _ in range(200):
        preferences = [(draw.randrange(300), draw.randrange(300)) for _ in range(draw.randrange(1, 5))]
        people = sum(x - y for x, y in preferences)
        areas = sum((x > y) - (x < y) for x, y in preferences)
        if people * areas > 0:
            assert tie_break(*preferences).region().decision("g") == ("a" if people > 0 else "b")


# -------------------------------------------------------------------------------- several, and each for itself


def test_independent_questions_decide_each_by_its_own_rule() -> None:
    both = rule(proposal("a"), proposal("b", share=share("valid-votes", "at-least", "2/3")))
    region = decide(both, LINKED_SHAPES[:2], [area("N", 20, (0, 6, 4), (1, 5, 4))]).region()
    assert (region.decision("a"), region.decision("b")) == (ACCEPTED, REJECTED)


def test_each_region_for_itself() -> None:
    tallies = [
        area("1", 9, (0, 5, 0), parent="X"),
        area("2", 9, (0, 0, 4), parent="X"),
        area("3", 9, (0, 3, 4), parent="Y"),
        area("4", 9, (1, 0, 0), parent="Z"),
    ]
    outcome = decide(rule(proposal(), decides="each", regions="parents"), [YES_NO], tallies)
    assert [(r.code, r.electorate, r.ballots, r.decision("q")) for r in outcome.regions] == [
        ("X", 18, 9, ACCEPTED),
        ("Y", 9, 7, REJECTED),
        ("Z", 9, 1, REJECTED),
    ]
    by_area = decide(rule(proposal(), decides="each", regions="areas"), [YES_NO], tallies)
    assert [by_area.region(code).decision("q") for code in "1234"] == [ACCEPTED, REJECTED, REJECTED, REJECTED]


def test_areas_count_within_their_region() -> None:
    each = rule(proposal(area_majority=AREAS), decides="each", regions="parents", area_weights={"level": "areas"})
    tallies = [area("1", 9, (0, 8, 0), parent="X"), area("2", 9, (0, 0, 4), parent="X"), area("3", 9, (0, 8, 0), parent="Y")]
    outcome = decide(each, [YES_NO], tallies)
    assert [r.decision("q") for r in outcome.regions] == [REJECTED, ACCEPTED]
    assert outcome.region("X").question("q").conditions[1].denominator == 2
