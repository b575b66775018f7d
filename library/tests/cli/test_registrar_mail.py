"""The registrar's mail, to a real server on loopback: TLS, answers of all kinds, stops and kills."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.hand import ok, run
from registrar_rig import (
    BOOTH,
    CREDENTIALS,
    DAY,
    OPEN,
    UUID,
    Mailbox,
    certificate,
    credentials,
    mail_server,
    no_secret,
    only,
    some,
)
from sanduq.roll import printed_credential

MAIL = (
    "roll",
    "mail",
    CREDENTIALS,
    *OPEN,
    "--record",
    "record",
    "--booth",
    BOOTH,
    "--people",
    "people.csv",
    "--out",
    "mailing",
)
TEXT = "Subject: $title\n\n$link\n$credential\n$$ $voter\n.\n..two\n"


def _words(box: Mailbox, *more: object, tls: str = "none") -> tuple[object, ...]:
    how = ("--server", f"127.0.0.1:{box.port}", "--tls", tls, "--from", '"Vote, North" <vote@kommission.example>')
    return (*MAIL, *how, "--templates", "texts", "--per-minute", 100_000, "--pause", 0, *more)


@pytest.fixture
def texts(here: Path) -> Path:
    (here / "texts").mkdir()
    for language in ("en", "fa"):
        (here / "texts" / f"{language}.txt").write_text(TEXT)
    return here


def _report(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / f"mailing/{UUID}.mailing.until-{DAY}.csv"
    assert path.stat().st_mode & 0o777 == 0o600
    return {row["voter"]: row for row in csv.DictReader(path.read_text().splitlines())}


def test_each_voter_gets_their_own_credential_in_their_language(texts: Path) -> None:
    with mail_server(Mailbox()) as box:
        done = ok(*_words(box), cwd=texts)
        once_more = ok(*_words(box), cwd=texts)
    no_secret(done, texts)
    no_secret(once_more, texts)
    mine = credentials(texts)
    assert [to for to, _ in box.mails] == ["ayse@mail.example", "shirin@xn--mgb4dri0l.example"], "nothing is sent twice"
    for (_, message), voter in zip(box.mails, ("E-1", "E-2"), strict=True):
        text = message.get_content().replace("\r\n", "\n")
        assert printed_credential(mine[voter]) in text
        assert f"c={mine[voter]}" in text
        assert f"$ {voter}\n.\n..two" in text
        assert not [secret for who, secret in mine.items() if who != voter and secret in text]
        assert str(message["From"]) == '"Vote, North" <vote@kommission.example>'
        assert message["Auto-Submitted"] == "auto-generated"
    assert [message["Content-Language"] for _, message in box.mails] == ["en", "fa"]
    rows = _report(texts)
    assert [rows[voter]["state"] for voter in mine] == ["sent", "sent", "no address"]
    assert rows["E-1"]["answer"] == "250 2.0.0 taken"
    for path in (texts / "mailing").iterdir():
        assert not [secret for secret in mine.values() if secret in path.read_text()]


def test_a_mail_that_was_refused_put_off_or_not_answered(texts: Path) -> None:
    tried: list[str] = []

    def says(address: str) -> str | None:
        tried.append(address)
        return {"ayse": "554 5.7.1 c=" + credentials(texts)["E-1"], "shir": "451 4.7.1 later"}[address[:4]]

    with mail_server(Mailbox(says=says)) as box:
        ok(*_words(box), cwd=texts)
        rows = _report(texts)
        assert (rows["E-1"]["state"], rows["E-2"]["state"]) == ("refused", "deferred")
        assert rows["E-1"]["answer"] == "554 (withheld: it repeats the mail)"
        assert tried.count("ayse@mail.example") == 1
        assert len(tried) == 4
        box.says = lambda address: "drop"
        done = ok(*_words(box), cwd=texts)
        assert _report(texts)["E-2"]["state"] == "unknown"
        assert "--unknown-again" in done.err
        box.says = lambda address: None
        ok(*_words(box), cwd=texts)
        assert box.mails == []
        ok(*_words(box, "--unknown-again"), cwd=texts)
    assert [to[:4] for to, _ in box.mails] == ["shir"]


@pytest.mark.long
def test_a_recipient_whom_the_server_does_not_know(texts: Path) -> None:
    with mail_server(Mailbox(recipient=lambda address: "550 5.1.1 =HYPERLINK()" if "ayse" in address else None)) as box:
        ok(*_words(box), cwd=texts)
    rows = _report(texts)
    assert (rows["E-1"]["state"], rows["E-1"]["answer"]) == ("refused", "550 5.1.1 =HYPERLINK()")
    assert rows["E-2"]["state"] == "sent"


def test_over_tls_with_a_checked_certificate_and_a_password(texts: Path, tmp_path: Path) -> None:
    how = {
        "tls_context": certificate(tmp_path),
        "require_starttls": True,
        "authenticator": only("registrar", "a password"),
        "auth_required": True,
    }
    (texts / "password").write_text("a password\n")
    (texts / "wrong").write_text("another one\n")
    login = ("--user", "registrar", "--password-file", "password")
    with mail_server(Mailbox(), **how) as box:
        own = ("--ca", tmp_path / "ca.pem")
        unknown = run(*_words(box, *login, tls="starttls"), cwd=texts)
        assert (unknown.code, "certificate" in unknown.err) == (2, True), unknown
        wrong = run(*_words(box, *own, "--user", "registrar", "--password-file", "wrong", tls="starttls"), cwd=texts)
        assert (wrong.code, "refuses user and password" in wrong.err, "another one" in wrong.said) == (2, True, False), wrong
        assert box.mails == []
        ok(*_words(box, *own, *login, tls="starttls"), cwd=texts)
    assert len(box.mails) == 2


def test_a_server_without_tls_is_not_spoken_to(texts: Path) -> None:
    with mail_server(Mailbox()) as box:
        done = run(*_words(box, tls="starttls"), cwd=texts)
    assert (done.code, "offers no TLS" in done.err, box.mails) == (2, True, []), done
    far = tuple("mail.example:25" if "127.0.0.1:" in str(word) else word for word in _words(box))
    done = run(*far, cwd=texts)
    assert (done.code, "without TLS to another machine" in done.err) == (2, True)


@pytest.mark.long
def test_without_texts_a_beginning_is_written_and_nothing_sent(here: Path) -> None:
    (here / "texts").mkdir()
    with mail_server(Mailbox()) as box:
        done = run(*_words(box), cwd=here)
        assert (done.code, "no text in en, fa" in done.err) == (2, True)
        assert box.mails == []
        ok(*_words(box), cwd=here)
    texts = [message.get_content() for _, message in box.mails]
    assert "Your credential" in texts[0]
    assert "شناسهٔ رأی شما" in texts[1]


@pytest.mark.parametrize(
    ("email", "said"),
    some(
        [
            ("a@b", "of voters E-1"),
            ("a b@mail.example", "of voters E-1"),
            ('"a@mail.example\nBcc: all@mail.example"', "of voters E-1"),
            ("a@-x.example", "of voters E-1"),
            ("<a@mail.example>", "of voters E-1"),
            ("a@mail.example;b@mail.example", "of voters E-1"),
        ]
    ),
)
def test_a_wrong_address_is_named_by_its_voter_and_nothing_is_sent(texts: Path, email: str, said: str) -> None:
    (texts / "people.csv").write_text(f"voter,email\nE-1,{email}\nE-2,b@mail.example\n")
    with mail_server(Mailbox()) as box:
        done = run(*_words(box), cwd=texts)
    assert (done.code, said in done.err, box.mails) == (2, True, []), done
    assert "Bcc" not in done.said


@pytest.mark.long
def test_an_address_beyond_ascii_goes_to_a_server_that_takes_it(texts: Path) -> None:
    (texts / "people.csv").write_text("voter,email\nE-1,شیرین@mail.example\n")
    with mail_server(Mailbox()) as box:
        ok(*_words(box), cwd=texts)
    assert [to for to, _ in box.mails] == ["شیرین@mail.example"]


def test_a_stop_file_stops_and_the_next_run_goes_on(texts: Path) -> None:
    def says(address: str) -> None:
        (texts / "stop").touch()

    with mail_server(Mailbox(says=says)) as box:
        done = run(*_words(box, "--stop-file", "stop"), cwd=texts)
        assert (done.code, "the same command goes on" in done.err, len(box.mails)) == (130, True, 1), done
        assert [row["state"] for row in _report(texts).values()] == ["sent", "waiting", "no address"]
        (texts / "stop").unlink()
        ok(*_words(box, "--stop-file", "elsewhere"), cwd=texts)
    assert [to[:4] for to, _ in box.mails] == ["ayse", "shir"]


@pytest.mark.long
def test_a_mailing_of_another_referendum_is_not_taken_up(texts: Path) -> None:
    with mail_server(Mailbox()) as box:
        ok(*_words(box), cwd=texts)
        journal = texts / f"mailing/{UUID}.mailing.until-{DAY}.journal"
        journal.write_bytes(journal.read_bytes().replace(b'"anchor":"', b'"anchor":"0', 1))
        done = run(*_words(box), cwd=texts)
    assert (done.code, "of another mailing" in done.err) == (2, True)


@pytest.mark.parametrize("number", [signal.SIGKILL, pytest.param(signal.SIGINT, marks=pytest.mark.long)])
def test_a_killed_run_sends_nothing_twice_that_was_taken(texts: Path, number: int) -> None:
    people = "".join(f"E-{n},v{n}@mail.example\n" for n in range(1, 4))
    (texts / "people.csv").write_text(f"voter,email\n{people}")
    with mail_server(Mailbox(delay=0.4)) as box:
        words = [sys.executable, "-m", "sanduq", *map(str, _words(box))]
        child = subprocess.Popen(words, cwd=texts, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _wait(lambda: len(box.mails) == 1)
        os.kill(child.pid, number)
        assert child.wait(20) == (130 if number == signal.SIGINT else -signal.SIGKILL)
        box.delay = 0
        _wait(lambda: True)
        ok(*_words(box), cwd=texts)
        states = {voter: row["state"] for voter, row in _report(texts).items()}
    counts = {to: [other for other, _ in box.mails].count(to) for to, _ in box.mails}
    assert set(counts.values()) == {1}, "nobody twice"
    missing = [voter for voter in states if f"v{voter[2:]}@mail.example" not in counts]
    if number == signal.SIGINT:
        assert missing == []
    assert all(states[voter] == "unknown" for voter in missing)
    assert list(states.values()).count("unknown") <= 1


def _wait(done: Callable[[], bool]) -> None:
    for _ in range(400):
        if done():
            return
        time.sleep(0.05)
    raise AssertionError("it takes too long")
