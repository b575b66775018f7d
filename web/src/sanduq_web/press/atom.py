"""Feeds in Atom with the full texts, by language, section and topic; the map of the site for search engines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import strip_tags

from sanduq_web.press.api import bylines_of, listed
from sanduq_web.press.edition import depends_on_more, now
from sanduq_web.press.frame import origin, site_of

_NEWEST: Final = 30
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_OWN: Final = re.compile(r'(\s(?:href|src)=")/(?!/)')


class _Atom(Atom1Feed):
    """With the whole text of each article, and its language."""

    def latest_post_date(self) -> datetime:
        """Of a feed without entries, the moment for which it is made."""
        if self.items:
            return super().latest_post_date()
        depends_on_more()
        return now()

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """What Django writes, then the text; several authors."""
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        handler.addQuickElement("content", item["text"], {"type": "html"})


@dataclass(frozen=True)
class About:
    """Of what a feed is: its title, the page that shows the same, its own path."""

    title: str
    page: str
    path: str
    language: str


def clean(text: str) -> str:
    """A text that XML can hold."""
    return _CONTROL.sub("", text)


def absolute(text: str, at: str) -> str:
    """HTML whose links to this site name it."""
    return _OWN.sub(rf"\1{at}/", text)


def stable(request: HttpRequest, rest: str) -> str:
    """A name that is the same on every mirror, and stays (RFC 4151)."""
    site = site_of(request)
    return f"tag:{site.hostname if site else 'localhost'},2026:{rest}"


def feed(request: HttpRequest, about: About, articles: Any) -> bytes:
    """The newest of some articles."""
    at = origin(request)
    newest = list(listed(articles).defer(None).select_related("locale")[:_NEWEST])
    made = _Atom(
        title=clean(about.title), link=at + about.page, description="", language=about.language,
        feed_url=at + about.path, feed_guid=stable(request, about.path.strip("/")),
    )  # fmt: skip
    bylines = bylines_of(newest)
    for each in newest:
        text = render_to_string("press/_text.html", {"page": each, "in_feed": True}, request)
        made.add_item(
            title=clean(each.title), link=at + each.get_url(request), description="",
            unique_id=stable(request, f"{each.translation_key}/{about.language}"),
            pubdate=each.published_on, updateddate=max(each.last_published_at or each.published_on, each.published_on),
            authors=[clean(byline.name) for byline in bylines.get(each.pk, [])],
            text=clean(absolute(text, at)),
        )  # fmt: skip
    return str(made.writeString("utf-8")).encode()


def summary_of(text: str) -> str:
    """HTML as plain words."""
    return " ".join(strip_tags(text).split())
