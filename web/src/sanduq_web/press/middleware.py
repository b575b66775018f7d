"""What stands on every answer; and that only the desk has sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django_otp.middleware import OTPMiddleware

from sanduq_web.press import nonce

Answer = Callable[[HttpRequest], HttpResponseBase]

_READERS: Final = "; ".join(
    [
        "default-src 'none'", "style-src 'self'", "img-src 'self'", "font-src 'self'", "script-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ]
)  # fmt: skip
# Wagtail's pages hold a few scripts in their text, which have the nonce (templates/wagtailadmin); its scripts write styles.
_EDITORS: Final = "; ".join(
    [
        "default-src 'none'", "script-src 'self' 'nonce-{}'", "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:", "font-src 'self'", "connect-src 'self'", "frame-src 'self'", "base-uri 'none'",
        "form-action 'self'", "frame-ancestors 'self'",
    ]
)  # fmt: skip
_HEADERS: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def of_the_desk(request: HttpRequest) -> bool:
    """Whether a request goes where editors work."""
    return request.path_info.startswith(f"/{settings.DESK_PATH}")


def headers(get_response: Answer) -> Answer:
    """Strict headers; nothing of readers' pages comes from elsewhere."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        desk = of_the_desk(request)
        policy = _EDITORS.format(nonce.new()) if desk else _READERS
        response = get_response(request)
        if request.path_info.startswith("/documents/"):
            # Somebody's file: nothing of it runs, wherever a browser shows it.
            policy = "sandbox; default-src 'none'; frame-ancestors 'none'"
        response["Content-Security-Policy"] = policy
        response["X-Frame-Options"] = "SAMEORIGIN" if desk else "DENY"
        for name, value in _HEADERS.items():
            response[name] = value
        if desk:
            # Forms of the desk are checked by their Referer where there is no Origin.
            response["Referrer-Policy"] = "same-origin"
            response["Cache-Control"] = "no-store"
            response["X-Robots-Tag"] = "noindex"
        elif settings.SANDUQ_PRESS_ONION and isinstance(response, HttpResponse) and request.method == "GET":
            response["Onion-Location"] = settings.SANDUQ_PRESS_ONION + request.get_full_path()
        if settings.SANDUQ_PRESS_HTTPS:
            response["Strict-Transport-Security"] = "max-age=63072000"
        return response

    return answer


class _Locale(LocaleMiddleware):
    """Django's leads what is not found to the same address below a language; what has a view of its own is just not there."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """As it is, if a view said that it is not there."""
        if response.status_code == 404 and request.resolver_match is not None:
            return response
        return super().process_response(request, response)


def language(get_response: Answer) -> Answer:
    """Readers' pages have the language of their address, or else the browser's; cookies are the desk's only."""
    locale = cast("Answer", _Locale(get_response))

    def answer(request: HttpRequest) -> HttpResponseBase:
        if of_the_desk(request):
            # An account's own language comes later; an address that is not there is not sought in another language.
            translation.activate(translation.get_language_from_request(request))
            return get_response(request)
        if "\0" in request.path_info:
            raise Http404("texts of PostgreSQL have no such character: to ask for it would be an error")
        request.COOKIES.clear()
        response = locale(request)
        if "Vary" in response:
            response["Vary"] = ", ".join(each for each in response["Vary"].split(", ") if each != "Cookie")
        return response

    return answer


def staff(get_response: Answer) -> Answer:
    """Sessions, accounts and second factors: at the desk only. Everybody else is nobody."""

    def behind_the_gate(request: HttpRequest) -> HttpResponseBase:
        from sanduq_web.press.desk.gate import refused

        return refused(request) or get_response(request)

    inner: Answer = cast("Answer", MessageMiddleware(behind_the_gate))
    for layer in (OTPMiddleware, AuthenticationMiddleware, SessionMiddleware):
        inner = cast("Answer", layer(inner))

    def answer(request: HttpRequest) -> HttpResponseBase:
        if of_the_desk(request):
            return inner(request)
        from django.contrib.auth.models import AnonymousUser

        request.user = AnonymousUser()
        return get_response(request)

    return answer
