"""Errors as the API tells them: ``application/problem+json`` (RFC 9457), with the step of the specification."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from sanduq import errors

_STATUS: Final[tuple[tuple[type[errors.Refused], HTTPStatus], ...]] = (
    (errors.BallotOversize, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (errors.BallotMalformed, HTTPStatus.BAD_REQUEST),
    (errors.BallotNotCanonical, HTTPStatus.BAD_REQUEST),
    (errors.MalformedJson, HTTPStatus.BAD_REQUEST),
    (errors.NotCanonical, HTTPStatus.BAD_REQUEST),
    (errors.BoxNotOpen, HTTPStatus.CONFLICT),
    (errors.BallotSuperseded, HTTPStatus.CONFLICT),
)


class Problem(Exception):
    """A request that is not carried out, though nothing in it is refused by the protocol."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        hint: str | None = None,
        retry_after: int | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.name = name
        self.detail = detail
        self.hint = hint
        self.retry_after = retry_after


class Unknown(Problem):
    """Nothing here has this name."""

    def __init__(self, what: str) -> None:
        super().__init__(HTTPStatus.NOT_FOUND, f"{what} is not here", hint="compare the address, letter by letter")


class Busy(Problem):
    """More than can be done now."""

    def __init__(self, detail: str, retry_after: int = 2) -> None:
        hint = "nothing was changed; send the same again"
        super().__init__(HTTPStatus.SERVICE_UNAVAILABLE, detail, hint=hint, retry_after=retry_after)


def status_of(refusal: errors.Refused) -> HTTPStatus:
    """400 what cannot be read, 409 what the box's state does not allow, 413 what is too long, 422 other refusals."""
    return next((status for kind, status in _STATUS if isinstance(refusal, kind)), HTTPStatus.UNPROCESSABLE_ENTITY)


def response_to(error: Exception) -> HttpResponse:
    """The answer that tells an error."""
    if isinstance(error, errors.Refused):
        return _answer(status_of(error), str(error), error.hint, step=error.step, name=type(error).__name__)
    if isinstance(error, Problem):
        response = _answer(error.status, error.detail, error.hint, name=error.name)
        if error.status == HTTPStatus.UNAUTHORIZED:
            response["WWW-Authenticate"] = "Sanduq-Code"
        if error.retry_after is not None:
            response["Retry-After"] = str(error.retry_after)
        return response
    if isinstance(error, errors.EnginesDisagree):
        return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, str(error), error.hint, name="EnginesDisagree")
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, "this is our fault, and nothing was changed", "send the same again later")


def _answer(
    status: HTTPStatus, detail: str, hint: str | None, *, step: str | None = None, name: str | None = None
) -> HttpResponse:
    value = {"type": "about:blank", "title": status.phrase, "status": status.value, "step": step, "name": name}
    response = JsonResponse(value | {"detail": detail, "hint": hint}, status=status, content_type="application/problem+json")
    response["Cache-Control"] = "no-store"
    response.refused_as = name or status.phrase.replace(" ", "")  # type: ignore[attr-defined]  # for sanduq_web.measure
    return response


def wants_problem(request: HttpRequest) -> bool:
    """Whether errors of this request are told to a machine."""
    return request.path_info.startswith("/api/")
