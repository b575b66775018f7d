"""Screens of the ceremony: for all, who has handed over what; for a trustee, the page that makes keys, and its files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanduq import errors
from sanduq.keys import ceremony as keys
from sanduq_web.box import api as box_api
from sanduq_web.console.ceremony import actions
from sanduq_web.console.ceremony.board import Board, as_json, board, seat_of
from sanduq_web.console.ceremony.models import Kind
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Role
from sanduq_web.console.screens import ANYBODY, attempt, screen
from sanduq_web.problems import Problem
from sanduq_web.question.api import referendum

ONLINE: Final = "trustee-online.html"
OFFLINE: Final = "TRUSTEE.html"
_PUBLIC: Final = (Kind.CERT, Kind.COMMITMENT, Kind.POLYNOMIAL, Kind.VOUTPUT)
_HEADERS: Final = {
    # The page has a policy of its own, with the hash of its one script.
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


def _page(request: HttpRequest, name: str, told: dict[str, Any]) -> HttpResponse:
    return render(request, f"ceremony/{name}.html", told)


@screen(*ANYBODY, writes=True)
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who has handed over what; the commission begins a ceremony."""
    if request.method == "POST":
        if desk.role is not Role.COMMISSION:
            raise Http404
        attempt(request, lambda: actions.begin(desk, request.POST.get("reason", "")), _("The ceremony has begun."))
        return HttpResponseRedirect(request.path)
    found = board(desk.of)
    rows = _rows(found) if found else []
    may = desk.role is Role.COMMISSION and desk.of.referendum_id is None
    kinds = [kind for kind in Kind if found and any(kind.value == each for each, _owner in found.texts)]
    return _page(request, "overview", {"board": found, "rows": rows, "may": may, "kinds": kinds, "public": _PUBLIC})


def _rows(found: Board) -> list[dict[str, Any]]:
    return [
        {
            "seat": seat,
            "mandatory": found.is_mandatory(seat),
            "given": [kind.value for kind in Kind if (kind.value, seat.owner) in found.texts],
            "wants": [kind.value for kind in found.wants(seat) if (kind.value, seat.owner) not in found.texts],
        }
        for seat in found.seats
    ]


def _board(desk: Desk) -> Board:
    found = board(desk.of)
    if found is None:
        raise Http404
    return found


