"""Publications: numbers of bulletins, chapters in reading order."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import PageViewRestriction

from newsroom import LANGUAGES, publish, section
from sanduq_web.press.models import ChapterPage, PublicationPage

pytestmark = pytest.mark.usefixtures("site")


def publication(parent: Any = None, language: str = "en", **more: Any) -> PublicationPage:
    given = {
        "title": "The lake in figures",
        "summary": "All gauges.",
        "kind": "booklet",
        "issued_on": date(2026, 11, 1),
        "body": [("paragraph", "<p>Foreword.</p>")],
    } | more
    parent = parent or section(language, title="Books", slug="books", kind="publication")
    return publish(PublicationPage(**given), parent)


def chapter(whole: PublicationPage, title: str) -> ChapterPage:
    return publish(ChapterPage(title=title, body=[("paragraph", f"<p>Text of {title}.</p>")]), whole)


def links(html: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', html[html.index("<article") :])


@pytest.mark.parametrize(("kind", "number"), [("bulletin", None), ("book", 3), ("booklet", 3)])
def test_bulletins_and_only_they_have_numbers(kind: str, number: int | None) -> None:
    with pytest.raises(ValidationError, match="number"):
        publication(kind=kind, number=number)


def test_a_number_is_taken_once_in_a_section() -> None:
    first = publication(kind="bulletin", number=12)
    other = section("en", title="Others", slug="others", kind="publication")
    form_class = PublicationPage.get_edit_handler().get_form_class()
    user = get_user_model().objects.create_superuser("editor", "", "x" * 20)
    given = {"title": "B", "slug": "b", "kind": "bulletin", "number": 12, "issued_on": "2026-11-01", "body-count": "0"}
    wrong = form_class(given, instance=PublicationPage(), parent_page=first.get_parent(), for_user=user)
    assert "number" in wrong.errors
    elsewhere = form_class(given, instance=PublicationPage(), parent_page=other, for_user=user)
    assert "number" not in elsewhere.errors
    same = form_class(given, instance=first, parent_page=first.get_parent(), for_user=user)
    assert "number" not in same.errors


def test_chapters_are_read_in_their_order(reader: Client) -> None:
    whole = publication(kind="bulletin", number=12)
    one, _, three = (chapter(whole, title) for title in ("One", "Two", "Three"))
    three.move(one, "left")
    order = [f"{whole.get_url()}{slug}/" for slug in ("three", "one", "two")]
    html = reader.get(whole.get_url()).text
    assert [link for link in links(html) if link in order] == [*order, order[0]]  # the contents; where to begin
    assert "Bulletin No. 12" in " ".join(html.split())
    for number, here in enumerate(order):
        html = reader.get(here).text
        around = [order[n] for n in (number - 1, number + 1) if 0 <= n < len(order)]
        assert [link for link in links(html) if link in order] == around
        assert links(html).count(whole.get_url()) == 2
        assert f"{number + 1} of 3" in html


def test_a_chapter_that_is_not_published_is_left_out(reader: Client) -> None:
    whole = publication()
    one, two, three = (chapter(whole, title) for title in ("One", "Two", "Three"))
    two.unpublish()
    assert two.get_url() not in reader.get(whole.get_url()).text
    assert three.get_url() in reader.get(one.get_url()).text
    assert reader.get(two.get_url()).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_in_every_language(reader: Client, language: str) -> None:
    whole = publication(language=language)
    part = chapter(whole, "One")
    for page in (whole, part):
        answer = reader.get(page.get_url())
        assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert re.search(r'<time datetime="2026-11-01"><bdi>[^<(]+ \([^<]+\)</bdi></time>', reader.get(whole.get_url()).text)


def test_the_search_opens_the_chapter_in_which_the_words_are(reader: Client) -> None:
    whole = publication()
    chapter(whole, "Herons")
    storks = chapter(whole, "Storks")

    def found(asked: str) -> list[str]:
        text = reader.get(f"/en/search/?q={asked}").text
        return re.findall(r'<h2><a href="([^"]*)"', text)

    assert (found("foreword"), found("storks")) == ([whole.get_url()], [storks.get_url()])
    assert "<mark>Storks.</mark>" in reader.get("/en/search/?q=storks").text
    storks.unpublish()
    assert found("storks") == []
    storks.save_revision().publish()
    assert found("storks") == [storks.get_url()]
    closed = PageViewRestriction.objects.create(page=storks, restriction_type="login")
    assert found("storks") == []
    closed.delete()
    assert found("storks") == [storks.get_url()]
    storks.delete()
    assert found("storks") == []
    whole.delete()
    assert found("foreword") == []
