"""The watch page: turnout in the steps that were published, by area, on a map and over time; few queries for many areas."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import Api, Now
from rig import FROZEN, Rig, make_rig
from sanduq_web.box import api as box
from sanduq_web.drawing import TURNOUTS, turnout_kind
from sanduq_web.question.actions import keep_beside
from sanduq_web.question.api import Frozen, referendum
from sanduq_web.records import import_record
from sanduq_web.watch.views.turnout import tell_turnout
from test_beside import topology
from test_pages import page

pytestmark = pytest.mark.django_db


def _points(svg: str) -> list[tuple[float, float]]:
    """Where the curve turns."""
    path = ET.fromstring(svg).find("path[@class='curve']")
    assert path is not None
    place, found = (0.0, 0.0), []
    for kind, numbers in re.findall(r"([MHV])([-\d. ]+)", str(path.get("d"))):
        values = [float(number) for number in numbers.split()]
        place = (values[0], values[1]) if kind == "M" else (values[0], place[1]) if kind == "H" else (place[0], values[0])
        found.append(place)
    return found


def test_the_line_has_the_published_steps_and_no_others(opened: Api, rig: Rig, frozen: Frozen, now: Now) -> None:
    for minutes, ballots in (("06:01", rig.ballots["A"][:2]), ("06:04", rig.ballots["A"][2:4])):
        now.at(minutes)
        for raw in ballots:
            opened.cast(raw)
    assert tell_turnout(frozen, "area", box.public(frozen)).line is None, "nothing is public yet, so there is no line"
    now.at("06:10")
    page(f"/en/{rig.anchor}/watch/")
    now.at("06:11")
    for raw in rig.ballots["A"][4:8]:
        opened.cast(raw)
    before = str(tell_turnout(frozen, "area", box.public(frozen)).line)
    now.at("06:19")
    page(f"/en/{rig.anchor}/watch/")
    assert str(tell_turnout(frozen, "area", box.public(frozen)).line) == before, (
        "what is in the box and not public moves no line"
    )
    now.at("06:20")
    page(f"/en/{rig.anchor}/watch/")
    told = tell_turnout(frozen, "area", box.public(frozen))
    heights = sorted({y for _x, y in _points(str(told.line))})
    left, top, below, _right = 46, 8, 28, 12
    base, height = 240 - below, 240 - below - top
    assert heights == sorted(base - round(voters / 27 * height) for voters in (0, 4, 8))
    times = sorted({x for x, _y in _points(str(told.line))})
    assert times == [left + round(minutes / 720 * (640 - left - 12)) for minutes in (0, 10, 20)]
    small = _points(str(told.rows[0].spark))
    assert {y for _x, y in small} == {24 - round(voters / 17 * 24) for voters in (0, 4, 8)}
    assert str(told.rows[1].spark) == "", "area B has published nothing"


def test_history_reads_only_what_is_new(opened: Api, rig: Rig, frozen: Frozen, now: Now) -> None:
    page(f"/en/{rig.anchor}/watch/")
    for raw in rig.ballots["A"][:4]:
        opened.cast(raw)
    now.at("06:10")
    page(f"/en/{rig.anchor}/watch/")
    found = box.public(frozen)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        known = box.history(frozen, found)
    assert len(queries) == 0
    assert [voters for _time, voters in known.steps["A"]] == [0, 4]
    for raw in rig.ballots["A"][4:8]:
        opened.cast(raw)
    now.at("06:20")
    page(f"/en/{rig.anchor}/watch/")
    assert known.steps["A"] == [(step.time, step.voters) for step in box.steps(frozen, frozen.places["A"])]


def test_queries_do_not_grow_with_the_areas(
    opened: Api, rig: Rig, settings: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    many = make_rig(tmp_path_factory.mktemp("many") / "record", {f"X{n}": 2 for n in range(9)})
    import_record(many.path, FROZEN, many.anchor, (10, 3))
    counts = []
    for anchor in (rig.anchor, many.anchor):
        keep_beside(anchor, topology(["A", "B"]), None)
        page(f"/en/{anchor}/watch/")
        with CaptureQueriesContext(connection) as queries:
            page(f"/en/{anchor}/watch/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_the_map_is_painted_by_turnout(opened: Api, rig: Rig, frozen: Frozen, now: Now) -> None:
    keep_beside(rig.anchor, topology(["A", "B"]), None)
    for raw in rig.ballots["A"]:
        opened.cast(raw)
    now.at("06:10")
    text = page(f"/en/{rig.anchor}/watch/")
    assert 'class="area turnout-6"' in text, "12 of 17 is 70 per cent and more"
    assert 'class="area turnout-1"' in text
    assert "70.6\xa0% (12 / 17)" in text
    assert re.findall(r"<bdi>Area (\w)</bdi>", text) == ["A", "B"]
    for by, sort in (("area", "ascending"), ("turnout", "descending"), ("'\"><x", "descending")):
        found = page(f"/en/{rig.anchor}/watch/?by={by}")
        assert re.findall('aria-sort="([a-z]+)"', found) == [sort]
        assert "<x" not in found


@pytest.mark.parametrize(
    ("voters", "electorate", "kind"),
    [
        (0, 0, "none"),
        (0, 10, "turnout-1"),
        (29, 100, "turnout-1"),
        (30, 100, "turnout-2"),
        (699, 1000, "turnout-5"),
        (7, 10, "turnout-6"),
    ],
)
def test_classes_of_turnout(voters: int, electorate: int, kind: str) -> None:
    assert turnout_kind(voters, electorate) == kind
    assert len(TURNOUTS) == 5


def test_the_sum_is_that_of_the_areas(opened: Api, rig: Rig, now: Now) -> None:
    for code in ("A", "B"):
        for raw in rig.ballots[code]:
            opened.cast(raw, code)
    now.at("18:00")
    text = page(f"/en/{rig.anchor}/watch/")
    foot = text[text.index("<tfoot>") :]
    assert re.findall(r"<td>([\d,.]+)(?:\xa0%)?</td>", foot)[:4] == ["63.0", "17", "27", "17"]
    assert Client().get(f"/en/{rig.anchor}/watch/").status_code == 200
    assert referendum(rig.anchor).anchor == rig.anchor
