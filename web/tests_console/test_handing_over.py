"""Registration where no register exists, decisions of two, the offline machine and back, reserves, destruction."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyrage
import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.utils import timezone

from enrolment_rig import brought, in_force, prepare, with_day, work
from rig import Person, Staff
from sanduq import errors
from sanduq.roll import make_roll, new_credential, new_uuid, public_credential
from sanduq_web import settings as of_site
from sanduq_web.console.drafting import freezing
from sanduq_web.console.enrolment import actions, api
from sanduq_web.console.enrolment.models import Entry, Export, Opinion, Register, Reserve, RollFile
from sanduq_web.console.office.actions import confirm, propose
from sanduq_web.console.office.api import journal
from sanduq_web.flood import MEMORY
from sanduq_web.question.models import Referendum
from sanduq_web.roll.models import Case, Document, LookUp, Registration, Tally

GOOD = "voter,area,name,address,language,email,withheld,detail\nE-1,N,Ada Example,1 Road|Town,en,a@example.org,no,1965-02-01\n"
APPLICATION = {
    "name": "نام نمونه", "area": "N", "address": "Road 5\r\nTown", "email": "b@example.org", "grounds": "I was born here.",
}  # fmt: skip
_OF_SITE = ("ROOT_URLCONF", "MIDDLEWARE", "TEMPLATES", "FILE_UPLOAD_HANDLERS", "FILE_UPLOAD_MAX_MEMORY_SIZE")
site = override_settings(**{name: getattr(of_site, name) for name in _OF_SITE})
"""The vote site, on the same database."""


@pytest.fixture(autouse=True)
def offline(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The registrar's identity, on the offline machine."""
    MEMORY.forget()
    return prepare(settings, monkeypatch, tmp_path)


@pytest.fixture
def second(people: Staff, offline: Any) -> Person:
    found = with_day(people)
    made = propose(people.registrar.desk, "roll-recipients", {"recipients": [str(offline.to_public())]})
    confirm(found.desk, made.pk, made.sha256)
    return found


def show(people: Staff, **days: int | None) -> None:
    today = timezone.now().date()
    told = {"applies_from": 0, "applies_until": 5, "objects_until": 9} | days
    dates = {name: None if value is None else today + timedelta(days=value) for name, value in told.items()}
    actions.show_registration(people.commission.desk, {"en": "The bridge", "fa": "پل"}, {"en": "Two papers"}, dates, shown=True)


def public(people: Staff, path: str = "", data: dict[str, Any] | None = None, language: str = "en") -> Any:
    with site:
        at = f"/{language}/register/{people.vote.pk}/{path}"
        answer = Client().get(at) if data is None else Client().post(at, data)
    assert not answer.cookies
    return answer


def code_in(answer: Any) -> str:
    found = re.search(r"\w{5}-\w{5}-\w{5}-\w{5}", answer.content.decode())
    assert found, answer.content.decode()
    return found[0]


def decided(people: Staff, second: Person, number: int, yes: bool, strikes: str = "") -> None:
    made = actions.give_opinion(people.registrar.desk, number, yes, "Because of §5.", strikes)
    actions.agree(second.desk, number, made.pk)


