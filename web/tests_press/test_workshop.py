"""Editions from the desk: who may, what is refused, and what of an edition and its makers is shown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from newsroom import member
from sanduq import errors
from sanduq.disc import SUMS, SecretKey, sum_folder
from sanduq_web.disc import About
from sanduq_web.press.models import EditionJob, EditionState, Token
from sanduq_web.press.models.editions import MOST_LOG
from sanduq_web.press.workshop import actions, child, folder_of, views
from small_edition import KEY

DAY = date(2030, 1, 2)
OTHER = SecretKey("0123456789ABCDEF", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
HERE = "/desk/editions/"

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, settings: Any) -> Path:
    """The workshop's folder."""
    settings.SANDUQ_PRESS_WORKSHOP, settings.SANDUQ_PRESS_EDITIONS = str(tmp_path / "shop"), str(tmp_path / "out")
    (tmp_path / "shop").mkdir()
    (tmp_path / "out").mkdir()
    return tmp_path / "shop"


@pytest.fixture
def boss(site: Any) -> Iterator[Client]:
    """An administrator's browser."""
    yield member("boss", "administrator", [])


def made(number: int = 3, state: EditionState = EditionState.MADE, *, keys: bool = True) -> Path:
    """An edition that waits for its signature."""
    edition = folder_of(number)
    (edition / "press").mkdir(parents=True)
    (edition / "press/a.html").write_text("a" * 2000)
    About(number, DAY, datetime(2030, 1, 2, tzinfo=UTC), ("en",), "https://press.example").write(edition)
    if keys:
        (edition / "KEYS").write_bytes(KEY.public.to_bytes())
    (edition / SUMS).write_bytes(sum_folder(edition).to_bytes())
    EditionJob.objects.create(number=number, date=DAY, state=state)
    return edition


def signed(edition: Path, comment: str = "sanduq edition 3 of 2030-01-02", key: SecretKey = KEY) -> bytes:
    return key.sign((edition / SUMS).read_bytes(), comment).to_bytes()


def bring(client: Client, raw: bytes, number: int = 3) -> str:
    """The page after a signature was brought."""
    file = SimpleUploadedFile("../../../evil.minisig", raw)
    return unescape(client.post(f"{HERE}{number}/sign/", {"signature": file}, follow=True).text)


def state_of(number: int = 3) -> str:
    return EditionJob.objects.get(number=number).state


# --- who may ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "may"), [("editor", False), ("moderator", False), ("spokesperson", False), ("approver", True)]
)
def test_who_may(role: str, may: bool) -> None:
    edition = made()
    client = member("ada", role, ["en"] if role in ("editor", "approver") else [])
    assert (client.get(HERE).status_code == 200) == bool(may)
    assert (client.get(f"{HERE}now/").status_code == 200) == bool(may)
    assert (client.get(f"{HERE}3/sums/").status_code == 200) == bool(may)
    assert (HERE in client.get("/desk/due/").text) == bool(may)
    if not may:
        client.post(HERE, {"number": "4", "date": "2030-01-02"})
        client.post(f"{HERE}3/end/")
        client.post(f"{HERE}3/sign/", {"signature": SimpleUploadedFile("x", signed(edition))})
        assert EditionJob.objects.count() == 1 and state_of() == "made" and edition.is_dir()


def test_readers_are_at_the_wrong_door(reader: Client) -> None:
    made()
    for path in ("", "now/", "3/sums/"):
        answer = reader.get(HERE + path)
        assert answer.status_code == 302 and "/login/" in answer["Location"]
    assert reader.post(f"{HERE}3/end/").status_code == 403
    assert state_of() == "made"


def test_nothing_is_done_by_looking_or_from_elsewhere(boss: Client) -> None:
    made()
    assert boss.get(f"{HERE}3/end/").status_code == boss.get(f"{HERE}3/sign/").status_code == 405
    elsewhere = Client(enforce_csrf_checks=True)
    elsewhere.cookies = boss.cookies
    for path in ("", "3/end/", "3/sign/"):
        assert elsewhere.post(HERE + path, {"number": "4", "date": "2030-01-02"}).status_code == 403
    assert EditionJob.objects.count() == 1 and state_of() == "made"


