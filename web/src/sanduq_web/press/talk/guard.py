"""What stands before readers' forms, who have no cookie that could tell one site's form from another's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from sanduq_web.strangers import from_elsewhere

LARGEST: Final = 64 << 10


def reader_form(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view with a form for readers: nothing of it is cached, nothing large or foreign is taken."""
    return _guarded(view, foreign=False)


def open_form(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same, for a view whose address has a secret: mail programs send it from wherever they are."""
    return _guarded(view, foreign=True)


def _guarded(view: Callable[..., HttpResponse], *, foreign: bool) -> Callable[..., HttpResponse]:

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        if request.method == "POST" and _size(request) > LARGEST:
            response = render(request, "press/talk/refused.html", {"large": True}, status=413)
        elif request.method == "POST" and not foreign and from_elsewhere(request):
            response = render(request, "press/talk/refused.html", status=403)
        else:
            response = view(request, *args, **more)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    return csrf_exempt(guarded)


def _size(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return LARGEST + 1
