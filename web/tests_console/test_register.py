"""Bringing a register: what is refused, what is not kept, what happens in the middle."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from datetime import timedelta
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from enrolment_rig import AREAS, brought, in_force, prepare, upload, with_day, work
from rig import Person, Staff
from sanduq import errors
from sanduq_web.console.enrolment import actions, api, keys, loading, working
from sanduq_web.console.enrolment.deeds import payload_of
from sanduq_web.console.enrolment.models import AreaCount, Entry, Fault, Job, Load, LoadState, Register
from sanduq_web.console.enrolment.reading import Frame
from sanduq_web.console.enrolment.reading import Register as Rows
from sanduq_web.console.office.actions import confirm, propose
from sanduq_web.console.office.api import journal
from sanduq_web.roll.api import key_of
from sanduq_web.roll.models import LookUp, Registration

HEAD = "voter,area,name,address,language,email,withheld,weight,detail\n"
GOOD = (
    HEAD + 'E-1,N,Ada Example,"1 Road|Town",en,ada@example.org,no,1,1965-02-01\n'
    "E-2,S,شیرین نمونه,خیابان ۱,fa,,no,2,\nE-3,N,Hidden Person,Secret Lane 7,,,yes,1,19700101\n"
)


@pytest.fixture(autouse=True)
def registrar_identity(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    return prepare(settings, monkeypatch, tmp_path)


@pytest.fixture
def second(people: Staff) -> Person:
    return with_day(people)


def rows(raw: bytes, encoding: str = "utf-8") -> list[Any]:
    return list(Rows(BytesIO(raw), encoding, Frame(AREAS, {"en", "fa"})))


def kinds(text: str) -> list[tuple[int, str, str]]:
    return [(each.line, each.column, each.kind) for each in rows(text.encode()) if hasattr(each, "kind")]


def test_a_register_comes_into_force_whole_and_by_two(people: Staff, second: Person) -> None:
    load = brought(people.registrar, GOOD)
    assert (load.state, load.entries, load.weight, load.withheld, load.faults) == (LoadState.CHECKED, 3, 4, 1, 0)
    assert not any(row.entries for row in api.counts(people.vote)), "nothing is in force yet"
    assert not list((django_settings.SANDUQ_CONSOLE_FILES / "registers").iterdir()), "the file is gone"
    made = propose(people.registrar.desk, "register-in-force", payload_of(load))
    with pytest.raises(errors.Unusable, match="another person"):
        confirm(people.registrar.desk, made.pk, made.sha256)
    at = people.of(f"proposals/{made.pk}/")
    page = second.get(at).content.decode()
    assert load.sha256 in page
    second.post_to(at, {"sha256": made.sha256, "code": second.code()})
    assert {row.area.code: row.entries for row in api.counts(people.vote)} == {"N": 2, "S": 1}
    later = in_force(second, people.registrar, "voter,area\nX,N\n")
    assert {row.area.code: row.entries for row in api.counts(people.vote)} == {"N": 1, "S": 0}
    assert list(Entry.objects.values_list("voter", "generation")) == [("X", later.pk)], "what held before is deleted"
    assert LookUp.objects.count() == 0 and Registration.objects.get().generation == later.pk


def test_what_stands_in_the_database_names_nobody(people: Staff, second: Person) -> None:
    in_force(people.registrar, second, GOOD)
    everything = "".join(str(list(model.objects.values())) for model in (Entry, Load, Fault, LookUp, Register, Job))
    for secret in ("Ada", "ada@", "Road", "شیرین", "Secret Lane", "1965-02-01", "19650201"):
        assert secret not in everything and secret.encode() not in journal(people.vote)
    assert b"E-1" not in journal(people.vote)
    one = Entry.objects.get(voter="E-1")
    told = keys.open_fields(one.sealed, f"{people.vote.pk.hex} E-1")
    assert told["name"] == "Ada Example" and told["address"] == "1 Road\nTown" and told["email"] == "ada@example.org"
    with pytest.raises(errors.Unusable, match="cannot be opened"):
        keys.open_fields(one.sealed, f"{people.vote.pk.hex} E-2")
    looked = LookUp.objects.get()
    assert bytes(looked.key) == key_of(people.vote.pk.hex, "E-1", "1965.02.01") == key_of(people.vote.pk.hex, "E-1", "۱۹۶۵۰۲۰۱")


def test_names_that_are_withheld_stand_on_no_page(people: Staff, second: Person) -> None:
    in_force(people.registrar, second, GOOD)
    page = people.registrar.get(people.of("roll/entries/")).content.decode()
    assert "E-1" in page and "E-2" in page and "E-3" not in page
    assert "N" in people.registrar.get(people.of("roll/entries/?area=N")).content.decode()
    assert "E-2" not in people.registrar.get(people.of("roll/entries/?area=N")).content.decode()
    told = people.registrar.post_to(people.of("roll/entries/"), {"voter": "E-3"}).content.decode()
    assert "withheld" in told and "Hidden" not in told and "Secret" not in told
    told = people.registrar.post_to(people.of("roll/entries/"), {"voter": "E-1"}).content.decode()
    assert "Ada Example" in told
    assert "no such entry" in people.registrar.post_to(people.of("roll/entries/"), {"voter": "E-9"}).content.decode()
    for who in (people.commission, people.observer, people.supervisor, people.trustee):
        page = who.get(people.of("roll/")).content.decode()
        assert "North" in page and "E-1" not in page
        assert who.post_to(people.of("roll/"), {"do": "upload", "file": upload(GOOD), "encoding": "utf-8"}).status_code == 404
    assert people.registrar.post_to(people.of("roll/"), {"do": "day", "day": "2099-01-01"}).status_code == 404
    number = Entry.objects.get(voter="E-1").pk
    assert people.commission.get(people.of(f"roll/entries/{number}/")).status_code == 404


def test_through_the_forms(people: Staff, second: Person) -> None:
    told = people.registrar.post_to(people.of("roll/"), {"do": "upload", "file": upload(GOOD), "encoding": "utf-8"})
    assert b"being checked" in told.content
    work()
    load = Load.objects.get()
    at = people.of(f"roll/files/{load.pk}/")
    assert b"Propose it" in people.registrar.get(at).content
    assert b"code is wrong" in people.registrar.post_to(at, {"do": "propose", "code": "000000"}).content
    told = people.registrar.post_to(at, {"do": "propose", "code": people.registrar.code()}).content
    assert b"second registrar" in told
    assert people.commission.get(at).status_code == 404
    other = upload("voter,area\n=1+1,N\n")
    people.registrar.post_to(people.of("roll/"), {"do": "upload", "file": other, "encoding": "utf-8"})
    work()
    bad = Load.objects.latest("pk")
    page = people.registrar.get(people.of(f"roll/files/{bad.pk}/")).content.decode()
    assert "as a formula" in page and "1+1" not in page
    file = people.registrar.get(people.of(f"roll/files/{bad.pk}/problems.csv"))
    text = b"".join(file.streaming_content).decode()
    assert file["Content-Disposition"].startswith("attachment") and text.splitlines()[0] == "line,column,problem"
    assert not any(cell[:1] in "=+-@" for line in text.splitlines() for cell in line.split(","))


def test_nothing_comes_before_a_day_of_destruction_a_key_and_areas(
    people: Staff, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(errors.Unusable, match="has not said when"):
        brought(people.registrar, GOOD)
    with pytest.raises(errors.Unusable, match="a day to come"):
        actions.set_destruction(people.commission.desk, timezone.now().date())
    with_day(people)
    key, settings.SANDUQ_CONSOLE_ROLL_KEY = settings.SANDUQ_CONSOLE_ROLL_KEY, None
    with pytest.raises(errors.Unusable, match="SANDUQ_CONSOLE_ROLL_KEY"):
        brought(people.registrar, GOOD)
    settings.SANDUQ_CONSOLE_ROLL_KEY = key
    monkeypatch.setattr("sanduq_web.console.enrolment.areas.SOURCES", [])
    assert "no areas" in brought(people.registrar, GOOD).log
    with pytest.raises(errors.Unusable, match="encoding"):
        brought(people.registrar, GOOD, "utf-7")
    with pytest.raises(errors.Unusable, match="0 MiB"):
        brought(people.registrar, b"")


NO_REGISTER: list[tuple[bytes, str]] = [
    (b"PK\x03\x04 a workbook", "workbook"),
    ("voter,area\nE-1,N\n".encode("utf-32"), "UTF-32"),
    ("voter,area\nE-1,N\n".encode("utf-16-le"), "UTF-16 without"),
    (b"name,area\nA,N\n", "voter is missing"),
    (b"voter\nA\n", "area is missing"),
    (b"voter,area,Voter\nA,N,B\n", "twice"),
    (b"voter,area,religion\nA,N,x\n", "no column 'religion'"),
    (b'voter,area,"na\nme"\nA,N,x\n', "no column|cannot be read"),
    (b"voter,area\n" + b"A" * 9000 + b",N\n", "line 2: a row of more than"),
    (b'voter,area,name\nA,N,"' + b"x\n" * 100, "a row of more than"),
    (b'voter,area\n"A,N\n' + b"B,N\n" * 100_000, "a row of more than"),
    (b"voter,area\n" + b",".join([b"x"] * 100_000) + b"\n", "a row of more than"),
    (b"\n\n\n", "there is no column|voter is missing"),
    (b"voter,area\n", "no voters"),
]


def test_what_is_no_register(people: Staff, second: Person) -> None:
    for raw, said in NO_REGISTER:
        load = brought(people.registrar, raw)
        assert load.state == LoadState.REFUSED and re.search(said, load.log), (load.log, said)
    assert not Entry.objects.exists() and not AreaCount.objects.exists()


def test_rows_that_are_wrong_are_named_by_line_and_column() -> None:
    long = "x" * 61
    found = kinds(
        HEAD + "E-1,N,,,,,,1,\n,N,,,,,,1,\nE 2,N,,,,,,1,\n-E2,N,,,,,,1,\nE-3,X,,,,,,1,\nE-4,N,=cmd(),,,,,1,\n"
        'E-5,N,a\x00b,,,,,1,\nE-6,N,\u202eevil,,,,,1,\nE-7,N,"two\nlines",,,,,1,\nE-8,N,,,xx,,,1,\nE-9,N,,,,no-address,,1,\n'
        "E-10,N,,,,,maybe,1,\nE-11,N,,,,,,-1,\nE-12,N,,,,,,1.5,\nE-13,N,,,,,,,\nE-14,N,,,,,,1\nE-15,N,,,,,,1,,\n"
        f'E-16,N,{long},,,,,1,\nE-17,N,,a|b|c|d|e|f,,,,1,\nE-18,N,,a|=b,,,,1,\nE-19,N,"a"b,,,,,1,\nE-20,N,,,,,,1,{long * 2}\n'
        'E-21,N,"ok ""quoted""","a\nb",,,,1,\nE-22,N,,,,,,٣,\nE-23,N,,,,a@example.org\u0000,,1,\n'
    )
    assert found == [
        (3, "voter", "voter"), (4, "voter", "voter"), (5, "voter", "formula"), (6, "area", "area"),
        (7, "name", "formula"), (8, "name", "hidden"), (9, "name", "hidden"), (10, "name", "hidden"),
        (12, "language", "language"), (13, "email", "email"), (14, "withheld", "withheld"), (15, "weight", "weight"),
        (16, "weight", "weight"), (17, "weight", "weight"), (18, "", "columns"), (19, "", "columns"),
        (20, "name", "lines"), (21, "address", "lines"), (22, "address", "lines"), (23, "", "quotes"),
        (24, "detail", "long"), (27, "weight", "weight"), (28, "email", "hidden"),
    ]  # fmt: skip


