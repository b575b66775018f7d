"""What comes with a record and is no part of it: a map and credits. Bad ones are refused, and then nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from rig import FROZEN, Rig
from sanduq import errors
from sanduq_web import command, records
from sanduq_web.drawing.boundaries import LARGEST
from sanduq_web.question import actions, api
from sanduq_web.question.api import Frozen
from sanduq_web.records import Extras, import_record

pytestmark = pytest.mark.django_db


def topology(codes: Sequence[str]) -> bytes:
    """A row of squares."""
    arcs = [[[n, 0], [n, 1], [n + 1, 1], [n + 1, 0], [n, 0]] for n in range(len(codes))]
    geometries = [{"type": "Polygon", "arcs": [[n]], "properties": {"area_code": code}} for n, code in enumerate(codes)]
    objects = {"areas": {"type": "GeometryCollection", "geometries": geometries}}
    return json.dumps({"type": "Topology", "arcs": arcs, "objects": objects}).encode()


def _import(rig: Rig, **extras: object) -> None:
    import_record(rig.path, FROZEN, rig.anchor, (10, 3), Extras(**extras))  # type: ignore[arg-type]


def test_a_map_is_kept_and_replaced_and_credits_beside_it(rig: Rig) -> None:
    _import(rig, boundaries=topology(["A", "B"]), credits=["© Somebody, CC BY 4.0"])
    first = api.beside(rig.anchor)
    assert first.outlines is not None
    assert [code for code, _ in first.outlines.paths] == ["A", "B"]
    assert first.credits == ("© Somebody, CC BY 4.0",)
    _import(rig)
    assert api.beside(rig.anchor) == first, "an import without them changes nothing"
    _import(rig, credits=["One", "Two"])
    assert api.beside(rig.anchor).outlines == first.outlines
    _import(rig, boundaries=topology(["B"]))
    second = api.beside(rig.anchor)
    assert second.outlines is not None
    assert [code for code, _ in second.outlines.paths] == ["B"]
    assert second.credits == ("One", "Two")
    assert second.version != first.version


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{}", "not a TopoJSON topology"),
        (b" " * (LARGEST + 1), "MiB"),
        (topology(["X", "Y"]), "no area of the map"),
        (topology(["A", "A"]), "twice"),
    ],
)
def test_a_map_that_does_not_fit_is_refused_and_nothing_kept(rig: Rig, data: bytes, words: str) -> None:
    with pytest.raises(errors.Unusable, match=words):
        _import(rig, boundaries=data)
    assert not api.is_here(rig.anchor)


def test_a_long_arc_named_many_times_is_refused() -> None:
    value = json.loads(topology(["A"]))
    value["arcs"] = [[[0, 0]] * 100_000]
    shape = value["objects"]["areas"]["geometries"][0]
    value["objects"]["areas"]["geometries"] = [
        shape | {"arcs": [[0] * 10], "properties": {"area_code": str(n)}} for n in range(3)
    ]
    with pytest.raises(errors.Unusable, match="points"):
        api.read_boundaries(json.dumps(value).encode())


@pytest.mark.parametrize("texts", [[""], [" "], ["a\nb"], ["x" * 601], ["\x1b[2J"], ["\u202ex"], ["x"] * 21])
def test_credits_are_lines_of_text(rig: Rig, texts: list[str]) -> None:
    with pytest.raises(errors.Unusable, match="credit"):
        _import(rig, credits=texts)
    assert not api.is_here(rig.anchor)


def test_a_credit_may_be_persian(rig: Rig) -> None:
    """Half of its words are held together by U+200C, which Python takes for unprintable."""
    _import(rig, credits=["نقشه\u200cها: کمیسیون"])
    assert api.beside(rig.anchor).credits == ("نقشه\u200cها: کمیسیون",)


def test_a_name_in_a_map_does_not_act_on_the_terminal(
    rig: Rig, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "map.topo.json").write_text('{"type":"Topology","arcs":[],"objects":{"\\u001b]0;x\\u0007\\u202e":1}}')
    assert command.run(["import", str(rig.path), "--map", str(tmp_path / "map.topo.json")]) == 2
    said = capsys.readouterr().err
    assert "objects.\\x1b]0;x\\x07\\u202e: not a collection" in said


def test_how_a_map_fits_is_told(frozen: Frozen, rig: Rig) -> None:
    found = actions.fit(topology(["X\x1b", "B", "Y"]), rig.setup)
    assert (found.drawn, found.unknown, found.missing) == (1, ("X\x1b", "Y"), ("A",))


def test_the_command_says_which_areas_do_not_fit(
    rig: Rig, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "map.topo.json").write_bytes(topology(["B", "Y\x1b"]))
    line = ["import", str(rig.path), "--map", str(tmp_path / "map.topo.json"), "--credit", "One", "--credit", "Two"]
    assert command.run(line) == 0
    said = capsys.readouterr().out
    assert "map      1 of 2 areas\n" in said
    assert "not in the setup: 'Y\\x1b'\n" in said
    assert "not on the map: A\n" in said
    (tmp_path / "map.topo.json").write_bytes(topology(["Y"]))
    assert command.run(line) == 2
    assert "no area of the map" in capsys.readouterr().err


def test_a_long_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "long").open("wb") as file:
        file.truncate(LARGEST * 4)
    assert len(records.read_map(tmp_path / "long")) == LARGEST + 1
