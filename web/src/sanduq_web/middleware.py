"""What stands on every answer: security headers, who may call from another origin, errors as problems."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, cast

from django.conf import settings
from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware

from sanduq import errors
from sanduq_web.problems import Problem, response_to, wants_problem

Answer = Callable[[HttpRequest], HttpResponseBase]
_log = logging.getLogger("sanduq_web")

_POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def _for_machines(request: HttpRequest) -> bool:
    return request.path_info.startswith(("/api/", "/records/", "/steps/"))


def headers(get_response: Answer) -> Answer:
    """Strict headers; pages hold no script, so none may run."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in _HEADERS.items():
            response[name] = value
        response["Cross-Origin-Resource-Policy"] = "cross-origin" if _for_machines(request) else "same-origin"
        response.setdefault("Cache-Control", "no-store")
        if isinstance(response, HttpResponse):
            response["Content-Length"] = str(len(response.content))
        if settings.SANDUQ_HTTPS:
            response["Strict-Transport-Security"] = "max-age=63072000"
        return response

    return answer


def cross_origin(get_response: Answer) -> Answer:
    """The API may be called from the booth's origin, without credentials, and from no other."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not wants_problem(request):
            return get_response(request)
        asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        response = HttpResponse(status=HTTPStatus.NO_CONTENT) if asks else get_response(request)
        response["Vary"] = "Origin"
        if request.headers.get("Origin") == settings.SANDUQ_BOOTH:
            response["Access-Control-Allow-Origin"] = settings.SANDUQ_BOOTH
            if asks:
                response["Access-Control-Allow-Methods"] = "GET, POST"
                response["Access-Control-Allow-Headers"] = "Content-Type, Sanduq-Code"
                response["Access-Control-Max-Age"] = "600"
            else:
                response["Access-Control-Expose-Headers"] = "Retry-After"
        return response

    return answer


def language(get_response: Answer) -> Answer:
    """Pages have the language of their address, or else the browser's; what machines read has none."""
    locale = cast("Answer", LocaleMiddleware(get_response))

    def answer(request: HttpRequest) -> HttpResponseBase:
        return get_response(request) if _for_machines(request) else locale(request)

    return answer


class problems:  # noqa: N801  # a middleware with a hook for exceptions must be a class
    """The API tells errors as problem+json; of ours only that they happened, with the traceback in the log."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            request.get_host()
            response = self.get_response(request)
        except DisallowedHost:
            response = response_to(Problem(HTTPStatus.BAD_REQUEST, "this site has another name", hint="SANDUQ_HOSTS names it"))
        is_plain = wants_problem(request) and response.status_code >= 400
        if not is_plain or response["Content-Type"].startswith("application/problem+json"):
            return response
        status = HTTPStatus(response.status_code)
        told = response_to(Problem(status, status.description or status.phrase))
        if "Allow" in response:
            told["Allow"] = response["Allow"]
        return told

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Called by Django where a view raises."""
        if not wants_problem(request):
            if isinstance(exception, Problem) and exception.status == HTTPStatus.NOT_FOUND:
                raise Http404(exception.detail) from exception
            return response_to(exception) if isinstance(exception, Problem) else None
        if isinstance(exception, errors.EnginesDisagree):
            _log.error("the engines disagree: %s", exception)
        elif isinstance(exception, (Http404, SuspiciousOperation)):
            return None
        elif not isinstance(exception, (errors.Refused, Problem)):
            _log.exception("an error of ours")
        return response_to(exception)
