"""Figures made smaller, and ballots made of figures: always the same, and the sums are right."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from plan_files import REHEARSALS, write
from sanduq import errors
from sanduq.count.outcome import decide
from sanduq.rehearse import Plan, read_plan, read_scale, scale_plan
from sanduq.rehearse.patterns import deal
from sanduq.rehearse.scale import share_out

# -------------------------------------------------------------------------------- scale


@pytest.mark.parametrize(
    ("text", "scale"), [("1/1000", "1/1000"), ("0.001", "1/1000"), ("1", "1"), ("2/4", "1/2"), ("1.0", "1")]
)
def test_scales(text: str, scale: str) -> None:
    assert read_scale(text) == Fraction(scale)


@pytest.mark.parametrize(
    "text", ["", "0", "0/5", "1/0", "2", "1.01", "-1/2", "1/-2", "1e-3", "nan", "1 /2", "١/٢", "1/2\n", "9" * 5000, "½"]
)
def test_bad_scales(text: str) -> None:
    with pytest.raises(errors.Unusable):
        read_scale(text)


@pytest.mark.parametrize(
    ("votes", "scale", "total", "expected"),
    [
        ((5, 170, 125), "1/10", 30, (1, 17, 12)),  # ½ and ½: the earlier one
        ((2, 20, 38), "1/10", 6, (0, 2, 4)),
        ((1, 1, 1), "1/3", 1, (1, 0, 0)),
        ((0, 0, 0), "1/3", 0, (0, 0, 0)),
        ((5, 5, 0), "1/2", 5, (3, 2, 0)),
        ((7, 8, 9), "1", 24, (7, 8, 9)),
    ],
)
def test_largest_remainders(votes: tuple[int, ...], scale: str, total: int, expected: tuple[int, ...]) -> None:
    assert share_out(votes, Fraction(scale), total) == expected


def assert_fits(plan: Plan, scaled: Plan, scale: Fraction) -> None:
    for was, now in zip(plan.areas, scaled.areas, strict=True):
        assert abs(now.ballots - was.ballots * scale) <= Fraction(1, 2)
        assert all(sum(question) == now.ballots for question in now.votes)
        assert all(abs(b - a * scale) < 1 for q, r in zip(was.votes, now.votes, strict=True) for a, b in zip(q, r, strict=True))
        assert now.electorate >= max(1, now.ballots)
        assert now.electorate - was.electorate * scale <= 1


@pytest.mark.parametrize("path", REHEARSALS, ids=lambda path: path.stem)
@pytest.mark.parametrize("scale", ["1/3", "1/1000", "1/1000000", "999/1000"])
def test_scaled_figures_fit_each_other(path: Path, scale: str) -> None:
    plan = read_plan(path)
    scaled = read_plan(path, Fraction(scale))
    assert scaled == scale_plan(plan, Fraction(scale))
    assert_fits(plan, scaled, Fraction(scale))
    decide(scaled.rule, scaled.shapes, scaled.tallies())
    assert f"Scaled by {scale}" in scaled.label


def test_scaling_by_one_changes_nothing(tmp_path: Path) -> None:
    plan = read_plan(write(tmp_path))
    assert scale_plan(plan, Fraction(1)) is plan
    for wrong in (Fraction(0), Fraction(-1, 2), Fraction(3, 2)):
        with pytest.raises(errors.Unusable):
            scale_plan(plan, wrong)


# -------------------------------------------------------------------------------- ballots


def test_one_question_needs_no_dealing() -> None:
    assert [(p.choices, p.count) for p in deal("N", [(5, 0, 3)])] == [((0,), 5), ((2,), 3)]
    assert deal("N", [(0, 0, 0)]) == ()


@pytest.mark.parametrize(
    "votes", [((3, 5, 2), (0, 9, 1)), ((1, 2), (3, 0), (0, 3)), ((0, 0), (0, 0)), ((500, 700), (600, 600), (1, 1199))]
)
def test_dealt_ballots_have_the_figures_of_every_question(votes: tuple[tuple[int, ...], ...]) -> None:
    patterns = deal("N", votes)
    for place, question in enumerate(votes):
        found = Counter[int]()
        for pattern in patterns:
            found[pattern.choices[place]] += pattern.count
        assert tuple(found[choice] for choice in range(len(question))) == question
    assert all(pattern.count > 0 for pattern in patterns)


def test_the_same_figures_give_the_same_ballots_everywhere() -> None:
    votes = ((4, 30, 26), (10, 25, 25))
    assert deal("N", votes) == deal("N", votes)
    assert deal("N", votes) != deal("S", votes)
    counts = [[1, 2, 1], [4, 12, 14], [5, 11, 10]]
    assert [(p.choices, p.count) for p in deal("N", votes)] == [((a, b), counts[a][b]) for a in range(3) for b in range(3)]
