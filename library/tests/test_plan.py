"""Rehearsals: six real referendums come out as published, and so does the example of the docs."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from plan_files import CSV, REHEARSALS, ROOT, TOML, write
from sanduq import errors
from sanduq.count.outcome import decide, percent
from sanduq.question.rule import describe
from sanduq.rehearse import differences, merge_plan, read_plan, scale_plan

# -------------------------------------------------------------------------------- real ones


@pytest.mark.parametrize("path", REHEARSALS, ids=lambda path: path.stem)
def test_the_outcome_is_the_published_one(path: Path) -> None:
    plan = read_plan(path)
    outcome = decide(plan.rule, plan.shapes, plan.tallies())
    assert plan.published is not None
    assert differences(plan, outcome) == ()
    assert not outcome.uncounted_could_change
    assert {question.id for question in plan.published.questions} == {shape.id for shape in plan.shapes}
    assert all(question.percent for question in plan.published.questions)
    assert describe(plan.rule)


def test_there_are_six() -> None:
    assert [path.stem for path in REHEARSALS] == ["swiss-552", "swiss-567", "swiss-580", "swiss-596", "swiss-636", "uk2016"]


@pytest.mark.parametrize(
    ("name", "people", "areas", "decision"),
    [
        ("swiss-567", True, "10", "rejected"),
        ("swiss-580", True, "29/2", "accepted"),
        ("swiss-596", False, "33/2", "rejected"),
        ("swiss-636", True, "17/2", "rejected"),
    ],
)
def test_people_and_cantons(name: str, people: bool, areas: str, decision: str) -> None:
    plan = read_plan(ROOT / "rehearsal" / f"{name}.toml")
    (question,) = decide(plan.rule, plan.shapes, plan.tallies()).region().questions
    share, majority = question.conditions
    assert (share.met, str(majority.numerator), str(majority.denominator)) == (people, areas, "23")
    assert question.decision == decision


def test_the_tie_break_of_552_would_have_been_decided_by_the_sum() -> None:
    """People and cantons preferred different proposals; since only one was accepted, that decided nothing."""
    plan = read_plan(ROOT / "rehearsal" / "swiss-552.toml")
    question = decide(plan.rule, plan.shapes, plan.tallies()).region().question("tie-break")
    votes = dict(question.votes)
    assert votes["for-initiative"] < votes["for-counter-proposal"]
    assert sum(area.weight for area in question.areas if area.says == "for-initiative") == 15
    assert question.decision == "initiative"


def test_the_united_kingdom() -> None:
    plan = read_plan(ROOT / "rehearsal" / "uk2016.toml")
    assert (len(plan.areas), len(plan.parents), plan.languages) == (382, 12, ("en", "cy"))
    question = decide(plan.rule, plan.shapes, plan.tallies()).region().question("membership")
    assert question.totals.blank == 25_359
    assert percent(question.totals.ballots_cast, question.totals.electorate) == "72.21"
    assert "Contains Electoral Commission data, Open Government Licence v3.0." in plan.label


def test_the_united_kingdom_with_small_areas_merged() -> None:
    plan = replace(read_plan(ROOT / "rehearsal" / "uk2016.toml"), minimum=30_000)
    with pytest.raises(errors.SetupAreas):
        merge_plan(plan)
    merged, what = merge_plan(plan, absorb=True)
    assert 0 < len(what.merges) < 12
    assert min(area.electorate for area in merged.areas) >= 30_000
    outcome = decide(merged.rule, merged.shapes, merged.tallies())
    assert differences(merged, outcome) == ()


@pytest.mark.parametrize("name", ["README.md"])
def test_attributions_stand_in_the_readme(name: str) -> None:
    text = " ".join((ROOT / "rehearsal" / name).read_text("utf-8").split())
    assert "Contains Electoral Commission data, Open Government Licence v3.0." in text
    assert "CC BY 4.0" in text


# -------------------------------------------------------------------------------- the example of the docs


def test_the_example_of_the_docs(tmp_path: Path) -> None:
    plan = read_plan(write(tmp_path))
    outcome = decide(plan.rule, plan.shapes, plan.tallies())
    assert differences(plan, outcome) == ()
    assert plan.title["fr"] == "Référendum sur le port"
    assert plan.areas[0].votes == ((5, 170, 125),)
    assert [(area.code, area.parent, area.ballots) for area in plan.areas] == [
        ("W1", "W", 300),
        ("W2", "W", 60),
        ("E1", "E", 250),
    ]
    assert (plan.trustees.count, plan.trustees.threshold, plan.calendar.opens) == (3, 2, "2030-05-05T06:00:00Z")
    assert plan.label == "Made-up figures."


def test_differences_are_found(tmp_path: Path) -> None:
    toml = TOML.replace("yes = 310", "yes = 311").replace('"51.84"', '"51.8"').replace('"accepted"', '"rejected"')
    plan = read_plan(write(tmp_path, toml))
    outcome = decide(plan.rule, plan.shapes, plan.tallies())
    assert differences(plan, outcome) == (
        "harbour: votes for yes: published 311, reckoned 310",
        "decision of harbour: published rejected, reckoned accepted",
    )
    with pytest.raises(errors.Unusable, match="scaled"):
        differences(scale_plan(plan, Fraction(1, 2)), outcome)
    with pytest.raises(errors.Unusable, match="nothing was published"):
        differences(replace(plan, published=None), outcome)


FINE: list[tuple[str, str | bytes, str | bytes]] = [
    ("a byte order mark in both", b"\xef\xbb\xbf" + TOML.encode(), b"\xef\xbb\xbf" + CSV.encode()),
    ("line ends of another kind", TOML.replace("\n", "\r\n"), CSV.replace("\n", "\r\n")),
    ("semicolons, and the file says so", TOML.replace('separator = ","', 'separator = ";"'), CSV.replace(",", ";")),
    ("tabs, and the file says so", TOML.replace('separator = ","', r'separator = "\t"'), CSV.replace(",", "\t")),
    ("empty lines", TOML, CSV.replace("\n", "\n\n") + "\n\n,,,,,,,,\n"),
    ("no line end at the end", TOML, CSV.rstrip()),
    ("quoted cells", TOML, CSV.replace("Old Town", '"Old Town, ""the"" old"')),
    ("blanks around cells", TOML, CSV.replace(",", " , ")),
    (
        "more columns",
        TOML,
        CSV.replace("spoilt\n", "spoilt,note\n").replace("2\n", "2,x\n").replace("0\n", "0,y\n").replace("1\n", "1,z\n"),
    ),
    ("no separator", TOML.replace('separator = ","', ""), CSV),
    ("no column of ballots", TOML.replace(', ballots = "cast"', ""), CSV),
    ("no parents listed", re.sub(r"\[\[parents\]\]\ncode = .*\nname = .*\n", "", TOML), CSV),
    ("no threshold", TOML.replace("threshold = 2", ""), CSV),
    ("nothing published", TOML[: TOML.index("[published]")], CSV),
    ("times without quotes", TOML.replace('"2030-05-05T06:00:00Z"', "2030-05-05T06:00:00Z"), CSV),
]


@pytest.mark.parametrize(("toml", "csv"), [row[1:] for row in FINE], ids=[row[0] for row in FINE])
def test_fine(tmp_path: Path, toml: str | bytes, csv: str | bytes) -> None:
    plan, usual = read_plan(write(tmp_path, toml, csv)), read_plan(write(tmp_path))
    assert [area.votes for area in plan.areas] == [area.votes for area in usual.areas]
    assert plan.calendar == usual.calendar
    assert [parent.code for parent in plan.parents] in (["W", "E"], ["E", "W"])
