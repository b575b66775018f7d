"""Making a site of the texts: sections, articles in every language that know their translations, bylines, pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.models import Locale, Page

from sanduq import errors
from sanduq_web.press.actions import make_site
from sanduq_web.press.courier.drawings import draw
from sanduq_web.press.courier.letter import have_signed, unsigned
from sanduq_web.press.courier.society import described, signed_with
from sanduq_web.press.courier.texts import Newsroom, blocks
from sanduq_web.press.models import (
    ArticleByline,
    ArticlePage,
    Attachment,
    Byline,
    ChapterPage,
    Correction,
    FrontPage,
    InfoPage,
    PressDocument,
    PressImage,
    PublicationPage,
    RelatedArticle,
    SectionPage,
)


@dataclass
class _Language:
    """What has been made in one language."""

    words: Mapping[str, Any]
    front: Any
    pictures: dict[str, Any] = field(default_factory=dict)
    bylines: dict[str, Any] = field(default_factory=dict)
    sections: dict[str, Any] = field(default_factory=dict)
    articles: dict[str, Any] = field(default_factory=dict)
    pages: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def load(newsroom: Newsroom, host: str, port: int, now: datetime) -> Any:
    """Makes the site. Raises :class:`sanduq.errors.Unusable` where there is one already: nothing is mixed with real work."""
    if FrontPage.objects.exists():
        raise errors.Unusable(
            "the database holds a site already", hint="the demo wants a database of its own: SANDUQ_PRESS_DATABASE"
        )
    titles = {language: words["site"]["name"] for language, words in newsroom.words.items()}
    site = make_site(titles[newsroom.languages[0]], host, port, newsroom.languages, titles)
    made: dict[str, _Language] = {}
    for language in newsroom.languages:
        locale = Locale.objects.get(language_code=language)
        front = site.root_page.get_translations(inclusive=True).get(locale=locale).specific
        made[language] = _Language(newsroom.words[language], front)
        _one(newsroom, made[language], made[newsroom.languages[0]], now)
    return site


def _one(newsroom: Newsroom, here: _Language, first: _Language, now: datetime) -> None:
    """All that there is in one language; ``first`` is the language whose pages the others translate."""
    plan, words = newsroom.plan, here.words
    for key, kind in plan["bylines"].items():
        given = {name: words["bylines"][key].get(name, "") for name in ("office", "about")}
        here.bylines[key], _ = Byline.objects.get_or_create(kind=kind, name=words["bylines"][key]["name"], defaults=given)
    for key, about in words["pictures"].items():
        file = ContentFile(_drawn(key), name=f"{key}-{here.front.locale.language_code}.jpg")
        picture: Any = PressImage(title=about["title"], description=about["alt"], credit=about["credit"], file=file)
        picture.save()
        picture.file.close()
        here.pictures[key] = picture
    for key, kind in plan["sections"].items():
        page = SectionPage(title=words["sections"][key], slug=key, kind=kind, show_in_menus=True)
        here.sections[key] = _publish(page, here.front, first.sections.get(key))
    for key in plan["pages"]:
        page = InfoPage(title=words["pages"][key]["title"], slug=key, body=blocks(words["pages"][key]["body"], here.pictures))
        here.pages[key] = _publish(page, here.front, first.pages.get(key))
    for key, piece in plan["pieces"].items():
        here.articles[key] = _article(key, piece, words["pieces"][key], here, first, now)
    for key, piece in plan["pieces"].items():
        for other in piece.get("related", []):
            RelatedArticle.objects.create(page=here.articles[key], to=here.articles[other])
    letter = unsigned(words["letter"], words["pieces"][plan["lead"]].get("place", ""), now)
    here.articles["letter"] = _publish(letter, here.sections["letters"], first.articles.get("letter"), letter.published_on)
    have_signed(here.articles["letter"], words["letter"], now)
    society = described(plan["society"], words["society"], words["letter"]["signatories"][0]["organisation"], here.pictures)
    here.pages["society"] = _publish(society, here.pages["organisations"], first.pages.get("society"))
    signed_with(here.pages["society"])
    _booklet(plan["booklet"], here, first, now)
    here.front.tagline = words["site"]["tagline"]
    here.front.lead = here.articles[plan["lead"]]
    here.front.save_revision().publish()


@lru_cache
def _drawn(key: str) -> bytes:
    return draw(key)


def _publish(page: Any, parent: Any, source: Any, when: datetime | None = None) -> Any:
    """A page under another, published; the same in another language if there is a source."""
    page.locale = parent.locale
    if source is not None:
        page.translation_key = source.translation_key
    page.first_published_at = when
    parent.add_child(instance=page)
    page.save_revision().publish()
    if when is not None:
        Page.objects.filter(pk=page.pk).update(last_published_at=when, latest_revision_created_at=when)
    return page


def _booklet(plan: Mapping[str, Any], here: _Language, first: _Language, now: datetime) -> None:
    words = here.words["booklet"]
    here.articles[plan["slug"]] = whole = _article(plan["slug"], plan, words, here, first, now)
    for key in plan["chapters"]:
        chapter = ChapterPage(
            title=words["chapters"][key]["title"], slug=key, body=blocks(words["chapters"][key]["body"], here.pictures)
        )
        here.pages[f"chapter {key}"] = _publish(chapter, whole, first.pages.get(f"chapter {key}"))


def _article(
    key: str, piece: Mapping[str, Any], words: Mapping[str, Any], here: _Language, first: _Language, now: datetime
) -> Any:
    when = now - timedelta(hours=piece["ago"])
    kind: Any = ArticlePage
    more: dict[str, Any] = {}
    if "publication" in piece:
        kind = PublicationPage
        more = {"kind": piece["publication"], "number": piece.get("number"), "edition": words.get("edition", "")}
        more["issued_on"] = when.date()
    page = kind(
        title=words["title"],
        slug=key,
        kicker=words.get("kicker", ""),
        summary=words["summary"],
        place=words.get("place", ""),
        published_on=when,
        picture=here.pictures.get(piece.get("picture", "")),
        caption=words.get("caption", ""),
        body=blocks(words["body"], here.pictures),
        **more,
    )
    page.bylines = [ArticleByline(byline=here.bylines[piece["byline"]])]
    if "correction" in words:
        page.corrections = [Correction(on=now.date(), text=words["correction"])]
    if "attachment" in piece:
        page.attachments = [Attachment(document=_document(piece["attachment"], here))]
    page.topics.add(*(here.words["topics"][topic] for topic in piece.get("topics", [])))
    return _publish(page, here.sections[piece["section"]], first.articles.get(key), when)


def _document(key: str, here: _Language) -> Any:
    about = here.words["documents"][key]
    name = f"{key}-{here.front.locale.language_code}.txt"
    # A file opened by itself does not say its encoding: the mark at the start does.
    file = ContentFile(about["text"].strip().encode("utf-8-sig"), name=name)
    document: Any = PressDocument(title=about["title"], file=file, credit=here.words["site"]["name"])
    document.save()
    document.file.close()
    return document
