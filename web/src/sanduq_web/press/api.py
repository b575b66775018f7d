"""What pages ask: which articles there are, in what order, and what belongs to one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.models import Page, PageViewRestriction

from sanduq_web.press.edition import current, now
from sanduq_web.press.edition.latest import latest
from sanduq_web.press.kept import remembered
from sanduq_web.press.models import ArticleByline, ArticlePage, Correction, FrontPage, PressImage, SectionPage
from sanduq_web.press.models.articles import Topic

if TYPE_CHECKING:
    from sanduq_web.press.frame import Place

PICTURES: Final = ("fill-480x320|format-jpeg", "fill-960x540|format-jpeg", "max-1200x1200|format-jpeg")
"""Sizes of an article's picture: in lists, as the lead, in full. Templates name the same."""
_IN_LISTS: Final = ("path", "url_path", "locale", "title", "kicker", "summary", "published_on", "picture")
_ON_A_PAGE: Final = 20
_LATEST: Final = 12
_RECENT: Final = 200
_OF_A_SECTION: Final = 4
_RELATED: Final = 4


def published() -> Any:
    """All that anybody may read, newest first (a query; Wagtail's have no types)."""
    found = for_everybody(ArticlePage.objects.live().filter(published_on__lte=now()))
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
    of_some = PageViewRestriction.objects.values("page")
    # As Wagtail has it, an alias is for those for whom its source is.
    return list(Page.objects.filter(Q(pk__in=of_some) | Q(alias_of__in=of_some)).order_by().values_list("path", flat=True))


def listed(articles: Any) -> Any:
    """With what a list shows of each: its picture in the sizes of pages, and whether it was corrected."""
    corrected = Exists(Correction.objects.filter(page=OuterRef("pk")))
    pictures = Prefetch("picture", PressImage.objects.prefetch_renditions(*PICTURES))
    return articles.annotate(is_corrected=corrected).prefetch_related(pictures).only(*_IN_LISTS)


def articles_of(section: SectionPage) -> Any:
    """Those of a section."""
    return published().child_of(section)


def articles_on(topic: str, language: str) -> Any:
    """Those with a topic, in a language; the topic by its slug."""
    return published().filter(tagged_topics__tag__slug=topic, locale__language_code=language).distinct()


def front(page: FrontPage, sections: Sequence[Place]) -> dict[str, Any]:
    """The lead, the sections with their newest, the latest; the state of the vote."""
    from sanduq_web.press.feed import told

    below = published().descendant_of(page)
    recent = list(below.values_list("pk", "path")[:_RECENT])
    newest = [pk for pk, _ in recent[: _LATEST + 1]]
    lead = below.filter(pk=page.lead_id).values_list("pk", flat=True).first() if page.lead_id else None
    lead = lead or (newest[0] if newest else None)
    of = {each.pk: _newest_of(each, recent) for each in sections}
    # The lead stands above already; a section that has nothing else shows it once more.
    of = {section: [pk for pk in pks if pk != lead] or pks for section, pks in of.items()}
    wanted = {lead, *newest, *(pk for pks in of.values() for pk in pks)} - {None}
    found = {each.pk: each for each in listed(ArticlePage.objects.filter(pk__in=wanted))}
    return {
        "lead": found.get(lead),
        "latest": [found[pk] for pk in newest if pk != lead][:_LATEST],
        "sections": [(each, [found[pk] for pk in of[each.pk]]) for each in sections],
        "vote": told(get_language() or ""),
        "to_take": None if current.get() else latest(),
    }


def _newest_of(section: Place, recent: list[tuple[int, str]]) -> list[int]:
    """The newest of a section, by their numbers; the database is asked where the recent ones are too few to tell."""
    found = [pk for pk, path in recent if path.startswith(section.path)][:_OF_A_SECTION]
    if len(found) == _OF_A_SECTION or len(recent) < _RECENT:
        return found
    below = published().filter(path__startswith=section.path)
    return list(below.values_list("pk", flat=True)[:_OF_A_SECTION])


def paged(articles: Any, request: HttpRequest) -> dict[str, Any]:
    """One page of a list; the number is in the address."""
    try:
        return {"articles": Paginator(listed(articles), _ON_A_PAGE).page(request.GET.get("page", "1")[:9])}
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404("there is no such page of this list") from error


def translations_of(page: Any) -> list[Any]:
    """The page itself and its translations, as far as anybody may read them now."""
    found = page.get_translations(inclusive=True).live().select_related("locale").defer_streamfields().order_by("locale_id")
    return [each for each in found if each.is_readable()]


def related(article: ArticlePage, topics: list[Any]) -> list[ArticlePage]:
    """What the editors have named, then the newest with one of its topics."""
    named = [each.to_id for each in article.related.all()]
    wanted = published().exclude(pk=article.pk)
    site = article.path[: 2 * article.steplen]
    found = {each.pk: each for each in listed(wanted.filter(pk__in=named))} if named else {}
    chosen = [found[pk] for pk in named if pk in found]
    missing = _RELATED - len(chosen)
    if topics and missing > 0:
        tagged = Topic.objects.filter(tag__in=topics).values("content_object")
        akin = wanted.filter(pk__in=tagged, locale=article.locale_id, path__startswith=site).exclude(pk__in=found)
        chosen += list(listed(akin)[:missing])
    return chosen


def shown(article: ArticlePage, request: HttpRequest) -> dict[str, Any]:
    """What the page of an article shows beside its text."""
    from sanduq_web.press.frame import origin
    from sanduq_web.press.short import code_of

    # A preview's are in the memory, with their bylines already.
    bylines: Iterable[Any] = article.bylines.all()
    if hasattr(bylines, "select_related"):
        bylines = bylines.select_related("byline__photo")
    topics = list(article.topics.all())
    short = f"{origin(request)}/a/{code_of(article.pk)}" if article.pk else ""
    return {
        "bylines": [each.byline for each in bylines],
        "section_path": article.path[: -article.steplen],
        "topics": topics,
        "corrections": sorted(article.corrections.all(), key=lambda each: each.on, reverse=True),
        "attachments": list(article.attachments.select_related("document")),
        "related_articles": related(article, topics),
        "short": short,
        "short_qr": reverse("short-qr", args=[code_of(article.pk)]) if article.pk else "",
    }


def bylines_of(articles: list[ArticlePage]) -> dict[int, list[Any]]:
    """The bylines of many articles, in one query."""
    found: dict[int, list[Any]] = {}
    rows = ArticleByline.objects.filter(page__in=articles).select_related("byline").order_by("page_id", "sort_order")
    for row in rows:
        found.setdefault(row.page_id, []).append(row.byline)
    return found
