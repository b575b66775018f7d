"""What comes back from editions: refused, taken once, moderated as all else; files are those that editions make."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import Site

from letter_rig import key, letter, signature
from sanduq.press.key import FILE_PREFIX
from sanduq.question.setup import canonical
from sanduq_web.press import bringing
from sanduq_web.press.command import run
from sanduq_web.press.edition.build import build
from sanduq_web.press.models import Comment, CommentState, CoSignature, CosignatureState
from talking import an_article, shown, solved

HERE = "/en/come-back/"
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"


@pytest.fixture
def page(site: Any, moderators: Any) -> Any:
    """An article under which comments are taken."""
    return an_article()


def told(page: Any, **more: Any) -> dict[str, Any]:
    whole = {"article": page.get_url(), "edition": 13, "format": "sanduq-comment", "name": "Aylin", "text": "Higher.\n\nI saw."}
    return whole | {"version": 1} | more


def brought(page: Any, **more: Any) -> bytes:
    return canonical(told(page, **more))


def upload(client: Client, data: bytes, **more: Any) -> Any:
    file = SimpleUploadedFile("13-lake.sanduq-comment.json", data, "application/json")
    return client.post(HERE, solved(client.get(HERE)) | {"file": file} | more)


@pytest.mark.parametrize(
    "changed",
    [
        {"version": 2},
        {"version": True},
        {"edition": 0},
        {"edition": 1_000_000},
        {"edition": "13"},
        {"format": "sanduq-press-letter"},
        {"more": "x"},
        {"name": None},
        {"name": ""},
        {"name": "1" * 5},
        {"name": "n" * 61},
        {"text": "t" * 3001},
        {"text": " \n "},
        {"text": f"a{OVERRIDE}b"},
        {"text": "a\0b"},
        {"article": "/en/news/none/"},
        {"article": "/en/"},
        {"article": "https://elsewhere.example/en/news/lake/"},
        {"article": "/en/news/\0/"},
        {"article": "/fa/news/lake/"},
    ],
)
def test_files_that_no_page_made_or_for_nothing_here_are_refused(page: Any, changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        bringing.read(brought(page, **changed), Site.objects.get())


def test_bytes_that_are_not_canonical_are_refused(page: Any) -> None:
    good = brought(page)
    assert bringing.read(good, Site.objects.get()).page == page
    for bad in (
        good + b"\n",
        good[:-1],
        json.dumps(told(page)).encode(),
        b"\xff",
        b"[]",
        b"7",
        b"[" * 9999,
        b" " * 20_000,
        b"",
    ):
        with pytest.raises(ValidationError):
            bringing.read(bad, Site.objects.get())


def test_closed_comments_and_hidden_articles_take_none(page: Any, settings: Any) -> None:
    site = Site.objects.get()
    page.comments_open = False
    page.save()
    with pytest.raises(ValidationError, match="no such article"):
        bringing.read(brought(page), site)
    page.comments_open = True
    page.save()
    bringing.read(brought(page), site)
    settings.SANDUQ_PRESS_MODERATORS = []
    with pytest.raises(ValidationError, match="no such article"):
        bringing.read(brought(page), site)


def test_a_draft_takes_none(page: Any) -> None:
    page.live = False
    page.save()
    with pytest.raises(ValidationError, match="no such article"):
        bringing.read(brought(page), Site.objects.get())


def test_another_sites_article_takes_none(page: Any) -> None:
    other = Site(hostname="other", port=80, root_page=page.get_parent())
    with pytest.raises(ValidationError, match="no such article"):
        bringing.read(brought(page), other)


def test_a_file_becomes_a_comment_that_waits_once(page: Any, reader: Client) -> None:
    answer = upload(reader, brought(page))
    assert (answer.status_code, answer["Location"]) == (303, f"{HERE}?received")
    found = Comment.objects.get()
    assert (found.page_id, found.name, found.text, found.state) == (page.pk, "Aylin", "Higher.\n\nI saw.", CommentState.WAITING)
    assert not found.email_sealed
    assert "I saw." not in reader.get(page.url).text
    again = upload(reader, brought(page))
    assert (again.status_code, Comment.objects.count()) == (422, 1)
    assert "handed in already" in again.text
    assert upload(reader, brought(page, edition=14)).status_code == 422
    assert upload(reader, brought(page, text="Another.")).status_code == 303


def test_the_same_form_sent_twice_is_one(page: Any, reader: Client) -> None:
    sent = solved(reader.get(HERE)) | {"text": brought(page).decode()}
    assert [reader.post(HERE, sent).status_code for _ in range(2)] == [303, 303]
    assert Comment.objects.count() == 1


def test_without_the_digits_nothing_is_taken_and_the_file_stays(page: Any, reader: Client) -> None:
    answer = upload(reader, brought(page), captcha_answer="0")
    assert answer.status_code == 422
    assert "Aylin" in answer.text
    assert not Comment.objects.exists()


def test_there_are_limits(page: Any, reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from sanduq_web.press.talk import limits

    monkeypatch.setitem(limits.RATES, "comment", limits.Rate(1, 12, 150))
    assert upload(reader, brought(page)).status_code == 303
    assert upload(reader, brought(page, text="More.")).status_code == 429
    assert Comment.objects.count() == 1


def test_a_name_of_the_newsroom_is_refused(page: Any, reader: Client) -> None:
    assert upload(reader, brought(page, name="Newsroom")).status_code == 422


def test_a_signature_is_found_its_letter(site: Any, reader: Client) -> None:
    page = letter()
    text = signature(reader, page)
    assert upload(reader, text.encode()).status_code == 303
    row = CoSignature.objects.get()
    assert (row.letter_id, row.state, row.key) == (page.pk, CosignatureState.WAITING, key(1).public)
    changed = text.replace("Lake Society", "Other Society").encode()
    refused = upload(reader, changed)
    assert refused.status_code == 422
    assert "CosignatureInvalid" in refused.text
    page.open_until = date(2020, 1, 1)
    page.save_revision().publish()
    closed = upload(reader, signature(reader, page, 2).encode())
    assert "No letter that is open" in closed.text
    assert CoSignature.objects.count() == 1


def test_of_a_secret_key_nothing_stays(site: Any, reader: Client) -> None:
    secret = FILE_PREFIX + "ab" * 32
    answer = upload(reader, secret.encode())
    assert answer.status_code == 422
    assert "abab" not in answer.text
    assert "make a new one" in answer.text


def test_editors_take_files_by_hand(page: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Site.objects.get()
    site = ["--site", f"{place.hostname}:{place.port}"]
    good, bad = tmp_path / "good.json", tmp_path / "b\x1bad.json"
    good.write_bytes(brought(page) + b"\n")
    bad.write_bytes(b"x" * 100_000)
    assert run(["bring-back", str(bad), str(good), *site]) == 1
    said = capsys.readouterr()
    assert "b\\x1bad.json: refused: This is not a file" in said.out
    assert f"{good}: comment\n" in said.out
    assert "1 of 2 files" in said.err
    assert Comment.objects.count() == 1
    assert run(["bring-back", str(good), *site]) == 1
    assert run(["bring-back", str(good), "--site", "none"]) == 2


def test_pages_of_an_edition_make_the_file_and_say_where_it_goes(page: Any, tmp_path: Path, reader: Client) -> None:
    shown(page)
    there = letter()
    build(tmp_path / "e", 13, date(2030, 1, 2), datetime(2030, 1, 2, tzinfo=UTC), "http://testserver")
    text = tmp_path.joinpath("e/press" + page.get_url(), "index.html").read_text("utf-8")
    assert f'data-article="{page.get_url()}"' in text
    assert '<p class="when edition" data-edition="13">' in text
    assert 'href="http://testserver/en/come-back/"' in text
    assert len([*tmp_path.glob("e/press/look/write-*.js")]) == 1
    assert "write-" not in reader.get(page.get_url()).text
    assert "sanduq-signature.json" in tmp_path.joinpath("e/press" + there.get_url(), "index.html").read_text("utf-8")
    assert "sanduq-signature.json" not in reader.get(there.get_url()).text