# --- asking -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "day"),
    [("0", "2030-01-02"), ("-1", "2030-01-02"), ("1000000", "2030-01-02"), ("../3", "2030-01-02"), ("3", "02.13.2030"),
     ("3", "2030-02-30"), ("3", ""), ("", "2030-01-02"), ("1" * 400, "2030-01-02")],
)  # fmt: skip
def test_no_number_or_no_day(boss: Client, number: str, day: str) -> None:
    answer = boss.post(HERE, {"number": number, "date": day})
    assert answer.status_code == 200 and "errorlist" in answer.text
    assert not EditionJob.objects.exists()


@pytest.mark.parametrize("state", [each for each in EditionState if each not in (EditionState.FAILED, EditionState.ENDED)])
def test_a_number_is_given_once(boss: Client, state: EditionState) -> None:
    EditionJob.objects.create(number=3, date=DAY, state=state)
    assert "edition 3 is there already" in boss.post(HERE, {"number": "3", "date": "2030-01-03"}).text
    assert EditionJob.objects.get().date == DAY


def test_a_number_that_was_given_without_the_desk(boss: Client, shop: Path) -> None:
    (shop / "edition-4").mkdir()
    assert "lies in the workshop already" in boss.post(HERE, {"number": "4", "date": "2030-01-02"}).text
    (shop.parent / "out" / "edition-12-2029-01-01.zip").write_bytes(b"PK")
    assert "readers have edition 12" in boss.post(HERE, {"number": "12", "date": "2030-01-02"}).text
    assert not EditionJob.objects.exists()
    assert 'name="number" value="13"' in boss.get(HERE).text, "the next number is after what readers have"


def test_one_that_failed_is_begun_again_without_its_log(boss: Client, shop: Path) -> None:
    EditionJob.objects.create(number=3, date=DAY, state="failed", log="no disk", stage="press")
    (shop / "edition-3.log").write_text("no disk")
    boss.post(HERE, {"number": "3", "date": "2030-01-05"})
    job = EditionJob.objects.get()
    assert (job.state, job.log, job.stage, job.date) == ("waiting", "", "", date(2030, 1, 5))
    assert not (shop / "edition-3.log").exists()


def test_a_site_without_a_workshop(boss: Client, settings: Any) -> None:
    made()
    settings.SANDUQ_PRESS_WORKSHOP = ""
    for answer in (boss.get(HERE), boss.post(HERE, {"number": "4", "date": "2030-01-02"})):
        assert "makes no editions" in answer.text
    for path in ("now/", "3/sums/"):
        assert boss.get(HERE + path).status_code == 404
    assert boss.post(f"{HERE}3/end/").status_code == 404
    assert "makes no editions" in bring(boss, b"x")
    assert EditionJob.objects.count() == 1 and state_of() == "made"


# --- the signature ----------------------------------------------------------------------------------------------------------
def _changed(edition: Path) -> bytes:
    raw = signed(edition)
    with (edition / SUMS).open("ab") as file:
        file.write(b"0" * 64 + b"  z\n")
    return raw


REFUSED: dict[str, tuple[Any, str]] = {
    "too large": (lambda edition: b"x" * 5000, "it has some 300 bytes"),
    "empty": (lambda edition: b"", "it has some 300 bytes"),
    "no signature": (lambda edition: b"hello\n", "signature of four lines"),
    "bytes": (lambda edition: b"\xff\x00" * 9, "UTF-8"),
    "of another key": (lambda edition: signed(edition, key=OTHER), "not in the edition's KEYS"),
    "of other sums": (_changed, "not one of this key under these sums"),
    "of another number": (lambda edition: signed(edition, "sanduq edition 4 of 2030-01-02"), "is of edition 4"),
    "of another day": (lambda edition: signed(edition, "sanduq edition 3 of 2030-01-03"), "of 2030-01-03"),
    "of something else": (lambda edition: signed(edition, "<script>alert(1)</script>"), "does not name one edition"),
    "prehashed": (lambda edition: signed(edition).replace(b"\nRW", b"\nRU", 1), "minisign's prehashed form"),
    "a comment that was changed": (lambda edition: signed(edition).replace(b"trusted comment: sanduq edition 3 ",
                                   b"trusted comment: sanduq edition 4 "), "is not the one that was signed"),
}  # fmt: skip


