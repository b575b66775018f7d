"""What readers look for: articles in the page's language; those first in whose headline the words stand, then the newest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models.expressions import RawSQL
from django.db.models.signals import post_delete, post_save
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import PageViewRestriction
from wagtail.search import index
from wagtail.signals import page_published

from sanduq_web.press.api import listed, published
from sanduq_web.press.fold import asked_words, fold, mark_of, text_of, words_in
from sanduq_web.press.models import ArticlePage, ChapterPage, FrontPage, PublicationPage

MOST: Final = 30
_LONGEST: Final = 200
_MOST_WORDS: Final = 12
_AROUND: Final = 14
_MATCHING: Final = (
    "SELECT CAST(entry.object_id AS INTEGER) FROM wagtailsearch_indexentry_fts"
    " CROSS JOIN wagtailsearch_indexentry AS entry ON entry.id = wagtailsearch_indexentry_fts.rowid"
    " WHERE wagtailsearch_indexentry_fts MATCH %s"
)
_PIECE: Final = re.compile(r"\S+")


@dataclass(frozen=True)
class Found:
    """An article, the page of it to be opened (of a publication it may be a chapter), and the place of the text."""

    article: Any
    page: Any
    snippet: SafeString


def search(asked: str, front: FrontPage) -> list[Found]:
    """At most :data:`MOST` articles below a front page that have all the words; a word may be the beginning of one."""
    language = front.locale.language_code
    words = asked_words(asked[:_LONGEST], language)[:_MOST_WORDS]
    if not words:
        return []
    within = published().descendant_of(front)
    chosen: dict[int, None] = {}
    for column in ("title", "autocomplete"):
        chosen |= dict.fromkeys(_hits(within, column, words, language))
    wanted = list(chosen)[:MOST]
    articles = {each.pk: each for each in listed(ArticlePage.objects.filter(pk__in=wanted)).defer(None)}
    return [_found(articles[pk], words) for pk in wanted]


def _found(article: Any, words: list[str]) -> Found:
    text, page = text_of(article), article
    if article.numchild and not any(_hit(piece, words) for piece in _PIECE.findall(f"{article.title} {text}")):
        for chapter in article.specific.chapters():
            inside = words_in(chapter)
            if any(_hit(piece, words) for piece in _PIECE.findall(inside)):
                text, page = inside, chapter
                break
    return Found(article, page, snippet(text, words))


def _index_again(instance: Any, raw: bool = False, **_: Any) -> None:
    """Wagtail indexes a page before its bylines are saved, and knows nothing of a publication's chapters."""
    whole = None if raw else ArticlePage.objects.ancestor_of(instance, inclusive=True).first()
    if whole is not None:
        index.insert_or_update_object(whole)


def _index_chapters(instance: PageViewRestriction, **_: Any) -> None:
    """A chapter that is for some only is found by nobody."""
    publications = PublicationPage.objects.all()
    page = instance.page
    for whole in {*publications.ancestor_of(page, inclusive=True), *publications.descendant_of(page)}:
        index.insert_or_update_object(whole)


def connect() -> None:
    """Once, when the app is ready."""
    page_published.connect(_index_again, dispatch_uid="press_index")
    for signal in (post_save, post_delete):
        signal.connect(_index_again, sender=ChapterPage, dispatch_uid="press_index")
        signal.connect(_index_chapters, sender=PageViewRestriction, dispatch_uid="press_index")


def _hits(within: Any, column: str, words: list[str], language: str) -> list[int]:
    """The newest that have the words in a column of the index."""
    if connection.vendor != "sqlite":
        fields = [column] if column == "title" else None
        found = within.autocomplete(" ".join(words), fields=fields, operator="and", order_by_relevance=False)[:MOST]
        return [each.pk for each in found]
    # Wagtail's own query asks the index once for each article: with ten thousand of them that takes seconds.
    asked = " AND ".join(f'"{word}"{"*" if len(word) > 2 else ""}' for word in words)
    match = f'({{{column}}} : ({asked})) AND ({{autocomplete}} : "{mark_of(language)}")'
    return list(within.filter(pk__in=RawSQL(_MATCHING, [match])).values_list("pk", flat=True)[:MOST])  # noqa: S611  # a parameter


def snippet(text: str, words: list[str]) -> SafeString:
    """Some words around the first that was asked for, which is marked; else the beginning."""
    pieces = _PIECE.findall(text)
    at = next((place for place, piece in enumerate(pieces) if _hit(piece, words)), 0)
    start = max(at - _AROUND // 2, 0)
    part = pieces[start : start + 2 * _AROUND]
    marked = [format_html("<mark>{}</mark>" if _hit(piece, words) else "{}", piece) for piece in part]
    before, after = "… " if start else "", " …" if start + len(part) < len(pieces) else ""
    return mark_safe(before + " ".join(marked) + after)  # noqa: S308  # each piece is escaped


def _hit(piece: str, words: list[str]) -> bool:
    found = fold(piece).strip("«»\"'“”‘’()[].,;:!?،؛؟…–—-")
    return any(found.startswith(word) or found.removeprefix("ال").startswith(word) for word in words)
