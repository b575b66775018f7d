"""Letters, publications, chapters, organisations: before their date, or not for everybody, they are nowhere either."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from letter_rig import accept, letter, send, signature
from newsroom import front, publish
from sanduq_web.press.models import ChapterPage, OrganisationPage, SectionPage
from test_publications import chapter, publication

pytestmark = pytest.mark.usefixtures("site")


def hide(page: Any, how: str) -> None:
    """Not yet, not for everybody, or withdrawn."""
    if how == "tomorrow":
        page.published_on = timezone.now() + timedelta(days=1)
        page.save_revision().publish()
    elif how == "private":
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    else:
        page.unpublish()
    caches["pages"].clear()


@pytest.mark.parametrize("how", ["tomorrow", "private", "withdrawn"])
def test_the_files_of_a_letter(reader: Client, how: str) -> None:
    page = letter()
    there = [f"/en/co-sign/{page.letter_id}/{name}" for name in ("", "letter.json", "letter-signed.json")]
    assert {reader.get(each).status_code for each in there} == {200}
    hide(page, how)
    assert {reader.get(each).status_code for each in there} == {404}
    assert reader.post(there[0], {"signature": "{}"}).status_code == 404


@pytest.mark.parametrize("how", ["tomorrow", "private", "withdrawn"])
def test_the_chapters_of_a_publication(reader: Client, how: str) -> None:
    whole = publication()
    part: ChapterPage = chapter(whole, "One")
    assert reader.get(part.get_url()).status_code == 200
    hide(whole, how)
    assert reader.get(part.get_url()).status_code == 404


def test_an_organisation_for_some_only(reader: Client) -> None:
    page = publish(OrganisationPage(title="Lake Society", slug="lake-society", introduction="<p>a</p>"), front("en"))
    assert reader.get(page.get_url()).status_code == 200
    hide(page, "private")
    assert reader.get(page.get_url()).status_code == 404


@pytest.mark.parametrize("how", ["tomorrow", "private"])
def test_a_letter_on_the_page_of_who_signed_it(reader: Client, how: str) -> None:
    page = letter()
    society = publish(OrganisationPage(title="Lake Society", slug="lake-society", introduction="<p>a</p>"), front("en"))
    send(reader, page, signature(reader, page))
    accept(page, page=society)
    assert page.title in reader.get(society.get_url()).text
    hide(page, how)
    assert page.title not in reader.get(society.get_url()).text


def test_a_section_whose_pages_are_asked_for(reader: Client) -> None:
    part = chapter(publication(), "One")
    hide(SectionPage.objects.get(slug="books"), "private")
    assert reader.get(part.get_url()).status_code == 404