@pytest.mark.parametrize("how", REFUSED)
def test_a_signature_that_is_refused(boss: Client, how: str) -> None:
    edition = made()
    raw, why = REFUSED[how]
    text = boss.post(f"{HERE}3/sign/", {"signature": SimpleUploadedFile("a", raw(edition))}, follow=True).text
    assert why in unescape(text) and "<script>alert" not in text
    assert state_of() == "made" and not [each for each in edition.iterdir() if "minisig" in each.name]


@pytest.mark.parametrize("state", [each for each in EditionState if each != EditionState.MADE])
def test_a_signature_for_one_that_does_not_wait(boss: Client, state: EditionState) -> None:
    edition = made(state=state)
    assert "does not wait for a signature" in bring(boss, signed(edition))
    assert state_of() == state and not (edition / f"{SUMS}.minisig").exists()
    assert "does not wait for a signature" in bring(boss, signed(edition), 77)


def test_an_edition_without_keys_or_without_anything(boss: Client) -> None:
    edition = made(keys=False)
    assert "has no KEYS" in bring(boss, signed(edition))
    (edition / "KEYS").write_bytes(b"nonsense")
    assert "KEYS: this is no key" in bring(boss, signed(edition))
    raw = signed(edition)
    (edition / SUMS).unlink()
    assert "cannot be read" in bring(boss, raw)
    edition.rename(edition.with_name("away"))
    assert "throw it away, and make it again" in bring(boss, raw)
    assert boss.get(f"{HERE}3/sums/").status_code == 404 and boss.get(HERE).status_code == 200
    boss.post(f"{HERE}3/end/")
    assert state_of() == "ended"


def test_a_signature_and_the_same_again(boss: Client) -> None:
    edition = made()
    raw = signed(edition)
    assert "The signature is good" in bring(boss, raw)
    assert state_of() == "packing" and (edition / f"{SUMS}.minisig").read_bytes() == raw
    assert "does not wait" in bring(boss, raw)
    assert [each.name for each in folder_of(3).parent.iterdir()] == ["edition-3"], "the name that came with it is nobody's"


def test_thrown_away_while_its_signature_is_checked(monkeypatch: Any) -> None:
    edition = made()
    raw = signed(edition)
    monkeypatch.setattr(actions, "read_edition", lambda comment, real=actions.read_edition: (actions.end(3), real(comment))[1])
    with pytest.raises(errors.Unusable):
        actions.bring_signature(3, raw)
    assert state_of() == "ended"


# --- ending -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", list(EditionState))
def test_ending(boss: Client, state: EditionState) -> None:
    edition = made(state=state)
    boss.post(f"{HERE}3/end/")
    ends = state in (EditionState.WAITING, EditionState.WORKING, EditionState.MADE)
    assert state_of() == ("ended" if ends else state) and edition.exists() is not ends
    assert boss.post(f"{HERE}77/end/").status_code == 302


# --- the page ---------------------------------------------------------------------------------------------------------------
def test_what_is_shown_of_one_that_waits_for_its_signature(boss: Client) -> None:
    edition = made()
    text = boss.get(HERE).text
    assert "Edition 3 of 2030-01-02" in text and "press/" in text and "2.0\xa0KB" in text
    answer = boss.get(f"{HERE}3/sums/")
    assert b"".join(answer.streaming_content) == (edition / SUMS).read_bytes()  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="SHA256SUMS"' and answer["Cache-Control"] == "no-store"
    assert boss.get(f"{HERE}{'9' * 400}/sums/").status_code == 404
    assert "http-equiv" not in text


