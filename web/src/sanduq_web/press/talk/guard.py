"""What stands before readers' forms, who have no cookie that could tell one site's form from another's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

LARGEST: Final = 64 << 10
_OWN: Final = ("same-origin", "none")


def from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that another site sent this form.

    An Origin "null" says nothing: browsers send it for our own forms too where a page tells no referrer. Then Sec-Fetch-Site
    decides, if there is one; a CAPTCHA stands behind it in any case.
    """
    fetch = request.headers.get("Sec-Fetch-Site")
    if fetch is not None:
        return fetch not in _OWN
    origin = request.headers.get("Origin", "null")
    return origin != "null" and origin.partition("://")[2] != request.get_host()


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
