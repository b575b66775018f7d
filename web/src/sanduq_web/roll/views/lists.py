"""Buckets of the public lists, so that a voter's own device can look its credential up, and nobody learns which it was."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from sanduq_web.question.api import referendum
from sanduq_web.question.views import IMMUTABLE
from sanduq_web.roll.api import bucket


@require_safe
def roll(request: HttpRequest, anchor: str, code: str, prefix: str = "") -> HttpResponse:
    """All entries of an area's list that begin with a prefix."""
    entries = bucket(referendum(anchor).place(code).area.uuid, prefix)
    return JsonResponse({"prefix": prefix, "credentials": entries}, headers={"Cache-Control": IMMUTABLE})
