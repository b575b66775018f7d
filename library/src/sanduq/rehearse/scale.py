"""Making figures smaller, always in the same way.

For each area by itself, with a scale S: the ballots are S times the ballots, rounded to the nearest whole number (a half up).
They are shared out among the choices of each question by the method of largest remainders: each choice first gets S times its
votes, rounded down; what is still missing goes one by one to the choices with the largest remainders, among equals to the first
in the order of the question. The electorate is S times the electorate, rounded in the same way, but at least one person;
it is never below the ballots, since rounding keeps their order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from sanduq import errors
from sanduq.rehearse.plan import Plan, PlanArea

_SCALE: Final = re.compile(r"([0-9]{1,12})(?:/([0-9]{1,12})|\.([0-9]{1,12}))?\Z", re.ASCII)


def read_scale(text: str) -> Fraction:
    """A scale as people write it: ``1/1000``, ``0.001``, ``1``. Raises :class:`errors.Unusable` unless it is above 0 and at
    most 1.
    """
    match = _SCALE.match(text)
    if match is None or (match[2] is not None and int(match[2]) == 0):
        raise errors.Unusable(f"not a scale: {text[:40]!r}", hint="write it like 1/1000 or 0.001")
    scale = Fraction(text)
    _check(scale)
    return scale


def _check(scale: Fraction) -> None:
    if not 0 < scale <= 1:
        raise errors.Unusable(f"a scale of {scale}", hint="it must be above 0 and at most 1")


def scale_plan(plan: Plan, scale: Fraction) -> Plan:
    """The plan with all figures scaled, and labelled so; ``scale`` multiplies the one that the plan has."""
    _check(scale)
    return (
        plan if scale == 1 else replace(plan, areas=tuple(_area(area, scale) for area in plan.areas), scale=plan.scale * scale)
    )


def _area(area: PlanArea, scale: Fraction) -> PlanArea:
    ballots = _nearest(area.ballots * scale)
    votes = tuple(share_out(question, scale, ballots) for question in area.votes)
    return replace(area, electorate=max(_nearest(area.electorate * scale), 1), ballots=ballots, votes=votes)


def _nearest(exact: Fraction) -> int:
    return int(exact + Fraction(1, 2))


def share_out(votes: Sequence[int], scale: Fraction, total: int) -> tuple[int, ...]:
    """``scale`` times ``votes`` in whole numbers whose sum is ``total`` (that of the votes, scaled and rounded)."""
    exact = [count * scale for count in votes]
    whole = [int(part) for part in exact]
    by_remainder = sorted(range(len(votes)), key=lambda place: (whole[place] - exact[place], place))
    for place in by_remainder[: total - sum(whole)]:
        whole[place] += 1
    return tuple(whole)
