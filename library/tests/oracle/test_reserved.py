"""A rehearsal with a supervisor and a test sum: the tool accepts every archive of it, that of the test sum too."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from oracle.peer import Peer
from oracle.verdicts import they_verify
from sanduq.box.record import Record
from sanduq.engine import choose
from sanduq.rehearse.play import play
from sanduq.rehearse.reading import read_plan
from sanduq.watch.record import verify_record

FORMAT = Path(__file__).resolve().parents[3] / "docs" / "look-up" / "rehearsal-format.md"


@pytest.mark.long
def test_the_tool_accepts_the_test_sum_as_an_election(peer: Peer, tmp_path: Path) -> None:
    page = FORMAT.read_text("utf-8")
    toml, figures = (re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)[0] for kind in ("toml", "csv"))
    more = 'test_sum = true\n\n[supervisor]\nname = { en = "The court", fr = "La cour" }\n\n[source]'
    (tmp_path / "island.toml").write_text(toml.replace("[source]", more, 1), "utf-8")
    (tmp_path / "island.csv").write_text(figures, "utf-8")
    played = play(read_plan(tmp_path / "island.toml", Fraction(1, 100)), tmp_path / "record", choose(None))
    record = Record(tmp_path / "record")
    verify_record(record, choose("python"), played.setup.anchor)
    assert record.test_path is not None
    for archive in (record.test_path, *(record.archive(area) for area in record.setup.areas)):
        they_verify(peer, archive)
