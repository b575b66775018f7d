"""Tables for people: areas, outcome, steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from rich.table import Table

from sanduq.cli.common import plain
from sanduq.count.outcome import Outcome, percent
from sanduq.count.outcome.types import Condition, Region
from sanduq.question.setup import Setup
from sanduq.watch.record import RecordReport
from sanduq.watch.steps import RECORD_ONLY, STEPS


def number(value: int | Fraction) -> str:
    """With thin groups of three, as the field prints counts; fractions as they are."""
    exact = Fraction(value)
    return f"{exact.numerator:,}".replace(",", " ") if exact.denominator == 1 else f"{exact}"


def areas_table(report: RecordReport) -> Table:
    """One line an area: electorate, ballots, turnout, votes of the questions."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("area", "electorate", "ballots", "turnout"):
        table.add_column(name, justify="left" if name == "area" else "right", overflow="fold")
    setup = report.setup
    for question in setup.questions:
        for name in (["blank"] if question.blank else []) + [answer.id for answer in question.answers]:
            table.add_column(name if len(setup.questions) == 1 else f"{question.id}: {name}", justify="right")
    for area in setup.areas:
        found = report.areas[area.code]
        cells = [plain(f"{area.code} {area.name}"), number(area.electorate)]
        if 0 < found.counted < setup.minimum_ballots:
            # So few could be pointed at. (Whoever has the archive can count them; this table does not do it for them.)
            cells += [f"below {number(setup.minimum_ballots)}", "–"]
        else:
            cells += [number(found.counted), _turnout(found.total_weight, area.electorate)]
        if found.result is not None:
            cells += [number(votes) for row in found.result for votes in row]
        elif area.code in report.uncounted:
            cells.append("too few: uncounted")
        table.add_row(*cells)
    return table


def _turnout(votes: int, electorate: int) -> str:
    return f"{percent(votes, electorate, 1)} %"


def outcome_lines(setup: Setup, outcome: Outcome) -> Iterator[str]:
    """The outcome with every denominator named."""
    language = next(iter(setup.languages))
    yield setup.title[language]
    for region in outcome.regions:
        yield from _region_lines(setup, region, language)
    if outcome.uncounted_could_change:
        yield "NOTE: the ballots that stay uncounted could have changed this"


def _region_lines(setup: Setup, region: Region, language: str) -> Iterator[str]:
    texts = {question.id: question for question in setup.questions}
    if region.code is not None:
        yield f"region {region.code}"
    turnout = percent(region.ballots, region.electorate)
    yield f"  turnout: {number(region.ballots)} of {number(region.electorate)} electors, {turnout} %"
    for question in region.questions:
        asked = texts[question.id]
        yield f"  {asked.text[language]}"
        names = {answer.id: answer.text[language] for answer in asked.answers}
        for answer, votes in question.votes:
            valid = question.totals.valid_votes
            yield f"    {names.get(answer, answer)}: {number(votes)}, {percent(votes, valid)} % of {number(valid)} valid votes"
        if asked.blank:
            yield f"    blank: {number(question.totals.blank)} of {number(question.totals.ballots_cast)} ballots cast"
        for condition in question.conditions:
            yield f"    {_condition(condition)}"
    for area in region.uncounted:
        yield f"  uncounted: area {area.code}, {number(area.ballots)} ballots"
    for decision in region.decisions:
        yield f"  OUTCOME {decision.id}: {decision.sentence}"


def _condition(condition: Condition) -> str:
    met = "met" if condition.met else "not met"
    share = percent(condition.numerator, condition.denominator)
    return (
        f"{condition.condition}: needed {condition.needed}; "
        f"{number(condition.numerator)} of {number(condition.denominator)} ({share} %): {met}"
    )


def step_lines(counts: Mapping[str, int], *, record: bool) -> Iterator[str]:
    """One line for each numbered step that was taken, with how often."""
    for step in STEPS:
        if step.counts in RECORD_ONLY and not record:
            continue
        count = counts.get(step.counts, 0)
        yield f"{step.number:>5}  {'ok' if count else '– '}  {step.sentence}  ({number(count)} {step.counts.rstrip('_')})"
