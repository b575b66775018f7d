"""What is frozen, to the byte."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from sanduq_web.question.api import anchors, referendum

IMMUTABLE: Final = "public, max-age=31536000, immutable"
_DESCRIPTION: Final = Path(__file__).resolve().parent.parent / "openapi.yaml"


def exact(raw: bytes, content_type: str = "application/json") -> HttpResponse:
    """Bytes that never change."""
    return HttpResponse(raw, content_type=content_type, headers={"Cache-Control": IMMUTABLE})


@require_safe
def all_of_them(request: HttpRequest) -> HttpResponse:
    """The anchors of all referendums here."""
    return JsonResponse({"anchors": anchors()})


@require_safe
def setup(request: HttpRequest, anchor: str) -> HttpResponse:
    """The exact text of the setup: its SHA-256 is the anchor."""
    return exact(referendum(anchor).raw)


@require_safe
def trustees(request: HttpRequest, anchor: str) -> HttpResponse:
    """The exact text of the trustees, whose SHA-256 the setup names: whoever votes computes the key from it (3.13)."""
    return exact(referendum(anchor).trustees)


@require_safe
def election(request: HttpRequest, anchor: str, code: str) -> HttpResponse:
    """The exact text of an area's election: its SHA-256 is what ballots name."""
    return exact(referendum(anchor).place(code).election.raw)


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """This API in OpenAPI."""
    return HttpResponse(_DESCRIPTION.read_bytes(), content_type="application/yaml")
