"""The table of standards: complete, and every file and test that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sanduq_web.watch.views.pack_contents import STEPS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "understand" / "standards.md").read_text()
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")]
ROWS = [row for row in ROWS if row[0] not in ("standard", "place", "principle or question")]
EVIDENCE = sorted({name for row in ROWS for name in re.findall(r"`([^`]+)`", row[-2])})


def test_each_of_the_49_stands_once() -> None:
    numbers = [int(row[0]) for row in ROWS if row[0].isdecimal()]
    assert numbers == list(range(1, 50))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:30])
def test_a_row_has_evidence_or_says_what_is_open(row: list[str]) -> None:
    assert len(row) in (4, 5) and all(row)
    evidence, still_open = row[-2:]
    assert evidence.startswith("`") or (evidence == "–" and still_open != "–")
    assert (row[-3] == "–") <= (evidence == "–")


@pytest.mark.parametrize("name", EVIDENCE)
def test_what_is_named_is_there(name: str) -> None:
    path, _, test = name.partition("::")
    assert (ROOT / path).is_file()
    if test:
        assert re.search(rf"^def {test}\(", (ROOT / path).read_text(), re.MULTILINE)


def test_the_pack_cites_what_the_table_has() -> None:
    """Places of the Venice Commission's code in the pack are rows, or below one."""
    cited = {place.strip() for step in STEPS for item in step.items
             for hit in re.findall(r"VC ([\w., ]+)", item.by) for place in hit.split(",")}  # fmt: skip
    listed = [row[0].partition(" to ")[0] for row in ROWS if row[0].startswith("I")]
    for place in cited - {"e"}:
        assert any(place.startswith(each) or each.startswith(place) for each in listed) or place == "II.3", place
