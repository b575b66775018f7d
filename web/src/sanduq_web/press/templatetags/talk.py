"""Comments, for the template of an article."""

from __future__ import annotations

from typing import Any

from django import template

from sanduq_web.press.talk import api

register = template.Library()


@register.simple_tag
def threads(page: Any) -> list[api.Thread]:
    """What is shown under an article."""
    return api.threads_of(page)


@register.simple_tag
def comments_open(page: Any) -> bool:
    """Whether comments are taken there."""
    return api.comments_open(page)


@register.simple_tag
def open_forms() -> dict[str, bool]:
    """Which of the other forms are open, for menus and footers."""
    return {"enquiries": api.enquiries_open(), "subscribe": api.subscribing_open()}
