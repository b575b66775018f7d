"""What all pages share: their look, their context, the filters that tell times and numbers in a page's language."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django import template
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info
from wagtail.models import Page
from wagtail.templatetags.wagtailcore_tags import richtext

from sanduq_web import dates
from sanduq_web.environment import SANDUQ_LANGUAGES
from sanduq_web.press.clean import clean_html
from sanduq_web.press.edition import STAMP, current

register = template.Library()
_HERE: Final = Path(__file__).resolve().parent
_REVIEWED: Final = tuple(each.code for each in SANDUQ_LANGUAGES if each.reviewed)
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


# --- the look: under names with their hashes, so that browsers may keep them ------------------------------------------------


@lru_cache(maxsize=1)
def _fonts() -> dict[str, tuple[bytes, str]]:
    found = {}
    for path in sorted((_HERE / "fonts").glob("*.woff2")):
        raw = path.read_bytes()
        found[path.name] = (raw, f"{path.stem}-{hashlib.sha256(raw).hexdigest()[:16]}.woff2")
    return found


@lru_cache(maxsize=1)
def _style() -> tuple[bytes, str]:
    raw = b"\n".join(path.read_bytes() for path in sorted((_HERE / "style").glob("*.css")))
    for plain, (_, known) in _fonts().items():
        raw = raw.replace(f'url("{plain}")'.encode(), f'url("{known}")'.encode())
    return raw, f"style-{hashlib.sha256(raw).hexdigest()[:16]}.css"


@lru_cache(maxsize=2)
def _script(name: str) -> tuple[bytes, str]:
    """Of editions, which have no server: for the search (``search``), and for comments (``write``)."""
    raw = (_HERE / "edition" / f"{name}.js").read_bytes()
    return raw, f"{name}-{hashlib.sha256(raw).hexdigest()[:16]}.js"


def style_name() -> str:
    """The name of the style sheet below ``look/``."""
    return _style()[1]


def look(request: HttpRequest, name: str) -> HttpResponse:
    """The style sheet, a font (fonts/README.md) or a script of editions, under a name with its hash."""
    if name == _style()[1]:
        return HttpResponse(_style()[0], content_type="text/css; charset=utf-8", headers=_FOR_EVER)
    for script in map(_script, ("search", "write")):
        if name == script[1]:
            return HttpResponse(script[0], content_type="text/javascript; charset=utf-8", headers=_FOR_EVER)
    for raw, known in _fonts().values():
        if name == known:
            return HttpResponse(raw, content_type="font/woff2", headers=_FOR_EVER)
    raise Http404


# --- the context ------------------------------------------------------------------------------------------------------------


def direction_of(language: str) -> str:
    """In which direction a language is written."""
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


def context(request: HttpRequest) -> dict[str, Any]:
    """For every page: its language and direction, the site, the frame around it, the sheet's name."""
    from sanduq_web.press.frame import frame_of, site_of

    language = get_language() or settings.LANGUAGE_CODE
    return {
        "language": language,
        "direction": direction_of(language),
        "reviewed": language in _REVIEWED,
        "style_name": style_name(),
        "script_name": _script("search")[1],
        "write_script_name": _script("write")[1],
        "press_site": site_of(request),
        "frame": frame_of(request, language),
        "edition": current.get(),
        "stamp": mark_safe(STAMP),  # noqa: S308  # a constant
        "comma": dates.writing(language).comma,
    }


# --- filters: all of them in the language of the page -----------------------------------------------------------------------


@register.filter
def moment(time: datetime) -> SafeString:
    """A time: date, by both calendars where people use both, and the time of day in UTC."""
    language = get_language()
    time = time.astimezone(UTC)
    return format_html(
        '<time datetime="{}"><bdi>{}</bdi>{} <bdi dir="ltr">{}</bdi></time>',
        f"{time:%Y-%m-%dT%H:%M:%SZ}", dates.both(time.date(), language),
        dates.writing(language).comma, dates.clock(time, language),
    )  # fmt: skip


@register.filter
def day(found: date) -> SafeString:
    """A date."""
    found = found.astimezone(UTC).date() if isinstance(found, datetime) else found
    return format_html('<time datetime="{}"><bdi>{}</bdi></time>', found.isoformat(), dates.both(found, get_language()))


@register.filter
def both_calendars(found: date | str) -> SafeString:
    """A date, or one as it stands in a letter (``2026-11-22``), by both calendars, in every language."""
    language = get_language()
    found = date.fromisoformat(found) if isinstance(found, str) else found
    text = f"{dates.gregorian(found, language)} ({dates.solar_hijri(found, language)})"
    return format_html('<time datetime="{}"><bdi>{}</bdi></time>', found.isoformat(), text)


@register.filter
def numerals(text: object) -> str:
    """A number or a text with numbers, in the digits of the language."""
    return dates.numerals(text, get_language())


@register.filter
def number(value: int) -> str:
    """A whole number, its digits in groups."""
    return dates.number(value, get_language())


@register.filter
def size(count: int | None) -> str:
    """So many bytes, for people."""
    return dates.size(count or 0, get_language())


@register.filter
def isolated(text: str) -> str:
    """A text of whatever direction within another (Unicode's isolates)."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


@register.filter
def direction(language: str) -> str:
    """In which direction a language is written."""
    return direction_of(language)


# --- tags -------------------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def frame_languages(context: Any) -> str:
    """Puts the switch into the context as ``languages``: each leads to this page's translation, or to that language's front."""
    context["languages"] = context["frame"].languages(context.get("addresses", []))
    return ""


@register.simple_tag(takes_context=True)
def address_of(context: Any, page: Page) -> str:
    """The address of a page."""
    return str(context["frame"].address_of(page))


class _AbsoluteLinks(template.Node):
    def __init__(self, inside: template.NodeList) -> None:
        self.inside = inside

    def render(self, context: Any) -> SafeString:
        from sanduq_web.press.atom import absolute

        text = absolute(self.inside.render(context), context["frame"].origin)
        return mark_safe(text)  # noqa: S308  # what was rendered is safe; an origin was put before its own links


@register.tag
def absolute_links(parser: Any, token: Any) -> _AbsoluteLinks:
    """What is inside, with links that name this site: for paper."""
    inside = parser.parse(("end_absolute_links",))
    parser.delete_first_token()
    return _AbsoluteLinks(inside)


@register.filter
def cleaned(value: Any) -> SafeString:
    """Rich text as readers get it: by whatever way it came into the database, no code is in it (:mod:`.clean`)."""
    return mark_safe(clean_html(str(richtext(value))))  # noqa: S308  # that is what was just made sure of