def test_from_application_to_entry(people: Staff, second: Person, offline: Any) -> None:
    show(people)
    assert "پل" in public(people, language="fa").content.decode()
    paper = SimpleUploadedFile("../../evil.html", b"<script>alert(1)</script>", "text/html")
    told = public(people, data=APPLICATION | {"documents": [paper], "withheld": "on"})
    code = code_in(told)
    case = Case.objects.get()
    everything = str([list(model.objects.values()) for model in (Case, Document, Registration, Tally, Opinion)])
    for secret in ("Road 5", "نام", "b@example.org", "born here", "script", "evil", code, code.replace("-", "")):
        assert secret not in everything
    assert b"not decided yet" in public(people, "look-up/", {"by": "code", "code": f" {code} "}).content
    page = people.registrar.get(people.of("roll/cases/1/")).content.decode()
    assert "نام نمونه" in page and "born here" in page
    document = Document.objects.get()
    file = people.registrar.get(people.of(f"roll/cases/1/documents/{document.pk}/"))
    assert file["Content-Type"] == "application/octet-stream" and file["Content-Disposition"].endswith('.age"')
    assert b"<script>" not in file.content and pyrage.decrypt(file.content, [offline]) == b"<script>alert(1)</script>"
    made = actions.give_opinion(people.registrar.desk, 1, True, "Both papers fit.")
    with pytest.raises(errors.Unusable, match="another person"):
        actions.agree(people.registrar.desk, 1, made.pk)
    with pytest.raises(errors.Unusable, match="not the opinion"):
        actions.agree(second.desk, 1, made.pk + 1)
    told = second.post_to(people.of("roll/cases/1/"), {"do": "agree", "opinion": str(made.pk)})
    assert b"It is decided" in told.content
    entry = Entry.objects.get()
    assert (entry.voter, entry.area, entry.withheld, entry.generation) == ("R#000001", "N", True, 0)
    assert {row.area.code: row.entries for row in api.counts(people.vote)} == {"N": 1, "S": 0}
    page = public(people, "look-up/", {"by": "code", "code": code}).content.decode()
    assert "R#000001" in page and "Both papers fit." in page and "North" in page
    assert b"b@example" not in journal(people.vote) and "نام".encode() not in journal(people.vote)
    with pytest.raises(errors.Unusable, match="decided"):
        actions.give_opinion(people.registrar.desk, 1, False, "No.")
    in_force(people.registrar, second, GOOD)
    assert Entry.objects.filter(voter="R#000001").exists(), "another file does not take it away"
    assert case.code_sha256 not in page


def test_a_refusal_and_an_objection(people: Staff, second: Person) -> None:
    show(people)
    code = code_in(public(people, data=APPLICATION))
    wrong = {"what": "decision", "code": code, "grounds": "They fit."}
    assert b"no application with this code that was decided" in public(people, "object/", wrong).content
    decided(people, second, 1, yes=False)
    assert b"Refused" in public(people, "look-up/", {"by": "code", "code": code}).content
    assert b"is needed" in public(people, "object/", wrong | {"code": ""}).content
    again = code_in(public(people, "object/", wrong))
    assert b"already" in public(people, "object/", wrong).content
    made = actions.give_opinion(second.desk, 2, True, "They do fit.")
    actions.dispute(people.registrar.desk, 2)
    assert not Entry.objects.exists()
    with pytest.raises(errors.Unusable, match="no opinion"):
        actions.agree(people.registrar.desk, 2, made.pk)
    made = actions.give_opinion(second.desk, 2, True, "They do fit, see page 2.")
    actions.agree(people.registrar.desk, 2, made.pk)
    assert Entry.objects.get().voter == "R#000001"
    for each in (code, again):
        assert b"Accepted" in public(people, "look-up/", {"by": "code", "code": each}).content


def test_an_objection_against_an_entry_strikes_it_off(people: Staff, second: Person) -> None:
    in_force(people.registrar, second, GOOD)
    show(people)
    own = {"by": "number", "voter": "E-1", "detail": "1. 2. 1965"[::1]}
    assert b"not found" in public(people, "look-up/", own).content
    own["detail"] = "1965/02/01"
    assert b"You are on the roll" in public(people, "look-up/", own).content
    code_in(public(people, "object/", {"what": "other", "voter": "E-1", "grounds": "Moved away."}))
    with pytest.raises(errors.Unusable, match="no entry"):
        actions.give_opinion(people.registrar.desk, 1, True, "x", "E-9")
    with pytest.raises(errors.Unusable, match="objection is right"):
        actions.give_opinion(people.registrar.desk, 1, False, "x", "E-1")
    decided(people, second, 1, True, "E-1")
    assert b"struck off" in public(people, "look-up/", own).content
    assert next((row.entries, row.out) for row in api.counts(people.vote)) == (0, 1)


