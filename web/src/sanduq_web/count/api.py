"""What others ask about the count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sanduq import errors
from sanduq.box.journal import Act, Line
from sanduq.count.outcome import AreaTally, Outcome, decide
from sanduq.watch.record import outcome_sha256
from sanduq_web.box import api as box
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
