"""Editions: all that is public and nothing else, with links that work from a disc, twice the same."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from newsroom import HIDDEN, LANGUAGES, article, front, not_yet, picture, publish, section, translated
from sanduq import errors
from sanduq_web.press.command import run
from sanduq_web.press.edition.build import Made, build
from sanduq_web.press.models import ArticlePage, Attachment, ChapterPage, Comment, PressDocument, PublicationPage

DAY, MOMENT = date(2030, 1, 2), datetime(2030, 1, 2, 12, tzinfo=UTC)
ADDRESS = "http://testserver"

pytestmark = pytest.mark.usefixtures("site")


class _Links(HTMLParser):
    """What a page names: elements' href, src and action."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("base", "iframe", "object", "embed")
        assert "srcset" not in dict(attrs) and "integrity" not in dict(attrs), "browsers refuse those in opened files"
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]


def made(folder: Path, **more: Any) -> Made:
    return build(folder, **{"number": 13, "day": DAY, "moment": MOMENT, "address": ADDRESS} | more)


def files(folder: Path) -> dict[str, bytes]:
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}


@pytest.fixture
def news() -> dict[str, ArticlePage]:
    """An article in two languages with all that hangs on one, a publication, and enough for a second page of a list."""
    english = article(
        section("en"), "The lake", slug="lake", picture=picture(), text='<p>See <a href="/en/news/none/">none</a>.</p>'
    )
    paper = PressDocument.objects.create(title="Levels", file=ContentFile(b"year,level\n", "levels.csv"))
    english.attachments.add(Attachment(document=paper))
    english.topics.add("Lakes", "دریاچه")
    english.save_revision().publish()
    for n in range(21):
        article(english.get_parent(), f"Story {n}")
    whole = publish(
        PublicationPage(title="Herons", summary="All.", kind="booklet", issued_on=DAY, body=[("paragraph", "<p>Now.</p>")]),
        section("en", title="Books", slug="books", kind="publication"),
    )
    publish(ChapterPage(title="Wings", body=[("paragraph", "<p>Feathers.</p>")]), whole)
    return {"en": english, "fa": translated(english, "fa", front("fa"), slug="darya")}


def test_every_link_of_every_page_leads_to_a_file(news: Any, tmp_path: Path) -> None:
    told = made(tmp_path / "out")
    there = files(tmp_path / "out")
    pages = [name for name in there if name.endswith(".html")]
    assert told.pages == len(pages) - 1 and {f"press/{code}/index.html" for code in LANGUAGES} <= set(pages)
    for name in pages:
        for link in _Links(there[name].decode()).links:
            parts = urlsplit(link)
            if parts.netloc == "testserver":
                assert parts.path == "/en/news/none/" or parts.path.startswith("/a/"), link
            elif not parts.scheme and parts.path:
                target = (tmp_path / "out" / name).parent / unquote(parts.path)
                assert target.resolve().is_file() and target.resolve().is_relative_to(tmp_path / "out"), (name, link)
    assert told.broken == [(news[code].get_url(), "/en/news/none/") for code in ("en", "fa")]
    endings = {Path(each).suffix for each in there}
    assert endings == {".html", ".xml", ".css", ".woff2", ".js", ".jpg", ".csv", ".json", ".txt"}
    assert "press/en/news/index-2.html" in there and "press/en/books/herons/wings/index.html" in there


@pytest.mark.long
def test_each_page_has_number_and_date(news: Any, tmp_path: Path) -> None:
    made(tmp_path / "out")
    text = (tmp_path / "out/press/fa/index.html").read_text("utf-8")
    assert "۱۳ · " in text
    assert "۲ ژانویه ۲۰۳۰ (۱۳ دی ۱۴۰۸)" in text
    assert "Edition 13 · " in (tmp_path / "out/press/en/news/lake/index.html").read_text("utf-8")
    assert json.loads((tmp_path / "out/EDITION.json").read_text())["edition"] == 13
    begin = (tmp_path / "out/START-HERE.html").read_text("utf-8")
    for code in LANGUAGES:
        assert f'href="press/{code}/index.html"' in begin and f'lang="{code}"' in begin
    assert begin.count("<strong>") == len(LANGUAGES), "what it may mean to have this, in every language"
    assert (tmp_path / "out/README.txt").read_text("utf-8").count("13") >= 2


