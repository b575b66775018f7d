"""What others ask about a draft: its plan, its problems, its areas."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sanduq import errors
from sanduq.rehearse.plan import Plan
from sanduq.rehearse.reading import draft_of
from sanduq_web.console.drafting.models import Draft
from sanduq_web.console.office.models import Vote


@dataclass(frozen=True)
class Reading:
    """A draft as the library reads it: its plan, or what is wrong with it, a line each."""

    plan: Plan | None
    problems: tuple[str, ...]


def draft(vote: Vote) -> Draft:
    """The draft of a vote; an empty one where nothing was saved yet."""
    return Draft.objects.filter(vote=vote).first() or Draft(vote=vote, content={})


def values(found: Draft) -> dict[str, Any]:
    """Its content with all that the format wants of every draft."""
    return {"format": 1, **found.content}


@lru_cache(maxsize=32)
def _read(vote: str, revision: int, made: tuple[str, bytes]) -> Reading:
    import json

    content, areas = made
    try:
        return Reading(draft_of(json.loads(content), areas), ())
    except errors.Unusable as refusal:
        return Reading(None, tuple(str(refusal).splitlines()))


def reading(found: Draft) -> Reading:
    """What the library says of a draft, asked once for each revision."""
    import json

    return _read(str(found.vote_id), found.revision, (json.dumps(values(found), sort_keys=True), bytes(found.areas)))


def area_codes(vote: Vote) -> list[str]:
    """The codes of the draft's areas, in their order; none while the draft cannot be read."""
    plan = reading(draft(vote)).plan
    return [area.code for area in plan.areas] if plan else []
