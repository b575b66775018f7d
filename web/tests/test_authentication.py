"""Authentication beside the credential: off by default; a PIN, or a code by e-mail. Mostly what is refused."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.live_server_helper import LiveServer

from conftest import Api, Now
from rig import ENGINE, FROZEN, OPENS, Rig, seal
from sanduq import errors
from sanduq.roll import Hashed, pins_text
from sanduq_web import clock
from sanduq_web.box import actions
from sanduq_web.box.actions import asking, casting, codes
from sanduq_web.box.models import Address, Authentication, Ballot, Code, Pin, Tries
from sanduq_web.problems import Busy
from sanduq_web.records import export_record, import_record
from sanduq_web.settings import smtp
from sanduq_web.watch.actions import tick
from smtp import Mailbox, mail_server

pytestmark = pytest.mark.django_db
PIN = "01234567"


@dataclass
class Booth:
    """Casts as the booth does, with what it was told."""

    api: Api
    rig: Rig

    def cast(self, raw: bytes, said: str | None = None, code: str = "A", **headers: str):  # type: ignore[no-untyped-def]
        path = f"{self.api.base}/areas/{code}/ballots"
        more = {} if said is None else {"sanduq-code": said}
        return self.api.client.post(path, raw, content_type="application/json", headers={**more, **headers})

    def told(self, raw: bytes, said: str | None = None, code: str = "A") -> tuple[int, str | None, str | None]:
        answer = self.cast(raw, said, code)
        wait = answer.get("Retry-After")
        return answer.status_code, answer.json().get("name"), wait


def _uuid_file(rig: Rig, folder: Path, code: str, end: str, text: str) -> Path:
    path = folder / f"{rig.area(code).uuid}.{end}.csv"
    path.write_text(text)
    return path


def _keys(rig: Rig, code: str) -> list[str]:
    return list(ENGINE.public_credentials(rig.area(code).uuid, rig.credentials[code]))


def _pins(rig: Rig, folder: Path, code: str, pin: str = PIN) -> Path:
    """A file in which all voters of an area have the same PIN, each with its own salt."""
    return _uuid_file(rig, folder, code, "pinhashes", pins_text({key: Hashed.of(pin, key) for key in _keys(rig, code)}))


def _addresses(rig: Rig, folder: Path, code: str, leave_out: int = 0) -> Path:
    rows = [f"{key},voter{n}@{code.lower()}.example" for n, key in enumerate(_keys(rig, code))]
    return _uuid_file(rig, folder, code, "addresses", "\n".join(["credential,email", *rows[leave_out:], ""]))


def _import(rig: Rig, kind: str) -> None:
    import_record(rig.path, FROZEN, rig.anchor, (10, 3), kind)


@pytest.fixture
def pins(rig: Rig, settings: object, tmp_path: Path) -> Booth:
    settings.SANDUQ_BOX_KEYS = [rig.key_file]  # type: ignore[attr-defined]
    _import(rig, "pin")
    actions.keep_pins([_pins(rig, tmp_path, "A")])
    return Booth(Api(Client(), rig), rig)


@pytest.fixture
def mailbox(settings: object) -> Iterator[Mailbox]:
    with mail_server() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
        settings.SANDUQ_SMTP, settings.SANDUQ_MAIL_FROM = box.url, "box@vote.example"  # type: ignore[attr-defined]
        for name, value in smtp(box.url).items():
            setattr(settings, name, value)
        yield box


@pytest.fixture
def mails(rig: Rig, settings: object, tmp_path: Path, mailbox: Mailbox) -> Booth:
    settings.SANDUQ_BOX_KEYS = [rig.key_file]  # type: ignore[attr-defined]
    _import(rig, "email")
    actions.keep_addresses([_addresses(rig, tmp_path, "A", leave_out=2)])
    return Booth(Api(Client(), rig), rig)


def _later(now: Now, seconds: int) -> None:
    now.to(clock.text(clock.seconds(now.time) + seconds))


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
    import_record(rig.path, "2030-05-01T05:59:59Z", rig.anchor, None, "none")
    assert Pin.objects.count() == 0
    _import(rig, "pin")
    for time in (OPENS, "2030-05-01T09:00:00Z"):
        with pytest.raises(errors.Unusable, match="after the opening"):
            import_record(rig.path, time, rig.anchor, None, "email")
    import_record(rig.path, FROZEN, rig.anchor, None, "pin")
    pins.api.get()  # the calendar is followed: the opening stands in the journal
    with pytest.raises(errors.Refused):
        import_record(rig.path, FROZEN, rig.anchor, None, "none")
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
    good, other = _pins(rig, tmp_path, "A", "76543210"), _pins(rig, tmp_path, "B")
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
        actions.keep_addresses([_addresses(rig, tmp_path, "A")])


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
    text = "credential,email\n" + line.format(key=_keys(rig, "A")[0], other="0" * 64)
    with pytest.raises(errors.Unusable, match=words) as refusal:
        actions.keep_addresses([_uuid_file(rig, tmp_path, "A", "addresses", text)])
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
    first, second = _keys(rig, "A")[:2]
    text = pins_text({key: Hashed.of("11111111" if key == second else PIN, key) for key in _keys(rig, "A")})
    lines = {line[:64]: line for line in text.splitlines()}
    actions.keep_pins([_uuid_file(rig, tmp_path, "A", "pinhashes", text)])
    assert pins.told(rig.ballots["A"][1], PIN)[:2] == (401, "PinWrong")
    assert pins.told(rig.ballots["A"][0], PIN)[0] == 201
    exchanged = text.replace(lines[second], lines[first].replace(first, second))
    actions.keep_pins([_uuid_file(rig, tmp_path, "A", "pinhashes", exchanged)])
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
        as_after_a_restart()
        _later(now, waits[-1])
    assert waits == [0, 0, 15, 30, 60, 120, 240, 300, 300]
    assert pins.told(rig.ballots["A"][1], PIN)[0] == 201, "other voters wait for nobody"
    assert pins.told(raw, PIN)[0] == 201
    assert pins.told(rig.again["A"][0], "99999999") == (401, "PinWrong", None), "the right one begins anew"


def as_after_a_restart() -> None:
    casting._kinds.clear()
    casting.gate_of.cache_clear()
    casting._opened.clear()


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


# --- one-time code ---------------------------------------------------------------------------------------------------------


def test_a_code_by_mail_lets_its_ballot_in(mails: Booth, rig: Rig, mailbox: Mailbox) -> None:
    raw = rig.ballots["A"][2]
    answer = mails.cast(raw)
    assert (answer.status_code, answer.json()["name"]) == (401, "CodeNeeded")
    assert b"example" not in answer.content, "who has the credential does not learn the address"
    ((to, mail),) = mailbox.mails
    assert (to, mail["From"], mail["To"]) == ("voter2@a.example", "box@vote.example", "voter2@a.example")
    assert mail["Auto-Submitted"] == "auto-generated"
    code = mailbox.last_code()
    assert code not in mail["Subject"]
    receipt = mails.cast(raw, code)
    assert receipt.status_code == 201
    assert mail.get_content().count("credential") == 1
    for secret in (json.loads(raw)["credential"], receipt.json()["tracker"], rig.anchor, rig.credentials["A"][2], "vote"):
        assert secret not in mail.get_content().replace("voting booth", "")
    assert Code.objects.count() == 0, "when it was sent is kept no longer"
    assert mails.cast(raw).content == receipt.content
    assert mails.cast(raw, code).status_code == 200
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("language", ["en", "az", "azb", "fa", "ar", "tr"])
def test_the_mail_is_in_the_booth_s_language(mails: Booth, rig: Rig, mailbox: Mailbox, language: str) -> None:
    mails.cast(rig.ballots["A"][2], **{"accept-language": language})
    text = mailbox.mails[-1][1].get_content()
    assert ("one-time code" in text) is (language == "en")
    assert len(mailbox.last_code()) == 8


def test_a_lost_answer_sends_no_second_mail_and_a_wish_does(mails: Booth, rig: Rig, mailbox: Mailbox, now: Now) -> None:
    raw = rig.ballots["A"][2]
    for _ in range(3):
        assert mails.told(raw)[1] == "CodeNeeded"
    first = mailbox.last_code()
    assert len(mailbox.mails) == 1
    for sent in (2, 3, 4, 5):
        assert mails.told(raw, "again")[1] == "CodeNeeded"
        assert len(mailbox.mails) == sent
    assert mails.told(raw, "again") == (429, "TooManyTries", "3600")
    assert len(mailbox.mails) == 5
    assert mails.told(raw, first)[1] == "CodeWrong", "only the last one holds"
    _later(now, 600)
    as_after_a_restart()
    assert mails.told(raw, "again") == (429, "TooManyTries", "3000")
    _later(now, 3000)
    assert mails.told(raw, "again")[1] == "CodeNeeded"
    assert mails.told(raw, mailbox.last_code())[0] == 201


def test_a_code_is_for_one_ballot(mails: Booth, rig: Rig, mailbox: Mailbox) -> None:
    raw, other = rig.ballots["A"][2], rig.again["A"][2]
    mails.cast(raw)
    code = mailbox.last_code()
    assert mails.told(other, code)[1] == "CodeExpired", "not for another ballot of the same credential"
    mails.cast(rig.ballots["A"][3])
    assert mails.told(rig.ballots["A"][3], code)[1] == "CodeWrong", "not for another voter's"
    assert mails.told(raw, code)[0] == 201
    assert mails.told(other, code)[1] == "CodeExpired", "not twice"
    assert mails.told(other)[1] == "CodeNeeded"
    assert Ballot.objects.count() == 1


def test_a_code_holds_for_a_quarter_of_an_hour(mails: Booth, rig: Rig, mailbox: Mailbox, now: Now) -> None:
    raw = rig.ballots["A"][2]
    mails.cast(raw)
    _later(now, codes.HOLDS)
    assert mails.told(raw, mailbox.last_code())[1] == "CodeExpired"
    assert mails.told(raw)[1] == "CodeNeeded"
    _later(now, codes.HOLDS - 1)
    assert mails.told(raw, mailbox.last_code())[0] == 201


def test_a_code_holds_for_five_tries(mails: Booth, rig: Rig, mailbox: Mailbox) -> None:
    raw = rig.ballots["A"][2]
    mails.cast(raw)
    code = mailbox.last_code()
    wrong = f"{(int(code) + 1) % 10**8:08}"
    assert mails.told(raw, "nonsense")[1] == "CodeWrong"
    for _ in range(codes.TRIES):
        assert mails.told(raw, wrong)[1] == "CodeWrong"
        as_after_a_restart()
    assert mails.told(raw, code)[1] == "CodeExpired"
    assert mails.told(raw)[1] == "CodeNeeded"
    assert mails.told(raw, mailbox.last_code())[0] == 201


def test_a_code_survives_a_box_that_fails(mails: Booth, rig: Rig, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = rig.ballots["A"][2]
    mails.cast(raw)
    code = mailbox.last_code()

    def fails(*_: object) -> None:
        raise Busy("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(casting, "append", fails)
        for _ in range(codes.TRIES + 1):
            assert mails.told(raw, code)[0] == 503
    assert mails.told(raw, code)[0] == 201


def test_no_ballot_no_mail(mails: Booth, rig: Rig, mailbox: Mailbox) -> None:
    good = json.loads(rig.ballots["A"][2])
    forged = rig.ballots["A"][3].replace(json.loads(rig.ballots["A"][3])["credential"].encode(), good["credential"].encode())
    assert mails.told(forged)[0] == 422
    assert mails.told(seal_other(rig))[0] == 422
    assert mails.told(rig.ballots["A"][0])[:2] == (403, "AddressUnknown")
    assert mailbox.mails == []


def seal_other(rig: Rig) -> bytes:
    """A good ballot of a credential that is not on the list."""
    election = rig.setup.election(rig.area("A"), rig.keys.trustees.public_key)
    return seal(election.raw, ["11111-111111-11111-111111"], [1])[0]


def test_a_mail_server_that_refuses_costs_nothing(
    mails: Booth, rig: Rig, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    raw, mailbox.refuses = rig.ballots["A"][2], "550 voter2@a.example is nobody"
    for _ in range(codes.MAILS + 1):
        assert mails.told(raw)[0] == 503
    assert "example" not in caplog.text
    mailbox.refuses = ""
    assert mails.told(raw)[1] == "CodeNeeded"
    assert mails.told(raw, mailbox.last_code())[0] == 201


def test_without_a_mail_server_the_box_says_so(mails: Booth, rig: Rig, settings: object) -> None:
    settings.SANDUQ_SMTP = ""  # type: ignore[attr-defined]
    assert mails.told(rig.ballots["A"][2])[0] == 503
    assert Code.objects.count() == 0


@pytest.mark.parametrize(
    ("url", "port", "ssl", "tls"),
    [
        ("smtps://u%40x:p%2F@mail.example", 465, True, False),
        ("smtp://u%40x:p%2F@mail.example:2525", 2525, False, True),
        ("smtp://u%40x:p%2F@127.0.0.1", 587, False, False),
    ],
)
def test_mail_is_encrypted_on_its_way(url: str, port: int, ssl: bool, tls: bool) -> None:
    found = smtp(url)
    assert (found["EMAIL_PORT"], found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (port, ssl, tls)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("u@x", "p/")


# --- what is kept ----------------------------------------------------------------------------------------------------------


def test_nothing_is_kept_after_the_close(pins: Booth, rig: Rig, now: Now, tmp_path: Path) -> None:
    pins.told(rig.ballots["A"][0], "99999999")
    assert (Pin.objects.count(), Tries.objects.count()) == (12, 1)
    now.at("18:00")
    pins.api.get()
    assert (Pin.objects.count(), Tries.objects.count()) == (0, 0)
    with pytest.raises(errors.Unusable, match="closed"):
        actions.keep_pins([_pins(rig, tmp_path, "A")])
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
    _later(now, 3600)
    tick(now.time)
    assert Tries.objects.count() == 1
    _later(now, 1)
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
