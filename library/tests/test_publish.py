"""A result for others: CSV that adds up, and a report that the schema of NIST SP 1500-100 accepts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from rehearsed import NAMES, REHEARSALS, rehearsed
from sanduq.count.outcome import AreaTally, Outcome, decide
from sanduq.count.publish import COLUMNS, STATUSES, nist_report, tidy_csv
from sanduq.question.setup import Setup
from sanduq.rehearse import read_plan

HERE = Path(__file__).resolve().parent
SCHEMA = jsonschema_rs.Draft4Validator(json.loads((HERE / "schemas/nist-sp-1500-100-v2.json").read_text("utf-8")))


def _report(setup: Setup, tallies: list[AreaTally], **more: Any) -> dict[str, Any]:
    return nist_report(setup, tallies, _outcome(setup, tallies), generated="2030-01-01T00:00:00Z", application="t 1", **more)


def _outcome(setup: Setup, tallies: list[AreaTally]) -> Outcome:
    return decide(setup.rule, setup.shapes, tallies)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(inner)


def _uncounted(tallies: list[AreaTally]) -> list[AreaTally]:
    return [replace(tallies[0], questions=None), *tallies[1:]]


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_accepts_it(name: str) -> None:
    setup, tallies = rehearsed(name)
    for given in (tallies, _uncounted(tallies), [replace(tally, questions=None) for tally in tallies]):
        report = _report(setup, given)
        assert [error.message for error in SCHEMA.iter_errors(report)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_reference_leads_somewhere_and_no_name_is_there_twice(name: str) -> None:
    report = _report(*rehearsed(name))
    names = [item["@id"] for item in _objects(report) if "@id" in item]
    assert len(names) == len(set(names))
    wanted = {
        item[key] for item in _objects(report) for key in ("GpUnitId", "ElectionDistrictId", "ElectionScopeId") if key in item
    }
    wanted |= {name for item in _objects(report) for name in item.get("ComposingGpUnitIds", ())}
    assert wanted <= set(names)


@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_are_the_published_ones(name: str) -> None:
    setup, tallies = rehearsed(name)
    published = read_plan(REHEARSALS / f"{name}.toml").published
    assert published is not None
    contests = {contest["@id"]: contest for contest in _report(setup, tallies)["Election"][0]["Contest"]}
    for question in published.questions:
        got = {
            choice["@id"].removeprefix(f"selection-{question.id}-"): next(
                count["Count"] for count in choice["VoteCounts"] if count["GpUnitId"] == "unit-whole"
            )
            for choice in contests[f"contest-{question.id}"]["ContestSelection"]
        }
        assert got == dict(question.votes)


def test_regions_hold_their_areas() -> None:
    units = {unit["@id"]: unit for unit in _report(*rehearsed("uk2016"))["GpUnit"]}
    regions = [unit for unit in units.values() if unit.get("OtherType") == "region"]
    inside = [name for region in regions for name in region["ComposingGpUnitIds"]]
    assert (len(regions), len(inside), len(set(inside))) == (12, 382, 382)
    assert sorted(units["unit-whole"]["ComposingGpUnitIds"]) == sorted(region["@id"] for region in regions)


def test_an_uncounted_area_says_so_and_has_no_votes() -> None:
    setup, tallies = rehearsed("swiss-636")
    code = tallies[0].code
    report = _report(setup, _uncounted(tallies))
    states = {unit["@id"]: unit["CountStatus"][0]["Status"] for unit in report["GpUnit"] if "CountStatus" in unit}
    assert states.pop(f"unit-area-{code}") == "not-processed"
    assert set(states.values()) == {"completed"}
    counted = [item for item in _objects(report["Election"][0]["Contest"]) if item.get("GpUnitId") == f"unit-area-{code}"]
    assert counted == []
    rows = [row for row in csv.DictReader(io.StringIO(tidy_csv(setup, _uncounted(tallies)))) if row["area"] == code]
    assert {(row["counted"], row["votes"]) for row in rows} == {("no", "")}


@pytest.mark.parametrize("name", NAMES)
def test_the_csv_adds_up(name: str) -> None:
    setup, tallies = rehearsed(name)
    rows = list(csv.DictReader(io.StringIO(tidy_csv(setup, tallies))))
    assert tuple(rows[0]) == COLUMNS
    assert len({(row["area"], row["question"], row["choice"]) for row in rows}) == len(rows)
    for tally in tallies:
        own = [row for row in rows if row["area"] == tally.code]
        for question in setup.questions:
            assert sum(int(row["votes"]) for row in own if row["question"] == question.id) == tally.ballots
    assert sum(int(row["votes"]) for row in rows) == len(setup.questions) * sum(tally.ballots for tally in tallies)


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@x", '=HYPERLINK("x")'])
def test_a_name_is_no_formula_for_a_spreadsheet(name: str) -> None:
    setup, tallies = rehearsed("swiss-636")
    areas = (replace(setup.areas[0], name=name), *setup.areas[1:])
    rows = list(csv.DictReader(io.StringIO(tidy_csv(replace(setup, areas=areas), tallies))))
    assert rows[0]["name"] == f"'{name}"


def test_names_with_commas_quotes_and_other_scripts_come_back() -> None:
    setup, tallies = rehearsed("swiss-636")
    name = 'دره, "the valley"\nand more'
    areas = (replace(setup.areas[0], name=name), *setup.areas[1:])
    rows = list(csv.DictReader(io.StringIO(tidy_csv(replace(setup, areas=areas), tallies), newline="")))
    assert rows[0]["name"] == name


def test_a_report_has_one_of_the_schema_s_states() -> None:
    setup, tallies = rehearsed("swiss-636")
    for status in STATUSES:
        assert SCHEMA.is_valid(_report(setup, tallies, status=status))
    with pytest.raises(ValueError, match="no status"):
        _report(setup, tallies, status="final")