@screen(*ANYBODY)
def messages_file(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """Messages of the group, a line each, as ``sanduq keys`` takes them: once all are there."""
    known = {each.value: each for each in _PUBLIC}
    found = _board(desk)
    if kind not in known or not found.is_there(known[kind]):
        raise Http404
    text = b"".join(each + b"\n" for each in found.of_group(known[kind]) if each is not None)
    return _download(text, f"{kind}s.jsons")


@screen(*ANYBODY)
def trustees_file(request: HttpRequest, desk: Desk) -> HttpResponse:
    """trustees.json, once the ceremony is complete."""
    text = bytes(_board(desk).ceremony.trustees)
    if not text:
        raise Http404
    return _download(text, "trustees.json")


def _download(text: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/octet-stream", headers=headers)


@screen(Role.TRUSTEE, writes=True)
def own(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A trustee's own: what to do next, the page, and a form for files of the command line."""
    found = board(desk.of)
    if request.method == "POST" and found is not None:
        file = request.FILES.get("file")
        kind = request.POST.get("kind", "")

        def act() -> None:
            if file is None or kind not in Kind.values:
                raise errors.Unusable("choose a file, and what it is")
            largest = max(actions.LARGEST.values())
            if (file.size or 0) > largest:
                raise errors.Unusable(f"the file has more than {largest >> 20} MiB")
            actions.take(desk, found.ceremony.round, Kind(kind), file.read())

        attempt(request, act, _("It was checked, and is on the board."))
        return HttpResponseRedirect(request.path)
    told: dict[str, Any] = {"board": found, "built": _built(ONLINE) is not None}
    if found is not None:
        try:
            seat = seat_of(found, desk.post)
        except errors.Unusable as refusal:
            return _page(request, "own", told | {"seat": None, "stands": str(refusal)})
        given = [kind.value for kind in Kind if (kind.value, seat.owner) in found.texts]
        wants = [kind.value for kind in found.wants(seat) if kind.value not in given]
        told |= {
            "seat": seat,
            "given": given,
            "wants": wants,
            "index": found.index(seat),
            "mandatory": found.is_mandatory(seat),
        }
        told["routed"] = not found.is_mandatory(seat) and found.is_there(Kind.POLYNOMIAL)
    return _page(request, "own", told)


@screen(Role.TRUSTEE)
def input_file(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The shares that the others have sealed for this trustee (``N.vinput`` of ``sanduq keys route``)."""
    found = _board(desk)
    seat = seat_of(found, desk.post)
    if found.is_mandatory(seat) or not found.is_there(Kind.POLYNOMIAL):
        raise Http404
    routed = keys.route(found.certs, found.polynomials)[found.index(seat) - 1]
    return _download(routed.to_bytes(), f"{found.index(seat)}.vinput")


def _built(name: str) -> Path | None:
    path = settings.SANDUQ_CONSOLE_TRUSTEE / name if settings.SANDUQ_CONSOLE_TRUSTEE else None
    return path if path is not None and path.is_file() else None


@screen(Role.TRUSTEE)
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The page that makes keys in the browser; it asks below its own address."""
    path = _built(ONLINE)
    if path is None:
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="text/html; charset=utf-8", headers=_HEADERS)


@screen(Role.TRUSTEE)
def state(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All that is on the board, for the page."""
    try:
        return _told(request, desk, _board(desk))
    except errors.Unusable as refusal:
        return _problem(409, str(refusal))


def _told(request: HttpRequest, desk: Desk, found: Board) -> HttpResponse:
    seat = seat_of(found, desk.post)
    record = _files(request, desk) if found.phase == "summed" else None
    return JsonResponse(as_json(found, seat, get_token(request), desk.of.name, record))


def _files(request: HttpRequest, desk: Desk) -> list[dict[str, Any]]:
    frozen = referendum(str(desk.of.referendum_id))
    rows = [("setup.json", len(frozen.raw))]
    rows += [(f"areas/{place.code}/{place.area.uuid}.bel", box_api.whole_size(place)) for place in frozen.places.values()]
    return [
        {"path": name, "size": size, "url": reverse("trustee-record", args=[desk.of.pk, name])} for name, size in rows
    ]  # fmt: skip


@screen(Role.TRUSTEE)
def record_file(request: HttpRequest, desk: Desk, name: str) -> HttpResponseBase:
    """A file of the record that is to be decrypted."""
    if desk.of.referendum_id is None:
        raise Http404
    frozen = referendum(str(desk.of.referendum_id))
    if name == "setup.json":
        return _download(frozen.raw, "setup.json")
    for place in frozen.places.values():
        if name == f"areas/{place.code}/{place.area.uuid}.bel":
            pieces = box_api.pieces(place.id, 0, box_api.whole_size(place))
            return StreamingHttpResponse(pieces, content_type="application/octet-stream")
    raise Http404


@screen(Role.TRUSTEE, writes=True)
def message(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The page hands something over: JSON in, the new state or a problem out."""
    try:
        told = json.loads(request.body)
        kind, text, number = Kind(told["kind"]), told["text"].encode(), int(told["round"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _problem(400, "a JSON object with round, kind and text is wanted")
    try:
        return _told(request, desk, actions.take(desk, number, kind, text))
    except errors.Refused as refusal:
        return _problem(400, str(refusal), step=refusal.step or "", error=type(refusal).__name__)
    except errors.Unusable as refusal:
        return _problem(409, str(refusal))
    except Problem as problem:
        return _problem(problem.status, problem.detail)


def _problem(status: int, detail: str, **more: str) -> HttpResponse:
    told = {"type": "about:blank", "title": detail.splitlines()[0], "detail": detail} | more
    return JsonResponse(told, status=status, content_type="application/problem+json")
