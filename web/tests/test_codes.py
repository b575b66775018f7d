"""One-time codes by e-mail, with a mail server: sent for a good ballot, and for it alone."""

from __future__ import annotations

import json

import pytest

from conftest import Now
from rig import Rig, seal
from sanduq_web.box.actions import casting, codes
from sanduq_web.box.models import Ballot, Code
from sanduq_web.environment import smtp
from sanduq_web.problems import Busy
from second import Booth, later, restart
from smtp import Mailbox

pytestmark = pytest.mark.django_db


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
    later(now, 600)
    restart()
    assert mails.told(raw, "again") == (429, "TooManyTries", "3000")
    later(now, 3000)
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
    later(now, codes.HOLDS)
    assert mails.told(raw, mailbox.last_code())[1] == "CodeExpired"
    assert mails.told(raw)[1] == "CodeNeeded"
    later(now, codes.HOLDS - 1)
    assert mails.told(raw, mailbox.last_code())[0] == 201


def test_a_code_holds_for_five_tries(mails: Booth, rig: Rig, mailbox: Mailbox) -> None:
    raw = rig.ballots["A"][2]
    mails.cast(raw)
    code = mailbox.last_code()
    wrong = f"{(int(code) + 1) % 10**8:08}"
    assert mails.told(raw, "nonsense")[1] == "CodeWrong"
    for _ in range(codes.TRIES):
        assert mails.told(raw, wrong)[1] == "CodeWrong"
        restart()
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
    found = smtp("SANDUQ_SMTP", url)
    assert (found["EMAIL_PORT"], found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (port, ssl, tls)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("u@x", "p/")
