"""How letters, organisations and publications are shown: days in both calendars, checked text, codes of fingerprints."""

from __future__ import annotations

import io
from datetime import date

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from sanduq.press import Block
from sanduq_web import dates
from sanduq_web.press.pages import both_calendars

register = template.Library()


@register.filter
def both_calendars_to(day: date, precision: str) -> SafeString:
    """A day of which only the month or the year may be known."""
    if precision == "day":
        return both_calendars(day)
    language, size = get_language(), 1 if precision == "year" else 2
    # Both are written day, month, year; a month of one lies in two of the other, so of that the year alone is told.
    known = " ".join(dates.gregorian(day, language).split(" ")[-size:])
    year = dates.solar_hijri(day, language).split(" ")[-1]
    return format_html('<time datetime="{}"><bdi>{} ({})</bdi></time>', day.isoformat()[: 4 if size == 1 else 7], known, year)


@register.filter
def as_signed(block: Block) -> SafeString:
    """A paragraph of a letter. Its markup passed the check of spec 9.4: elements of a short list, without attributes."""
    return mark_safe(block.text)  # noqa: S308


@register.filter
def qr(text: str) -> SafeString:
    """A code to be photographed."""
    out = io.BytesIO()
    segno.make(text.replace(" ", "").upper(), error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, light="#fff", svgclass="qr", lineclass=None
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308