def test_links_in_an_edition_are_weighed_as_links(tmp_path: Path) -> None:
    edition = made()
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/large").write_bytes(b"x" * 100_000)
    (edition / "press/link").symlink_to(tmp_path / "secret/large")
    (edition / "press/there").symlink_to(tmp_path / "secret")
    assert sum(each.size for each in views.weigh(edition)) < 10_000


def test_only_what_can_be_fetched_is_offered(boss: Client, shop: Path) -> None:
    EditionJob.objects.create(number=3, date=DAY, state="signed")
    for name in ("edition-3-2030-01-02.zip", "edition-3-2030-01-02.zip.partial", "edition-3-<b>.zip", ".edition-3-x.zip"):
        (shop.parent / "out" / name).write_bytes(b"PK")
    assert boss.get(HERE).text.count('href="/editions/') == 1


def test_a_log_is_words_and_nothing_else(boss: Client, shop: Path) -> None:
    path = shop / "edition-3.log"
    path.write_bytes(b"<script>alert(1)</script>\x00\x1b[31m\xff \xe2\x80\xaeabc\r\n50 %\r100 %\n")
    log = child.end_of(path)
    assert log == "<script>alert(1)</script>\ufffd\ufffd[31m\ufffd \ufffdabc\n50 %\n100 %\n"
    EditionJob.objects.create(number=3, date=DAY, state="failed", log=log, stage="<b>")
    text = boss.get(HERE).text
    assert "<script>alert" not in text and "&lt;script&gt;alert" in text


def test_of_a_long_log_the_end_is_read(shop: Path) -> None:
    with (shop / "edition-3.log").open("wb") as file:
        file.seek(1 << 40)  # holes take no room
        file.write(b"\nthe end\n")
    assert child.end_of(shop / "edition-3.log").endswith("\nthe end\n")
    assert len(child.end_of(shop / "edition-3.log")) == MOST_LOG
    assert "No such file" in child.end_of(shop / "edition-4.log")


def test_secrets_are_not_passed_on(monkeypatch: Any, shop: Path) -> None:
    secrets = {
        "SANDUQ_PRESS_SECRET": "/SECRET/file", "SANDUQ_PRESS_SMTP": "smtps://user:SECRET@mail.example:465",
        "SANDUQ_SMTP": "smtps://user:SECRET@mail.example", "SANDUQ_DATABASE": "postgres://u:SECRET@h/vote",
        "SANDUQ_BOX_KEY": "SECRET",
    }  # fmt: skip
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    with child.running(["env"], shop / "log", None) as process:
        process.wait()
    said = (shop / "log").read_text()
    assert "SECRET@" not in said and "SECRET" not in said.replace("SANDUQ_PRESS_SECRET", "SECRET")
    assert "SANDUQ_PRESS_SMTP=smtps://mail.example:465\n" in said, "pages say whether letters can be sent"
    assert os.environ["SANDUQ_PRESS_SMTP"] == secrets["SANDUQ_PRESS_SMTP"]


def test_readers_pages_are_not_forgotten_while_editions_are_made(boss: Client, reader: Client) -> None:
    """Whoever measures how long a page takes would know that something is done at the desk."""
    reader.get("/en/")
    before = Token.objects.get(pk=1).value
    boss.post(HERE, {"number": "3", "date": "2030-01-02"})
    job = EditionJob.objects.get()
    job.beat_on = timezone.now()
    job.save()
    EditionJob.objects.update(beat_on=timezone.now() + timedelta(seconds=2), log="more")
    boss.post(f"{HERE}3/end/")
    job.delete()
    assert Token.objects.get(pk=1).value == before


def test_a_page_that_looks_by_itself_keeps_nobody_logged_in(boss: Client, settings: Any) -> None:
    session = boss.session
    session["seen"] = int(timezone.now().timestamp()) - settings.SANDUQ_PRESS_IDLE + 100
    session.save()
    seen = session["seen"]
    boss.get(f"{HERE}now/")
    assert boss.session["seen"] == seen
    boss.get(HERE)
    assert boss.session["seen"] > seen
