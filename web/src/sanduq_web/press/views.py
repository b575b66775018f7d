"""Readers' pages that are no Wagtail pages: search, files."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils._os import safe_join
from wagtail.models import Locale

from sanduq_web.press.api import published
from sanduq_web.press.fold import fold

_KEEP = {"Cache-Control": "public, max-age=86400"}


def search(request: HttpRequest) -> HttpResponse:
    """Articles in the language of the page, by their words."""
    asked = request.GET.get("q", "").strip()[:200]
    found = published().filter(locale=Locale.get_active()).search(fold(asked))[:50] if asked else []
    return render(request, "press/search.html", {"asked": asked, "found": found})


def _file(folder: str | Path, name: str) -> FileResponse:
    try:
        path = Path(safe_join(folder, name))
    except ValueError as error:
        raise Http404 from error
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), headers=_KEEP)


def media(request: HttpRequest, name: str) -> FileResponse:
    """A picture. (Originals are for editors: pages show renditions; documents have their own address.)"""
    if not name.startswith("images/"):
        raise Http404
    return _file(settings.MEDIA_ROOT, name)


def static(request: HttpRequest, name: str) -> FileResponse:
    """A file of the desk's pages."""
    found = finders.find(name)
    if not found:
        raise Http404
    return FileResponse(Path(str(found)).open("rb"), headers=_KEEP)
