"""What pages ask: which articles there are, in what order, and what belongs to one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import PageViewRestriction

from sanduq_web.press.kept import remembered
from sanduq_web.press.models import ArticleByline, ArticlePage, Correction, FrontPage, PressImage, SectionPage

PICTURES: Final = ("fill-480x320|format-jpeg", "fill-960x540|format-jpeg", "max-1200x1200|format-jpeg")
"""Sizes of an article's picture: in lists, as the lead, in full. Templates name the same."""
_ON_A_PAGE: Final = 20
_LATEST: Final = 12
_RECENT: Final = 200
_OF_A_SECTION: Final = 4
_RELATED: Final = 4


def published() -> Any:
    """All that anybody may read, newest first (a query; Wagtail's have no types)."""
    found = for_everybody(ArticlePage.objects.live().filter(published_on__lte=timezone.now()))
    return found.order_by("-published_on", "-id")


def for_everybody(pages: Any) -> Any:
    """Without those that only some may read (Wagtail's ``public()`` would ask the database each time for which these are)."""
    for path in restricted():
        pages = pages.exclude(path__startswith=path)
    return pages


def restricted() -> list[str]:
    """The paths of the tree below which pages are not for everybody."""
    return remembered("restricted", _restricted)


def _restricted() -> list[str]:
    return list(PageViewRestriction.objects.order_by().values_list("page__path", flat=True).distinct())


def listed(articles: Any) -> Any:
    """With what a list shows of each: its picture in the sizes of pages, and whether it was corrected."""
    corrected = Exists(Correction.objects.filter(page=OuterRef("pk")))
    pictures = Prefetch("picture", PressImage.objects.prefetch_renditions(*PICTURES))
    return articles.annotate(is_corrected=corrected).prefetch_related(pictures).defer_streamfields()


def articles_of(section: SectionPage) -> Any:
    """Those of a section."""
    return published().child_of(section)


def articles_on(topic: str, language: str) -> Any:
    """Those with a topic, in a language; the topic by its slug."""
    return published().filter(tagged_topics__tag__slug=topic, locale__language_code=language).distinct()


def front(page: FrontPage) -> dict[str, Any]:
    """The lead, the sections with their newest, the latest; the state of the vote."""
    from sanduq_web.press.feed import told

    below = published().descendant_of(page)
    recent = list(below.values_list("pk", "path")[:_RECENT])
    newest = [pk for pk, _ in recent[: _LATEST + 1]]
    lead = below.filter(pk=page.lead_id).values_list("pk", flat=True).first() if page.lead_id else None
    lead = lead or (newest[0] if newest else None)
    sections = list(for_everybody(SectionPage.objects.live().child_of(page)).order_by("path"))
    of = {each.pk: _newest_of(each, recent) for each in sections}
    wanted = {lead, *newest, *(pk for pks in of.values() for pk in pks)} - {None}
    found = {each.pk: each for each in listed(ArticlePage.objects.filter(pk__in=wanted))}
    return {
        "lead": found.get(lead),
        "latest": [found[pk] for pk in newest if pk != lead][:_LATEST],
        "sections": [(each, [found[pk] for pk in of[each.pk]]) for each in sections],
        "vote": told(get_language() or ""),
    }


def _newest_of(section: SectionPage, recent: list[tuple[int, str]]) -> list[int]:
    """The newest of a section, by their numbers; the database is asked where the recent ones are too few to tell."""
    found = [pk for pk, path in recent if path.startswith(section.path)][:_OF_A_SECTION]
    if len(found) == _OF_A_SECTION or len(recent) < _RECENT:
        return found
    return list(articles_of(section).values_list("pk", flat=True)[:_OF_A_SECTION])


def paged(articles: Any, request: HttpRequest) -> dict[str, Any]:
    """One page of a list; the number is in the address."""
    try:
        return {"articles": Paginator(listed(articles), _ON_A_PAGE).page(request.GET.get("page", "1")[:9])}
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404("there is no such page of this list") from error


def translations_of(page: Any) -> list[Any]:
    """The page itself and its translations, as far as anybody may read them now."""
    found = page.get_translations(inclusive=True).live().select_related("locale").order_by("locale_id")
    return [each for each in found if each.is_readable()]


def related(article: ArticlePage) -> list[ArticlePage]:
    """What the editors have named, then the newest with one of its topics."""
    # Of a preview, topics and names are in the memory only.
    named = [each.to_id for each in article.related.all()]
    topics = [each.tag_id for each in article.tagged_topics.all()]
    wanted = published().exclude(pk=article.pk)
    found = {each.pk: each for each in listed(wanted.filter(pk__in=named))} if named else {}
    chosen = [found[pk] for pk in named if pk in found]
    missing = _RELATED - len(chosen)
    if topics and missing > 0:
        akin = wanted.filter(Q(tagged_topics__tag__in=topics), locale=article.locale_id).exclude(pk__in=found).distinct()
        chosen += list(listed(akin)[:missing])
    return chosen


def shown(article: ArticlePage, request: HttpRequest) -> dict[str, Any]:
    """What the page of an article shows beside its text."""
    from sanduq_web.press.frame import origin
    from sanduq_web.press.short import code_of, qr

    # A preview's are in the memory, with their bylines already.
    bylines: Iterable[Any] = article.bylines.all()
    if hasattr(bylines, "select_related"):
        bylines = bylines.select_related("byline__photo")
    short = f"{origin(request)}/a/{code_of(article.pk)}" if article.pk else ""
    return {
        "bylines": [each.byline for each in bylines],
        "section": article.get_parent().specific,
        "topics": list(article.topics.all()),
        "corrections": sorted(article.corrections.all(), key=lambda each: each.on, reverse=True),
        "attachments": list(article.attachments.select_related("document")),
        "related_articles": related(article),
        "short": short,
        "qr": qr(short) if short else "",
    }


def bylines_of(articles: list[ArticlePage]) -> dict[int, list[Any]]:
    """The bylines of many articles, in one query."""
    found: dict[int, list[Any]] = {}
    rows = ArticleByline.objects.filter(page__in=articles).select_related("byline").order_by("page_id", "sort_order")
    for row in rows:
        found.setdefault(row.page_id, []).append(row.byline)
    return found
