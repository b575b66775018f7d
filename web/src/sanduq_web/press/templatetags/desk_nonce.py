"""The nonce with which the few scripts in the text of Wagtail's pages are let through, and no others."""

from __future__ import annotations

from django import template
from django.utils.html import format_html

from sanduq_web.press.nonce import current

register = template.Library()


@register.simple_tag
def script_nonce() -> str:
    """The attribute, for this answer."""
    return format_html('nonce="{}"', current())
