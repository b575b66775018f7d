"""Saving a draft, section by section; merging small areas; boundaries."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.rehearse.plan import merge_plan
from sanduq_web.console.drafting.api import reading
from sanduq_web.console.drafting.models import Draft, Revision
from sanduq_web.console.office.actions import write_down
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Vote
from sanduq_web.drawing import read_boundaries
from sanduq_web.drawing.geojson import as_topology
from sanduq_web.question.actions import check_credits

LARGEST: Final = 1 << 20
"""Bytes of a draft's content as JSON."""


@transaction.atomic
def save(desk: Desk, section: str, changed: Mapping[str, Any], revision: int, areas: bytes | None = None) -> Draft:
    """Put ``changed`` in the place of what stood there. ``revision`` is that from which the changes were made: raises
    :class:`sanduq.errors.Unusable` if somebody has saved another one since, and for a vote that is frozen. None removes a
    field.
    """
    vote = _unfrozen(desk)
    found = Draft.objects.select_for_update().filter(vote=vote).first() or Draft(vote=vote, content={})
    if found.revision != revision:
        hint = "what you typed is still here: open the draft in another tab, and compare"
        raise errors.Unusable("somebody else has saved this draft meanwhile", hint=hint)
    content = {name: value for name, value in {**found.content, **changed}.items() if value is not None}
    if len(json.dumps(content)) > LARGEST:
        raise errors.Unusable(f"the texts are longer than {LARGEST >> 20} MiB together")
    found.content, found.revision = content, revision + 1
    if areas is not None:
        found.areas = areas
    found.save()
    Revision.objects.create(
        draft=found, number=found.revision, section=section, content=content, by=desk.post,
        areas_sha256=sha256_hex(bytes(found.areas)),
    )  # fmt: skip
    write_down(desk, "draft-saved", {"revision": found.revision, "section": section})
    return found


def _unfrozen(desk: Desk) -> Vote:
    vote = Vote.objects.select_for_update().get(pk=desk.of.pk)
    if vote.referendum_id is not None:
        raise errors.Unusable("this vote is frozen: its texts, areas and rule do not change any more")
    return vote


@transaction.atomic
def keep_boundaries(desk: Desk, data: bytes | None, texts: list[str]) -> None:
    """Boundaries (checked; None: as before) and credits. Raises :class:`sanduq.errors.Unusable` for what is none."""
    vote = _unfrozen(desk)
    check_credits(texts)
    if data is not None:
        data = as_topology(data)
        read_boundaries(data)
    found, _ = Draft.objects.select_for_update().get_or_create(vote=vote)
    if data is not None:
        found.boundaries = data
    found.credits = texts
    found.save()
    write_down(desk, "boundaries-saved", {"sha256": sha256_hex(bytes(found.boundaries)), "credits": len(texts)})


def merged_areas(found: Draft, *, absorb: bool) -> tuple[bytes, list[str]]:
    """The areas with those below the minimum merged, as CSV, and what was merged, a line each."""
    plan = reading(found).plan
    if plan is None:
        raise errors.Unusable("the draft has problems: mend them first")
    after, merged = merge_plan(plan, absorb=absorb)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    languages = any(area.language for area in after.areas)
    writer.writerow(["code", "name", "parent", "electorate", *(["language"] if languages else [])])
    for area in after.areas:
        own = [area.language or plan.languages[0]] if languages else []
        writer.writerow([area.code, area.name, area.parent or "", area.electorate, *own])
    return out.getvalue().encode(), [str(merge) for merge in merged.merges]
