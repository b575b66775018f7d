"""What all pages share: their style, their context, how numbers and dates are told in a language."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest, HttpResponse

register = template.Library()


def context(request: HttpRequest) -> dict[str, Any]:
    """For every page."""
    return {}


def style(request: HttpRequest) -> HttpResponse:
    """The one style sheet."""
    return HttpResponse("", content_type="text/css")
