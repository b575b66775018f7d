"""What is not public yet is told by no page of another language, and by no page of another site."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from letter_rig import address, letter
from newsroom import article, publish, section, translated
from sanduq_web.press.actions import make_site
from sanduq_web.press.models import ChapterPage, PublicationPage
from sanduq_web.press.short import code_of


def test_a_chapter_tells_not_of_a_translation_that_is_not_out(site: Any, reader: Client) -> None:
    given = {"title": "Levels", "summary": "Of a lake.", "issued_on": "2030-05-01", "body": [("paragraph", "<p>A</p>")]}
    there = section("en", title="Books", slug="books", kind="publication")
    book = publish(PublicationPage(**given), there)
    chapter = publish(ChapterPage(title="One", body=[("paragraph", "<p>A</p>")]), book)
    parent = section("tr", title="Books", slug="books", kind="publication")
    parent.translation_key = there.translation_key
    parent.save()
    other = translated(book, "tr", parent, published_on=timezone.now() + timedelta(days=1))
    hidden = translated(chapter, "tr", other, slug="secret-plan")
    assert reader.get(hidden.get_url()).status_code == 404
    assert "secret-plan" not in reader.get(chapter.get_url()).text
    other.published_on = timezone.now()
    other.save_revision().publish()
    assert "secret-plan" in reader.get(chapter.get_url()).text


def test_a_chapter_for_some_is_in_no_contents(site: Any, reader: Client) -> None:
    given = {"title": "Levels", "summary": "Of a lake.", "issued_on": "2030-05-01", "body": [("paragraph", "<p>A</p>")]}
    book = publish(PublicationPage(**given), section("en", title="Books", slug="books", kind="publication"))
    chapter = publish(ChapterPage(title="For the council", body=[("paragraph", "<p>A</p>")]), book)
    assert "For the council" in reader.get(book.get_url()).text
    PageViewRestriction.objects.create(page=chapter, restriction_type="login")
    assert "For the council" not in reader.get(book.get_url()).text


def test_one_site_tells_not_of_another(site: Any, reader: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    page, open_letter = article(section("en"), "On herons"), letter()
    make_site("The Hill Courier", "other.example", 80, ["en"])
    addresses = ["/en/search/?q=herons", "/en/feed.xml", "/en/sitemap.xml", "/en/", f"/a/{code_of(page.pk)}"]
    addresses += [f"{address(open_letter)}{name}" for name in ("", "letter.json", "letter-signed.json")]
    for there in addresses:
        told = reader.get(there, headers={"host": "other.example"})
        assert page.slug not in told.text and told.status_code in (200, 302, 404), there
        if told.status_code == 302:
            assert told["Location"].startswith("http://testserver/")
        assert "council" not in told.text.lower(), there
        assert reader.get(there).status_code in (200, 302)
