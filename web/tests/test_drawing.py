"""Maps and bars: real boundaries, and files that are none."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from sanduq import errors
from sanduq_web.drawing import LEANINGS, Boundaries, Drawn, Part, bar, draw, leaning, outlines, read_boundaries

MAPS = Path(__file__).resolve().parents[2] / "rehearsal" / "maps"
SVG = "{http://www.w3.org/2000/svg}"


def _square(**changes: Any) -> dict[str, Any]:
    """Two areas that share a side."""
    value: dict[str, Any] = {
        "type": "Topology",
        "arcs": [[[0, 0], [0, 1]], [[0, 1], [-1, 1], [-1, 0], [0, 0]], [[0, 1], [1, 1], [1, 0], [0, 0]]],
        "objects": {
            "land": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]], "properties": {"area_code": "W"}},
                    {"type": "MultiPolygon", "arcs": [[[2, 0]]], "properties": {"area_code": "E"}},
                ],
            }
        },
    }
    return value | changes


def _read(value: object) -> Boundaries:
    return read_boundaries(json.dumps(value).encode())


def _geometry(**changes: Any) -> dict[str, Any]:
    whole = {"type": "Polygon", "arcs": [[0, 1]], "properties": {"area_code": "W"}} | changes
    return _square(objects={"land": {"type": "GeometryCollection", "geometries": [whole]}})


@pytest.mark.parametrize(("name", "areas"), [("swiss", 26), ("uk2016", 382)])
def test_real_boundaries_are_drawn_whole(name: str, areas: int) -> None:
    found = read_boundaries((MAPS / f"{name}.topo.json").read_bytes())
    assert len(found.shapes) == areas
    for shape in found.shapes:
        assert all(ring[0] == ring[-1] and len(ring) > 3 for ring in shape.rings), shape.code
    text = draw(outlines(found), {shape.code: Drawn("for-1", shape.code) for shape in found.shapes}, title=name)
    tree = ET.fromstring(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
    assert len(tree.findall(f"{SVG}path")) == areas
    assert len(text) < 500_000


def test_a_shared_side_is_walked_both_ways() -> None:
    west, east = _read(_square()).shapes
    assert west.rings == (((0, 0), (0, 1), (-1, 1), (-1, 0), (0, 0)),)
    assert east.rings == (((0, 1), (1, 1), (1, 0), (0, 0), (0, 1)),)


def test_steps_are_added_up_and_arcs_turned() -> None:
    value = _square(
        transform={"scale": [0.5, 0.5], "translate": [10, 20]},
        arcs=[[[0, 0], [0, 2]], [[0, 2], [-2, 0], [0, -2], [2, 0]], [[0, 2], [2, 0], [0, -2], [-2, 0]]],
    )
    value["objects"]["land"]["geometries"][1]["arcs"] = [[[~0, ~2]]]
    west, east = _read(value).shapes
    assert west.rings == (((10, 20), (10, 21), (9, 21), (9, 20), (10, 20)),)
    assert east.rings == (((10, 21), (10, 20), (11, 20), (11, 21), (10, 21)),)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"type": "FeatureCollection"},
        _square(arcs=None),
        _square(arcs=[1]),
        _square(arcs=[[]]),
        _square(arcs=[[[0]]] * 3),
        _square(arcs=[[[0, "0"], [1, 1]]] * 3),
        _square(arcs=[[[0, True], [1, 1]]] * 3),
        _square(arcs=[[[0, 91], [1, 1]]] * 3),
        _square(arcs=[[[0, 1e300], [1, 1]]] * 3),
        _square(transform=[]),
        _square(transform={"scale": [1]}),
        _square(transform={"scale": [1, 1], "translate": "0"}),
        _square(objects=[]),
        _square(objects={}),
        _square(objects={"land": []}),
        _square(objects={"land": {"geometries": []}}),
        _geometry(properties={}),
        _geometry(properties={"area_code": 7}),
        _geometry(type="Point"),
        _geometry(arcs=None),
        _geometry(arcs=[]),
        _geometry(arcs=[[]]),
        _geometry(type="MultiPolygon", arcs=[]),
        _geometry(type="MultiPolygon", arcs=[[]]),
        _geometry(arcs=[[3]]),
        _geometry(arcs=[[-4]]),
        _geometry(arcs=[[True]]),
        _geometry(arcs=[["0"]]),
        _square(objects={"a": _square()["objects"]["land"], "b": _square()["objects"]["land"]}),
    ],
)
def test_what_is_no_boundaries(value: object) -> None:
    with pytest.raises(errors.Unusable, match=r"^boundaries: "):
        _read(value)


@pytest.mark.parametrize("data", [b"", b"\xff", b"[" * 100_000, b"NaN", b'{"type":"Topology","arcs":[[[NaN,0]]],"objects":{}}'])
def test_what_is_no_json(data: bytes) -> None:
    with pytest.raises(errors.Unusable, match=r"^boundaries: "):
        read_boundaries(data)


def test_a_file_is_bounded() -> None:
    with pytest.raises(errors.Unusable, match="MiB"):
        read_boundaries(b" " * (17 << 20))


def test_texts_of_others_are_texts() -> None:
    text = draw(outlines(_read(_square())), {"W": Drawn("tie", "<script>alert('x')</script>")}, title='"><b>&', name="m")
    tree = ET.fromstring(text)
    assert [title.text for title in tree.iter("title")] == ['"><b>&', "<script>alert('x')</script>"]
    assert [path.get("class") for path in tree.findall("path")] == ["area tie", "land"]


def test_west_is_left_and_north_is_up() -> None:
    paths = [path.get("d") or "" for path in ET.fromstring(draw(outlines(_read(_square())), {}, title="t")).iter("path")]
    assert paths == ["M320 320l0 -320 -320 0 0 320 320 0z", "M320 0l320 0 0 320 -320 0 0 -320z"]


@pytest.mark.parametrize(
    ("votes", "valid", "kind"),
    [
        (0, 0, "none"),
        (1, 2, "tie"),
        (51, 100, "for-1"),
        (49, 100, "against-1"),
        (55, 100, "for-2"),
        (45, 100, "against-2"),
        (64, 100, "for-2"),
        (65, 100, "for-3"),
        (0, 1, "against-3"),
        (5 * 10**17 + 1, 10**18, "for-1"),
    ],
)
def test_leaning(votes: int, valid: int, kind: str) -> None:
    assert leaning(votes, valid) == kind
    assert kind in LEANINGS


def test_a_bar_is_as_long_as_its_parts() -> None:
    parts = [Part("for", 1), Part("against", 1), Part("blank", 0), Part("rest", 1)]
    rects = list(ET.fromstring(bar(parts, 3)).iter("rect"))
    assert [(rect.get("class"), rect.get("x"), rect.get("width")) for rect in rects] == [
        ("for", "0", "333"),
        ("against", "333", "334"),
        ("rest", "667", "333"),
    ]
    assert list(ET.fromstring(bar([], 0)).iter("rect")) == []
    with pytest.raises(ValueError, match="more than the whole"):
        bar(parts, 2)


def test_a_few_far_areas_stand_in_a_frame() -> None:
    """Twenty squares in a row, and one far in the south: without a frame the row would be a thin line."""
    places = [(n, 50) for n in range(20)] + [(5, 20)]
    arcs = [[[x, y], [x, y + 1], [x + 1, y + 1], [x + 1, y], [x, y]] for x, y in places]
    shapes = [{"type": "Polygon", "arcs": [[n]], "properties": {"area_code": str(n)}} for n in range(21)]
    value = _square(arcs=arcs, objects={"land": {"type": "GeometryCollection", "geometries": shapes}})
    shown = outlines(_read(value))
    assert shown.frame is not None
    assert [code for code, _path in shown.paths] == [str(n) for n in range(21)]
    tree = ET.fromstring(draw(shown, {"20": Drawn("for-1", "far")}, title="t"))
    (frame,) = tree.findall("rect")
    found = re.match(r"M([\d.]+) ([\d.]+)l", shown.paths[20][1])
    assert found is not None
    for place, at in zip(found.groups(), ("x", "y"), strict=True):
        assert float(frame.get(at) or 0) <= float(place) <= float(frame.get(at) or 0) + float(frame.get("width") or 0)
    assert outlines(_read(_square())).frame is None
    value["objects"]["land"]["geometries"] = shapes[:9] + shapes[20:]
    assert outlines(_read(value)).frame is None, "one in ten is not few"
