"""Merging small areas before opening: a count of few votes betrays them (DESIGN, "What decides").

The rule, from the leaves of the tree upwards: the areas under one parent that are below the minimum are joined to one area of
that parent, called *rest*. A rest that is still below the minimum moves up and is joined with the small ones under the next
parent. At the top, where there is no parent, it is refused, with what may help.

A rest that moves up leaves its region, and if regions decide for themselves, or areas count, its votes then count elsewhere.
Who does not want that says ``absorb``: a rest that is too small first takes along the smallest of its siblings, and moves up
only if it has none.

The result depends on the set of areas only, not on their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from sanduq import errors

REST: Final = "-rest"
"""What is added to the code of a parent for the code of its rest."""


@dataclass(frozen=True)
class Area:
    """A counting area. ``electorate`` is the number of people who may vote; ``parent`` the code of its region, if any."""

    code: str
    name: str
    parent: str | None
    electorate: int


@dataclass(frozen=True)
class Parent:
    """A node above the counting areas: a region, a country. It may have the code of a counting area."""

    code: str
    name: str
    parent: str | None = None


@dataclass(frozen=True)
class Merge:
    """Areas that became one. ``left`` are the regions that some of them left by that."""

    into: Area
    areas: tuple[Area, ...]
    left: tuple[str, ...]

    def __str__(self) -> str:
        names = ", ".join(f"{area.name} ({area.code}, {area.electorate})" for area in self.areas)
        tail = f"; they leave {', '.join(self.left)}" if self.left else ""
        return f"{self.into.name} ({self.into.code}, {self.into.electorate}) ← {names}{tail}"


@dataclass(frozen=True)
class Merged:
    """The areas that will be counted, by code, and what was merged, by the code of the new area. ``str`` of a merge is for
    people.
    """

    areas: tuple[Area, ...]
    merges: tuple[Merge, ...]


def merge_small(areas: Iterable[Area], parents: Iterable[Parent], minimum: int, *, absorb: bool = False) -> Merged:
    """Areas of at least ``minimum`` people each; no area's people are lost or counted twice.

    ``parents`` is the tree above the areas. Raises :class:`errors.SetupAreas` (2.9) if the tree is none, or if what is too
    small at the top cannot be merged.
    """
    given, tree = _by_code(areas, parents)
    groups: dict[str | None, list[_Group]] = {code: [] for code in (None, *tree)}
    for area in given:
        groups[area.parent].append((area,))
    for code in _from_below(tree):
        kept, rest = _join(groups[code], minimum, absorb=absorb)
        large = _size(rest) >= minimum
        groups[code] = [*kept, rest] if rest and large else kept
        if rest and not large:
            groups[tree[code].parent].append(rest)
    _require_large(groups[None], minimum)
    return _finish(groups, tree)


_Group: TypeAlias = tuple[Area, ...]


def _size(group: _Group) -> int:
    return sum(area.electorate for area in group)


def _by_code(areas: Iterable[Area], parents: Iterable[Parent]) -> tuple[tuple[Area, ...], dict[str, Parent]]:
    given, above = sorted(areas, key=lambda area: area.code), list(parents)
    for codes in ([area.code for area in given], [parent.code for parent in above]):
        twice = sorted({code for code, times in Counter(codes).items() if times > 1})
        errors.require(errors.SetupAreas, not twice, "a code stands twice", got=", ".join(twice))
    tree = {parent.code: parent for parent in above}
    links = [(area.code, area.parent) for area in given] + [(parent.code, parent.parent) for parent in above]
    for code, parent in links:
        known = parent is None or parent in tree
        errors.require(errors.SetupAreas, known, f"{code}: its parent is not known", got=parent)
    for area in given:
        errors.require(errors.SetupAreas, area.electorate >= 0, f"{area.code}: electorate", got=area.electorate)
    return tuple(given), tree


def _from_below(tree: Mapping[str, Parent]) -> list[str]:
    """The parents, children before their own parents; refuses a circle."""
    waiting = Counter(parent.parent for parent in tree.values() if parent.parent is not None)
    ready, order = sorted(code for code in tree if not waiting[code]), []
    while ready:
        order.append(ready.pop())
        above = tree[order[-1]].parent
        if above is not None:
            waiting[above] -= 1
            if not waiting[above]:
                ready.append(above)
    circle = sorted(set(tree) - set(order))
    errors.require(errors.SetupAreas, not circle, "parents go round in a circle", got=", ".join(circle))
    return order


def _join(groups: list[_Group], minimum: int, *, absorb: bool) -> tuple[list[_Group], _Group]:
    """The groups that stay as they are, and the rest (empty if none is small)."""
    small = [group for group in groups if _size(group) < minimum]
    kept = sorted((group for group in groups if _size(group) >= minimum), key=lambda group: (_size(group), group[0].code))
    rest = tuple(area for group in small for area in group)
    if absorb and rest and kept and _size(rest) < minimum:
        rest += kept.pop(0)
    return kept, tuple(sorted(rest, key=lambda area: area.code))


def _require_large(groups: list[_Group], minimum: int) -> None:
    small = [group for group in groups if _size(group) < minimum]
    names = "; ".join(" + ".join(f"{area.code} ({area.electorate})" for area in group) for group in small)
    hint = "give these areas a parent, lower the minimum, let the rest absorb a sibling, or merge them by hand with a neighbour"
    errors.require(
        errors.SetupAreas, not small, "too small, and no parent to merge into", expected=minimum, got=names, hint=hint
    )


def _finish(groups: Mapping[str | None, list[_Group]], tree: Mapping[str, Parent]) -> Merged:
    areas: list[Area] = []
    merges: list[Merge] = []
    for code in groups:
        for group in groups[code]:
            if code is None or len(group) == 1:
                areas += group
                continue
            name = tree[code].name if _is_whole(code, groups, tree) else f"{tree[code].name} (rest)"
            into = Area(code + REST, name, code, _size(group))
            left = {area.parent for area in group if area.parent is not None} - {code}
            merges.append(Merge(into, group, tuple(sorted(left))))
    areas += [merge.into for merge in merges]
    twice = sorted(code for code, times in Counter(area.code for area in areas).items() if times > 1)
    errors.require(errors.SetupAreas, not twice, "the code of a rest is taken", got=", ".join(twice))
    return Merged(tuple(sorted(areas, key=lambda area: area.code)), tuple(sorted(merges, key=lambda merge: merge.into.code)))


def _is_whole(code: str, groups: Mapping[str | None, list[_Group]], tree: Mapping[str, Parent]) -> bool:
    """Whether the one group of a parent is all that there is below it: then it needs no other name."""

    def below(other: str | None) -> bool:
        while other is not None and other != code:
            other = tree[other].parent
        return other == code

    return len(groups[code]) == 1 and not any(groups[other] for other in groups if other != code and below(other))