@pytest.mark.long
def test_twice_the_same(news: Any, tmp_path: Path) -> None:
    assert made(tmp_path / "one") == made(tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")


@pytest.mark.parametrize("how", [HIDDEN[0], *(pytest.param(how, marks=pytest.mark.long) for how in HIDDEN[1:])])
def test_what_nobody_may_read_is_in_no_file(news: Any, tmp_path: Path, how: str) -> None:
    section("en", title="CANARY section", slug="canary-section").unpublish()
    not_yet(news["en"].get_parent().specific, how, title="CANARY headline", slug="canary", summary="CANARY")
    ada = User.objects.create_superuser("CANARY-account", "", "x" * 20)
    news["en"].save_revision(user=ada).publish(user=ada)
    draft = news["en"].get_latest_revision_as_object()
    draft.summary = "CANARY of a draft"
    draft.save_revision()
    Comment.objects.create(
        page=news["en"], name="CANARY reader", text="CANARY comment", email_sealed=b"CANARY address", arrived_on=DAY
    )
    made(tmp_path / "out", moment=timezone.now())
    found = [name for name, raw in files(tmp_path / "out").items() if b"canary" in raw.lower() or "canary" in name.lower()]
    assert found == []


@pytest.mark.long
def test_what_comes_later_comes_with_a_later_edition(news: Any, tmp_path: Path) -> None:
    article(section("en", title="Later", slug="later"), "Tomorrow", published_on=MOMENT + timedelta(hours=1))
    made(tmp_path / "one")
    made(tmp_path / "two", number=14, moment=MOMENT + timedelta(hours=2))
    first, second = (b"".join(files(tmp_path / each).values()) for each in ("one", "two"))
    assert (b"Tomorrow" in first, b"Tomorrow" in second) == (False, True)


@pytest.mark.parametrize(
    ("address", "why"),
    [("testserver", "expected https"), ("ftp://testserver", "expected https"), ("http://nobody.example", "no site here"),
     ("http://testserver/en", "expected https"), ("http://testserver:x", "expected https"), ("", "expected https")],
)  # fmt: skip
def test_an_address_that_is_no_site(tmp_path: Path, address: str, why: str) -> None:
    with pytest.raises(errors.Unusable, match=why):
        made(tmp_path / "out", address=address)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_in_it_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(errors.Unusable, match="not empty"):
        made(tmp_path)
    assert files(tmp_path) == {"mine.txt": b"mine"}


@pytest.mark.long
def test_what_is_published_meanwhile_is_told(news: Any, tmp_path: Path, monkeypatch: Any) -> None:
    """An edition is one state of the site, not half of one and half of another."""
    monkeypatch.setattr(
        "sanduq_web.press.edition.build.start.write", lambda _: article(section("en", title="More", slug="more"), "Meanwhile")
    )
    with pytest.raises(errors.Unusable, match="published while"):
        made(tmp_path / "out")


def test_the_site_itself_has_no_list_of_words(news: Any, reader: Client) -> None:
    assert reader.get("/en/search/words.js").status_code == 404
    assert b"<script" not in reader.get("/en/search/?q=lake").content


@pytest.mark.long
def test_a_text_cannot_end_the_list_of_words(news: Any, tmp_path: Path) -> None:
    article(section("en", title="Odd", slug="odd"), "</script><b>\u2028", slug="odd", text="<p>&lt;/script&gt;</p>")
    made(tmp_path / "out")
    raw = (tmp_path / "out/press/en/search/words.js").read_text("utf-8")
    assert "<" not in raw and "\u2028" not in raw
    given = json.loads(raw.removeprefix("globalThis.sanduq = ").removesuffix(";\n"))
    assert given["entries"][0][1] == "</script><b>\u2028"


@pytest.mark.parametrize(
    "wrong",
    [
        ["--number", "0"],
        ["--number", "1", "--date", "22.11.2026"],
        ["--number", "1", "--as-of", "now"],
        ["--number", "1", "--as-of", "2999-01-01T00:00:00Z"],
    ],
)
def test_wrong_arguments(tmp_path: Path, wrong: list[str], capsys: Any) -> None:
    assert run(["edition", str(tmp_path / "out"), "--address", ADDRESS, *wrong]) == 2
    assert "error: --" in capsys.readouterr().err


def test_the_front_page_offers_the_latest(news: Any, reader: Client, settings: Any, tmp_path: Path) -> None:
    settings.SANDUQ_PRESS_EDITIONS = str(tmp_path / "editions")
    assert "To take along" not in reader.get("/en/").text, "no folder"
    (tmp_path / "editions").mkdir()
    for name in ("edition-9-2029-01-01.zip", "edition-10-2029-02-01.zip", "edition-11-2029-02-31.zip", "secret.zip"):
        (tmp_path / "editions" / name).write_bytes(b"PK" + name.encode())
    (tmp_path / "editions" / "edition-12-2029-03-01.zip").mkdir()
    caches["pages"].clear()
    text = reader.get("/fa/").text
    assert 'href="/editions/edition-10-2029-02-01.zip"' in text and "شمارهٔ ۱۰" in text
    answer = reader.get("/editions/edition-10-2029-02-01.zip")
    assert b"".join(answer.streaming_content) == b"PKedition-10-2029-02-01.zip"  # type: ignore[attr-defined]
    for name in (
        "secret.zip",
        "..%2Fpress.db",
        "edition-11-2029-02-31.zip",
        "edition-12-2029-03-01.zip",
        "edition-13-2029-01-01.zip",
    ):
        assert reader.get(f"/editions/{name}").status_code == 404, name
    made(tmp_path / "out")
    assert "To take along" not in (tmp_path / "out/press/en/index.html").read_text("utf-8"), "an edition offers no other"


@pytest.mark.long
def test_an_edition_is_signed_and_checked(news: Any, tmp_path: Path) -> None:
    """All its names can stand in SHA256SUMS, and a file that was changed is found (spec 10)."""
    out, keys = tmp_path / "out", tmp_path / "keys"
    made(out)

    def disc(*given: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sanduq", "disc", *map(str, given)]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    assert disc("key", "--unencrypted", "--out", keys).returncode == 0
    (out / "KEYS").write_bytes((keys / "edition.pub").read_bytes())
    assert disc("sums", out).returncode == 0
    assert disc("sign", out, "--key", keys / "edition.key", "--edition", 13, "--date", "2030-01-02").returncode == 0
    assert "VERIFIED" in disc("verify", out, "--key", keys / "edition.pub").stdout
    page = out / "press/en/news/lake/index.html"
    page.write_text(page.read_text("utf-8").replace("The lake", "The sea"), "utf-8")
    changed = disc("verify", out, "--key", keys / "edition.pub")
    assert changed.returncode == 1 and "press/en/news/lake/index.html" in changed.stderr + changed.stdout
