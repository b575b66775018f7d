"""The areas that a register may name: those of the draft, or of the setup when it is frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sanduq_web.console.drafting.api import draft, reading
from sanduq_web.console.office.models import Vote
from sanduq_web.question.api import referendum


@dataclass(frozen=True)
class DraftArea:
    """An area of a draft: its code, its name for officers, how many electors it has (None: not known yet)."""

    code: str
    name: str
    electorate: int | None = None


SOURCES: list[Callable[[Vote], Mapping[str, DraftArea]]] = []
"""Whoever keeps drafts adds a function that gives the areas of a vote's draft by code, or nothing."""


def of_draft(vote: Vote) -> dict[str, DraftArea]:
    """The areas of the commission's draft; none while it cannot be read."""
    plan = reading(draft(vote)).plan
    return {area.code: DraftArea(area.code, area.name, area.electorate) for area in plan.areas} if plan else {}


def areas_of(vote: Vote) -> dict[str, DraftArea]:
    """The areas of a vote by code, in their order; none as long as there is no draft."""
    if vote.referendum_id is not None:
        places = referendum(vote.referendum_id).places.values()
        return {each.code: DraftArea(each.code, each.area.name, each.area.electorate) for each in places}
    for source in SOURCES:
        if found := dict(source(vote)):
            return found
    return {}