def test_forms_of_files_that_people_make() -> None:
    for divider, ends, encoding in product(",;\t|", ("\n", "\r\n", "\r"), ("utf-8", "utf-8-sig", "utf-16")):
        _is_read(divider, ends, encoding)


def _is_read(divider: str, ends: str, encoding: str) -> None:
    lines = [
        divider.join(cells) for cells in (["VOTER ", "Area", "name"], ["1", "N", "شیرین\u200cبانو"], ["2", "S", "Ş"], [""])
    ]
    found = rows((ends.join(lines)).encode(encoding))
    assert [(each.voter, each.area, each.name, each.weight) for each in found] == [
        ("1", "N", "شیرین\u200cبانو", 1), ("2", "S", "Ş", 1),
    ]  # fmt: skip


def test_another_encoding_is_named_or_refused() -> None:
    raw = "voter,area,name\n1,N,Şirin\n".encode("cp1254")
    assert [each.kind for each in rows(raw)] == ["encoding"]
    assert [each.name for each in rows(raw, "cp1254")] == ["Şirin"]
    with pytest.raises(errors.Unusable, match="encodings"):
        rows(raw, "utf-7")


def test_duplicates_are_named_also_across_batches(people: Staff, second: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH", 3)
    text = "voter,area\n" + "".join(f"{number},N\n" for number in (1, 2, 2, 3, 4, 5, 1))
    load = brought(people.registrar, text)
    assert load.state == LoadState.REFUSED and load.faults == 2
    found = list(Fault.objects.order_by("line").values_list("line", "kind", "got"))
    assert found == [(4, "twice", "3"), (8, "twice", "2")]
    assert not Entry.objects.exists(), "nothing of it is left"
    with pytest.raises(errors.Unusable, match="no such file"):
        propose(people.registrar.desk, "register-in-force", payload_of(load))


def test_too_many_faults_end_it(people: Staff, second: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH", 10)
    monkeypatch.setattr(loading, "MOST_FAULTS", 25)
    load = brought(people.registrar, "voter,area\n" + "!,N\n" * 1000)
    assert "more than 25" in load.log and Fault.objects.count() == 25 and load.read < 50


def test_more_than_the_electorate_and_too_much_weight(people: Staff, second: Person) -> None:
    load = brought(people.registrar, "voter,area\n" + "".join(f"{number},N\n" for number in range(1001)))
    assert load.state == LoadState.CHECKED
    with pytest.raises(errors.Unusable, match="1000 electors"):
        propose(people.registrar.desk, "register-in-force", payload_of(load))
    load = brought(people.registrar, f"voter,area,weight\n1,S,{10**11}\n2,S,1\n")
    assert load.state == LoadState.REFUSED and "all weights together" in load.log


def test_a_kill_in_the_middle_and_what_follows(people: Staff, second: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH", 2)
    load = actions.receive(people.registrar.desk, BytesIO(GOOD.encode() + b"E-4,N,,,,,,1,\nE-5,S,,,,,,1,\n"), "utf-8")
    stop, seen = threading.Event(), []

    def broken(*given: Any) -> Any:
        seen.append(1)
        if len(seen) == 2:
            raise KeyboardInterrupt  # as a kill: nothing is tidied up
        return real(*given)

    real = loading._insert
    monkeypatch.setattr(loading, "_insert", broken)
    with pytest.raises(KeyboardInterrupt):
        working.work_once(stop)
    monkeypatch.setattr(loading, "_insert", real)
    assert Entry.objects.count() == 2 and not any(row.entries for row in api.counts(people.vote))
    assert not working.work_once(stop), "somebody seems to be at work on it"
    Job.objects.update(beat_on=timezone.now() - timedelta(minutes=2))
    work()
    load.refresh_from_db()
    assert (load.state, load.entries, Entry.objects.count()) == (LoadState.CHECKED, 5, 5)


def test_the_process_in_the_background_begins_before_django_is_set_up() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    command = [sys.executable, "-c", "from sanduq_web.console.enrolment.child import work"]
    subprocess.run(command, env=environment, check=True)


def test_what_fails_three_times_is_told(people: Staff, second: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any) -> Any:
        raise OSError("No space left on device: Ada Example\nmore")

    monkeypatch.setattr(loading, "_insert", broken)
    load = brought(people.registrar, GOOD)
    assert load.state == LoadState.REFUSED and "three times" in load.log and "Ada" not in load.log
    assert not Entry.objects.exists()


def test_thrown_away_while_it_is_checked(people: Staff, second: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    class Meanwhile(Rows):
        def __iter__(self) -> Any:
            actions.throw_away(people.registrar.desk, Load.objects.get().pk)
            return super().__iter__()

    monkeypatch.setattr(loading, "Register", Meanwhile)
    load = brought(people.registrar, GOOD)
    assert load.state == LoadState.ENDED and not Entry.objects.exists() and not Job.objects.exists()
    with pytest.raises(errors.Unusable, match="no such file"):
        actions.throw_away(people.registrar.desk, 10**9)


def test_only_one_at_a_time_and_only_its_own_vote(people: Staff, second: Person) -> None:
    actions.receive(people.registrar.desk, BytesIO(GOOD.encode()), "utf-8")
    with pytest.raises(errors.Unusable, match="already"):
        actions.receive(people.registrar.desk, BytesIO(GOOD.encode()), "utf-8")
    files = list((django_settings.SANDUQ_CONSOLE_FILES / "registers").iterdir())
    assert len(files) == 1 and files[0].stat().st_mode & 0o777 == 0o600
    assert b"Ada" not in files[0].read_bytes(), "sealed as it came"


def test_a_damaged_file_is_not_half_imported(people: Staff, second: Person) -> None:
    text = "voter,area\n" + "".join(f"{number},S\n" for number in range(20_000))
    load = actions.receive(people.registrar.desk, BytesIO(text.encode()), "utf-8")
    path = django_settings.SANDUQ_CONSOLE_FILES / load.file
    path.write_bytes(path.read_bytes()[:-70_000])
    work()
    load.refresh_from_db()
    assert load.state == LoadState.REFUSED and "damaged" in load.log
    assert not Entry.objects.exists()
