"""The newsletter: confirmed by its owner, sealed on the list, left with one click, sent once."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from newsroom import article, section
from sanduq_web.press.command import run
from sanduq_web.press.models import Mailing, Subscriber
from sanduq_web.press.talk import actions, mailing, sealing
from smtp import Mailbox
from talking import CANARY, keys, send, solved

pytestmark = pytest.mark.long

LINK = re.compile("http://testserver(/[a-z]+/subscribe/confirm/[A-Za-z0-9_-]+/)")


@pytest.fixture
def form(site: Any, letters: Any, now: Any) -> str:
    """The address of the form."""
    return "/en/subscribe/"


def _link(mailbox: Mailbox) -> str:
    found = LINK.search(mailbox.mails[-1][1].get_content())
    assert found is not None
    return found[1]


def _subscribed(reader: Client, mailbox: Mailbox, email: str, language: str = "en") -> None:
    assert send(reader, f"/{language}/subscribe/", email=email).status_code == 303
    assert reader.post(_link(mailbox)).status_code == 200


def _send(tmp_path: Path, identity: Any, language: str = "en") -> int:
    (tmp_path / "key").write_text(str(identity))
    where = ["--identity", str(tmp_path / "key"), "--address", "https://press.example", "--pause", "0"]
    return run(["send", language, *where])


def test_the_owner_confirms_with_a_button(form: str, reader: Client, mailbox: Mailbox, letters: Any) -> None:
    answer = send(reader, form, email=CANARY)
    assert (answer.status_code, answer["Location"]) == (303, "/en/subscribe/sent/")
    ((to, mail),) = mailbox.mails
    assert (to, mail["From"]) == (CANARY, "letters@press.example")
    assert mail["Message-ID"].endswith("@press.example>")
    row = Subscriber.objects.get()
    link = _link(mailbox)
    # A program that checks mails opens the link: nothing happens.
    assert reader.get(link).status_code == 200
    row.refresh_from_db()
    assert row.confirm_hash is not None
    assert reader.post(link).status_code == 200
    row.refresh_from_db()
    assert (row.confirm_hash, row.asked_on) == (None, None)
    assert sealing.unseal(bytes(row.sealed), letters)["email"] == CANARY
    assert reader.post(link).status_code == 410


def test_a_link_is_good_for_three_days(form: str, reader: Client, mailbox: Mailbox, now: Any) -> None:
    send(reader, form, email=CANARY)
    now.to("2030-05-04T23:59:59Z")
    actions.clean()
    assert Subscriber.objects.count() == 1
    now.to("2030-05-05T00:00:00Z")
    answer = reader.post(_link(mailbox))
    assert (answer.status_code, "not good any more" in answer.text) == (410, True)
    actions.clean()
    assert Subscriber.objects.count() == 0


@pytest.mark.parametrize("secret", ["x", "x" * 32, "%00", "..", "%F0%9F%9C%81"])
def test_links_that_nobody_sent(form: str, reader: Client, secret: str) -> None:
    assert reader.post(f"/en/subscribe/confirm/{secret}/").status_code in (404, 410)
    assert reader.post(f"/en/subscribe/leave/{secret}/").status_code in (200, 404)


def test_nobody_learns_whether_an_address_is_on_the_list(form: str, reader: Client, mailbox: Mailbox, now: Any) -> None:
    _subscribed(reader, mailbox, CANARY)
    now.to("2030-05-01T08:00:00Z")
    seen = []
    for email in (CANARY, "another@reader.example"):
        answer = send(reader, form, email=email)
        seen.append(
            (answer.status_code, answer["Location"], reader.get(answer["Location"]).text, mailbox.mails[-1][1]["Subject"])
        )
    assert seen[0] == seen[1]
    assert [to for to, _mail in mailbox.mails] == [CANARY, CANARY, "another@reader.example"]


def test_nobody_fills_a_mailbox_by_us(form: str, reader: Client, mailbox: Mailbox) -> None:
    answers = {send(reader, form, email=CANARY)["Location"] for _time in range(5)}
    assert (answers, len(mailbox.mails)) == ({"/en/subscribe/sent/"}, 2)


def test_a_form_sent_twice_mails_once(form: str, reader: Client, mailbox: Mailbox) -> None:
    sent = solved(reader.get(form), email=CANARY)
    assert [reader.post(form, sent).status_code for _time in range(2)] == [303, 303]
    assert (len(mailbox.mails), Subscriber.objects.count()) == (1, 1)


def test_a_server_that_refuses(form: str, reader: Client, mailbox: Mailbox, caplog: pytest.LogCaptureFixture) -> None:
    mailbox.refuses = f"550 no such user {CANARY}"
    sent = solved(reader.get(form), email=CANARY)
    answer = reader.post(form, sent)
    assert (answer.status_code, "could not be sent" in answer.text, Subscriber.objects.count()) == (503, True, 0)
    assert CANARY not in caplog.text
    mailbox.refuses = ""
    again = reader.post(form, solved(answer))
    assert (again.status_code, len(mailbox.mails)) == (303, 1)


@pytest.mark.parametrize(
    ("host", "https", "scheme"), [("testserver", True, "https"), ("testserver", False, "http"), ("abc.onion", True, "http")]
)
def test_the_link_leads_to_where_the_reader_is(
    form: str, mailbox: Mailbox, settings: Any, host: str, https: bool, scheme: str
) -> None:
    settings.ALLOWED_HOSTS, settings.SANDUQ_PRESS_HTTPS = ["testserver", "abc.onion"], https
    send(Client(SERVER_NAME=host), form, email=CANARY)
    assert f"\n{scheme}://{host}/en/subscribe/confirm/" in mailbox.mails[-1][1].get_content().replace("\r", "")


def test_pages_lead_to_what_is_open(form: str, reader: Client, settings: Any) -> None:
    assert ('href="/fa/subscribe/"' in reader.get("/fa/").text, "/fa/enquiries/" in reader.get("/fa/").text) == (True, False)
    settings.SANDUQ_PRESS_LIST = []
    caches["pages"].clear()  # as a restart does
    assert "/subscribe/" not in reader.get("/fa/").text


@pytest.mark.parametrize("name", ["SANDUQ_PRESS_LIST", "SANDUQ_PRESS_SMTP", "SANDUQ_PRESS_MAIL_FROM"])
def test_without_a_key_or_a_server_nobody_subscribes(form: str, reader: Client, settings: Any, name: str) -> None:
    setattr(settings, name, "")
    assert reader.get(form).status_code == 404


def test_a_letter_goes_to_whoever_confirmed(form: str, reader: Client, mailbox: Mailbox, letters: Any, tmp_path: Path) -> None:
    there = article(section("en"))
    article(section("fa"), "دریاچه", slug="lake")
    for number in range(3):
        _subscribed(reader, mailbox, f"reader{number}@reader.example")
    _subscribed(reader, mailbox, "fa@reader.example", "fa")
    send(reader, form, email="unconfirmed@reader.example")
    mailbox.mails.clear()
    assert _send(tmp_path, letters) == 0
    assert [to for to, _mail in mailbox.mails] == [f"reader{number}@reader.example" for number in range(3)]
    _to, mail = mailbox.mails[0]
    text = mail.get_content()
    assert f"https://press.example/en/news/{there.slug}/" in text
    assert "It is lower than last year." in text
    assert "دریاچه" not in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert _send(tmp_path, letters) == 0
    assert len(mailbox.mails) == 3


def test_the_next_letter_has_what_is_new(
    form: str, reader: Client, mailbox: Mailbox, letters: Any, tmp_path: Path, now: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    news = section("en")
    article(news, "Old")
    _subscribed(reader, mailbox, CANARY)
    _send(tmp_path, letters)
    now.to("2030-05-08T06:30:00Z")
    capsys.readouterr()
    _send(tmp_path, letters)
    assert (capsys.readouterr().out, Mailing.objects.count()) == ("nothing new in en\n", 1)


def test_letters_of_later_articles(site: Any, letters: Any, mailbox: Mailbox, now: Any) -> None:
    news = section("en")
    old, new = article(news, "Old"), article(news, "New")
    for page, day in ((old, "2030-05-01T00:00:00Z"), (new, "2030-05-02T00:00:00Z")):
        type(page).objects.filter(pk=page.pk).update(first_published_at=day, published_on="2020-01-01T00:00:00Z")
    first = mailing._mailing("en")
    assert [page.title for page in mailing._articles(first)] == ["Old"]
    first.done = True
    first.save()
    now.to("2030-05-08T06:30:00Z")
    assert [page.title for page in mailing._articles(mailing._mailing("en"))] == ["New"]


def test_one_click_leaves(form: str, reader: Client, mailbox: Mailbox, letters: Any, tmp_path: Path) -> None:
    article(section("en"))
    _subscribed(reader, mailbox, CANARY)
    _send(tmp_path, letters)
    header = mailbox.mails[-1][1]["List-Unsubscribe"].strip()
    link = header.strip("<>").removeprefix("https://press.example")
    assert header.strip("<>") in mailbox.mails[-1][1].get_content()
    assert (reader.get(link).status_code, Subscriber.objects.count()) == (200, 1)
    # As a mail program posts it, without an Origin.
    first = reader.post(link, {"List-Unsubscribe": "One-Click"})
    assert (first.status_code, Subscriber.objects.count()) == (200, 0)
    # Or as a program within a page of the mail provider.
    again = reader.post(link, {"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"})
    assert (again.status_code, again.text) == (200, first.text)


def test_an_address_that_is_there_twice_gets_one_letter(
    form: str, reader: Client, mailbox: Mailbox, letters: Any, tmp_path: Path
) -> None:
    article(section("en"))
    _subscribed(reader, mailbox, CANARY)
    _subscribed(reader, mailbox, CANARY.upper())
    mailbox.mails.clear()
    _send(tmp_path, letters)
    assert (len(mailbox.mails), Subscriber.objects.count()) == (1, 1)
    link = mailbox.mails[0][1]["List-Unsubscribe"].strip(" <>").removeprefix("https://press.example")
    reader.post(link)
    assert Subscriber.objects.count() == 0


class _Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("after", [False, True])
def test_a_killed_sending_goes_on_and_sends_to_nobody_twice(
    form: str, reader: Client, mailbox: Mailbox, letters: Any, now: Any, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    from django.core.mail.backends.smtp import EmailBackend

    article(section("en"))
    for number in range(3):
        _subscribed(reader, mailbox, f"reader{number}@reader.example")
    mailbox.mails.clear()
    real = EmailBackend.send_messages

    def killed(self: Any, messages: Any) -> Any:
        if messages[0].to == ["reader1@reader.example"]:
            if after:
                real(self, messages)
            raise _Killed
        return real(self, messages)

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", killed)
        with pytest.raises(_Killed):
            mailing.send(letters, "en", "https://press.example", 0, lambda text: None)
    done = mailing.send(letters, "en", "https://press.example", 0, lambda text: None)
    assert (done.sent, done.uncertain) == (1, 1)
    got = [to.partition("@")[0] for to, _mail in mailbox.mails]
    assert got == (["reader0", "reader1", "reader2"] if after else ["reader0", "reader2"])
    assert Mailing.objects.get().done


def test_a_server_that_is_not_there(
    form: str, reader: Client, mailbox: Mailbox, letters: Any, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    article(section("en"))
    _subscribed(reader, mailbox, CANARY)
    mailbox.mails.clear()
    settings.EMAIL_PORT, port = 1, settings.EMAIL_PORT
    assert _send(tmp_path, letters) == 2
    said = capsys.readouterr()
    assert "it goes on, and sends to nobody twice" in said.err
    assert CANARY not in said.err + said.out
    settings.EMAIL_PORT = port
    assert _send(tmp_path, letters) == 0
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(("refusal", "later"), [("550 no such user", 0), ("451 come later", 1)])
def test_a_recipient_that_is_refused_holds_nobody_up(
    form: str, reader: Client, mailbox: Mailbox, letters: Any, refusal: str, later: int
) -> None:
    article(section("en"))
    for number in range(2):
        _subscribed(reader, mailbox, f"reader{number}@reader.example")
    mailbox.mails.clear()
    mailbox.refuses = refusal
    done = mailing.send(letters, "en", "https://press.example", 0, lambda text: None)
    assert (done.sent, done.later, done.refused) == (0, 2 * later, 2 - 2 * later)


def test_another_identity_reads_nobody(
    form: str, reader: Client, mailbox: Mailbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article(section("en"))
    _subscribed(reader, mailbox, CANARY)
    mailbox.mails.clear()
    assert _send(tmp_path, keys()[0]) == 0
    assert ("1 rows are not sealed to this identity" in capsys.readouterr().out, mailbox.mails) == (True, [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["send", "xx", "--identity", "KEY", "--address", "https://press.example"], "language xx"),
        (["send", "en", "--identity", "KEY", "--address", "press.example"], "expected https"),
        (["send", "en", "--identity", "NONE", "--address", "https://press.example"], "no age identity is in it"),
        (["send", "en", "--identity", "MISSING", "--address", "https://press.example"], "MISSING"),
        (["key", "KEY"], "exists"),
    ],
)
def test_calls_that_cannot_be_carried_out(
    letters: Any, db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    (tmp_path / "KEY").write_text(str(letters))
    (tmp_path / "NONE").write_text("nothing")
    named = [str(tmp_path / each) if each in ("KEY", "NONE", "MISSING") else each for each in arguments]
    assert run(named) == 2
    assert said in capsys.readouterr().err


def test_a_key_is_for_its_owner_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["key", str(tmp_path / "key")]) == 0
    recipient = capsys.readouterr().out.strip()
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    raw = sealing.seal({"a": "b"}, [recipient], "X", 64)
    assert sealing.unseal(raw, sealing.identity_in(str(tmp_path / "key"))) == {"a": "b"}


def test_the_operator_is_told_what_is_closed(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.SANDUQ_PRESS_MODERATORS, settings.SANDUQ_PRESS_DESK = [], ["age1nonsense"]
    settings.SANDUQ_PRESS_LIST, settings.SANDUQ_PRESS_SMTP = keys()[1], ""
    assert run(["check"]) == 2
    said = capsys.readouterr().out
    assert "SANDUQ_PRESS_MODERATORS is not set: comments are closed" in said
    assert "SANDUQ_PRESS_DESK: expected age recipients" in said
    assert "nobody can subscribe" in said
    settings.SANDUQ_PRESS_DESK = []
    assert run(["check"]) == 0


def test_the_key_may_come_by_standard_input_and_lie_on_no_disk(
    form: str, reader: Client, mailbox: Mailbox, letters: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    article(section("en"))
    _subscribed(reader, mailbox, CANARY)
    mailbox.mails.clear()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"# public key: {letters.to_public()}\n{letters}\n"))
    assert run(["send", "en", "--identity", "-", "--address", "https://press.example", "--pause", "0"]) == 0
    assert [to for to, _mail in mailbox.mails] == [CANARY]


def test_the_timer_cleans(form: str, reader: Client, mailbox: Mailbox, now: Any, capsys: pytest.CaptureFixture[str]) -> None:
    send(reader, form, email=CANARY)
    now.to("2030-06-01T00:00:00Z")
    assert run(["clean"]) == 0
    assert "     1 unconfirmed addresses\n" in capsys.readouterr().out
    assert run(["clean"]) == 0
    assert {line.split()[0] for line in capsys.readouterr().out.splitlines()} == {"0"}
