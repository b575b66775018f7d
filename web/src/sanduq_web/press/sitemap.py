"""The map of the site for search engines: every page that anybody may read, with its translations."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Max, Q
from django.http import HttpRequest
from wagtail.models import Page

from sanduq_web.press.api import for_everybody, published
from sanduq_web.press.edition import now
from sanduq_web.press.frame import frame_of, origin
from sanduq_web.press.models import ArticlePage, FrontPage, InfoPage, SectionPage

_MOST: Final = 49_000
_ASKED: Final = ("path", "url_path", "translation_key", "last_published_at", "locale__language_code")


def _all() -> Any:
    """Front pages, sections, information; articles that have appeared."""
    waiting = ArticlePage.objects.filter(published_on__gt=now()).values("pk")
    kinds = Page.objects.type(FrontPage, SectionPage, InfoPage, ArticlePage)
    return for_everybody(kinds.live()).exclude(pk__in=waiting).select_related("locale").only(*_ASKED).order_by("pk")


def maps(request: HttpRequest) -> list[tuple[str, Any]]:
    """Address of each language's map, and when something was last published there."""
    at, found = origin(request), []
    for code, _ in frame_of(request, "").fronts:
        newest = published().filter(locale__language_code=code).aggregate(on=Max("last_published_at"))["on"]
        found.append((f"{at}/{code}/sitemap.xml", newest))
    return found


def pages(request: HttpRequest, front: FrontPage) -> list[dict[str, Any]]:
    """The pages below a front page: address, time of the last change, code and address of each translation."""
    at, frame = origin(request), frame_of(request, front.locale.language_code)
    below = _all().filter(Q(pk=front.pk) | Q(path__startswith=front.path))
    by_key: dict[Any, list[tuple[str, str]]] = {}
    for each in _all().filter(translation_key__in=below.order_by().values("translation_key")):
        if address := frame.address_of(each):
            by_key.setdefault(each.translation_key, []).append((each.locale.language_code, at + address))
    return [
        {
            "address": at + frame.address_of(each),
            "on": each.last_published_at,
            "translations": by_key[each.translation_key],
        }
        for each in below[:_MOST]
    ]
