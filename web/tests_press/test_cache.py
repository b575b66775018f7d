"""Pages that are kept: the same for everybody, and never older than what was published last."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsroom import article, front, picture, section
from sanduq_web.press import kept
from sanduq_web.press.models import ArticleByline, ArticlePage, Byline


def _queries(reader: Client, address: str, **more: Any) -> int:
    with CaptureQueriesContext(connection) as found:
        assert reader.get(address, **more).status_code == 200
    return len(found)


def test_what_is_kept_asks_the_database_once(site: Any, reader: Client) -> None:
    there = article(section("en"))
    for address in ("/en/", "/en/news/", there.get_url(), "/en/feed.xml", "/en/sitemap.xml", there.get_url() + "?print"):
        assert _queries(reader, address) > 1
        assert _queries(reader, address) == 1, address


def test_what_others_write_is_seen_at_once(site: Any, reader: Client) -> None:
    news = section("en")
    tale = article(news, "First title", picture=picture())
    tale.bylines.add(ArticleByline(byline=Byline.objects.create(kind="desk", name="Old desk")))
    tale.save_revision().publish()
    address = tale.get_url()

    def both() -> str:
        return reader.get("/en/").text + reader.get(address).text

    assert "First title" in both() and "Old desk" in both()
    tale.title = "Second title"
    tale.save_revision()
    assert "Second title" not in both(), "a draft is not shown"
    tale.save_revision().publish()
    assert "Second title" in both() and "First title" not in both()
    byline = Byline.objects.get(name="Old desk")
    byline.name = "New desk"
    byline.save()
    assert "New desk" in both() and "Old desk" not in both()
    image = tale.picture
    image.description = "Another shore"
    image.save()
    assert "Another shore" in both()
    other = article(news, "Third title")
    assert "Third title" in reader.get("/en/").text
    other.unpublish()
    assert "Third title" not in reader.get("/en/").text
    tale.delete()
    assert "Second title" not in reader.get("/en/").text
    assert reader.get(address).status_code == 404


def test_a_page_that_moves_is_at_its_new_address_only(site: Any, reader: Client) -> None:
    tale = article(section("en"))
    there = section("en", title="Talk", slug="talk")
    before = tale.get_url()
    assert reader.get(before).status_code == 200
    tale.move(there, pos="last-child")
    moved = reader.get(before)
    assert (moved.status_code, moved["Location"]) == (301, f"/en/talk/{tale.slug}/")
    assert reader.get(moved["Location"]).status_code == 200


def test_what_appears_by_its_date_ends_what_is_kept(site: Any, reader: Client, monkeypatch: Any) -> None:
    later = timezone.now() + timedelta(seconds=30)
    article(section("en"), "Of later", published_on=later)
    assert "Of later" not in reader.get("/en/").text
    assert kept._until(timezone.now()) <= 30
    assert kept._until(later) == kept._LONGEST
    with monkeypatch.context() as patch:
        patch.setattr("sanduq_web.press.edition.timezone.now", lambda: later + timedelta(seconds=1))
        caches["pages"].clear()  # as the end of its time does
        assert "Of later" in reader.get("/en/").text


def test_what_was_made_before_a_write_is_not_kept_after_it(site: Any, reader: Client, monkeypatch: Any) -> None:
    """A page that is being made while somebody publishes is kept under the old token."""
    news = section("en")
    taken = kept._taken

    def publishes_meanwhile(response: Any) -> Any:
        monkeypatch.setattr(kept, "_taken", taken)
        article(news, "Meanwhile")
        return taken(response)

    monkeypatch.setattr(kept, "_taken", publishes_meanwhile)
    assert "Meanwhile" not in reader.get("/en/").text
    assert "Meanwhile" in reader.get("/en/").text


@pytest.mark.django_db
def test_what_is_taken_back_renews_nothing(site: Any, reader: Client) -> None:
    reader.get("/en/")
    with pytest.raises(RuntimeError), transaction.atomic():
        article(section("en"), "Taken back")
        raise RuntimeError
    assert _queries(reader, "/en/") == 1
    assert "Taken back" not in reader.get("/en/").text


def test_an_editors_preview_neither_shows_nor_leaves_a_kept_page(site: Any, reader: Client) -> None:
    tale = article(section("fa"), "Public")
    reader.get(tale.get_url())
    tale.title = "Draft"
    preview = tale.make_preview_request()
    assert "Draft" in preview.content.decode() and '<html lang="fa" dir="rtl">' in preview.content.decode()
    assert "Draft" not in reader.get(tale.get_url()).text
    section("fa", title="Talk", slug="talk")  # all is made anew
    assert "Draft" in tale.make_preview_request().content.decode()
    assert "Draft" not in reader.get(tale.get_url()).text


def test_only_plain_reads_are_kept(site: Any, reader: Client) -> None:
    section("en")
    for address in ("/en/search/?q=lake", "/en/nothing/", "/en/?other=1", "/"):
        reader.get(address)
        with CaptureQueriesContext(connection) as found:
            answer = reader.get(address)
        assert "ETag" not in answer.headers, address
        assert len(found) > 1 or address == "/", address


def test_hosts_and_queries_do_not_share_pages(site: Any, reader: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "mirror.onion"]
    there = article(section("en"))
    address = there.get_url()
    assert "http://testserver/a/" in reader.get(address).text
    assert "http://mirror.onion/a/" in reader.get(address, headers={"host": "mirror.onion"}).text
    assert "<nav" in reader.get(address).text
    assert "<nav" not in reader.get(address + "?print").text
    assert "<nav" in reader.get(address).text


def test_a_browser_that_has_it_gets_no_second_copy(site: Any, reader: Client) -> None:
    first = reader.get("/en/")
    again = reader.get("/en/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("Content-Security-Policy", "Referrer-Policy"):
        assert again[name] == first[name]
    article(section("en"), "Later")
    assert reader.get("/en/", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_view_that_says_no_store_is_not_kept(site: Any) -> None:
    from django.http import HttpResponse

    marked = kept.keep(HttpResponse("x", headers={"Cache-Control": "no-store"}))
    with_cookie = HttpResponse("x")
    with_cookie.set_cookie("a", "b")
    for response in (HttpResponse("x"), marked, kept.keep(with_cookie), kept.keep(HttpResponse("x", status=404))):
        assert kept._taken(response) is None
    assert kept._taken(kept.keep(HttpResponse("x"))) is not None


def test_the_front_page_and_its_neighbours_stay_right_after_the_frame_changes(site: Any, reader: Client) -> None:
    assert "Talk" not in reader.get("/en/").text
    there = section("en", title="Talk", slug="talk")
    assert "Talk" in reader.get("/en/").text
    there.title = "Voices"
    there.save_revision().publish()
    assert "Voices" in reader.get("/en/search/").text
    page = front("en")
    page.tagline = "On water"
    page.save_revision().publish()
    assert "On water" in reader.get("/en/talk/").text
    assert ArticlePage.objects.count() == 0
