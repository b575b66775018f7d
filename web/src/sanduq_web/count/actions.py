"""Keeping what was counted: from the report of the library's verifier, never from the record's own words."""

from __future__ import annotations

from sanduq.watch.record import RecordReport
from sanduq_web.count.models import Decided, Proofs, Tally
from sanduq_web.question.api import Frozen, Place


def keep(frozen: Frozen, report: RecordReport) -> None:
    """Keep tallies and outcome of a verified record, within the caller's transaction."""
    for code, area in report.areas.items():
        if area.phase in ("open", "closed"):
            continue
        votes = None if area.result is None else [list(row) for row in area.result]
        values = {"counted": area.counted, "weight": area.total_weight, "owners": sorted(area.decryptions), "votes": votes}
        Tally.objects.update_or_create(area_id=frozen.places[code].id, defaults=values)
    if report.phase == "decided" and report.outcome is not None:
        Decided.objects.update_or_create(referendum_id=frozen.anchor, defaults={"outcome": report.outcome.to_json()})


def keep_proofs(place: Place, content: bytes | None) -> None:
    """Keep the second proofs that stand beside an archive."""
    if content is not None:
        Proofs.objects.update_or_create(area_id=place.id, defaults={"content": content})
