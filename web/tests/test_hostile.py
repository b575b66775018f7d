"""A setup whose author means harm: whatever its names and texts say, pages, drawings and protocol say it as text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from conftest import Api, Now
from rig import FROZEN, Rig, count, make_rig
from sanduq.question.setup import Setup
from sanduq_web import clock
from sanduq_web.records import Extras, export_record, import_record

pytestmark = pytest.mark.django_db
EVIL = (
    '"><svg onload=alert(1)><script>alert(2)</script><img src=http://evil.example/x onerror=alert(3)>',
    '</title></style></svg>\'}};<a href="javascript:alert(4)">{{ frozen }}{% debug %}%(name)s{name}',
)


def hostile(setup: Setup) -> Setup:
    def texts(found: dict[str, str]) -> dict[str, str]:
        return {language: EVIL[0] + text for language, text in found.items()}

    asked = setup.questions[0]
    answers = tuple(replace(answer, text=texts(dict(answer.text))) for answer in asked.answers)
    a, b = setup.areas
    areas = (replace(a, name=EVIL[0]), replace(b, name=EVIL[1] + "ع" * 3000))
    regions = tuple(replace(region, name=EVIL[1]) for region in setup.regions)
    return replace(
        setup,
        title=texts(dict(setup.title)),
        questions=(replace(asked, text=texts(dict(asked.text)), answers=answers),),
        commission=EVIL[0],
        registrar=EVIL[1],
        areas=areas,
        regions=regions,
    )


@pytest.fixture
def evil(tmp_path: Path, settings: object, now: Now) -> Rig:
    rig = make_rig(tmp_path / "evil", {"A": 4, "B": 4}, change=hostile)
    settings.SANDUQ_BOX_KEYS = [rig.key_file]  # type: ignore[attr-defined]
    import_record(rig.path, FROZEN, rig.anchor, (0, 0), Extras(_map(), [EVIL[0]]))
    api = Api(Client(), rig)
    for code in ("A", "B"):
        for raw in rig.ballots[code]:
            assert api.cast(raw, code).status_code == 201
    now.at("18:00")
    api.get()
    export_record(rig.anchor, tmp_path / "counted")
    count(rig, tmp_path / "counted", "2030-05-01T20:00:00Z")
    import_record(tmp_path / "counted", clock.now(), rig.anchor)
    return rig


def _map() -> bytes:
    square = "[[0,0],[0,1],[1,1],[1,0],[0,0]]"
    return (
        '{"type":"Topology","arcs":[' + square + '],"objects":{"\\u001b[2J":{"type":"GeometryCollection","geometries":['
        '{"type":"Polygon","arcs":[[0]],"properties":{"area_code":"A"}},'
        '{"type":"Polygon","arcs":[[0]],"properties":{"area_code":"\\"><script>"}}]}}}'
    ).encode()


def test_no_name_becomes_markup(evil: Rig) -> None:
    own = re.compile(rb"<(script|img|iframe|object)|<svg onload|href=\"javascript|\{\{|\(name\)", re.IGNORECASE)
    for language in ("en", "fa"):
        for page in (
            "",
            f"{evil.anchor}/",
            f"{evil.anchor}/watch/",
            f"{evil.anchor}/result/",
            f"{evil.anchor}/check/",
            "learn/",
        ):
            answer = Client().get(f"/{language}/{page}")
            text = answer.content.replace(b"{{ frozen }}", b"").replace(b"%(name)s", b"")
            assert answer.status_code == 200
            assert not own.search(text), (language, page, own.search(text))
            assert b"&lt;script&gt;" in text or page.endswith("check/"), "the title is shown"


@pytest.mark.long
def test_the_protocol_loads_nothing(evil: Rig) -> None:
    answer = Client().get(f"/en/{evil.anchor}/protocol.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert not re.search(rb"/JavaScript|/JS\b|/Launch|/URI \(java|/EmbeddedFile", answer.content)
