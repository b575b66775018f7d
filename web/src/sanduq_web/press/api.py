"""What pages ask: which articles there are, in what order, and what belongs to one."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import Http404, HttpRequest
from django.utils import timezone

from sanduq_web.press.models import ArticlePage, FrontPage, SectionPage

_ON_A_PAGE: Final = 20
_LATEST: Final = 12
_OF_A_SECTION: Final = 4


def published() -> Any:
    """All that anybody may read, newest first (a query; Wagtail's have no types)."""
    now = timezone.now()
    found = ArticlePage.objects.live().public().filter(published_on__lte=now)
    return found.select_related("picture").prefetch_related("bylines__byline").order_by("-published_on", "-pk")


def articles_of(section: SectionPage) -> Any:
    """Those of a section."""
    return published().child_of(section)


def front(page: FrontPage) -> dict[str, Any]:
    """The lead, the sections with their newest, the latest."""
    below = published().descendant_of(page)
    latest = list(below[: _LATEST + 1])
    lead = page.lead if page.lead and page.lead.live else (latest[0] if latest else None)
    sections = SectionPage.objects.live().child_of(page).order_by("path")
    return {
        "lead": lead,
        "latest": [each for each in latest if lead is None or each.pk != lead.pk][:_LATEST],
        "sections": [(section, list(articles_of(section)[:_OF_A_SECTION])) for section in sections],
    }


def paged(articles: Any, request: HttpRequest) -> dict[str, Any]:
    """One page of a list; the number is in the address."""
    try:
        return {"articles": Paginator(articles, _ON_A_PAGE).page(request.GET.get("page", "1"))}
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404("there is no such page of this list") from error


def shown(article: ArticlePage) -> dict[str, Any]:
    """What the page of an article shows beside its text."""
    return {
        "bylines": [each.byline for each in article.bylines.all()],
        "section": article.get_parent().specific,
        "translations": article.get_translations().live().select_related("locale"),
    }
