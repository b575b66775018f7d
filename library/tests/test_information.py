"""Information beside the question: from the draft to the frozen setup, and what is refused on the way."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from plan_files import ROOT, TOML, problems, write
from sanduq import errors
from sanduq.question.setup import Information, Setup, Side, check_information, joined, read_setup
from sanduq.rehearse import read_plan
from sanduq.rehearse.draft import make_setup, policy_of_plan
from sanduq.rehearse.plan import Plan

PAGE = (ROOT / "docs" / "look-up" / "rehearsal-format.md").read_text("utf-8")
INFORMATION: str = next(text for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) if "[information]" in text)
WITH = TOML + INFORMATION


def frozen(plan: Plan) -> Setup:
    codes = [area.code for area in plan.areas]
    uuids = {code: f"{number}" * 14 for number, code in enumerate(codes, 1)}
    return make_setup(plan, policy_of_plan(plan), "0" * 64, "1" * 64, None, uuids, dict.fromkeys(codes, "2" * 64))


def side(text: str) -> Side:
    return Side({"en": "A side"}, {"en": text})


def test_the_example_of_the_docs_is_frozen_word_for_word(tmp_path: Path) -> None:
    setup = frozen(read_plan(write(tmp_path, WITH)))
    assert setup.information is not None
    assert [side.heading["fr"] for side in setup.information.sides] == ["Pour", "Contre"]
    assert setup.information.text["en"].startswith("The harbour has one pier.")
    assert read_setup(setup.to_bytes()) == setup


def test_without_information_nothing_is_written_and_with_it_the_anchor_is_another(tmp_path: Path) -> None:
    plan = read_plan(write(tmp_path, WITH))
    bare, told = frozen(replace(plan, information=None)), frozen(plan)
    assert b'"information"' not in bare.to_bytes()
    assert bare.anchor != told.anchor


def test_every_word_is_bound_by_the_anchor(tmp_path: Path) -> None:
    first, second = (
        frozen(read_plan(write(tmp_path, text))) for text in (WITH, WITH.replace("Two ships can", "Ten ships can"))
    )
    assert first.anchor != second.anchor


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("one\ntwo\n", "one two"),
        ("\n one  \n  two\n\n\n three\n", "one two\n\nthree"),
        ("one\n \t\ntwo", "one\n\ntwo"),
        ("one\n\n\n\n\ntwo\n\n", "one\n\ntwo"),
    ],
)
def test_lines_are_joined_to_paragraphs(written: str, read: str) -> None:
    assert joined(written) == read


BAD = [
    ("unequal", ("Two ships can then land", "Two ships and more of them can then land"), "no equal space (en)"),
    ("a language is missing", (', fr = "Pour"', ""), "information.sides[1].heading.fr: is missing"),
    ("an unknown field", ('heading = { en = "For"', 'first = true\nheading = { en = "For"'), "sides[1].first: is not a field"),
    ("turned around", ("one pier", "one \\u202epier"), "control characters"),
    ("no sides", ("[[information.sides]]", "[[information.voices]]"), "information.sides: is missing"),
    ("a heading of two lines", ('en = "For"', 'en = "For\\n\\nit"'), "side 1: heading (en)"),
]


@pytest.mark.parametrize(("change", "problem"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_draft_says_what_is_wrong(tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    assert change[0] in WITH
    assert any(problem in found for found in problems(write(tmp_path, WITH.replace(*change))))


def test_one_side_alone_is_refused(tmp_path: Path) -> None:
    alone = WITH[: WITH.rindex("[[information.sides]]")]
    assert any("2 to 6 sides" in found for found in problems(write(tmp_path, alone)))


@pytest.mark.parametrize(("longer", "shorter", "fits"), [(100, 80, True), (101, 80, False), (5, 4, True), (6, 4, False)])
def test_five_quarters_to_the_character(longer: int, shorter: int, fits: bool) -> None:
    told = Information({"en": "What it is about."}, (side("x" * shorter), side("x" * longer)))
    if fits:
        check_information(told)
        return
    with pytest.raises(errors.SetupInformation, match="no equal space"):
        check_information(told)
