"""Readers' pages: what stands on them, in which language; what nobody may read is nowhere."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from newsroom import HIDDEN, LANGUAGES, article, front, not_yet, picture, publish, section, translated
from sanduq_web.press.models import (
    ArticleByline,
    ArticlePage,
    Attachment,
    Byline,
    Correction,
    InfoPage,
    PressDocument,
    RelatedArticle,
)
from sanduq_web.press.short import code_of, number_of, qr

EVIL = '"><script>alert(1)</script>\u202e'


def _text(reader: Client, address: str) -> str:
    answer = reader.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.text


# --- what nobody may read ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", HIDDEN)
def test_what_nobody_may_read_is_nowhere(site: Any, reader: Client, how: str) -> None:
    news = section("en")
    seen = article(news, "Seen")
    seen.topics.add("lake")
    hidden = not_yet(news, how, slug="hidden")
    if how != "draft":
        hidden.topics.add("lake")
        hidden.save()
    seen.related.add(RelatedArticle(to=hidden))
    seen.save_revision().publish()
    page = front("en")
    page.lead = hidden
    page.save_revision().publish()
    lists = ["/en/", "/en/news/", "/en/topics/lake/", "/en/feed.xml", "/en/news/feed.xml", "/en/topics/lake/feed.xml"]
    for address in (*lists, "/en/search/?q=hidden", "/en/sitemap.xml", f"/en/news/{seen.slug}/"):
        assert "idden" not in _text(reader, address).replace('value="hidden"', ""), address
    for address in ("/en/news/hidden/", "/en/news/hidden/?print", f"/a/{code_of(hidden.pk)}"):
        assert reader.get(address).status_code == 404, address


@pytest.mark.parametrize("how", HIDDEN)
def test_a_translation_that_nobody_may_read_is_not_linked(site: Any, reader: Client, how: str) -> None:
    there = article(section("en"), slug="lake")
    other = not_yet(section("fa"), how, slug="darya")
    ArticlePage.objects.filter(pk=other.pk).update(translation_key=there.translation_key)
    text = _text(reader, "/en/news/lake/")
    assert "darya" not in text
    assert re.search(r'<li><a href="/fa/" lang="fa"', text), "the switch leads to the front page"
    assert "darya" not in _text(reader, "/en/sitemap.xml")


def test_a_section_for_some_hides_what_is_in_it(site: Any, reader: Client) -> None:
    inner = section("en", title="Inner", slug="inner")
    there = article(inner, "Hidden")
    PageViewRestriction.objects.create(page=inner, restriction_type="login")
    for address in ("/en/", "/en/search/?q=hidden", "/en/feed.xml", "/en/sitemap.xml"):
        text = _text(reader, address)
        assert "Hidden" not in text and "nner" not in text, address
    for address in ("/en/inner/", there.get_url(), "/en/inner/feed.xml", f"/a/{code_of(there.pk)}"):
        assert reader.get(address).status_code == 404, address


def test_what_stands_for_an_article_for_some_is_for_the_same(site: Any, reader: Client) -> None:
    """Wagtail can show a page a second time elsewhere, as an alias."""
    there = article(section("en", title="Inner", slug="inner"), "Hidden")
    alias = there.create_alias(parent=section("en"), update_slug="again")
    assert "Hidden" in _text(reader, alias.get_url())
    PageViewRestriction.objects.create(page=there, restriction_type="login")
    assert reader.get(alias.get_url()).status_code == 404
    for address in ("/en/", "/en/news/", "/en/search/?q=hidden", "/en/feed.xml", "/en/sitemap.xml"):
        assert "Hidden" not in _text(reader, address), address


def test_pages_are_for_reading(site: Any, reader: Client) -> None:
    there = article(section("en")).get_url()
    for address in ("/en/", there):
        assert [reader.post(address, {"a": 1}).status_code, reader.put(address).status_code] == [405, 405], address


def test_the_code_of_a_short_address(site: Any, reader: Client) -> None:
    answer = reader.get("/a/B4.svg")
    assert (answer["Content-Type"], answer.content) == ("image/svg+xml", qr("http://testserver/a/b4"))
    assert answer.content == reader.get("/a/b4.svg").content != reader.get("/a/b5.svg").content
    for code in ["u", "zzzzzzzzzzzzz", "٣", "1%00", "9" * 400]:
        assert reader.get(f"/a/{code}.svg", follow=True).status_code == 404, code


def test_a_code_that_is_none(site: Any, reader: Client) -> None:
    for code in ["", "u", "zzzzzzzzzzzzz", "0", "-1", "٣", "1%00", "1/2", "9" * 400]:
        assert reader.get(f"/a/{code}", follow=True).status_code == 404, code


def test_a_page_of_a_list_that_is_not_there(site: Any, reader: Client) -> None:
    article(section("en"))
    for page in ["0", "-1", "999999", "9" * 5000, "x", "", "1.5", "٢", "%00", "1e3"]:
        assert reader.get(f"/en/news/?page={page}").status_code == 404, page[:20]
        assert reader.get(f"/en/?page={page}").status_code == 200, page[:20]


def test_hostile_texts_stay_text(site: Any, reader: Client) -> None:
    news = section("en")
    tale = article(news, EVIL, slug="evil", kicker=EVIL, summary=EVIL, place=EVIL, republished_from=EVIL, caption=EVIL)
    tale.topics.add("<b>topic")
    tale.bylines.add(ArticleByline(byline=Byline.objects.create(kind="spokesperson", name=EVIL, office=EVIL, about=EVIL)))
    tale.corrections.add(Correction(text=EVIL))
    tale.save_revision().publish()
    topic = tale.topics.get().slug
    for address in (
        "/en/",
        "/en/news/",
        "/en/news/evil/",
        "/en/news/evil/?print",
        f"/en/topics/{topic}/",
        f"/en/search/?q={EVIL}",
    ):
        text = _text(reader, address)
        assert "<script" not in text and "<b>topic" not in text, address


def test_hostile_queries(site: Any, reader: Client) -> None:
    there = article(section("en"))
    for query in ["?" + "a" * 3000, "?q=%ff%fe", "?print=<script>", "?page=1&page=2", "?x[]=1&%00=2"]:
        for address in ("/en/", "/en/news/", there.get_url(), "/en/search/"):
            answer = reader.get(address + query)
            assert answer.status_code == (404 if "page=2" in query and address == "/en/news/" else 200), (address, query)
            assert "<script" not in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_here_is_told_in_the_language_of_the_address(site: Any, reader: Client, language: str) -> None:
    answer = reader.get(f"/{language}/nothing/")
    assert answer.status_code == 404
    assert f'<html lang="{language}"' in answer.text
    told = {"en": "This page is not here", "az": "Bu səhifə burada yoxdur", "fa": "این صفحه اینجا نیست"}
    assert told.get(language, "") in answer.text


# --- the front page ---------------------------------------------------------------------------------------------------------


def test_the_newest_leads_unless_the_editors_choose(site: Any, reader: Client) -> None:
    news = section("en")
    old = article(news, "An old one")
    article(news, "A new one")
    lead = re.compile(r'<article class="lead">.*?<h2><a href="[^"]+">([^<]+)', re.DOTALL)
    assert lead.search(_text(reader, "/en/")).group(1) == "A new one"  # type: ignore[union-attr]
    page = front("en")
    page.lead = old
    page.save_revision().publish()
    assert lead.search(_text(reader, "/en/")).group(1) == "An old one"  # type: ignore[union-attr]


def test_the_lead_stands_once_more_only_where_a_section_has_nothing_else(site: Any, reader: Client) -> None:
    parent = section("en")
    article(parent, "An old one")
    assert _text(reader, "/en/").count(">An old one<") == 2
    article(parent, "A new one")
    html = _text(reader, "/en/")
    assert html.count(">A new one<") == 1
    assert html.count(">An old one<") == 2  # the latest; its section


def test_information_lists_what_is_below_it_and_public(site: Any, reader: Client) -> None:
    parent = publish(InfoPage(title="Who", slug="who", body=[]), front("en"))
    pages = [publish(InfoPage(title=name, slug=name, body=[]), parent) for name in ("open", "withdrawn", "private")]
    pages[1].unpublish()
    PageViewRestriction.objects.create(page=pages[2], restriction_type="login")
    html = _text(reader, "/en/who/")
    assert [name in html for name in ("/who/open/", "/who/withdrawn/", "/who/private/")] == [True, False, False]


def test_a_lead_of_another_language_does_not_lead(site: Any, reader: Client) -> None:
    article(section("en"), "Here")
    page = front("en")
    page.lead = article(section("fa"), "There")
    page.save_revision().publish()
    text = _text(reader, "/en/")
    assert "Here" in text and "There" not in text


@pytest.mark.long
def test_a_quiet_section_shows_its_newest_though_others_are_busy(site: Any, reader: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("sanduq_web.press.api._RECENT", 3)
    quiet, busy = section("en", title="Quiet", slug="quiet"), section("en", title="Busy", slug="busy")
    article(quiet, "A single one")
    for n in range(20):
        article(busy, f"Busy {n}")
    assert "A single one" in _text(reader, "/en/")


@pytest.mark.long
def test_a_list_has_pages(site: Any, reader: Client) -> None:
    news = section("fa")
    for n in range(23):
        article(news, f"Title {n:02}")
    first, second = _text(reader, "/fa/news/"), _text(reader, "/fa/news/?page=2")
    assert "Title 22" in first and "Title 02" not in first and "?page=2" in first
    assert "Title 02" in second and "Title 22" not in second and 'href="./"' in second
    assert "<bdi>۲ / ۲</bdi>" in second


# --- an article -------------------------------------------------------------------------------------------------------------


def test_an_article_has_all_that_belongs_to_it(site: Any, reader: Client) -> None:
    news = section("en")
    other = article(news, "Another one")
    tale = article(
        news, "The lake", slug="lake", kicker="Water", place="At the shore", picture=picture(), caption="From the pier",
        republished_from="The Other Courier", republished_url="https://other.example/lake",
    )  # fmt: skip
    people = [("pseudonym", "Heron", ""), ("spokesperson", "B. Speaker", "Office of Lakes"), ("desk", "Water desk", "")]
    for kind, name, office in people:
        tale.bylines.add(ArticleByline(byline=Byline.objects.create(kind=kind, name=name, office=office)))
    tale.corrections.add(Correction(on=date(2026, 11, 22), text="It said two; it is three."))
    paper = PressDocument.objects.create(title="Levels", file=ContentFile(b"a" * 5300, "levels.csv"))
    tale.attachments.add(Attachment(document=paper))
    tale.related.add(RelatedArticle(to=other))
    tale.topics.add("Lakes")
    tale.save_revision().publish()
    text = _text(reader, "/en/news/lake/")
    parts = [
        '<p class="kicker">Water</p>', "<h1>The lake</h1>", "At the shore", "<bdi>Heron</bdi>", "(pseudonym)",
        "Office of Lakes",
        'alt="A grey shore"', "From the pier", "A. Nother", "It said two; it is three.", 'datetime="2026-11-22"',
        'href="https://other.example/lake"', "The Other Courier", "CSV", "5.3 kB", "Another one", 'href="/en/topics/lakes/"',
        f"http://testserver/a/{code_of(tale.pk)}", 'href="?print"',
        f'<img class="qr" src="/a/{code_of(tale.pk)}.svg"',
    ]  # fmt: skip
    missing = [part for part in parts if part not in text]
    assert not missing, (missing, text[text.index("<main") :])
    assert text.count("(pseudonym)") == 1
    assert 'class="corrected"' in _text(reader, "/en/news/")
    short = reader.get(f"/a/{code_of(tale.pk).upper()}")
    assert (short.status_code, short["Location"]) == (302, "/en/news/lake/")


def test_a_page_for_paper_has_no_navigation_and_whole_addresses(site: Any, reader: Client) -> None:
    news = section("en")
    there = article(news, slug="lake", text='<p><a href="/en/news/">the news</a> <a href="https://a.example/">a</a></p>')
    text = _text(reader, there.get_url() + "?print")
    assert "<nav" not in text and "<form" not in text and "<footer" not in text
    assert 'href="http://testserver/en/news/"' in text and 'href="https://a.example/"' in text


def test_translations_are_linked_from_one_to_the_other(site: Any, reader: Client) -> None:
    there = article(section("en"), slug="lake")
    translated(there, "fa", front("fa"), title="دریاچه", slug="darya")
    text = _text(reader, "/en/news/lake/")
    assert '<link rel="alternate" hreflang="fa" href="http://testserver/fa/news-fa/darya/">' in text or "/darya/" in text
    assert '<link rel="canonical" href="http://testserver/en/news/lake/">' in text
    assert re.search(r'<a href="/fa/[^"]*darya/" lang="fa" dir="rtl" hreflang="fa"', text)
    assert re.search(r'<a href="/tr/" lang="tr"', text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_frame_of_a_page(site: Any, reader: Client, language: str) -> None:
    publish(InfoPage(title="About us", slug="about", body=[("paragraph", "<p>We.</p>")]), front(language))
    text = _text(reader, f"/{language}/about/")
    for name in ("English", "Azərbaycanca", "تۆرکجه", "فارسی", "العربية", "Türkçe"):
        assert f">{name}</a>" in text
    assert "<h1>About us</h1>" in text
    assert text.count('aria-current="true"') == 1
    for words in ("http://", "https://"):
        assert [each for each in re.findall(f'(?:src|href|action)="({words}[^"]+)', text) if "testserver" not in each] == []
    assert "<script" not in text


def test_every_word_of_the_templates_is_in_every_language(site: Any, reader: Client) -> None:
    from pathlib import Path

    from django.utils import translation

    import sanduq_web.press

    folder = Path(sanduq_web.press.__file__).parent / "templates" / "press"
    paths = [path for path in folder.rglob("*.html") if "desk" not in path.parts]  # whose words are Wagtail's and English
    words = {word for path in paths for word in re.findall(r'{% translate "([^"]+)"(?! context)', path.read_text())}
    words |= {word for path in paths for word in re.findall(r"{% translate '([^']+)'(?! context)", path.read_text())}
    named = {pair for path in paths for pair in re.findall(r'{% translate "([^"]+)" context "([^"]+)"', path.read_text())}
    assert len(words) > 40
    for language in ("az", "azb", "fa", "ar", "tr"):
        with translation.override(language):
            missing = [word for word in words if word.strip(", ") and translation.gettext(word) == word]
            missing += [word for word, what in named if word.strip(", ") and translation.pgettext(what, word) == word]
        assert missing == [], language


# --- how many questions the database is asked -------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("address", ["/en/", "/en/news/", "/en/news/lake/", "/en/search/?q=lake", "/en/feed.xml"])
def test_more_articles_are_no_more_queries(site: Any, reader: Client, address: str) -> None:
    news = section("en")
    tale = article(news, "The lake", slug="lake", picture=picture())
    tale.topics.add("lakes")
    tale.save()

    def queries() -> int:
        reader.get(address)  # renditions are made when a picture is first shown
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as found:
            assert reader.get(address).status_code == 200
        return len(found)

    beside = article(news, "A lake beside it", picture=picture())
    beside.topics.add("lakes")
    beside.save()
    few = queries()
    for n in range(8):
        one = article(news, f"Lake {n}", picture=picture())
        one.topics.add("lakes")
        one.bylines.add(ArticleByline(byline=Byline.objects.create(kind="desk", name=f"Desk {n}")))
        one.save_revision().publish()
    assert queries() <= few + 3  # not one for each of the eight
    assert few < 45


def test_codes_come_back() -> None:
    for number in (0, 1, 31, 32, 1023, 10**12):
        assert number_of(code_of(number)) == number
    assert number_of("IL0O") == number_of("1100")
