"""Feeds and the map of the site: whole texts, names that stay, nothing of editors."""

from __future__ import annotations

from typing import Any

import pytest
from defusedxml import ElementTree
from django.contrib.auth import get_user_model
from django.test import Client

from newsroom import LANGUAGES, article, front, section, translated
from sanduq_web.press.models import ArticleByline, Byline

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def _feed(reader: Client, address: str, host: str = "testserver") -> Any:
    answer = reader.get(address, headers={"host": host})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(answer.content)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_feed_has_the_whole_text_in_its_language(site: Any, reader: Client, language: str) -> None:
    tale = article(section(language), "A & B < C", text="<p>Whole <b>text</b> &amp; more</p>")
    root = _feed(reader, f"/{language}/feed.xml")
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    entry = root.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "A & B < C"
    assert "Whole <b>text</b> &amp; more" in entry.findtext(f"{ATOM}content")
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver{tale.get_url()}"


def test_names_stay_wherever_and_whenever_it_is_read(site: Any, reader: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "mirror.onion"]
    tale = article(section("en"))

    def names(host: str) -> list[str]:
        root = _feed(reader, "/en/feed.xml", host)
        return [each.text for each in (root.find(f"{ATOM}id"), *root.iterfind(f"{ATOM}entry/{ATOM}id"))]

    before = names("testserver")
    assert (
        before == names("mirror.onion") == ["tag:testserver,2026:en/feed.xml", f"tag:testserver,2026:{tale.translation_key}/en"]
    )
    tale.title, tale.slug = "Another title", "another"
    tale.save_revision().publish()
    assert names("testserver") == before


def test_whoever_reads_the_onion_stays_there(site: Any, reader: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS, settings.SANDUQ_PRESS_HTTPS = ["testserver", "mirror.onion"], True
    article(section("en"), text='<p><a href="/en/news/">news</a></p>')
    text = reader.get("/en/feed.xml", headers={"host": "mirror.onion"}).text
    assert "testserver" not in text.replace("tag:testserver,2026:", "")
    assert ('href="http://mirror.onion/en/' in text and "&quot;" in text) or "http://mirror.onion/en/news/" in text
    assert 'href="https://testserver/en/' in reader.get("/en/feed.xml").text


def test_sections_and_topics_have_feeds_of_their_own(site: Any, reader: Client) -> None:
    one, two = section("en"), section("en", title="Talk", slug="talk")
    article(one, "First").topics.add("lakes")
    tale = article(two, "Second")
    tale.topics.add("lakes")
    tale.save()
    titles = lambda address: [each.findtext(f"{ATOM}title") for each in _feed(reader, address).iterfind(f"{ATOM}entry")]  # noqa: E731
    assert titles("/en/feed.xml") == ["Second", "First"]
    assert titles("/en/talk/feed.xml") == titles("/en/topics/lakes/feed.xml") == ["Second"]
    for address in ("/en/nothing/feed.xml", "/en/topics/nothing/feed.xml", "/fa/topics/lakes/feed.xml", "/fa/topics/lakes/"):
        assert reader.get(address).status_code == 404, address


def test_neither_accounts_nor_control_signs_are_in_a_feed(site: Any, reader: Client) -> None:
    owner = get_user_model().objects.create_superuser("reporter-canary", "canary@desk.example", "x" * 20)
    tale = article(section("en"), "A\x0bB\x01C", owner=owner, summary="S\x1f")
    tale.bylines.add(ArticleByline(byline=Byline.objects.create(kind="desk", name="Heron")))
    tale.save_revision(user=owner).publish(user=owner)
    for address in ("/en/feed.xml", "/en/sitemap.xml", "/en/", tale.get_url()):
        assert "canary" not in reader.get(address).text, address
    root = _feed(reader, "/en/feed.xml")
    assert root.findtext(f"{ATOM}entry/{ATOM}title") == "ABC"
    assert [each.text for each in root.iterfind(f".//{ATOM}author/{ATOM}name")] == ["Heron"]


def test_the_map_has_every_language_with_its_translations(site: Any, reader: Client) -> None:
    tale = article(section("en"), slug="lake")
    other = translated(tale, "fa", front("fa"), slug="darya")
    index = ElementTree.fromstring(reader.get("/sitemap.xml").content)
    assert [each.text for each in index.iter(f"{MAP}loc")] == [f"http://testserver/{code}/sitemap.xml" for code in LANGUAGES]
    found = ElementTree.fromstring(reader.get("/en/sitemap.xml").content)
    pages = {each.findtext(f"{MAP}loc"): each for each in found}
    assert {"http://testserver/en/", "http://testserver/en/news/", "http://testserver/en/news/lake/"} == set(pages)
    links = {each.get("hreflang"): each.get("href") for each in pages["http://testserver/en/news/lake/"].iter(f"{XHTML}link")}
    assert links == {"en": "http://testserver/en/news/lake/", "fa": f"http://testserver{other.get_url()}"}


def test_robots_are_not_told_where_the_desk_is(site: Any, reader: Client, settings: Any) -> None:
    text = reader.get("/robots.txt").text
    assert settings.DESK_PATH.strip("/") not in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


@pytest.mark.parametrize("address", ["/en/feed.xml", "/sitemap.xml", "/en/sitemap.xml", "/robots.txt", "/en/search/"])
def test_they_are_read_only(site: Any, reader: Client, address: str) -> None:
    assert reader.post(address).status_code == 405
