"""The box's part of the API: its state, casting, looking a ballot up."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language_from_request
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from sanduq import errors
from sanduq.archive import json
from sanduq_web import clock
from sanduq_web.box import actions, api
from sanduq_web.problems import Problem, Unknown
from sanduq_web.question.api import referendum
from sanduq_web.roll.api import prefixes

_LARGEST_QUESTION = 1024


@require_safe
def state(request: HttpRequest, anchor: str) -> HttpResponse:
    """The phase, the calendar, the areas."""
    frozen, now = referendum(anchor), clock.now()
    actions.follow_calendar(frozen, now)
    digits = prefixes(place.area.uuid for place in frozen.places.values())
    areas = {code: {"uuid": place.area.uuid, "roll_prefix": digits[place.area.uuid]} for code, place in frozen.places.items()}
    calendar = frozen.setup.calendar
    value = {"anchor": anchor, "phase": api.phase(anchor), "now": now, "authentication": api.authentication(anchor)}
    return JsonResponse(value | {"opens": calendar.opens, "closes": calendar.closes, "areas": areas})


def body_of(request: HttpRequest, largest: int) -> bytes:
    """The body of a request, bounded before it is read."""
    if request.content_type != "application/json":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body must be application/json", hint="say so in Content-Type")
    text = request.META.get("CONTENT_LENGTH") or "0"
    if not text.isdecimal():
        raise Problem(HTTPStatus.BAD_REQUEST, "Content-Length is no number")
    if int(text) > largest:
        raise errors.BallotOversize(expected=f"at most {largest} bytes", got=f"{text} bytes")
    return request.read(largest)


@csrf_exempt
@require_POST
def cast(request: HttpRequest, anchor: str, code: str) -> HttpResponse:
    """Take a ballot: 201 with the receipt, or 200 with the same receipt if it is in the box already.

    A PIN or code comes in a header: so it is in no address that is kept somewhere, and not among the bytes of the ballot.
    """
    frozen = referendum(anchor)
    place = frozen.place(code)
    raw = body_of(request, place.largest)
    said = actions.Said(request.headers.get("Sanduq-Code"), get_language_from_request(request))
    receipt, new = actions.cast(frozen, place, raw, said)
    status = HTTPStatus.CREATED if new else HTTPStatus.OK
    return HttpResponse(receipt.to_bytes(), content_type="application/json", status=status)


@require_safe
def last(request: HttpRequest, anchor: str, code: str, prefix: str = "") -> HttpResponse:
    """Of every credential in a bucket the last public ballot: so a device finds its own, and nobody learns which it was."""
    height, ballots = api.last_of_bucket(referendum(anchor).place(code), prefix)
    return JsonResponse({"prefix": prefix, "height": height, "ballots": ballots}, headers={"Cache-Control": "no-cache"})


@csrf_exempt
@require_POST
def find(request: HttpRequest, anchor: str) -> HttpResponse:
    """Where the ballot with a tracker stands. By POST, so that trackers stay out of logs and histories."""
    frozen = referendum(anchor)
    raw = body_of(request, _LARGEST_QUESTION)
    value = json.read(raw)
    tracker = value.get("tracker") if isinstance(value, dict) and len(value) == 1 else None
    if not isinstance(tracker, str):
        raise errors.MalformedJson(expected='{"tracker":"…"}')
    found = api.find(frozen, tracker)
    if found is None:
        raise Unknown("a ballot with this tracker")
    where = {"area": found.place.code, "height": found.height, "event": found.event}
    return JsonResponse(where | {"latest": found.latest, "public": found.public})
