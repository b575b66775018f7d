"""Pages for tests."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify
from PIL import Image
from wagtail.models import Locale, PageViewRestriction

from sanduq_web.press.models import ArticlePage, FrontPage, PressImage, SectionPage

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
    if not slugify(title):  # addresses are in ASCII: whoever writes in another script gives one
        given.setdefault("slug", f"a{ArticlePage.objects.count()}")
    return publish(ArticlePage(title=title, **given), parent)


def translated(page: Any, language: str, parent: Any, **more: Any) -> Any:
    """The translation of a page, published."""
    copy = page.copy_for_translation(parent.locale, copy_parents=True, exclude_fields=["translation_of"])
    for name, value in more.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    return type(copy).objects.get(pk=copy.pk)


def picture(title: str = "Shore", **more: Any) -> PressImage:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (1300, 900), (20, 90, 120)).save(out, "JPEG")
    given = {"description": "A grey shore", "credit": "A. Nother"} | more
    return PressImage.objects.create(title=title, file=ContentFile(out.getvalue(), "shore.jpg"), **given)


def not_yet(parent: SectionPage, how: str, **more: Any) -> ArticlePage:
    """An article that nobody may read: a draft, one that was withdrawn, one of tomorrow, one for some only."""
    if how == "draft":
        page = ArticlePage(
            **{"title": "Hidden", "summary": "Hidden", "body": [("paragraph", "<p>Hidden</p>")]} | more, live=False
        )
        page.locale = parent.locale
        parent.add_child(instance=page)
        page.save_revision()
        return page
    if how == "tomorrow":
        more["published_on"] = timezone.now() + timedelta(days=1)
    page = article(parent, **{"title": "Hidden", "summary": "Hidden", "text": "<p>Hidden</p>"} | more)
    if how == "withdrawn":
        page.unpublish()
    if how == "private":
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    return ArticlePage.objects.get(pk=page.pk)


HIDDEN = ["draft", "withdrawn", "tomorrow", "private"]
