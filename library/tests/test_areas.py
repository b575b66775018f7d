"""Merging small areas: what comes out is large enough, nobody is lost, and the order of the areas does not matter (2.9)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest

from sanduq import errors
from sanduq.question.areas import REST, Area, Merged, Parent, merge_small

TREE = [Parent("X", "Xland", "LAND"), Parent("Y", "Yland", "LAND"), Parent("LAND", "The land")]


def area(code: str, electorate: int, parent: str | None = "X") -> Area:
    return Area(code, f"Area {code}", parent, electorate)


def sizes(merged: Merged) -> dict[str, int]:
    return {found.code: found.electorate for found in merged.areas}


SCENARIOS: list[tuple[str, list[Area], int, bool, dict[str, int]]] = [
    ("no minimum, nothing merged", [area("1", 0), area("2", 5)], 0, False, {"1": 0, "2": 5}),
    ("all large", [area("1", 10), area("2", 10)], 10, False, {"1": 10, "2": 10}),
    ("exactly the minimum is enough", [area("1", 10), area("2", 9), area("3", 1)], 10, False, {"1": 10, "X-rest": 10}),
    ("small siblings are joined", [area("1", 50), area("2", 6), area("3", 6)], 10, False, {"1": 50, "X-rest": 12}),
    (
        "too small, up",
        [area("1", 50), area("2", 6), area("3", 50, "Y"), area("4", 7, "Y")],
        10,
        False,
        {"1": 50, "3": 50, "LAND-rest": 13},
    ),
    ("too small, absorbs the smallest", [area("1", 50), area("2", 6), area("3", 40)], 10, True, {"1": 50, "X-rest": 46}),
    ("absorbs by code where sizes are equal", [area("1", 40), area("2", 6), area("3", 40)], 10, True, {"3": 40, "X-rest": 46}),
    ("absorbs only if it must", [area("1", 50), area("2", 6), area("3", 6)], 10, True, {"1": 50, "X-rest": 12}),
    ("a whole region is small", [area("1", 4), area("2", 5), area("3", 8, "Y")], 10, True, {"LAND-rest": 17}),
    (
        "a region's rest joins what is small above",
        [area("1", 4), area("2", 20, "LAND"), area("3", 6, "LAND")],
        10,
        False,
        {"2": 20, "LAND-rest": 10},
    ),
    ("large without a parent", [area("1", 40, None), area("2", 40)], 10, False, {"1": 40, "2": 40}),
    ("an area may have its region's code", [area("X", 40), area("2", 4), area("3", 7)], 10, False, {"X": 40, "X-rest": 11}),
    ("no areas", [], 10, False, {}),
]


@pytest.mark.parametrize(
    ("areas", "minimum", "absorb", "expected"), [row[1:] for row in SCENARIOS], ids=[row[0] for row in SCENARIOS]
)
def test_merged(areas: list[Area], minimum: int, absorb: bool, expected: dict[str, int]) -> None:
    assert sizes(merge_small(areas, TREE, minimum, absorb=absorb)) == expected


def test_what_was_merged_can_be_read() -> None:
    merged = merge_small([area("1", 50), area("2", 6), area("3", 50, "Y"), area("4", 7, "Y")], TREE, 10)
    (merge,) = merged.merges
    assert str(merge) == "The land (rest) (LAND-rest, 13) ← Area 2 (2, 6), Area 4 (4, 7); they leave X, Y"
    assert (merge.into.parent, merge.left) == ("LAND", ("X", "Y"))
    stays = merge_small([area("2", 6), area("3", 6)], TREE, 10)
    assert [str(merge) for merge in stays.merges] == ["Xland (X-rest, 12) ← Area 2 (2, 6), Area 3 (3, 6)"]
    assert stays.areas[0].parent == "X"


REFUSED: list[tuple[str, list[Area], list[Parent], str]] = [
    ("no parent", [area("1", 5, None)], TREE, "too small, and no parent to merge into; expected 10; got 1 (5)"),
    ("too small at the top", [area("1", 4), area("2", 5, "Y")], TREE, "got 1 (4) + 2 (5)"),
    ("small beside large at the top", [area("1", 4, "LAND"), area("2", 50, "LAND")], TREE, "got 1 (4)"),
    ("two without a parent are not joined", [area("1", 6, None), area("2", 6, None)], TREE, "got 1 (6); 2 (6)"),
    ("an unknown parent", [area("1", 50, "Z")], TREE, "1: its parent is not known; got Z"),
    ("an unknown grandparent", [area("1", 50)], [Parent("X", "Xland", "Z")], "X: its parent is not known; got Z"),
    ("an area twice", [area("1", 50), area("1", 50)], TREE, "a code stands twice; got 1"),
    ("a parent twice", [], [*TREE, TREE[0]], "a code stands twice; got X"),
    ("its own parent", [area("1", 50)], [Parent("X", "Xland", "X")], "circle; got X"),
    ("a circle", [area("1", 50)], [Parent("X", "X", "Y"), Parent("Y", "Y", "X"), Parent("Z", "Z", "Y")], "circle; got X, Y"),
    ("a negative electorate", [area("1", -5)], TREE, "1: electorate; got -5"),
    (
        "the code of the rest is taken",
        [area("X-rest", 50), area("2", 6), area("3", 6)],
        TREE,
        "the code of a rest is taken; got X-rest",
    ),
]


@pytest.mark.parametrize(("areas", "parents", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(areas: list[Area], parents: list[Parent], message: str) -> None:
    with pytest.raises(errors.SetupAreas) as caught:
        merge_small(areas, parents, 10)
    assert message in str(caught.value)


def test_what_is_too_small_comes_with_a_hint() -> None:
    with pytest.raises(errors.SetupAreas) as caught:
        merge_small([area("1", 5, None)], TREE, 10)
    assert caught.value.hint is not None
    assert "lower the minimum" in caught.value.hint


def a_country(draw: random.Random) -> tuple[list[Area], list[Parent]]:
    parents = [Parent("R", "Root")]
    parents += [Parent(f"P{n}", f"P{n}", draw.choice(parents).code) for n in range(draw.randrange(1, 12))]
    areas = [
        area(f"a{n}", draw.choice([0, 1, 5, 20, 90, 400]), draw.choice(parents).code) for n in range(draw.randrange(1, 40))
    ]
    return areas, parents


def above(code: str | None, parents: Sequence[Parent]) -> set[str]:
    tree = {parent.code: parent.parent for parent in parents}
    found: set[str] = set()
    while code is not None:
        found.add(code)
        code = tree[code]
    return found


@pytest.mark.parametrize("absorb", [False, True])
def test_whatever_the_country(absorb: bool) -> None:
    refused = 0
    for seed in range(300):
        draw = random.Random(seed)
        areas, parents = a_country(draw)
        minimum = draw.choice([0, 1, 10, 50, 100])
        try:
            merged = merge_small(areas, parents, minimum, absorb=absorb)
        except errors.SetupAreas:
            refused += 1
            assert minimum > 0
            if absorb:  # only a country that is too small as a whole, or small areas at the root with no sibling there
                assert all(a.electorate < minimum for a in areas if a.parent == "R")
            continue
        assert all(found.electorate >= minimum for found in merged.areas)
        assert sum(found.electorate for found in merged.areas) == sum(a.electorate for a in areas)
        members = Counter(a.code for merge in merged.merges for a in merge.areas)
        kept = {found.code for found in merged.areas if not found.code.endswith(REST)}
        assert set(members.values()) <= {1}
        assert kept | set(members) == {a.code for a in areas}
        assert not kept & set(members)
        for merge in merged.merges:
            assert len(merge.areas) > 1
            assert all(merge.into.parent in above(a.parent, parents) for a in merge.areas)
            assert absorb or all(a.electorate < minimum for a in merge.areas)
        draw.shuffle(areas)
        draw.shuffle(parents)
        assert merge_small(areas, parents, minimum, absorb=absorb) == merged
        assert merge_small(merged.areas, parents, minimum, absorb=absorb).merges == ()
    assert 5 < refused < 200
