"""The table of languages in the documents is that of the programs."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from django.conf import settings

from sanduq.question.rule.words import LANGUAGES as WITH_RULE
from sanduq_web.environment import Language

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "look-up" / "languages.md").read_text()
COLUMNS = ("language", "tag", "direction", "days", "figures", "site", "booth", "letter", "rule", "reviewed")
ROWS = {
    cells[1].strip("`"): dict(zip(COLUMNS, cells, strict=True))
    for line in PAGE.splitlines()
    if len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == len(COLUMNS) and cells[1].startswith("`")
}
BOOTH = {
    found["tag"]: found
    for found in re.finditer(
        r"\{ tag: '(?P<tag>\w+)', name: '(?P<name>[^']+)', dir: '(?P<dir>\w+)', numbers: '(?P<numbers>[\w-]+)'",
        (ROOT / "booth" / "src" / "words" / "index.ts").read_text(),
    )
}


def _said(holds: bool) -> str:
    return "yes" if holds else "no"


def test_the_table_has_every_language_and_no_other() -> None:
    assert list(ROWS) == [each.code for each in settings.SANDUQ_LANGUAGES] == list(BOOTH)


@pytest.mark.parametrize("each", settings.SANDUQ_LANGUAGES, ids=lambda each: each.code)
def test_a_row_says_what_is(each: Language) -> None:
    row, booth = ROWS[each.code], BOOTH[each.code]
    letters = tomllib.loads((files("sanduq") / "booth" / "letter.toml").read_text(encoding="utf-8"))
    assert row["direction"] == each.direction == booth["dir"]
    assert booth["name"] == each.name
    assert ("Solar Hijri" in row["days"]) is (each.calendar == "solar-hijri") is (booth["numbers"] == "fa")
    assert row["figures"] == ("۰–۹" if booth["numbers"] == "fa" else "0–9")
    assert row["site"] == _said((Path(settings.LOCALE_PATHS[0]) / each.code / "LC_MESSAGES" / "django.po").is_file())
    assert row["booth"] == _said((ROOT / "booth" / "src" / "words" / f"{each.code}.ts").is_file())
    assert row["letter"] == _said(each.code in letters)
    assert row["rule"] == _said(each.code in WITH_RULE)
    assert row["reviewed"] == _said(each.reviewed)
