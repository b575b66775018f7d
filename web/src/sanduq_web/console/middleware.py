"""What stands on every answer of the console, and its door: nobody gets in without an account and a second factor."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils.http import urlencode

from sanduq_web.signing_in import is_over

Answer = Callable[[HttpRequest], HttpResponseBase]

_POLICY: Final = "; ".join(
    [
        "default-src 'none'", "style-src 'self'", "img-src 'self'", "font-src 'self'", "script-src 'self'",
        "connect-src 'self'", "worker-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ]
)  # fmt: skip
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",  # forms are checked by their Referer where there is no Origin
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
_OPEN: Final = frozenset({"login", "invitation", "style", "sheet", "font", "icon"})
"""Names of addresses that answer anybody."""
_HALFWAY: Final = frozenset({"second", "enrol", "logout"})
"""And of those that answer whoever has given a password only."""


def headers(get_response: Answer) -> Answer:
    """Strict headers; no browser and no proxy keeps a page. What a view has set stands."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in _HEADERS.items():
            response.setdefault(name, value)
        response.setdefault("Cache-Control", "no-store")
        if settings.SANDUQ_HTTPS:
            response["Strict-Transport-Security"] = "max-age=63072000"
        return response

    return answer


def door(get_response: Answer) -> Answer:
    """Signed in, verified by a second factor, and young; else the form."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        return _refused(request) or get_response(request)

    return answer


def _refused(request: HttpRequest) -> HttpResponse | None:
    name = resolve(request.path_info).url_name
    if request.user.is_authenticated and is_over(request, settings.SANDUQ_CONSOLE_IDLE):
        logout(request)
    user = request.user
    if name in _OPEN:
        return None
    if not user.is_authenticated:
        return _to(request, "login")
    if name in _HALFWAY:
        return None
    return None if user.is_verified() else _to(request, "second")  # type: ignore[attr-defined]


def _to(request: HttpRequest, name: str) -> HttpResponse:
    if request.path_info.endswith(("/ceremony/state", "/ceremony/message")):
        # The trustees' page asks, not a person: it says so, and goes on with files.
        return JsonResponse({"type": "about:blank", "title": "sign in first"}, status=HTTPStatus.UNAUTHORIZED)
    if request.method != "GET":
        # What was typed is not lost: the form is still there in the other tab.
        return render(request, "office/over.html", status=403)
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}")
