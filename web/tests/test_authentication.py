"""Authentication beside the credential: off by default, or a PIN. Mostly what is refused."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from pytest_django.live_server_helper import LiveServer

from conftest import Api, Now
from rig import FROZEN, OPENS, Rig
from sanduq import errors
from sanduq.roll import Hashed, pins_text
from sanduq_web.box import actions
from sanduq_web.box.actions import asking, casting
from sanduq_web.box.models import Address, Authentication, Ballot, Code, Pin, Tries
from sanduq_web.records import Extras, export_record, import_record
from sanduq_web.watch.actions import tick
from second import PIN, Booth, addresses_file, area_file, import_with, keys_of, later, pins_file, restart

pytestmark = pytest.mark.django_db


# --- the setting -----------------------------------------------------------------------------------------------------------


def test_it_is_off_by_default_and_costs_no_query(opened: Api, rig: Rig) -> None:
    assert opened.get().json()["authentication"] == "none"
    assert opened.cast(rig.ballots["A"][0]).status_code == 201
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert opened.cast(rig.ballots["A"][1]).status_code == 201
    tables = ("box_authentication", "box_pin", "box_tries", "box_address", "box_code")
    assert not [query["sql"] for query in queries if any(table in query["sql"] for table in tables)]


def test_state_and_page_say_what_is_asked(pins: Booth, rig: Rig) -> None:
    assert pins.api.get().json()["authentication"] == "pin"
    assert "PIN" in pins.api.client.get(f"/en/{rig.anchor}/").content.decode()


def test_it_can_be_changed_until_the_opening(rig: Rig, pins: Booth, now: Now) -> None:
    import_record(rig.path, "2030-05-01T05:59:59Z", rig.anchor, None, Extras(authentication="none"))
    assert Pin.objects.count() == 0
    import_with(rig, "pin")
    for time in (OPENS, "2030-05-01T09:00:00Z"):
        with pytest.raises(errors.Unusable, match="after the opening"):
            import_record(rig.path, time, rig.anchor, None, Extras(authentication="email"))
    import_record(rig.path, FROZEN, rig.anchor, None, Extras(authentication="pin"))
    pins.api.get()  # the calendar is followed: the opening stands in the journal
    with pytest.raises(errors.Refused):
        import_record(rig.path, FROZEN, rig.anchor, None, Extras(authentication="none"))
    assert pins.api.get().json()["authentication"] == "pin"


def test_without_the_registrar_s_file_no_ballot_is_taken(pins: Booth, mails: Booth, rig: Rig) -> None:
    Authentication.objects.update(kind="pin")
    assert pins.told(rig.ballots["B"][0], PIN, "B")[0] == 503
    casting._kinds.clear()
    Authentication.objects.update(kind="email")
    assert mails.told(rig.ballots["B"][0], None, "B")[0] == 503
    assert Ballot.objects.count() == 0


# --- the registrar's files -------------------------------------------------------------------------------------------------


def test_a_file_of_pins_is_taken_whole_or_not_at_all(pins: Booth, rig: Rig, tmp_path: Path) -> None:
    before = list(Pin.objects.order_by("pk").values_list())
    good, other = pins_file(rig, tmp_path, "A", "76543210"), pins_file(rig, tmp_path, "B")
    text = other.read_text()
    lines = text.splitlines(keepends=True)
    bad = {
        "not on the public list": text.replace(lines[1][:64], "0" * 64),
        "the same credential": text + lines[1],
        "one for each of the 5": "".join(lines[:-1]),
        "expected 64": text.replace(lines[1][:64], lines[1][:62]),
        "columns": "".join(lines[1:]),
    }
    for words, content in bad.items():
        other.write_text(content)
        with pytest.raises(errors.Unusable, match=words):
            actions.keep_pins([good, other])
        assert list(Pin.objects.order_by("pk").values_list()) == before
    other.write_text(text)
    assert actions.keep_pins([good, other]) == 17


def test_a_file_is_for_an_area_that_asks_for_it(pins: Booth, rig: Rig, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.pinhashes.csv"
    nowhere.write_text("credential,salt,hash\n")
    with pytest.raises(errors.Unusable, match="of no area"):
        actions.keep_pins([nowhere])
    with pytest.raises(errors.Unusable, match="--authentication email"):
        actions.keep_addresses([addresses_file(rig, tmp_path, "A")])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{key},nobody", "line 2: no address"),
        ("{key},a@b.example\\nBcc: c@d.example", "line 2"),
        ('{key},"a@b.example\nBcc: c@d.example"', "line 2: no address"),
        ("{key},a@b.example\n{key},c@d.example", "line 3: the same"),
        ("{other},a@b.example", "not on the public list"),
        ("nonsense,a@b.example", "not on the public list"),
        ("", "no addresses"),
    ],
)
def test_a_file_of_addresses_is_refused(mails: Booth, rig: Rig, tmp_path: Path, line: str, words: str) -> None:
    before = Address.objects.count()
    text = "credential,email\n" + line.format(key=keys_of(rig, "A")[0], other="0" * 64)
    with pytest.raises(errors.Unusable, match=words) as refusal:
        actions.keep_addresses([area_file(rig, tmp_path, "A", "addresses", text)])
    assert "example" not in str(refusal.value), "no address stands in an error"
    assert Address.objects.count() == before


# --- PIN -------------------------------------------------------------------------------------------------------------------


def test_a_ballot_with_its_pin_is_taken_and_archived_as_it_is(pins: Booth, rig: Rig, tmp_path: Path) -> None:
    raw = rig.ballots["A"][0]
    answer = pins.cast(raw)
    assert (answer.status_code, answer["WWW-Authenticate"], answer.json()["name"]) == (401, "Sanduq-Code", "PinNeeded")
    receipt = pins.cast(raw, PIN)
    assert receipt.status_code == 201
    again = pins.cast(raw)
    assert (again.status_code, again.content) == (200, receipt.content), "who is in the box already is asked nothing"
    export_record(rig.anchor, tmp_path / "out")
    (archive,) = (tmp_path / "out" / "areas" / "A").glob("*.bel")
    assert raw in archive.read_bytes()
    assert PIN.encode() not in archive.read_bytes()
    assert Tries.objects.count() == 0


@pytest.mark.parametrize("said", ["", "0123456", "012345678", "again", "0123 4567", "\u06f0", "x" * 5000])
def test_what_is_no_pin_is_wrong_and_counts_nothing(pins: Booth, rig: Rig, said: str) -> None:
    said = said.encode().decode("latin-1")
    assert pins.told(rig.ballots["A"][0], said)[:2] == (401, "PinWrong")
    assert Tries.objects.count() == 0
    assert Ballot.objects.count() == 0


def test_a_pin_is_its_own_credential_s(pins: Booth, rig: Rig, tmp_path: Path) -> None:
    first, second = keys_of(rig, "A")[:2]
    text = pins_text({key: Hashed.of("11111111" if key == second else PIN, key) for key in keys_of(rig, "A")})
    lines = {line[:64]: line for line in text.splitlines()}
    actions.keep_pins([area_file(rig, tmp_path, "A", "pinhashes", text)])
    assert pins.told(rig.ballots["A"][1], PIN)[:2] == (401, "PinWrong")
    assert pins.told(rig.ballots["A"][0], PIN)[0] == 201
    exchanged = text.replace(lines[second], lines[first].replace(first, second))
    actions.keep_pins([area_file(rig, tmp_path, "A", "pinhashes", exchanged)])
    assert pins.told(rig.ballots["A"][1], PIN)[:2] == (401, "PinWrong"), "a hash does not fit another credential"


def test_guesses_must_wait_longer_and_longer_but_never_for_good(pins: Booth, rig: Rig, now: Now) -> None:
    raw, waits = rig.ballots["A"][0], []
    for _ in range(9):
        status, name, wait = pins.told(raw, "99999999")
        assert (status, name) == (401, "PinWrong")
        waits.append(int(wait or 0))
        if wait:
            assert pins.told(raw, "99999999") == (429, "TooManyTries", wait)
            assert pins.told(raw, PIN) == (429, "TooManyTries", wait), "else the wait would limit nothing"
        assert pins.told(raw)[1] == "PinNeeded", "who asks only, tries nothing"
        restart()
        later(now, waits[-1])
    assert waits == [0, 0, 15, 30, 60, 120, 240, 300, 300]
    assert pins.told(rig.ballots["A"][1], PIN)[0] == 201, "other voters wait for nobody"
    assert pins.told(raw, PIN)[0] == 201
    assert pins.told(rig.again["A"][0], "99999999") == (401, "PinWrong", None), "the right one begins anew"


def test_who_has_no_credential_counts_nobody_s_tries_up(pins: Booth, rig: Rig) -> None:
    good = json.loads(rig.ballots["A"][0])
    forged = rig.ballots["A"][1].replace(json.loads(rig.ballots["A"][1])["credential"].encode(), good["credential"].encode())
    for _ in range(5):
        assert pins.told(forged, "99999999")[0] == 422
    assert pins.cast(b"{", "99999999").status_code == 400
    assert pins.told(rig.ballots["B"][0], "99999999")[0] == 422
    assert Tries.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_win_nothing(pins: Booth, rig: Rig) -> None:
    def guess(_: int) -> str | None:
        try:
            return pins.told(rig.ballots["A"][0], "99999999")[1]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(guess, range(16)))
    assert said.count("PinWrong") == 3
    assert said.count("TooManyTries") == 13


# --- what is kept ----------------------------------------------------------------------------------------------------------


def test_nothing_is_kept_after_the_close(pins: Booth, rig: Rig, now: Now, tmp_path: Path) -> None:
    pins.told(rig.ballots["A"][0], "99999999")
    assert (Pin.objects.count(), Tries.objects.count()) == (12, 1)
    now.at("18:00")
    pins.api.get()
    assert (Pin.objects.count(), Tries.objects.count()) == (0, 0)
    with pytest.raises(errors.Unusable, match="closed"):
        actions.keep_pins([pins_file(rig, tmp_path, "A")])
    assert pins.told(rig.ballots["A"][0], PIN)[0] == 409


def test_addresses_go_at_the_close(mails: Booth, rig: Rig, now: Now, caplog: pytest.LogCaptureFixture) -> None:
    mails.told(rig.ballots["A"][2])
    assert (Address.objects.count(), Code.objects.count()) == (10, 1)
    now.at("18:00")
    mails.api.get()
    assert (Address.objects.count(), Code.objects.count()) == (0, 0)
    assert "deleted" in caplog.text
    assert "example" not in caplog.text


def test_what_has_a_time_goes_after_an_hour(pins: Booth, rig: Rig, now: Now) -> None:
    pins.told(rig.ballots["A"][0], "99999999")
    later(now, 3600)
    tick(now.time)
    assert Tries.objects.count() == 1
    later(now, 1)
    tick(now.time)
    assert Tries.objects.count() == 0


def test_no_pin_is_logged_and_the_booth_may_send_one(
    pins: Booth, rig: Rig, live_server: LiveServer, caplog: pytest.LogCaptureFixture, settings: object
) -> None:
    caplog.set_level(logging.DEBUG)
    for said in (PIN, "99999999"):
        pins.told(rig.ballots["A"][0], said)
        assert said not in caplog.text
        assert said not in repr(asking.Said(said))
    settings.SANDUQ_BOOTH = "https://booth.example"  # type: ignore[attr-defined]
    asks = {"origin": "https://booth.example", "access-control-request-method": "POST"}
    answer = pins.api.client.options(f"{pins.api.base}/areas/A/ballots", headers=asks)
    assert "Sanduq-Code" in answer["Access-Control-Allow-Headers"]
