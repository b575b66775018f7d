"""Short guides for those who vote, decrypt and observe, and the way into the practice booth."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from sanduq_web.question.api import anchors, referendum, tell

GUIDES: Final = ("voters", "trustees", "observers")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What can be learnt here; every referendum can be practised, whatever its phase."""
    rows = [{"frozen": frozen, "text": tell(frozen, get_language() or "")} for frozen in map(referendum, anchors())]
    return render(request, "watch/learn/index.html", {"rows": rows, "section": "learn", "booth": settings.SANDUQ_BOOTH})


@require_safe
def guide(request: HttpRequest, name: str) -> HttpResponse:
    """One guide."""
    if name not in GUIDES:
        raise Http404
    return render(request, f"watch/learn/{name}.html", {"section": "learn", "booth": settings.SANDUQ_BOOTH})
