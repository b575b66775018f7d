"""What observers and complainants write, on the public site: what everybody reads, what nobody does, and what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from conftest import Now
from rig import Rig
from sanduq import errors
from sanduq_web.box import api as box
from sanduq_web.count import api as count
from sanduq_web.count.models import Annulment
from sanduq_web.question.api import Frozen
from sanduq_web.vote_edition.build import build
from sanduq_web.watch import api
from sanduq_web.watch.actions import complaining, observing
from sanduq_web.watch.actions.complaining import Lodged, Ruling, decide, lodge
from sanduq_web.watch.actions.dockets import Writer, docket_of, set_limits
from sanduq_web.watch.models import Complaint, Decision, Docket
from test_pages import LANGUAGES, page

pytestmark = pytest.mark.django_db
UNTIL = "2030-05-05T12:00:00Z"
OBSERVER, COMMISSION = Writer(7, "observer"), Writer(3, "commission")
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{ frozen }}'


@pytest.fixture
def docket(frozen: Frozen, now: Now) -> Docket:
    found = docket_of(uuid4(), frozen.anchor)
    set_limits(found, UNTIL, 3, 3, now.time)
    return Docket.objects.get()


@pytest.fixture
def browser(docket: Docket) -> Iterator[Browser]:
    yield Browser(docket)


class Browser:
    """Somebody on the public site."""

    def __init__(self, docket: Docket) -> None:
        self.base = f"/en/{docket.referendum_id}/"
        self.client = Client()

    def form(self, at: str = "complaints/lodge/") -> dict[str, str]:
        """The form, filled in."""
        text = self.client.get(self.base + at).content.decode()
        token = re.search(r'name="token" value="([^"]+)"', text)
        assert token
        return {"kind": "roll", "area": "A", "text": "I was turned away.", "name": "", "token": token[1]}

    def send(self, told: dict[str, str], at: str = "complaints/lodge/", **more: Any) -> Any:
        return self.client.post(self.base + at, told, **more)

    def lodged(self, at: str = "complaints/lodge/", **more: str) -> str:
        """The code of a complaint."""
        answer = self.send(self.form(at) | more, at)
        code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}", answer.content.decode())
        assert answer.status_code == 200 and code, answer.content.decode()
        return code[0]


def granted(docket: Docket, number: int, now: Now, *annuls: str, **more: Any) -> Decision:
    told = Ruling(number, more.pop("outcome", "granted"), "Seals were broken.", "en", annuls)
    return decide(docket, told, "commission", [1, 2], now.time, **more)


# --- complaints --------------------------------------------------------------------------------------------------------------


def test_a_complaint_is_lodged_and_its_answer_looked_up_by_code(browser: Browser, docket: Docket, now: Now) -> None:
    told = browser.form() | {"name": "Nobody Special"}
    answer = browser.send(told)
    assert answer["Cache-Control"] == "no-store" and not answer.cookies
    assert browser.send(told).content == answer.content and Complaint.objects.count() == 1, "sent twice, it is one"
    row = Complaint.objects.get()
    assert (row.number, row.post, row.area, row.due, row.language) == (1, None, "A", "2030-05-04T06:00:00Z", "en")
    [code] = re.findall(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]{2}", answer.content.decode())
    assert code not in json.dumps([str(each) for each in Complaint.objects.values_list()])
    register = page(browser.base + "complaints/")
    entry = page(browser.base + "complaints/1/")
    for text in ("turned away", "Nobody Special", code):
        assert text not in register and text not in entry
    decide(docket, Ruling(1, "dismissed", "You were not on the list.", "en"), "commission", [1, 2], now.time)
    mine = browser.send({"code": code.lower().replace("-", " ")}, "complaints/answer/").content.decode()
    assert "turned away" in mine and "You were not on the list." in mine and "dismissed" in mine
    assert "You were not on the list." in page(browser.base + "complaints/1/")
    for wrong in ("", "x" * 5000, code[:-1] + ("0" if code[-1] != "0" else "1"), "0000-0000-0000-0000-00"):
        assert browser.send({"code": wrong}, "complaints/answer/").status_code == 404
    assert browser.client.get(browser.base + "complaints/answer/").status_code == 405


def test_name_and_text_are_public_if_the_complainant_says_so(browser: Browser) -> None:
    browser.lodged(name="A. Voter", name_is_public="on", text_is_public="on")
    entry = page(browser.base + "complaints/1/")
    assert "A. Voter" in entry and "I was turned away." in entry
    browser.lodged(name="", name_is_public="on")
    assert not Complaint.objects.get(number=2).name_is_public


def test_the_time_limit_is_kept_and_never_made_shorter(browser: Browser, docket: Docket, now: Now) -> None:
    told = browser.form()
    now.to(UNTIL)
    assert browser.send(told).status_code == 200
    late = browser.form()
    now.to("2030-05-05T12:00:01Z")
    answer = browser.send(late)
    assert b"The time limit has ended" in answer.content and Complaint.objects.count() == 1
    with pytest.raises(errors.Unusable, match="ended at 2030-05-05T12:00:00Z"):
        lodge(docket, Lodged("roll", "", "x", "en"), now.time, token="x")
    for until, appeals in (("2030-05-05T11:59:59Z", 3), (UNTIL, 2)):
        with pytest.raises(errors.Unusable, match="never shorter"):
            set_limits(docket, until, appeals, 3, now.time)
    set_limits(docket, "2030-05-06T12:00:00Z", 3, 3, now.time)
    assert browser.send(late).status_code == 200 and Complaint.objects.count() == 2


def test_a_time_limit_ends_after_the_close(frozen: Frozen, now: Now) -> None:
    found = docket_of(uuid4(), frozen.anchor)
    for until in ("2030-05-02T17:59:59Z", "2030-05-01T05:00:00Z"):
        with pytest.raises(errors.Unusable, match="2030-05-02T18:00:00Z or later"):
            set_limits(found, until, 3, 3, now.time)
    for days in (0, 31):
        with pytest.raises(errors.Unusable, match="days"):
            set_limits(found, UNTIL, days, 3, now.time)
    assert b"complaints are not taken here" in Client().get(f"/en/{frozen.anchor}/complaints/lodge/").content
    with pytest.raises(errors.Unusable, match="no time limit has been set"):
        lodge(found, Lodged("roll", "", "x", "en"), now.time, token="x")


def test_what_is_no_complaint(browser: Browser) -> None:
    told = browser.form()
    for changed in (
        {"kind": "murder"}, {"kind": ""}, {"area": "Z"}, {"text": ""}, {"text": "x" * 6001}, {"name": "x" * 121},
        {"token": ""}, {"token": "short"}, {"token": "x" * 43 + "\n"},
    ):  # fmt: skip
        assert browser.send(told | changed).status_code == 422, changed
    assert browser.send(told | {"text": "\u202e\x00\x07"}).status_code in (409, 422)
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert browser.send(told, headers=headers).status_code == 403
    assert browser.client.put(browser.base + "complaints/lodge/").status_code == 405
    for at in ("complaints/99/", "complaints/lodge/?against=1"):
        answer = browser.client.get(browser.base + at)
        assert answer.status_code == 404 or b"Nothing can be lodged" in answer.content
    assert not Complaint.objects.exists()


def test_a_flood_is_told_so_and_observers_still_complain(
    browser: Browser, docket: Docket, now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(complaining, "MOST_AN_HOUR", 2)
    browser.lodged()
    browser.lodged()
    told = browser.form()
    answer = browser.send(told)
    assert (answer.status_code, answer["Retry-After"]) == (429, "900") and b"I was turned away." in answer.content
    lodge(docket, Lodged("roll", "", "x", "en"), now.time, who=OBSERVER)
    now.at("07:00:01")
    assert browser.send(told).status_code == 200
    monkeypatch.setattr(complaining, "MOST_OF_A_POST", 1)
    with pytest.raises(errors.Unusable, match="at most 1"):
        lodge(docket, Lodged("roll", "", "x", "en"), now.time, who=OBSERVER)


def test_an_appeal_has_its_own_limit_and_there_is_none_against_it(browser: Browser, docket: Docket, now: Now) -> None:
    browser.lodged()
    at = "complaints/lodge/?against=1"
    assert b"Nothing can be lodged" in browser.client.get(browser.base + at).content, "nothing is decided yet"
    made = granted(docket, 1, now, outcome="dismissed")
    assert made.appeal_until == "2030-05-04T06:00:00Z"
    told = browser.form(at)
    now.to("2030-05-04T06:00:01Z")
    assert b"The time limit has ended" in browser.send(told, at).content
    now.to("2030-05-04T06:00:00Z")
    browser.lodged(at)
    appeal = Complaint.objects.get(number=2)
    assert appeal.against == made
    with pytest.raises(errors.Unusable, match="no such complaint"):
        granted(docket, 2, now)
    with pytest.raises(errors.Unusable, match="no such appeal"):
        granted(docket, 1, now, on_appeal=True)
    assert not api.case(docket, 1, "2030-06-01T00:00:00Z").final, "an appeal waits"  # type: ignore[union-attr]
    last = granted(docket, 2, now, "A", on_appeal=True)
    assert last.appeal_until == "" and api.case(docket, 2, now.time).final  # type: ignore[union-attr]
    with pytest.raises(errors.Unusable, match="decided on appeal"):
        lodge(docket, Lodged("roll", "", "x", "en", against=2), now.time, token="y")
    with pytest.raises(errors.Unusable, match="is decided"):
        granted(docket, 2, now, on_appeal=True)


def test_nothing_is_markup(browser: Browser, docket: Docket, now: Now) -> None:
    code = browser.lodged(text=EVIL, name=EVIL[:120], name_is_public="on", text_is_public="on")
    decide(docket, Ruling(1, "granted", EVIL, "fa"), "commission", [1, 2], now.time)
    told = {"kind": "other", "area": "", "place": EVIL, "happened": now.time, "text": EVIL, "visibility": "public"}
    observing.report(docket, OBSERVER, told, now.time)
    observing.answer(docket, COMMISSION, 1, EVIL, now.time)
    observing.state(docket, OBSERVER, "en", EVIL, EVIL, now.time)
    observing.introduce(docket, OBSERVER, EVIL, EVIL, EVIL[:120], True, now.time)
    row = api.Accreditation.objects.get()
    observing.accredit(docket, COMMISSION, 1, observing.words_sha256(row), now.time)
    texts = [page(browser.base + at) for at in PAGES]
    texts.append(browser.send({"code": code}, "complaints/answer/").content.decode())
    for text in texts:
        assert "<script" not in text and "<img" not in text
    assert sum("&lt;script" in text for text in texts) >= 6


PAGES = ("observers/", "incidents/", "statements/", "complaints/", "complaints/1/", "complaints/lodge/", "result/", "watch/")


# --- annulled areas ----------------------------------------------------------------------------------------------------------


def test_an_annulled_area_is_left_out_and_the_record_stays(
    decided: Frozen, rig: Rig, docket: Docket, browser: Browser, now: Now
) -> None:
    before = [
        box.journal_bytes(rig.anchor),
        *(Client().get(f"/api/v1/referendums/{rig.anchor}/{name}").content for name in FILES),
    ]
    assert Client().get(f"/api/v1/referendums/{rig.anchor}/outcome-annulled.json").status_code == 404
    assert "As counted" not in page(browser.base + "result/")
    browser.lodged()
    granted(docket, 1, now, "A")
    text = page(browser.base + "result/")
    counted, left = text.split('<section id="without">')
    left = left[: left.index('<section id="areas">')]
    assert "17 ballots of an electorate of 27" in counted and "5 ballots of an electorate of 10" in left
    told = json.loads(Client().get(f"/api/v1/referendums/{rig.anchor}/outcome-annulled.json").content)
    assert told["annulled"] == {"A": [1]} and told["outcome"]["regions"][0]["turnout"]["denominator"] == 10
    after = [
        box.journal_bytes(rig.anchor),
        *(Client().get(f"/api/v1/referendums/{rig.anchor}/{name}").content for name in FILES),
    ]
    assert after == before
    # The last one, too; then an appeal takes it back.
    browser.lodged(area="B")
    granted(docket, 2, now, "B")
    assert "annulled in all areas" in page(browser.base + "result/")
    browser.lodged("complaints/lodge/?against=1")
    granted(docket, 3, now, on_appeal=True, outcome="dismissed")
    assert set(count.annulled(decided)) == {"A", "B"}, "a dismissed appeal changes nothing"
    browser.lodged("complaints/lodge/?against=2")
    granted(docket, 4, now, on_appeal=True)
    assert set(count.annulled(decided)) == {"A"}
    assert [row.codes for row in Annulment.objects.order_by("pk")] == [["A"], ["B"], []]


FILES = ("results.csv", "results.json", "outcome.json")


def test_an_area_is_annulled_before_there_is_a_result(browser: Browser, docket: Docket, now: Now) -> None:
    browser.lodged()
    with pytest.raises(errors.Unusable, match="no area"):
        granted(docket, 1, now, "Z")
    with pytest.raises(errors.Unusable, match="changes nothing"):
        granted(docket, 1, now, "A", outcome="dismissed")
    with pytest.raises(errors.Unusable, match="of the lists"):
        granted(docket, 1, now, outcome="maybe")
    with pytest.raises(errors.Unusable, match="reasons"):
        decide(docket, replace(Ruling(1, "granted", " ", "en"), annuls=("A",)), "commission", [1, 2], now.time)
    assert not Decision.objects.exists() and not Annulment.objects.exists()
    granted(docket, 1, now, "A")
    assert "Area A" in page(browser.base + "result/")


def test_complaints_decisions_and_annulments_are_written_once(browser: Browser, docket: Docket, now: Now) -> None:
    browser.lodged()
    granted(docket, 1, now, "A")
    for model in (Complaint, Decision, Annulment):
        row = model.objects.get()
        for act in (row.save, row.delete, model.objects.all().delete, lambda model=model: model.objects.update(time="x")):
            with pytest.raises(errors.Unusable, match="nobody changes or deletes"):
                act()
        for sql in (f"UPDATE {model._meta.db_table} SET time = 'x'", f"DELETE FROM {model._meta.db_table}"):
            with pytest.raises(IntegrityError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)


# --- pages -------------------------------------------------------------------------------------------------------------------


def filled(docket: Docket, now: Now) -> None:
    """Something on every page."""
    observing.introduce(docket, OBSERVER, "Watchers", "Since 1999", "", True, now.time)
    observing.accredit(docket, COMMISSION, 1, observing.words_sha256(api.Accreditation.objects.get()), now.time)
    told = {"kind": "access", "area": "A", "place": "Hall", "happened": now.time, "text": "Locked.", "visibility": "public"}
    observing.report(docket, OBSERVER, told, now.time)
    observing.report(docket, OBSERVER, told | {"visibility": "commission", "text": "Hidden."}, now.time)
    observing.attach(docket, OBSERVER, 1, "door.jpg", [b"x"], now.time)
    observing.answer(docket, COMMISSION, 1, "It is open now.", now.time)
    observing.state(docket, OBSERVER, "en", "What we saw", "It was calm.", now.time)
    observing.state(docket, OBSERVER, "en", "And then", "Not so calm.", now.time, 1)
    lodge(docket, Lodged("count", "B", "Count again.", "en"), now.time, token="z" * 43)
    decide(docket, Ruling(1, "granted", "We do.", "en", ("A",)), "commission", [1, 2], now.time)


@pytest.mark.parametrize(
    "language", [pytest.param(code, marks=[] if code == "fa" else [pytest.mark.long]) for code in LANGUAGES]
)
def test_pages_are_whole_in_every_language(docket: Docket, now: Now, language: str, settings: Any, tmp_path: Any) -> None:
    settings.SANDUQ_CONSOLE_FILES = tmp_path
    filled(docket, now)
    texts = {at: page(f"/{language}/{docket.referendum_id}/{at}") for at in PAGES}
    assert "Watchers" in texts["observers/"] and "door.jpg" not in texts["incidents/"]
    assert "Hidden." not in "".join(texts.values()) and "Count again." not in "".join(texts.values())
    for at in ("statements/", "result/"):
        assert "It was calm." in texts[at] and "Watchers" in texts[at]
    assert "Not so calm." in texts["statements/"]


def test_without_a_docket_there_are_no_such_pages(frozen: Frozen) -> None:
    for at in ("observers/", "incidents/", "statements/", "complaints/", "complaints/1/", "complaints/lodge/"):
        page(f"/en/{frozen.anchor}/{at}", status=404)
    assert "complaints" not in page(f"/en/{frozen.anchor}/watch/")


@pytest.mark.long
def test_an_edition_has_what_is_public_and_leads_to_the_form(
    docket: Docket, now: Now, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sanduq_web.count.views.pages.can_print", lambda: False)
    settings.SANDUQ_CONSOLE_FILES = tmp_path / "files"
    filled(docket, now)
    made = build(tmp_path / "vote", 1, date(2030, 5, 2), datetime(2030, 5, 2, 12, tzinfo=UTC), "http://testserver")
    assert not made.broken
    there = tmp_path / "vote" / "en" / str(docket.referendum_id)
    for name in ("observers", "incidents", "statements", "complaints", "complaints/1"):
        assert (there / name / "index.html").is_file(), name
    assert not (there / "complaints" / "lodge").exists() and not (there / "complaints" / "answer").exists()
    texts = "".join(path.read_text("utf-8") for path in (tmp_path / "vote").rglob("*.html"))
    assert "It was calm." in texts and "Hidden." not in texts and "Count again." not in texts and "<form" not in texts
    assert f'href="http://testserver/en/{docket.referendum_id}/complaints/lodge/"' in texts
