"""Observing: what each role may write and read, what nobody can undo, and what stands out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client

from rig import Person, Staff, person
from sanduq import errors
from sanduq_web import clock
from sanduq_web.console.observing import actions
from sanduq_web.console.observing.api import docket
from sanduq_web.console.office.api import acts, journal
from sanduq_web.console.office.models import Role
from sanduq_web.watch import api
from sanduq_web.watch.actions import observing as watch
from sanduq_web.watch.models import Accreditation, Entry, Evidence, Incident, Standing, Statement

TOLD = {"kind": "pressure", "area": "", "place": "the old school", "happened": "2030-05-01T08:00", "visibility": "commission"}
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


@pytest.fixture(autouse=True)
def _at(db: None) -> Any:
    with clock.testing_only_at(lambda: NOW[0]):
        NOW[0] = "2030-05-01T12:00:00Z"
        yield


NOW = [""]


def reported(who: Person, **more: str) -> Incident:
    told = {**TOLD, "text": "Somebody stood behind the voters.", "happened": "2030-05-01T08:00:00Z", **more}
    return actions.report(who.desk, told)


def standing(number: int) -> Standing:
    return Standing.objects.get(incident__number=number)


# --- incidents ---------------------------------------------------------------------------------------------------------------


def test_an_incident_from_report_to_close(people: Staff) -> None:
    page = people.observer.post_to(people.of("incidents/new/"), {**TOLD, "text": "Secret words."})
    assert b"Secret words." in page.content
    row = Incident.objects.get()
    assert (row.number, row.happened, standing(1).due) == (1, "2030-05-01T08:00:00Z", "2030-05-04T12:00:00Z")
    at = people.of("incidents/1/")
    assert b"Done." in people.commission.post_to(at, {"do": "answer", "text": "We sent an officer."}).content
    assert standing(1).status == "answered"
    people.observer.post_to(at, {"do": "reopen", "text": "Nobody came."})
    assert standing(1).status == "open"
    people.observer.post_to(at, {"do": "close", "text": "Now they did."})
    assert standing(1).status == "closed"
    assert [entry.number for entry in Entry.objects.order_by("pk")] == [1, 2, 3]
    told = journal(people.vote).decode()
    assert "Secret words" not in told and "officer." not in told and "Nobody came" not in told and row.sha256 in told
    names = ["incident-reported", "incident-answered", "incident-reopened", "incident-closed"]
    assert [each["act"] for each in acts(people.vote)][-4:] == names


def test_who_reads_and_who_writes_behind_an_incident(people: Staff) -> None:
    hidden = reported(people.observer, visibility="observers")
    other = person(Role.OBSERVER, people.vote)
    at = people.of(f"incidents/{hidden.number}/")
    for who, status in ((other, 200), (people.commission, 404), (people.supervisor, 404), (people.trustee, 404)):
        assert who.get(at).status_code == status
    assert b"Somebody stood" not in people.commission.get(people.of("incidents.csv")).content
    for do in ("answer", "close", "add", "show", "attach"):
        told = {"do": do, "text": "x", "visibility": "public"}
        assert people.commission.post_to(at, told).status_code == 404
        if do != "attach":
            assert b"Done." not in other.post_to(at, told).content
    assert not Entry.objects.exists()
    seen = reported(people.observer)
    at = people.of(f"incidents/{seen.number}/")
    for do in ("close", "add", "reopen", "show"):
        told = {"do": do, "text": "x", "visibility": "observers"}
        assert b"for whoever reported it" in people.commission.post_to(at, told).content
        assert b"for whoever reported it" in other.post_to(at, told).content
    assert b"this is for: commission" in people.observer.post_to(at, {"do": "answer", "text": "x"}).content
    assert people.observer.post_to(at, {"do": "anything"}).status_code == 404
    assert not Entry.objects.exists() and standing(seen.number).status == "open"
    with pytest.raises(errors.Unusable, match="for: observer"):
        reported(people.commission, visibility="observers")
    for who in (people.trustee, people.registrar):
        with pytest.raises(errors.Unusable, match="this is for"):
            reported(who)


def test_an_incident_is_overdue_when_nobody_answers(people: Staff) -> None:
    reported(people.observer)
    reported(people.observer, visibility="observers")
    NOW[0] = "2030-05-04T12:00:01Z"
    assert people.commission.get(people.of("incidents/")).content.count(b">overdue<") == 1
    assert b"1 overdue" in people.commission.get(people.of()).content
    people.commission.post_to(people.of("incidents/1/"), {"do": "answer", "text": "Late."})
    assert b">overdue<" not in people.commission.get(people.of("incidents/")).content


WRONG = (
    ({"kind": "murder"}, "Select a valid choice"),
    ({"area": "A"}, "Select a valid choice"),
    ({"visibility": "nobody"}, "Select a valid choice"),
    ({"happened": "yesterday"}, "Enter a valid date"),
    ({"happened": "0001-01-01T00:00"}, "no time of a vote"),
    ({"happened": "2030-05-01T12:06"}, "not happened yet"),
    ({"text": ""}, "required"),
    ({"text": "x" * 8001}, "at most 8000"),
    ({"text": "\u202e\x07"}, "expected 1 to 8000"),
    ({"place": "x" * 201}, "at most 200"),
)


def test_what_is_no_incident(people: Staff) -> None:
    for changed, wrong in WRONG:
        page = people.observer.post_to(people.of("incidents/new/"), {**TOLD, "text": "x", **changed})
        assert wrong in page.content.decode() and not Incident.objects.exists(), changed


def test_characters_that_hide_are_taken_out_and_nothing_is_markup(people: Staff) -> None:
    made = reported(people.observer, text=f"a\u202eb\x07c\r\n\r\n\r\n\r\nمی\u200cخواهم\t{EVIL}", place="x\ny\x00")
    assert made.text == f"abc\n\nمی\u200cخواهم {EVIL}" and made.place == "x y"
    page = people.commission.get(people.of("incidents/1/")).content
    assert b"<script" not in page and b"<img" not in page


def test_the_export_has_no_formulas(people: Staff) -> None:
    for text in ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", " =1+1", "\t=1"):
        reported(people.observer, text=text, place=text)
    rows = list(csv.DictReader(io.StringIO(people.commission.get(people.of("incidents.csv")).content.decode())))
    assert len(rows) == 6
    assert all(not row[name].startswith(("=", "+", "-", "@")) for row in rows for name in ("text", "place"))


# --- evidence ----------------------------------------------------------------------------------------------------------------


def attach(who: Person, at: str, name: str, raw: bytes) -> Any:
    return who.post_to(at, {"do": "attach", "file": SimpleUploadedFile(name, raw, content_type="text/html")})


FILES = (
    ("page.html", b"<script>alert(1)</script>"),
    ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("many.zip", b"PK\x03\x04" + b"\0" * 50),
    ('a"\r\nSet-Cookie: x=1.html', b"x"),
    ("../../etc/passwd", b"x"),
    ("فیلم.mp4", b"x"),
)


def test_evidence_is_inert(people: Staff, settings: Any) -> None:
    for number, (name, raw) in enumerate(FILES, 1):
        reported(people.observer)
        assert b"Done." in attach(people.observer, people.of(f"incidents/{number}/"), name, raw).content
        told = people.commission.get(people.of(f"incidents/{number}/files/1/"))
        assert b"".join(told.streaming_content) == raw
        assert told["Content-Type"] == "application/octet-stream" and told["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in told["Content-Security-Policy"] and "default-src 'none'" in told["Content-Security-Policy"]
        disposition = told["Content-Disposition"]
        assert disposition.startswith(f'attachment; filename="incident-{number}-1-') and disposition.endswith('.bin"')
        assert "\r" not in disposition and "/" not in disposition and "Set-Cookie" not in told
    files = [each for each in Path(settings.SANDUQ_CONSOLE_FILES).rglob("*") if each.is_file()]
    assert {each.name for each in files} == set(Evidence.objects.values_list("sha256", flat=True))
    assert all(each.stat().st_mode & 0o777 == 0o600 for each in files)


def test_evidence_that_is_not_taken(people: Staff, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    reported(people.observer)
    at = people.of("incidents/1/")
    assert b"file is empty" in attach(people.observer, at, "a", b"").content
    monkeypatch.setattr(watch, "LARGEST_FILE", 10)
    assert b"larger than 10" in attach(people.observer, at, "a", b"x" * 11).content
    assert b"Done." in attach(people.observer, at, "a", b"x" * 10).content
    assert b"there already" in attach(people.observer, at, "b", b"x" * 10).content
    monkeypatch.setattr(watch, "MOST_BYTES", 15)
    assert b"larger than 5" in attach(people.observer, at, "b", b"x" * 6).content
    monkeypatch.setattr(watch, "MOST_FILES", 1)
    assert b"at most 1" in attach(people.observer, at, "b", b"y").content
    assert b"by whoever reported" in attach(people.commission, at, "b", b"y").content
    folder = Path(settings.SANDUQ_CONSOLE_FILES)
    assert sum(each.is_file() for each in folder.rglob("*")) == Evidence.objects.count() == 1


def test_evidence_that_was_changed_is_not_given_out(people: Staff, settings: Any) -> None:
    reported(people.observer)
    attach(people.observer, people.of("incidents/1/"), "a", b"true")
    [file] = [each for each in Path(settings.SANDUQ_CONSOLE_FILES).rglob("*") if each.is_file()]
    file.write_bytes(b"false")
    told = people.commission.get(people.of("incidents/1/files/1/"))
    assert told.status_code == 410 and b"false" not in told.content
    file.unlink()
    assert people.commission.get(people.of("incidents/1/files/1/")).status_code == 404
    assert people.commission.get(people.of("incidents/1/files/2/")).status_code == 404


# --- statements --------------------------------------------------------------------------------------------------------------


def stated(who: Person, people: Staff, at: str = "statements/new/", **more: str) -> Any:
    told = {"language": "en", "title": "What we saw", "text": "It was calm.", "code": who.code()} | more
    return who.post_to(people.of(at), told)


def test_a_statement_is_made_and_supplemented_by_its_author_alone(people: Staff) -> None:
    observer, other = people.observer, person(Role.OBSERVER, people.vote)
    assert b"code is wrong" in stated(observer, people, code="000000").content and not Statement.objects.exists()
    assert b"Everybody can read it" in stated(observer, people).content
    assert b"Everybody can read it" in stated(observer, people, "statements/1/", text="Until noon.").content
    first, second = Statement.objects.order_by("version")
    assert (second.number, second.version, second.parent) == (1, 2, first.sha256)
    for who in (other, people.commission, people.supervisor, people.trustee, people.registrar, people.operator):
        assert stated(who, people, "statements/1/", text="It was not.").status_code == 404, who
    for who in (people.commission, people.supervisor, people.trustee, people.registrar, people.operator):
        assert stated(who, people).status_code == 404, who
        with pytest.raises((errors.Unusable, ValueError)):
            actions.state(who.desk, "en", "x", "x")
    with pytest.raises(errors.Unusable, match="of yours"):
        actions.state(other.desk, "en", "x", "x", 1)
    assert Statement.objects.count() == 2
    for who in people.all[:-1]:
        for do in ("delete", "edit", "withdraw"):
            who.post_to(people.of("statements/"), {"do": do, "number": "1"})
            who.post_to(people.of("statements/1/"), {"do": do})
    assert [row.text for row in Statement.objects.order_by("version")] == ["It was calm.", "Until noon."]


def test_no_code_and_no_sql_changes_what_was_written(people: Staff) -> None:
    """Neither a model, nor a query, nor a statement past Django: a trigger stands in the database."""
    actions.state(people.observer.desk, "en", "Title", "Text")
    reported(people.observer)
    actions.change(people.commission.desk, "answer", 1, "Answer")
    for model in (Statement, Incident, Entry):
        row = model.objects.get()
        row.text = "changed"
        for act in (
            row.save, row.delete, model.objects.all().delete, lambda model=model: model.objects.update(text="x"),
            lambda model=model, row=row: model.objects.bulk_update([row], ["text"]),
            lambda model=model: model.objects.filter(pk=1).delete(),
        ):  # fmt: skip
            with pytest.raises(errors.Unusable, match="nobody changes or deletes"):
                act()
        table = model._meta.db_table
        for sql in (f"UPDATE {table} SET text = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(IntegrityError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            model._base_manager.filter(pk=row.pk)._raw_delete(model._base_manager.db)
        assert model.objects.get().text != "changed"


def test_statements_have_bounds(people: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    assert b"at most 20000" in stated(people.observer, people, text="x" * 20_001).content
    assert b"Select a valid choice" in stated(people.observer, people, language="xx").content
    monkeypatch.setattr(watch, "MOST_STATEMENTS", 1)
    actions.state(people.observer.desk, "fa", "x", "x")
    with pytest.raises(errors.Unusable, match="at most 1"):
        actions.state(people.observer.desk, "fa", "x", "x")


# --- accreditation -----------------------------------------------------------------------------------------------------------


def test_accreditation_shows_what_was_agreed_to_and_read(people: Staff) -> None:
    observer, commission, at = people.observer, people.commission, people.of("observers/")
    words = {"organisation": "Watchers of bridges", "about": "Since 1999", "name": "A. B."}
    observer.post_to(at, words)
    row = Accreditation.objects.get()
    assert (row.state, row.agrees) == ("asked", False)
    assert not api.observers(docket(people.vote))
    seen = watch.words_sha256(row)
    observer.post_to(at, {**words, "name": "", "agrees": "on"})
    told = commission.post_to(at, {"do": "accredit", "number": "1", "words": seen})
    assert b"changed these words" in told.content, "nobody is accredited with words that were not read"
    for who in (observer, people.supervisor, people.trustee):
        who.post_to(at, {"do": "accredit", "number": "1", "words": watch.words_sha256(Accreditation.objects.get())})
    observer.post_to(at, {**words, "name": "", "agrees": "on"})
    assert Accreditation.objects.get().state == "asked"
    commission.post_to(at, {"do": "accredit", "number": "1", "words": watch.words_sha256(Accreditation.objects.get())})
    assert [each.organisation for each in api.observers(docket(people.vote))] == ["Watchers of bridges"]
    actions.state(observer.desk, "en", "Title", "Text")
    observer.post_to(at, {**words, "organisation": "The Court", "agrees": "on"})
    assert not api.observers(docket(people.vote)), "other words are accredited anew"
    actions.state(observer.desk, "en", "Title", "Text")
    commission.post_to(at, {"do": "end", "number": "1"})
    assert [each.author for each in Statement.objects.order_by("number")] == ["Watchers of bridges", ""]
    assert b"was ended" in observer.post_to(at, {**words, "agrees": "on"}).content
    told = journal(people.vote).decode()
    assert "Watchers" not in told and "A. B." not in told


def test_an_observer_that_is_not_there(people: Staff) -> None:
    for number in ("", "x", "-1", "9" * 30, "99"):
        told = people.commission.post_to(people.of("observers/"), {"do": "end", "number": number})
        assert told.status_code == 404 or b"no such observer" in told.content


def test_everybody_else_is_told_that_there_is_no_such_page(people: Staff) -> None:
    reported(people.observer)
    for path in ("areas/", "areas.json", "incidents/", "incidents/1/", "incidents.csv", "statements/", "observers/"):
        for who in (people.trustee, people.registrar, people.operator):
            assert who.get(people.of(path)).status_code == 404
        assert Client().get(f"/en/{people.of(path)}").status_code == 302
    assert b"before the setup is frozen" in people.observer.get(people.of("areas/")).content
    assert people.observer.get(people.of("areas.json")).status_code == 404
    assert json.loads(next(iter(journal(people.vote).splitlines())))["act"] == "vote-made"
