"""The record, as it grows: a folder to be downloaded, which ``sanduq watch verify`` accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sanduq.question.setup import canonical
from sanduq_web import clock
from sanduq_web.box import api as box
from sanduq_web.count import api as count
from sanduq_web.problems import Busy
from sanduq_web.question.api import Frozen, Place, referendum
from sanduq_web.question.views import exact
from sanduq_web.watch.actions import show_due

_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z", re.ASCII)
GROWING: Final = "no-cache"
AHEAD: Final = 1 << 20
"""Bytes of an answer that the server takes ahead of a slow reader. Until the rest of a longer one fits, a thread waits."""
LONG: Final = BoundedSemaphore(8)
"""Longer downloads at a time: readers that are slow on purpose take these threads, and never those that take ballots."""


def _current(anchor: str) -> Frozen:
    frozen = referendum(anchor)
    show_due(frozen, clock.now())
    return frozen


def _files(frozen: Frozen, code: str) -> list[str]:
    uuid = frozen.place(code).area.uuid
    return [f"{uuid}.bel", *([f"{uuid}.proofs"] if code in count.with_proofs(frozen) else [])]


@require_safe
def folder(request: HttpRequest, anchor: str) -> HttpResponse:
    """The record's folder. Fingerprints and journal come before the archives, which may grow while somebody downloads."""
    referendum(anchor)
    names = ["setup.json", "fingerprints.json", "journal.jsonl", "areas/"]
    return _listing(request, names)


@require_safe
def areas(request: HttpRequest, anchor: str) -> HttpResponse:
    """The folder of the areas."""
    return _listing(request, [f"{code}/" for code in referendum(anchor).places])


@require_safe
def area(request: HttpRequest, anchor: str, code: str) -> HttpResponse:
    """The folder of one area."""
    return _listing(request, _files(referendum(anchor), code))


def _listing(request: HttpRequest, names: list[str]) -> HttpResponse:
    return render(request, "watch/listing.html", {"names": names, "path": request.path})


@require_safe
def files(request: HttpRequest, anchor: str) -> HttpResponse:
    """The addresses of all files, one a line, in the order in which to download them."""
    frozen = referendum(anchor)
    proofs = count.with_proofs(frozen)
    names = ["setup.json", "fingerprints.json", "journal.jsonl"]
    for code, place in frozen.places.items():
        names.append(f"areas/{code}/{place.area.uuid}.bel")
        if code in proofs:
            names.append(f"areas/{code}/{place.area.uuid}.proofs")
    start = request.build_absolute_uri(f"/records/{anchor}/")
    return HttpResponse("".join(f"{start}{name}\n" for name in names), content_type="text/plain; charset=utf-8")


@require_safe
def setup(request: HttpRequest, anchor: str) -> HttpResponse:
    """setup.json."""
    return exact(referendum(anchor).raw)


@require_safe
def journal(request: HttpRequest, anchor: str) -> HttpResponse:
    """journal.jsonl."""
    raw = box.journal_bytes(_current(anchor).anchor)
    return HttpResponse(raw, content_type="application/jsonl", headers={"Cache-Control": GROWING})


@require_safe
def fingerprints(request: HttpRequest, anchor: str) -> HttpResponse:
    """fingerprints.json."""
    raw = canonical(box.fingerprints(_current(anchor)))
    return HttpResponse(raw, content_type="application/json", headers={"Cache-Control": GROWING})


@require_safe
def steps(request: HttpRequest, anchor: str, code: str) -> HttpResponse:
    """The fingerprints of an area at every height that was ever published."""
    frozen = _current(anchor)
    found = [vars(step) for step in box.steps(frozen, frozen.place(code))]
    return JsonResponse({"steps": found}, headers={"Cache-Control": GROWING})


@require_safe
def archive(request: HttpRequest, anchor: str, code: str, uuid: str, kind: str) -> HttpResponseBase:
    """An area's archive, up to what is public; a Range of it for who has the rest. Or the second proofs beside it."""
    frozen = _current(anchor)
    place = frozen.place(code)
    if uuid != place.area.uuid:
        raise Http404("this area has another uuid")
    if kind == "bel":
        return _range(request, place, box.public_of(place).size)
    content = count.proofs(place)
    if content is None:
        raise Http404("this area has no second proofs")
    return HttpResponse(content, content_type="application/json")


class _Download:
    """Pieces of an answer; what it holds is given back at its end, also if it was never begun."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._holds = LONG.acquire(blocking=False)
        if not self._holds:
            raise Busy("as many long downloads run as may at a time", retry_after=10)

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """Called by the server, whatever has happened; perhaps twice."""
        if self._holds:
            self._holds = False
            LONG.release()


def _range(request: HttpRequest, place: Place, size: int) -> HttpResponseBase:
    """The whole, or the one range that was asked for (RFC 9110 §14)."""
    found = _RANGE.match(request.headers.get("Range", ""))
    start, stop = 0, size
    if found and any(found.groups()):
        low, high = found.groups()
        if low:
            start, stop = int(low), min(int(high) + 1, size) if high else size
        else:
            start = max(size - int(high), 0)
        if start >= stop:
            unmet = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            unmet["Content-Range"] = f"bytes */{size}"
            return unmet
    pieces: Iterator[bytes] = iter(()) if request.method == "HEAD" else box.pieces(place.id, start, stop)
    is_long = stop - start > AHEAD and request.method != "HEAD"
    response = StreamingHttpResponse(_Download(pieces) if is_long else pieces, content_type="application/octet-stream")
    if (start, stop) != (0, size):
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    response["Content-Length"] = str(stop - start)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = GROWING
    return response
