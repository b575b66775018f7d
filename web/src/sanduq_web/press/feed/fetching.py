"""Asking the vote site, and reading its answers (``openapi.yaml`` there)."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive import json
from sanduq.question.setup import Setup, read_setup, read_time

_PATIENCE: Final = 10.0
_TOGETHER: Final = 45.0
"""Seconds for one answer that does not move, and for all of them."""
_TOO_SLOW: Final = f"the vote site takes longer than {_TOGETHER:.0f} s"
_SMALL: Final = 1 << 20
_LARGE: Final = 8 << 20
_MOST_REFERENDUMS: Final = 50
_PHASES: Final = ("frozen", "open", "closed", "counting", "decided")
_form: Final = json.Form(errors.MalformedJson)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Whoever redirects could lead us to an address within our own network."""

    def redirect_request(self, *_: Any) -> None:
        """Nowhere."""


@dataclass
class Site:
    """The vote site."""

    origin: str
    end: float = field(default_factory=lambda: time.monotonic() + _TOGETHER)

    def __post_init__(self) -> None:
        parts = urlsplit(self.origin)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.username:
            raise errors.Unusable("SANDUQ_PRESS_VOTE is no origin", hint="such as https://vote.example")
        self._opener = urllib.request.build_opener(_NoRedirects)

    def get(self, path: str, most: int = _SMALL) -> bytes:
        """The answer at a path, at most so long."""
        if time.monotonic() > self.end:
            raise errors.Unusable(_TOO_SLOW)
        try:
            with self._opener.open(self.origin + path, timeout=_PATIENCE) as answer:
                return self._read(answer, path, most)
        except urllib.error.HTTPError as error:
            with error:
                raise errors.Unusable(f"the vote site answers {error.code} to {path}") from None
        except (OSError, http.client.HTTPException) as error:
            raise errors.Unusable(f"the vote site does not answer: {type(error).__name__}") from None

    def _read(self, answer: Any, path: str, most: int) -> bytes:
        found = bytearray()
        while piece := answer.read1(1 << 16):
            found += piece
            if len(found) > most:
                raise errors.Unusable(f"the vote site's answer to {path} is longer than {most} bytes")
            if time.monotonic() > self.end:
                raise errors.Unusable(_TOO_SLOW)
        return bytes(found)


@dataclass(frozen=True)
class State:
    """A referendum's state."""

    anchor: str
    phase: str
    opens: str
    closes: str


def seconds(text: str) -> float:
    """A time of the feed as a number."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()


def _fail(what: str, got: object) -> NoReturn:
    _form.fail(what, got)


def _state(site: Site, anchor: str) -> State:
    value = json.read(site.get(f"/api/v1/referendums/{anchor}"))
    fields = _form.fields(value, ("anchor", "phase", "authentication", "now", "opens", "closes", "areas"))
    if fields["anchor"] != anchor:
        _fail("anchor", fields["anchor"])
    if fields["phase"] not in _PHASES:
        _fail("phase", fields["phase"])
    opens, closes = (read_time(fields[name], name, _form) for name in ("opens", "closes"))
    return State(anchor, fields["phase"], opens, closes)


def _nearness(state: State, now: float) -> tuple[int, float]:
    """What runs comes first; then what is nearest in time, before it or behind it."""
    if state.phase == "open":
        return 0, seconds(state.closes)
    if state.phase in ("closed", "counting"):
        return 1, -seconds(state.closes)
    return 2, abs(now - seconds(state.opens if state.phase == "frozen" else state.closes))


def running(site: Site, now: float) -> State | None:
    """The one to be shown; None if there is none."""
    value = _form.fields(json.read(site.get("/api/v1/referendums")), ("anchors",))
    anchors = _form.items(value["anchors"], "anchors", lambda item: _form.hash(item, "anchor"))
    states = [_state(site, anchor) for anchor in anchors[:_MOST_REFERENDUMS]]
    return min(states, key=lambda state: _nearness(state, now), default=None)


def setup_of(site: Site, anchor: str) -> Setup:
    """The frozen setup: the bytes of which the anchor is the hash."""
    raw = site.get(f"/api/v1/referendums/{anchor}/setup.json", _LARGE)
    if sha256_hex(raw) != anchor:
        _fail("setup.json is not what its anchor says", sha256_hex(raw))
    return read_setup(raw)


def turnout(site: Site, setup: Setup, anchor: str, before: dict[str, list[int]]) -> dict[str, list[int]]:
    """Of each area the height that is public and its voters; asked for only where the height is another than before."""
    prints = json.read(site.get(f"/records/{anchor}/fingerprints.json", _LARGE))
    if not isinstance(prints, dict):
        _fail("fingerprints.json", prints)
    found = {}
    for area in setup.areas:
        told = prints.get(area.code)
        height = _form.number(told.get("height") if isinstance(told, dict) else None, f"height of {area.code}")
        known = before.get(area.code)
        if known is not None and known[0] == height:
            found[area.code] = known
            continue
        steps = _form.fields(json.read(site.get(f"/steps/{anchor}/{area.code}.json", _LARGE)), ("steps",))["steps"]
        last = steps[-1] if isinstance(steps, list) and steps else _fail("steps", steps)
        if not isinstance(last, dict):
            _fail("step", last)
        voters = _form.number(last.get("voters"), "voters", high=area.electorate)
        found[area.code] = [_form.number(last.get("height"), "height"), voters]
    return found


def outcome(site: Site, setup: Setup, anchor: str) -> list[dict[str, Any]]:
    """What each region decided, without what the front page does not show."""
    value = json.read(site.get(f"/api/v1/referendums/{anchor}/outcome.json", _LARGE))
    fields = _form.fields(value, ("decides", "uncounted_could_change", "regions"))
    return list(_form.items(fields["regions"], "region", lambda item: _region(item, setup), 500))


_REGION: Final = ("code", "turnout", "decisions", "questions", "uncounted", "uncounted_could_change")


def _region(value: Any, setup: Setup) -> dict[str, Any]:
    fields = _form.fields(value, _REGION)
    names = {each.code: each.name for each in setup.regions}
    if fields["code"] is not None and _form.text(fields["code"], "region") not in names:
        _fail("region", fields["code"])
    cast = _form.fields(fields["turnout"], ("numerator", "denominator", "percent"))
    parts = [_form.number(cast[name], name) for name in ("numerator", "denominator")]
    return {
        "name": names.get(fields["code"], ""),
        "turnout": parts,
        "decisions": list(_form.items(fields["decisions"], "decision", _decision)),
        "questions": list(_form.items(fields["questions"], "question", lambda item: _question(item, setup))),
    }


def _decision(value: Any) -> dict[str, Any]:
    fields = _form.fields(value, ("id", "decision", "answers", "sentence"))
    answers = _form.items(fields["answers"], "answer", lambda item: _form.text(item, "answer"))
    words = {name: _form.text(fields[name], name) for name in ("id", "decision")}
    return words | {"answers": list(answers)}


def _question(value: Any, setup: Setup) -> dict[str, Any]:
    if not isinstance(value, dict) or not isinstance(value.get("totals"), dict) or not isinstance(value.get("votes"), dict):
        _fail("question", value)
    asked = next((each for each in setup.questions if each.id == value.get("id")), None)
    if asked is None:
        _fail("question", value.get("id"))
    valid = _form.number(value["totals"].get("valid-votes"), "valid-votes")
    votes = [[each.id, _form.number(value["votes"].get(each.id), f"votes of {each.id}")] for each in asked.answers]
    return {"id": asked.id, "valid": valid, "votes": votes}
