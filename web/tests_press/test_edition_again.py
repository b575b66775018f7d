"""The next edition: with what was kept of the one before it is, to the byte, what it would be from nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from newsroom import LANGUAGES, article, front, picture, section, translated
from sanduq_web.press.actions import make_site
from sanduq_web.press.edition.build import Made, build
from sanduq_web.press.models import ArticlePage, Attachment, Byline, Comment, Correction, PressDocument, VoteState
from sanduq_web.press.models.articles import ArticleByline

DAY, MOMENT = date(2030, 1, 2), datetime(2030, 1, 2, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("site")


def made(folder: Path, cache: Path | None = None, **more: Any) -> Made:
    given = {"number": 13, "day": DAY, "moment": MOMENT, "address": "http://testserver"} | more
    return build(folder, cache=cache, **given)


def files(folder: Path) -> dict[str, bytes]:
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}


@pytest.fixture
def lake() -> ArticlePage:
    found = article(section("en"), "The lake", slug="lake", picture=picture())
    found.topics.add("Lakes")
    found.bylines.add(ArticleByline(byline=Byline.objects.create(kind="pseudonym", name="Heron")))
    found.attachments.add(Attachment(document=PressDocument.objects.create(title="Levels", file=ContentFile(b"1", "a.csv"))))
    found.save_revision().publish()
    for n in range(3):
        article(found.get_parent(), f"Story {n}", slug=f"story-{n}").topics.add("Birds")
    translated(found, "fa", front("fa"), slug="darya")
    return ArticlePage.objects.get(pk=found.pk)


def _headline(lake: ArticlePage) -> None:
    lake.title = "The sea"
    lake.save_revision().publish()


def _gone(lake: ArticlePage) -> None:
    lake.unpublish()


def _new(lake: ArticlePage) -> None:
    article(lake.get_parent(), "Another", slug="another").topics.add("Lakes")


def _byline(lake: ArticlePage) -> None:
    Byline.objects.filter(name="Heron").update(name="Stork")


def _topic(lake: ArticlePage) -> None:
    lake.topics.add("Birds")
    lake.save()


def _comment(lake: ArticlePage) -> None:
    Comment.objects.create(page=lake, name="Rook", text="Deep.", arrived_on=DAY, state="shown")


def _closed(lake: ArticlePage) -> None:
    PageViewRestriction.objects.create(page=lake.get_parent(), restriction_type="login")


def _correction(lake: ArticlePage) -> None:
    Correction.objects.create(page=lake, text="A word.", on=DAY)


def _site(lake: ArticlePage) -> None:
    Site.objects.update(site_name="Another name")


def _paper(lake: ArticlePage) -> None:
    paper = PressDocument.objects.get(title="Levels")
    Path(paper.file.path).write_bytes(b"2")


def _vote(lake: ArticlePage) -> None:
    VoteState.objects.update_or_create(pk=1, defaults={"origin": "http://vote", "read_on": timezone.now(), "value": {}})


def _nothing(lake: ArticlePage) -> None:
    pass


CHANGES = [_nothing, _headline, _gone, _new, _byline, _topic, _comment, _closed, _correction, _site, _paper, _vote]


@pytest.mark.parametrize(
    "change",
    [each if each is _headline else pytest.param(each, marks=pytest.mark.long) for each in CHANGES],
    ids=lambda each: each.__name__[1:],
)
def test_after_a_change_it_is_as_from_nothing(lake: ArticlePage, tmp_path: Path, change: Callable[[ArticlePage], None]) -> None:
    made(tmp_path / "zero")  # pictures get their sizes
    made(tmp_path / "one", tmp_path / "cache")
    before = files(tmp_path / "one")
    change(lake)
    again = made(tmp_path / "two", tmp_path / "cache", number=14)
    nothing = made(tmp_path / "three", number=14)
    assert files(tmp_path / "two") == files(tmp_path / "three")
    assert nothing.anew == nothing.pages
    same = {name: raw.replace(b"Edition 13", b"") for name, raw in before.items() if name.endswith(".html")}
    now = {name: raw.replace(b"Edition 14", b"") for name, raw in files(tmp_path / "two").items()}
    english = [name for name in same if name.startswith("press/en/")]
    if change in (_nothing, _paper):
        assert again.anew == 0 and all(same[name] == now[name] for name in english)
    elif change is not _vote:
        assert any(same[name] != now.get(name) for name in english), "the change shows"
    if change is _headline:
        assert again.anew < again.pages / 2, "the other pages are not made again"


@pytest.mark.long
def test_what_an_embargo_held_back_comes_with_its_moment(lake: ArticlePage, tmp_path: Path) -> None:
    """The moment stands in the questions: another one is no other question, but may have another answer."""
    article(section("en", title="Later", slug="later"), "Tomorrow", published_on=MOMENT + timedelta(hours=1))
    made(tmp_path / "zero")  # pictures get their sizes
    made(tmp_path / "one", tmp_path / "cache")
    again = made(tmp_path / "two", tmp_path / "cache", moment=MOMENT + timedelta(minutes=1))
    assert again.anew == 0
    made(tmp_path / "three", tmp_path / "cache", moment=MOMENT + timedelta(hours=2))
    shows = [any(b"Tomorrow" in raw for raw in files(tmp_path / each).values()) for each in ("one", "two", "three")]
    assert shows == [False, False, True]


@pytest.mark.long
def test_what_is_public_no_more_is_not_kept(lake: ArticlePage, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    lake.title = "CANARY headline"
    lake.save_revision().publish()
    made(tmp_path / "one", cache)
    ArticlePage.objects.get(pk=lake.pk).get_translations(inclusive=True).unpublish()
    made(tmp_path / "two", cache)
    import sqlite3
    import zlib

    kept = sqlite3.connect(cache / "pages.db").execute("SELECT address, body FROM page").fetchall()
    assert len(kept) > len(LANGUAGES)
    assert not [address for address, body in kept if "lake" in address or b"CANARY" in zlib.decompress(body)]


@pytest.mark.long
def test_a_cache_of_other_software_is_forgotten(lake: ArticlePage, tmp_path: Path, monkeypatch: Any) -> None:
    made(tmp_path / "one", tmp_path / "cache")
    monkeypatch.setattr("sanduq_web.press.edition.build.version", lambda _: "another")
    again = made(tmp_path / "two", tmp_path / "cache")
    assert again.anew == again.pages


@pytest.mark.long
def test_several_processes_make_the_same_and_end_with_the_one_that_began_them(tmp_path: Path) -> None:
    """In a site of its own, on a disk: what is in a test's transaction other processes do not see."""
    import os
    import signal
    import subprocess
    import sys
    import time

    from django.conf import settings

    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        pytest.skip("the database of this test is a file")
    around = os.environ | {"SANDUQ_PRESS_DATABASE": f"sqlite:///{tmp_path}/press.db", "SANDUQ_PRESS_MEDIA": f"{tmp_path}/media"}

    def press(*given: str) -> list[str]:
        return [sys.executable, "-m", "sanduq_web.press", *given]

    for words in (["migrate"], ["site", "Courier", "--port", "8001", "--languages", ",".join(LANGUAGES)]):
        subprocess.run(press(*words), env=around, check=True, capture_output=True)
    fixed = ["--number", "1", "--as-of", "2026-01-01T00:00:00Z"]
    for name, jobs in (("one", "1"), ("two", "2")):
        subprocess.run(
            press("edition", str(tmp_path / name), *fixed, "--jobs", jobs), env=around, check=True, capture_output=True
        )
    assert files(tmp_path / "one") == files(tmp_path / "two")
    begun = subprocess.Popen(
        press("edition", str(tmp_path / "three"), *fixed, "--jobs", "2"), env=around, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while len(_group(begun.pid)) < 3 and begun.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    begun.send_signal(signal.SIGKILL)
    begun.wait()
    deadline = time.monotonic() + 60
    while _group(begun.pid) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert _group(begun.pid) == []


def _group(leader: int) -> list[int]:
    """The processes that a process has begun, and itself (Linux)."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = each.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == leader and fields[0] != "Z":
            found.append(int(each.parent.name))
    return found


@pytest.mark.long
def test_two_sites_with_one_cache_tell_nothing_of_each_other(lake: ArticlePage, settings: Any, tmp_path: Path) -> None:
    """Whose page it is follows from the host that is asked, which is in no question to the database."""
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    make_site("The Hill Courier", "other.example", 80, ["en"])
    cache = tmp_path / "cache"
    made(tmp_path / "one", cache)
    for name, given in (("two", cache), ("two-anew", None)):
        made(tmp_path / name, given, address="http://other.example")
    assert files(tmp_path / "two") == files(tmp_path / "two-anew")
    assert not [name for name, raw in files(tmp_path / "two").items() if b"Lake" in raw or b"testserver" in raw]
    made(tmp_path / "again", cache)
    assert files(tmp_path / "again") == files(tmp_path / "one")
