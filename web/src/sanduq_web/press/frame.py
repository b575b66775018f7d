"""What stands around every page: the way to the front, the sections, the plain information, the other languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_info
from wagtail.models import Site

from sanduq_web.press.api import for_everybody
from sanduq_web.press.kept import remembered
from sanduq_web.press.models import FrontPage, InfoPage, SectionPage


@dataclass(frozen=True)
class Language:
    """A language of the site, and where the switch leads in it."""

    code: str
    name: str
    direction: str
    address: str
    same: bool
    """Whether this very page stands there; else the language's front page."""


@dataclass(frozen=True)
class Place:
    """A page to which the frame leads."""

    pk: int
    path: str
    title: str
    address: str


@dataclass(frozen=True)
class _Around:
    """What is the same for all pages of a language."""

    fronts: dict[str, FrontPage]
    addresses: dict[str, str]
    sections: tuple[Place, ...]
    information: tuple[Place, ...]


def site_of(request: HttpRequest) -> Site | None:
    """The site that a request asks for: remembered, and told to Wagtail, which would ask the database each time."""
    if not hasattr(request, "_wagtail_site"):
        key = f"site:{request.get_host()}:{request.get_port()}"
        request.__dict__["_wagtail_site"] = remembered(key, lambda: Site.find_for_request(request))
    return cast("Site | None", request.__dict__["_wagtail_site"])


def frame_of(request: HttpRequest, language: str) -> Frame:
    """The frame of a request in a language, made once."""
    frames: dict[str, Frame] = request.__dict__.setdefault("press_frames", {})
    return frames.setdefault(language, Frame(request, language))


class Frame:
    """The frame of one request; asks the database for what its template needs, and once."""

    def __init__(self, request: HttpRequest, language: str) -> None:
        self._request = request
        self._language = language

    @cached_property
    def _around(self) -> _Around:
        return remembered(f"frame:{self._request.get_host()}:{self._language}", self._make)

    def _make(self) -> _Around:
        site = site_of(self._request)
        root = FrontPage.objects.filter(pk=site.root_page_id if site else None).values("translation_key")
        found = for_everybody(FrontPage.objects.live().filter(translation_key__in=root)).select_related("locale")
        by_code = {each.locale.language_code: each for each in found}
        fronts = {code: by_code[code] for code, _ in settings.LANGUAGES if code in by_code}
        addresses = {code: str(each.get_url(self._request)) for code, each in fronts.items()}
        here = fronts.get(self._language)
        return _Around(fronts, addresses, self._below(here, SectionPage), self._below(here, InfoPage))

    def _below(self, front: FrontPage | None, kind: Any) -> tuple[Place, ...]:
        if front is None:
            return ()
        found = for_everybody(kind.objects.live().child_of(front)).order_by("path").only("path", "url_path", "title", "locale")
        return tuple(Place(each.pk, each.path, each.title, str(each.get_url(self._request))) for each in found)

    @property
    def fronts(self) -> list[tuple[str, FrontPage]]:
        """The front pages of all languages, in the order of the settings."""
        return list(self._around.fronts.items())

    @property
    def front(self) -> FrontPage | None:
        """The front page in this language."""
        return self._around.fronts.get(self._language)

    @property
    def front_addresses(self) -> dict[str, str]:
        """The front pages by language."""
        return self._around.addresses

    @property
    def front_address(self) -> str:
        """Where the masthead leads."""
        return self._around.addresses.get(self._language, "/")

    @property
    def sections(self) -> tuple[Place, ...]:
        """The sections, in the order in which they stand in the tree."""
        return self._around.sections

    @property
    def information(self) -> tuple[Place, ...]:
        """The pages of plain information below the front page."""
        return self._around.information

    def address_of(self, page: Any) -> str:
        """The address of a page, in whatever language; quick for those of this site, which are below its front pages."""
        for code, front in self._around.fronts.items():
            if page.url_path.startswith(front.url_path):
                return self._around.addresses[code] + str(page.url_path)[len(front.url_path) :]
        return str(page.get_url(self._request) or "")

    def languages(self, translations: list[tuple[str, str]]) -> list[Language]:
        """The switch, in the order of the settings. ``translations`` are code and address of the page that is shown."""
        known, found = dict(translations), []
        for code in self._around.fronts:
            info = get_language_info(code)
            address = known.get(code) or self._around.addresses[code]
            direction = "rtl" if info["bidi"] else "ltr"
            found.append(Language(code, info["name_local"], direction, address, code in known))
        return found

    @property
    def origin(self) -> str:
        """Scheme and host of this request."""
        return origin(self._request)


def origin(request: HttpRequest) -> str:
    """Scheme and host by which this request came: whoever reads the onion stays there, also from feeds and short links."""
    host = request.get_host()
    secure = request.is_secure() or (settings.SANDUQ_PRESS_HTTPS and not host.endswith(".onion"))
    return f"{'https' if secure else 'http'}://{host}"
