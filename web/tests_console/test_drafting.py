"""The draft: what is typed is kept, what is wrong is named, what is frozen stays."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from rig import Staff, staff
from sanduq import errors
from sanduq.algebra.numbers import system_random
from sanduq.box import BoxKey
from sanduq.box.receipt import FILE_PREFIX
from sanduq.engine import choose
from sanduq.question.setup import TrusteePolicy
from sanduq.rehearse.players import make_keys
from sanduq.roll import make_roll, new_credential, new_uuid
from sanduq_web import clock
from sanduq_web.console.drafting import freezing
from sanduq_web.console.drafting.api import area_codes, draft, reading
from sanduq_web.console.drafting.models import Revision
from sanduq_web.console.office import actions as office
from sanduq_web.console.office.models import Proposal
from sanduq_web.question.api import referendum

NOW = "2030-04-01T12:00:00Z"
AREAS = "code,name,parent,electorate\nnorth,North bank,valley,50\nsouth,South bank,valley,40\n"
TEXTS = {
    "languages": "en, fa",
    "title:en": "The bridge", "title:fa": "پل",
    "q0:id": "bridge", "q0:text:en": "Shall the bridge be built?", "q0:text:fa": "آیا پل ساخته شود؟", "q0:blank": "on",
    "q0:a0:id": "yes", "q0:a0:text:en": "Yes", "q0:a0:text:fa": "آری",
    "q0:a1:id": "no", "q0:a1:text:en": "No", "q0:a1:text:fa": "نه",
}  # fmt: skip
SIDES = {
    "explanation:en": "It would join both banks.", "explanation:fa": "دو کرانه را به هم می‌پیوندد.",
    "side0:heading:en": "For", "side0:heading:fa": "موافق",
    "side0:text:en": "The way is shorter.", "side0:text:fa": "راه کوتاه‌تر است.",
    "side1:heading:en": "Against", "side1:heading:fa": "مخالف",
    "side1:text:en": "The ferry is there.", "side1:text:fa": "قایق هست و بس.",
}  # fmt: skip
RULE = {
    "i0:kind": "proposal",
    "i0:accept": "yes",
    "i0:share:of": "valid-votes",
    "i0:share:compare": "more-than",
    "i0:share:needed": "1/2",
}
CALENDAR = {
    "opens": "2030-05-01T06:00", "closes": "2030-05-03T18:00", "count": "3", "threshold": "2", "minimum": "20",
    "below_minimum": "uncounted",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.testing_only_at(lambda: NOW):
        yield


def send(people: Staff, part: str, values: dict[str, Any], who: str = "commission", revision: int | None = None) -> str:
    """A form of the draft is sent from the revision that is there; what follows."""
    number = draft(people.vote).revision if revision is None else revision
    told = getattr(people, who).post_to(people.of(f"draft/{part}/"), {"revision": number, "do": "save"} | values)
    return str(told.content.decode())


def fill(people: Staff) -> None:
    """A whole draft, by the forms."""
    send(people, "texts", TEXTS | {"languages": "en"})
    send(people, "texts", TEXTS)
    send(people, "texts", TEXTS)
    send(people, "sides", SIDES)
    send(people, "areas", {"do": "areas", "text": AREAS})
    send(people, "rule", {"do": "form"} | RULE)
    send(people, "calendar", CALENDAR)


@pytest.mark.django_db
def test_a_draft_is_left_and_taken_up(people: Staff) -> None:
    page = people.commission.get(people.of("draft/")).content.decode()
    assert "is missing" in page
    assert "Saved." in send(people, "texts", TEXTS | {"title:fa": "", "q0:a1:text:en": ""})
    page = people.second.get(people.of("draft/")).content.decode()
    assert "bridge/no" in page
    fill(people)
    found = draft(people.vote)
    assert reading(found).problems == ()
    assert area_codes(people.vote) == ["north", "south"]
    assert found.content["information"]["sides"][1]["heading"]["fa"] == "مخالف"
    page = people.observer.get(people.of("draft/")).content.decode()
    assert "more than 1/2" in page.casefold() or "more than" in page.casefold()
    assert Revision.objects.filter(draft=found).count() == found.revision


@pytest.mark.django_db
def test_two_at_once_lose_nothing(people: Staff) -> None:
    fill(people)
    before = draft(people.vote)
    told = send(people, "texts", TEXTS | {"title:en": "Another bridge"}, "second", before.revision - 1)
    assert "somebody else has saved" in told and 'value="Another bridge"' in told
    assert draft(people.vote).content == before.content


@pytest.mark.django_db
def test_only_the_commission_writes(people: Staff) -> None:
    fill(people)
    before = draft(people.vote).revision
    for who in ("supervisor", "registrar", "trustee", "observer"):
        for part in ("texts", "sides", "areas", "rule", "calendar"):
            at = people.of(f"draft/{part}/")
            assert getattr(people, who).post_to(at, {"revision": before}).status_code == 404
        assert getattr(people, who).get(people.of("draft/freeze/")).status_code == 404
    assert draft(people.vote).revision == before
    other = staff("Another")
    assert other.commission.get(people.of("draft/")).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("part", "values", "said"),
    [
        ("texts", {"languages": "english!"}, "expected 1 to 12 tags"),
        ("texts", {"languages": " "}, "expected 1 to 12 tags"),
        ("texts", TEXTS | {"do": "remove-question:0"}, "cannot be added or removed"),
        ("texts", TEXTS | {"do": "remove-answer:9:9"}, "cannot be added or removed"),
        ("texts", TEXTS | {"do": "add-answer:x"}, "cannot be added or removed"),
        ("texts", TEXTS | {"do": "rm -rf"}, "cannot be added or removed"),
        ("rule", {"do": "text", "json": "{"}, "not JSON"),
        ("rule", {"do": "text", "json": "[" * 5000}, "not JSON"),
        ("rule", {"do": "text", "json": "[]"}, "an object is expected"),
        ("rule", {"do": "text", "json": '{"items": 5}'}, "items"),
        ("rule", {"do": "text", "json": '{"decides": "whole", "items": [1]}'}, "items"),
        ("areas", {"do": "areas", "text": AREAS, "parents": "{"}, "not JSON"),
        ("areas", {"do": "areas", "text": AREAS, "parents": "{}"}, "a list of regions is expected"),
        ("areas", {"do": "areas", "text": AREAS, "parents": "[1, null]"}, "Saved."),
        ("texts", TEXTS | {"q0:text:en": "x" * 1_100_000}, "longer than 1 MiB"),
        ("areas", {"do": "map", "credits": "x" * 601}, "a credit is one line"),
        ("areas", {"do": "merge"}, "has problems"),
    ],
)
def test_what_is_no_draft_is_named(people: Staff, part: str, values: dict[str, str], said: str) -> None:
    page = send(people, part, values)
    assert said in page
    assert "json" not in values or escape(values["json"]) in page, "what was typed is not lost"
    for each in ("", "texts/", "areas/", "rule/", "calendar/", "preview/"):
        assert people.commission.get(people.of(f"draft/{each}")).status_code == 200, "what was typed breaks no page"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("part", "values", "said"),
    [
        ("areas", {"do": "areas", "text": "code,name\nx,y\n"}, "electorate"),
        ("areas", {"do": "areas", "text": AREAS + "north,Again,valley,5\n"}, "north"),
        ("areas", {"do": "areas", "text": AREAS.replace("40", "=1+1")}, "line 3"),
        ("calendar", CALENDAR | {"closes": "2030-04-01T06:00"}, "not after it opens"),
        ("calendar", CALENDAR | {"threshold": "1"}, "threshold"),
        ("rule", RULE | {"do": "form", "i0:share:needed": "1/3"}, "1/3"),
        ("sides", SIDES | {"side1:text:en": "No. " * 99}, "5/4"),
        ("texts", TEXTS | {"title:en": "The\u202ebridge"}, "Saved."),
    ],
)
def test_what_the_library_refuses_is_told(people: Staff, part: str, values: dict[str, str], said: str) -> None:
    fill(people)
    send(people, part, values)
    page = people.commission.get(people.of("draft/")).content.decode()
    assert reading(draft(people.vote)).problems or said == "Saved."
    assert said in page or said == "Saved.", page


@pytest.mark.django_db
def test_small_areas_are_merged_into_their_parent(people: Staff) -> None:
    fill(people)
    send(people, "areas", {"do": "areas", "text": AREAS + "east,East,valley,5\nwest,West,valley,19\n"})
    page = people.commission.get(people.of("draft/areas/")).content.decode()
    assert "valley-rest" in page
    send(people, "areas", {"do": "merge"})
    assert area_codes(people.vote) == ["north", "south", "valley-rest"]


def square(code: str) -> dict[str, Any]:
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    return {"type": "Feature", "properties": {"area_code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


@pytest.mark.django_db
def test_every_area_is_matched_to_the_map_or_named(people: Staff) -> None:
    fill(people)
    drawn = {"type": "FeatureCollection", "features": [square("north"), square("nowhere")]}
    file = SimpleUploadedFile("map.geojson", json.dumps(drawn).encode())
    send(people, "areas", {"do": "map", "map": file, "credits": "Somebody"})
    page = people.commission.get(people.of("draft/areas/")).content.decode()
    assert "1 areas are on the map" in page and "nowhere" in page
    for bad in (b"<svg onload=alert(1)>", b"PK\x03\x04", b"{}", b"[" * 9999):
        told = send(people, "areas", {"do": "map", "map": SimpleUploadedFile("map.json", bad), "credits": ""})
        assert "boundaries" in told
    assert b"nowhere" in bytes(draft(people.vote).boundaries)


@pytest.mark.django_db
def test_texts_are_shown_as_text(people: Staff) -> None:
    evil = "<script>alert(1)</script>"
    send(people, "texts", TEXTS | {"title:en": evil, "q0:text:en": evil})
    for part in ("", "texts/", "preview/"):
        page = people.commission.get(people.of(f"draft/{part}")).content.decode()
        assert evil not in page


@pytest.mark.django_db
def test_the_code_of_good_practice_speaks_up(people: Staff) -> None:
    fill(people)
    page = people.commission.get(people.of("draft/")).content.decode()
    assert "to be looked at" not in page
    send(people, "rule", RULE | {"do": "form", "i0:turnout:needed": "1/2", "i0:approval:needed": "1/4"})
    send(people, "texts", {name: text for name, text in TEXTS.items() if name != "q0:blank"})
    page = people.commission.get(people.of("draft/")).content.decode()
    assert page.count("to be looked at") == 3


@pytest.fixture
def ready(people: Staff, settings: LazySettings, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Staff:
    """All that freezing needs."""
    fill(people)
    key, keys, engine = BoxKey.new(), make_keys(TrusteePolicy(0, 3, 2), system_random), choose(None)
    path = tmp_path / "box.key"
    path.write_text(f"{FILE_PREFIX}{key.secret_hex()}\n")
    settings.SANDUQ_BOX_KEYS = [path]
    lists = {}
    for code in ("north", "south"):
        uuid = new_uuid()
        public = engine.public_credentials(uuid, [new_credential() for _ in range(30)])
        lists[code] = (uuid, make_roll((each, None) for each in public).to_bytes())
    monkeypatch.setattr(freezing, "ROLLS", [lambda vote: lists])
    monkeypatch.setattr(freezing, "TRUSTEES", [lambda vote: keys.trustees.to_bytes()])
    return people


@pytest.mark.django_db
def test_freezing_needs_keys_lists_and_two_persons(ready: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = ready.commission, ready.second
    page = first.get(ready.of("draft/freeze/")).content.decode()
    assert "anchor would be" in page
    rolls, trustees = freezing.ROLLS, freezing.TRUSTEES
    for name, said in (("ROLLS", "have no public list"), ("TRUSTEES", "not complete")):
        monkeypatch.setattr(freezing, name, [])
        assert said in first.get(ready.of("draft/freeze/")).content.decode()
        monkeypatch.setattr(freezing, "ROLLS", rolls)
        monkeypatch.setattr(freezing, "TRUSTEES", trustees)
    assert "code is wrong" in first.post_to(ready.of("draft/freeze/"), {"code": "1"}).content.decode()
    assert "64 digits" in first.post_to(ready.of("draft/freeze/"), {"code": first.code(), "booth": "abc"}).content.decode()
    first.post_to(ready.of("draft/freeze/"), {"code": first.code()})
    made = Proposal.objects.get(vote=ready.vote)
    # A text changed after the proposal: what the second person confirms is not what the first one saw.
    send(ready, "texts", TEXTS | {"title:en": "The other bridge"})
    at = ready.of(f"proposals/{made.pk}/")
    assert "was changed" in second.post_to(at, {"sha256": made.sha256, "code": second.code()}).content.decode()
    second.post_to(at, {"do": "withdraw"})
    first.post_to(ready.of("draft/freeze/"), {"code": first.code()})
    made = Proposal.objects.get(vote=ready.vote, withdrawn_at=None)
    anchor = made.payload["anchor"]
    assert anchor in second.get(ready.of(f"proposals/{made.pk}/")).content.decode()
    told = second.post_to(ready.of(f"proposals/{made.pk}/"), {"sha256": made.sha256, "code": second.code()})
    assert "Done." in told.content.decode(), told.content.decode()
    ready.vote.refresh_from_db()
    assert ready.vote.referendum_id == anchor
    frozen = referendum(anchor)
    assert frozen.setup.title["en"] == "The other bridge"
    # From now on nothing moves.
    assert "is frozen" in send(ready, "texts", TEXTS)
    assert "is frozen" in send(ready, "areas", {"do": "map", "credits": ""})
    with pytest.raises(errors.Unusable, match="is frozen"):
        office.propose(first.desk, "freeze", made.payload)


@pytest.mark.django_db
def test_a_list_longer_than_the_electorate_is_refused(ready: Staff) -> None:
    send(ready, "areas", {"do": "areas", "text": AREAS.replace("40", "29")})
    assert "for an electorate of 29" in ready.commission.get(ready.of("draft/freeze/")).content.decode()


@pytest.mark.django_db
def test_after_the_opening_nothing_is_frozen(ready: Staff) -> None:
    ready.commission.post_to(ready.of("draft/freeze/"), {"code": ready.commission.code()})
    made = Proposal.objects.get(vote=ready.vote)
    with clock.testing_only_at(lambda: "2030-05-01T06:00:00Z"), pytest.raises(errors.Unusable, match="opens at"):
        office.confirm(ready.second.desk, made.pk, made.sha256)
    ready.vote.refresh_from_db()
    assert ready.vote.referendum_id is None
