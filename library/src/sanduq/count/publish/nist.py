"""A result as an election report of NIST SP 1500-100, version 2, in JSON.

Counting areas, regions and the whole are reporting units; each question is a ballot measure; blank votes are *undervotes*.
Areas that stay uncounted say so (``not-processed``) and have no votes: their ballots are in no sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sanduq.count.outcome import AreaTally, Outcome
from sanduq.question.setup import Asked, Setup

STATUSES: Final = ("unofficial-complete", "certified", "recount", "correction")
"""What a report may be called; it is certified only if whoever is entitled to has certified it."""

_WHOLE: Final = "unit-whole"
_NAMESPACE: Final = "ElectionResults."

Value = dict[str, Any]


def nist_report(
    setup: Setup,
    tallies: Sequence[AreaTally],
    outcome: Outcome,
    *,
    generated: str,
    application: str,
    status: str = "unofficial-complete",
) -> Value:
    """The report as a JSON value. ``generated`` is a time in UTC, ISO 8601; ``application`` names the program and its version.

    Raises :class:`ValueError` for a status that is none of :data:`STATUSES`.
    """
    if status not in STATUSES:
        raise ValueError(f"no status of a report: {status}")
    return _typed(
        "ElectionReport",
        Format="precinct-level",
        GeneratedDate=generated,
        Issuer=setup.commission,
        IssuerAbbreviation=setup.commission,
        SequenceStart=1,
        SequenceEnd=1,
        Status=status,
        VendorApplicationId=application,
        Notes=_notes(setup, outcome),
        GpUnit=_units(setup, tallies),
        Election=[_election(setup, tallies)],
    )


def _typed(kind: str, **fields: Any) -> Value:
    """An object of the schema. ``@id`` is written as ``id_``."""
    names = {"id_": "@id"}
    return {"@type": _NAMESPACE + kind} | {names.get(name, name): value for name, value in fields.items()}


def _texts(by_language: Mapping[str, str]) -> Value:
    texts = [_typed("LanguageString", Language=language, Content=text) for language, text in by_language.items()]
    return _typed("InternationalizedText", Text=texts)


def _notes(setup: Setup, outcome: Outcome) -> str:
    """The decisions in words, which the schema has no place for, and what the report rests on."""
    decisions = [
        f"{f'{region.code}: ' if region.code else ''}{decision.id}: {decision.sentence}"
        for region in outcome.regions
        for decision in region.decisions
    ]
    return "; ".join([*decisions, f"anchor {setup.anchor}"])


def _region_id(code: str) -> str:
    return f"unit-region-{code}"


def _area_id(code: str) -> str:
    return f"unit-area-{code}"


def _units(setup: Setup, tallies: Sequence[AreaTally]) -> list[Value]:
    """The whole, then regions, then areas."""
    language = next(iter(setup.languages))
    children: dict[str | None, list[str]] = {}
    for region in setup.regions:
        children.setdefault(region.parent, []).append(_region_id(region.code))
    for area in setup.areas:
        children.setdefault(area.parent, []).append(_area_id(area.code))
    whole = _unit(_WHOLE, "whole", setup.title, sum(t.electorate for t in tallies), sum(t.ballots for t in tallies))
    whole |= {
        "ComposingGpUnitIds": children.get(None, []),
        "TotalSubUnits": len(tallies),
        "SubUnitsReported": sum(tally.questions is not None for tally in tallies),
    }
    regions = [
        _typed(
            "ReportingUnit",
            id_=_region_id(region.code),
            Type="other",
            OtherType="region",
            Name=_texts({language: region.name}),
            ComposingGpUnitIds=children.get(region.code, []),
        )
        for region in setup.regions
    ]
    names = {area.code: area for area in setup.areas}
    areas = []
    for tally in tallies:
        own = names[tally.code]
        unit = _unit(_area_id(tally.code), "counting area", {own.language: own.name}, tally.electorate, tally.ballots)
        state = "not-processed" if tally.questions is None else "completed"
        areas.append(unit | {"CountStatus": [_typed("CountStatus", Type="total", Status=state)]})
    return [whole, *regions, *areas]


def _unit(name: str, kind: str, texts: Mapping[str, str], electorate: int, ballots: int) -> Value:
    return _typed(
        "ReportingUnit",
        id_=name,
        Type="other",
        OtherType=kind,
        Name=_texts(texts),
        VotersRegistered=electorate,
        VotersParticipated=ballots,
    )


def _election(setup: Setup, tallies: Sequence[AreaTally]) -> Value:
    return _typed(
        "Election",
        Name=_texts(setup.title),
        Type="other",
        OtherType="referendum",
        StartDate=setup.calendar.opens[:10],
        EndDate=setup.calendar.closes[:10],
        ElectionScopeId=_WHOLE,
        BallotCounts=[
            _typed("BallotCounts", GpUnitId=unit, Type="total", BallotsCast=ballots)
            for unit, ballots in [
                (_WHOLE, sum(tally.ballots for tally in tallies)),
                *((_area_id(tally.code), tally.ballots) for tally in tallies),
            ]
        ],
        Contest=[_contest(setup, index, question, tallies) for index, question in enumerate(setup.questions)],
    )


def _contest(setup: Setup, index: int, question: Asked, tallies: Sequence[AreaTally]) -> Value:
    rows = {_area_id(tally.code): tally.questions[index] for tally in tallies if tally.questions is not None}
    rows = {_WHOLE: tuple(map(sum, zip(*rows.values(), strict=True)))} | rows if rows else {}
    first = 1 if question.blank else 0
    language = next(iter(setup.languages))
    contest = _typed(
        "BallotMeasureContest",
        id_=f"contest-{question.id}",
        Name=question.text[language],
        BallotTitle=_texts(question.text),
        Type="referendum",
        ElectionDistrictId=_WHOLE,
        SequenceOrder=index + 1,
        ContestSelection=[
            _typed(
                "BallotMeasureSelection",
                id_=f"selection-{question.id}-{answer.id}",
                Selection=_texts(answer.text),
                SequenceOrder=place + 1,
                VoteCounts=[
                    _typed("VoteCounts", GpUnitId=unit, Type="total", Count=row[first + place]) for unit, row in rows.items()
                ],
            )
            for place, answer in enumerate(question.answers)
        ],
    )
    if question.blank:
        contest["OtherCounts"] = [_typed("OtherCounts", GpUnitId=unit, Undervotes=row[0]) for unit, row in rows.items()]
    return contest
