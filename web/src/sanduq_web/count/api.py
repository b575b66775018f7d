"""What others ask about the count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanduq_web.count.models import Decided, Proofs, Tally
from sanduq_web.question.api import Frozen, Place


def proofs(place: Place) -> bytes | None:
    """The second proofs that stand beside an area's archive."""
    found = Proofs.objects.filter(area_id=place.id).first()
    return None if found is None else bytes(found.content)


def with_proofs(frozen: Frozen) -> set[str]:
    """The codes of areas that have second proofs."""
    rows = Proofs.objects.filter(area__referendum_id=frozen.anchor)
    return set(rows.values_list("area__code", flat=True))


def tallies(frozen: Frozen) -> Mapping[str, Tally]:
    """What is known of each area's count, by code."""
    rows = Tally.objects.filter(area__referendum_id=frozen.anchor).select_related("area")
    return {row.area.code: row for row in rows}


def outcome(frozen: Frozen) -> dict[str, Any] | None:
    """What was decided, as the library gives it; None before."""
    found = Decided.objects.filter(referendum_id=frozen.anchor).first()
    return None if found is None else dict(found.outcome)
