"""What others ask about the count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sanduq import errors
from sanduq.box.journal import Act, Line
from sanduq.count.outcome import AreaTally, Outcome, decide, decide_without
from sanduq.watch.record import outcome_sha256
from sanduq_web.box import api as box
from sanduq_web.count.models import Annulment, Decided, Proofs, Tally
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


@dataclass(frozen=True, eq=False)
class Result:
    """What was decided, with the tallies that it rests on, in the setup's order; ``time`` is when, by the journal."""

    outcome: Outcome
    tallies: tuple[AreaTally, ...]
    time: str


def result(frozen: Frozen) -> Result | None:
    """The result; None before there is one."""
    return _result(frozen) if Decided.objects.filter(referendum_id=frozen.anchor).exists() else None


@lru_cache(maxsize=16)
def _result(frozen: Frozen) -> Result:
    """The rule applied to the verified tallies: what is decided never changes. It is what the journal commits to (8.11)."""
    rows = tallies(frozen)
    found = tuple(_tally(place, rows[code]) for code, place in frozen.places.items())
    outcome = decide(frozen.setup.rule, frozen.setup.shapes, found)
    line = _decided(box.journal(frozen.anchor))
    expected, got = line.details.get("outcome_sha256"), outcome_sha256(outcome)
    errors.require(errors.JournalMismatch, got == expected, "outcome", expected=expected, got=got)
    return Result(outcome, found, line.time)


def _decided(journal: list[Line]) -> Line:
    return next(line for line in journal if line.act is Act.DECIDED)


def _tally(place: Place, row: Tally) -> AreaTally:
    votes = None if row.votes is None else tuple(tuple(votes) for votes in row.votes)
    return AreaTally(place.code, place.area.parent, place.area.electorate, row.weight, votes)


# --- areas whose vote is annulled -------------------------------------------------------------------------------------------


def annulled_in(anchor: str, case: int) -> tuple[str, ...]:
    """The codes of the areas that are annulled in a case now."""
    row = Annulment.objects.filter(referendum_id=anchor, case=case).order_by("-pk").values_list("codes", flat=True).first()
    return tuple(row or ())


def annulled(frozen: Frozen) -> dict[str, tuple[int, ...]]:
    """The areas whose vote is annulled now, in the setup's order, each with the numbers of the cases."""
    last: dict[int, list[str]] = {}
    for case, codes in Annulment.objects.filter(referendum_id=frozen.anchor).order_by("pk").values_list("case", "codes"):
        last[case] = codes
    found = {code: tuple(sorted(case for case, codes in last.items() if code in codes)) for code in frozen.places}
    return {code: cases for code, cases in found.items() if cases}


@dataclass(frozen=True, eq=False)
class Without:
    """The result without the annulled areas: beside the one that was counted, never in its place. ``result`` None: nothing is
    left to decide. ``regions``: codes of regions that decide for themselves and have no area left.
    """

    codes: tuple[str, ...]
    result: Result | None
    regions: tuple[str, ...]


def without_annulled(frozen: Frozen) -> Without | None:
    """The result with annulled areas left out; None where there is no result, or nothing is annulled."""
    found, codes = result(frozen), tuple(annulled(frozen))
    return _without(frozen, found, codes) if found is not None and codes else None


@lru_cache(maxsize=16)
def _without(frozen: Frozen, found: Result, codes: tuple[str, ...]) -> Without:
    left = decide_without(frozen.setup.rule, frozen.setup.shapes, found.tallies, codes)
    if left is None:
        return Without(codes, None, ())
    there = {region.code for region in left.regions}
    gone = tuple(str(region.code) for region in found.outcome.regions if region.code not in there)
    tallies = tuple(tally for tally in found.tallies if tally.code not in codes)
    return Without(codes, Result(left, tallies, found.time), gone)