def test_nobody_learns_who_is_registered(people: Staff, second: Person) -> None:
    in_force(people.registrar, second, GOOD + "E-2,N,Hidden,,,,yes,19700101\n")
    show(people)

    def asked(voter: str, detail: str) -> Any:
        answer = public(people, "look-up/", {"by": "number", "voter": voter, "detail": detail})
        text = answer.content.replace(voter.encode(), b"")
        return answer.status_code, text.replace(detail.encode(), b"")

    there, nowhere, withheld = asked("E-1", "19650202"), asked("E-7", "19650202"), asked("E-2", "19700101")
    assert there == nowhere == withheld and b"not found" in there[1]
    for _each in range(9):
        asked("E-1", "1")
        asked("E-7", "1")
    assert asked("E-1", "1965-02-01")[0] == asked("E-7", "1965-02-01")[0] == 429, "the right one, too, for today"
    assert "E-1" not in str(list(Tally.objects.values()))
    Tally.objects.all().delete()
    assert asked("e-1", "1965-02-01")[0] == 200 and b"not found" in asked("e-1", "1965-02-01")[1]
    with site:
        assert Client().get(f"/en/register/{uuid4()}/").status_code == 404


def test_forms_are_refused(people: Staff, second: Person) -> None:
    assert public(people).status_code == 404, "not shown yet"
    show(people, applies_from=1)
    assert b"not taken today" in public(people).content
    assert b"not taken today" in public(people, data=APPLICATION).content
    show(people)
    bad: list[dict[str, Any]] = [
        {"name": ""}, {"name": "x" * 61}, {"name": "=cmd()"}, {"name": "a\u202eb"}, {"area": "Z"}, {"area": ""},
        {"email": "no"},
        {"email": "a@example.org\nBcc: b@example.org"}, {"grounds": "x" * 3001}, {"grounds": "a\x00b"},
        {"address": "\n".join("abcdef")}, {"address": "@home"},
    ]  # fmt: skip
    for each in bad:
        assert public(people, data=APPLICATION | each).status_code == 422, each
    four = [SimpleUploadedFile(f"{number}.pdf", b"x") for number in range(4)]
    assert public(people, data=APPLICATION | {"documents": four}).status_code == 422
    large = SimpleUploadedFile("a.pdf", bytes((6 << 20) + 1))
    assert public(people, data=APPLICATION | {"documents": [large]}).status_code == 422
    assert not Case.objects.exists()
    show(people, objects_until=-1)
    assert b"not taken today" in public(people, "object/", {"what": "other", "grounds": "x"}).content


def test_nothing_comes_in_after_freezing(people: Staff, second: Person) -> None:
    show(people)
    code = code_in(public(people, data=APPLICATION))
    for follow in freezing.FOLLOWS:
        follow(people.vote)
    assert b"not taken today" in public(people, data=APPLICATION).content
    assert b"not taken today" in public(people, "object/", {"what": "other", "grounds": "x"}).content
    assert b"not decided yet" in public(people, "look-up/", {"by": "code", "code": code}).content


