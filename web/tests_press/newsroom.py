"""Pages for tests."""

from __future__ import annotations

from typing import Any

from wagtail.models import Locale

from sanduq_web.press.models import ArticlePage, FrontPage, SectionPage

LANGUAGES = ["en", "az", "azb", "fa", "ar", "tr"]


def front(language: str) -> FrontPage:
    """The front page in a language."""
    return FrontPage.objects.get(locale=Locale.objects.get(language_code=language))


def publish(page: Any, parent: Any) -> Any:
    """A page under another one, published."""
    page.locale = parent.locale
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def section(language: str, **more: Any) -> SectionPage:
    """A section for news."""
    return publish(SectionPage(**{"title": "News", "slug": "news"} | more), front(language))


def article(parent: SectionPage, title: str = "The lake is lower", **more: Any) -> ArticlePage:
    """An article with a summary and a paragraph."""
    text = more.pop("text", "<p>By a hand.</p>")
    given = {"summary": "It is lower than last year.", "body": [("paragraph", text)]} | more
    return publish(ArticlePage(title=title, **given), parent)