def test_too_many_forms(people: Staff, second: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    show(people)
    monkeypatch.setitem(__import__("sanduq_web.roll.registering", fromlist=["RATES"]).RATES, "apply", (2, 6))
    for status in (200, 200, 429):
        assert public(people, data=APPLICATION).status_code == status
    assert Case.objects.count() == 2


def test_what_a_registration_needs_first(people: Staff, offline: Any) -> None:
    with pytest.raises(errors.Unusable, match="nothing may come in yet"):
        show(people)
    second = with_day(people)
    with pytest.raises(errors.Unusable, match="age recipient"):
        propose(people.registrar.desk, "roll-recipients", {"recipients": ["age1nonsense"]})
    with pytest.raises(errors.Unusable, match="different"):
        propose(people.registrar.desk, "roll-recipients", {"recipients": [str(offline.to_public())] * 2})
    made = propose(people.registrar.desk, "roll-recipients", {"recipients": [str(offline.to_public())]})
    with pytest.raises(errors.Unusable, match="another person"):
        confirm(people.registrar.desk, made.pk, made.sha256)
    confirm(second.desk, made.pk, made.sha256)
    with pytest.raises(errors.Unusable, match="before the last day"):
        show(people, objects_until=400)
    with pytest.raises(errors.Unusable, match="in this order"):
        show(people, applies_from=6)
    for who in (people.observer, people.supervisor, people.trustee):
        assert who.get(people.of("roll/registration/")).status_code == 404
    assert people.registrar.post_to(people.of("roll/registration/"), {"do": "show"}).status_code == 404
    assert people.commission.post_to(people.of("roll/registration/"), {"do": "recipients"}).status_code == 404
    assert people.commission.get(people.of("roll/cases/")).status_code == 404


def opened(people: Staff, number: int, offline: Any) -> zipfile.ZipFile:
    answer = people.registrar.get(people.of(f"roll/handover/{number}/"))
    raw = b"".join(answer.streaming_content)
    assert b"Ada" not in raw and b"voters.csv" not in raw
    return zipfile.ZipFile(io.BytesIO(pyrage.decrypt(raw, [offline])))


def exported(people: Staff, reserves: int = 2) -> Export:
    made = actions.ask_for_export(people.registrar.desk, reserves)
    work()
    made.refresh_from_db()
    assert made.state == "made"
    return made


def test_to_the_offline_machine_and_back(people: Staff, second: Person, offline: Any) -> None:
    in_force(people.registrar, second, GOOD + "E-2,S,Zoë,,fa,,yes,\nE-3,S,Out,,,,no,\n")
    show(people)
    code_in(public(people, data=APPLICATION))
    decided(people, second, 1, yes=True)
    made = exported(people)
    files = opened(people, made.pk, offline)
    assert sorted(files.namelist()) == ["N/people.csv", "N/voters.csv", "S/people.csv", "S/voters.csv"]
    assert files.read("N/voters.csv").decode().split() == ["voter", "R#000001", "E-1", "reserve-00001", "reserve-00002"]
    rows = {row["voter"]: row for row in csv.DictReader(io.StringIO(files.read("N/people.csv").decode(), newline=""))}
    assert rows["E-1"] == {
        "voter": "E-1", "name": "Ada Example", "address": "1 Road|Town", "language": "en", "email": "a@example.org",
    }  # fmt: skip
    assert rows["R#000001"]["name"] == "نام نمونه" and "reserve-00001" not in rows
    assert "Zoë" in files.read("S/people.csv").decode(), "letters go to those whose names are withheld, too"
    uuid = new_uuid()
    roll = make_roll((public_credential(uuid, new_credential()), None) for _each in range(4))
    row = list_of(people, "N", uuid, roll.to_bytes())
    assert (row.state, row.size, row.log) == ("good", 4, "")
    assert api.rolls_of(people.vote) == {"N": (uuid, roll.to_bytes())} and api.rolls_missing(people.vote) == ["S"]
    again = exported(people)
    assert people.registrar.get(people.of(f"roll/handover/{made.pk}/")).status_code == 404, "an earlier one is deleted"
    assert len(list((django_settings.SANDUQ_CONSOLE_FILES / "registers").iterdir())) == 1 and again.pk != made.pk
    for who in (people.commission, people.observer, people.operator):
        assert who.get(people.of("roll/handover/")).status_code == 404
        assert who.get(people.of(f"roll/handover/{again.pk}/")).status_code == 404


def list_of(people: Staff, area: str, uuid: str, raw: bytes) -> RollFile:
    made = actions.bring_list(people.registrar.desk, area, f"{uuid}.roll.json", raw)
    work()
    made.refresh_from_db()
    return made


def test_lists_that_are_refused(people: Staff, second: Person) -> None:
    in_force(people.registrar, second, GOOD + "E-2,S,Zoë,,fa,,yes,\n")
    uuid = new_uuid()
    keys = [public_credential(uuid, new_credential()) for _each in range(3)]
    raw = make_roll((key, None) for key in keys[:1]).to_bytes()
    exported(people, 0)
    cases = [
        (b"[]", "1 went out"), (b"{}", "list of strings"), (b"[" * 100_000, "shorter|malformed|nest|deep|brackets|1\\."),
        (make_roll((key, None) for key in keys[:2]).to_bytes(), "2 credentials"),
        (b'["' + b"0" * 64 + b'"]', "small order"), (b'["' + b"f" * 64 + b'"]', "point|canonical|range|prime"),
        (raw[:-1] + b" ]", "text differs"), (raw.replace(b'"]', b',7"]'), "weights"),
    ]  # fmt: skip
    for bad, said in cases:
        row = list_of(people, "N", uuid, bad)
        assert row.state == "refused" and re.search(said, row.log), (bad[:80], row.log)
    with pytest.raises(errors.Unusable, match=r"UUID\.roll\.json"):
        actions.bring_list(people.registrar.desk, "N", "../x.roll.json", raw)
    with pytest.raises(errors.Unusable, match="area of the draft"):
        actions.bring_list(people.registrar.desk, "Z", f"{uuid}.roll.json", raw)
    assert list_of(people, "N", uuid, raw).state == "good"
    with pytest.raises(errors.Unusable, match="another area"):
        actions.bring_list(people.registrar.desk, "S", f"{uuid}.roll.json", raw)
    unordered = make_roll((key, None) for key in keys)
    backwards = b"[" + b",".join(f'"{key}"'.encode() for key in reversed(list(unordered.weights))) + b"]"
    Export.objects.update(counts={"N": 3})
    assert "order" in list_of(people, "N", uuid, backwards).log
    assert api.rolls_of(people.vote) == {}


def test_reserves_are_given_by_two(people: Staff, second: Person) -> None:
    in_force(people.registrar, second, GOOD)
    exported(people)
    with pytest.raises(errors.Unusable, match="not frozen"):
        actions.give_reserve(people.registrar.desk, "N", 1, "E-1", "lost")
    people.vote.referendum = Referendum.objects.create(anchor="0" * 64, setup=b"", trustees=b"")
    people.vote.save()
    people.registrar.post.vote = second.post.vote = people.vote
    desk, other = people.registrar.desk, second.desk
    for bad in (
        ("N", 3, "E-1", "lost"),
        ("N", 0, "E-1", "lost"),
        ("S", 1, "E-1", "lost"),
        ("N", 1, "E-9", "lost"),
        ("N", 1, "E-1", "so"),
    ):
        with pytest.raises(errors.Unusable):
            actions.give_reserve(desk, *bad)
    made = actions.give_reserve(desk, "N", 1, "E-1", "lost")
    with pytest.raises(errors.Unusable, match="given already"):
        actions.give_reserve(other, "N", 1, "E-1", "lost")
    with pytest.raises(errors.Unusable, match="another person"):
        actions.second_reserve(desk, made.pk)
    actions.second_reserve(other, made.pk)
    with pytest.raises(errors.Unusable, match="no such reserve"):
        actions.take_back_reserve(other, made.pk)
    text = journal(people.vote).decode()
    assert '"reserve-given"' in text and "E-1" not in text
    for act in (lambda: brought(people.registrar, GOOD), lambda: actions.ask_for_export(desk, 0)):
        with pytest.raises(errors.Unusable, match="is frozen"):
            act()


def test_destruction_by_two_or_on_its_day(people: Staff, second: Person) -> None:
    in_force(people.registrar, second, GOOD)
    show(people)
    code = code_in(public(people, data=APPLICATION | {"documents": [SimpleUploadedFile("a", b"a")]}))
    decided(people, second, 1, yes=True)
    exported(people)
    with pytest.raises(errors.Unusable, match="not frozen"):
        propose(people.registrar.desk, "register-destroyed", {})
    made = propose(people.registrar.desk, "register-destroyed", {"before_freezing": True})
    confirm(second.desk, made.pk, made.sha256)
    work()
    for model in (Entry, Case, Document, Opinion, LookUp):
        assert not model.objects.exists(), model
    assert not list((django_settings.SANDUQ_CONSOLE_FILES / "registers").iterdir())
    assert Register.objects.get().destroyed_at is not None
    assert {row.area.code: row.entries for row in api.counts(people.vote)} == {"N": 2, "S": 0}, "counts stay"
    assert public(people, "look-up/", {"by": "code", "code": code}).status_code == 404
    assert b'"register-destroyed"' in journal(people.vote)
    assert b"were destroyed" in people.observer.get(people.of("roll/")).content
    for act in (lambda: brought(people.registrar, GOOD), lambda: show(people)):
        with pytest.raises(errors.Unusable, match="was destroyed"):
            act()


def test_its_day_comes(people: Staff, second: Person) -> None:
    in_force(people.registrar, second, GOOD)
    Register.objects.update(destroy_on=timezone.now().date())
    work()
    assert not Entry.objects.exists() and Register.objects.get().destroyed_at is not None
    assert not Reserve.objects.exists()
