"""What a vote site that wants to harm readers of the press site can say."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace
from typing import Any

import pytest

from sanduq import errors
from sanduq_web.press.feed import fetching, keeping

SETUP: Any = SimpleNamespace(
    languages={"en": "ltr"}, title={"en": "The lake"}, questions=[], areas=[SimpleNamespace(code="A", electorate=10)],
    regions=[SimpleNamespace(code="r", name="R")],
)  # fmt: skip


def _site(**answers: Any) -> Any:
    """A site that answers so, by the last part of the path."""
    return SimpleNamespace(get=lambda path, most=0: json.dumps(answers[path.rpartition("/")[2].partition(".")[0]]).encode())


@pytest.mark.parametrize("told", [1, [], None, "x", {"height": True}, {"height": -1}, {"height": 10**70}])
def test_a_height_that_is_none_is_refused(told: Any) -> None:
    with pytest.raises(errors.Refused):
        fetching.turnout(_site(fingerprints={"A": told}, A={"steps": []}), SETUP, "ab", {})


@pytest.mark.parametrize("code", [[], {}, 1, "other"])
def test_a_region_that_is_none_is_refused(code: Any) -> None:
    turnout = {"numerator": 1, "denominator": 2, "percent": "50"}
    region = {"code": code, "turnout": turnout, "uncounted_could_change": False}
    region |= {"decisions": [], "questions": [], "uncounted": []}
    with pytest.raises(errors.Refused):
        fetching.outcome(_site(outcome={"decides": "", "uncounted_could_change": False, "regions": [region]}), SETUP, "ab")


def test_what_fills_everybodys_front_page_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    state = fetching.State("ab", "decided", "2030-05-01T06:00:00Z", "2030-05-01T18:00:00Z")
    decision = {"id": "q", "decision": "x" * 100, "answers": []}
    result = [{"name": "", "turnout": [1, 2], "questions": [], "decisions": [decision] * 50_000}]
    for name, found in (("running", state), ("setup_of", SETUP), ("outcome", result), ("turnout", {})):
        monkeypatch.setattr(fetching, name, lambda *_, found=found: found)
    with pytest.raises(errors.Unusable, match="front page"):
        keeping._value(_site(), 0, {})
    result[0]["decisions"] = [decision] * 50
    assert keeping._value(_site(), 0, {})["result"] == result


def test_no_more_is_asked_when_the_time_is_over() -> None:
    """A site that answers fifty times, each time just before our patience ends."""
    site = fetching.Site("http://127.0.0.1:1", end=time.monotonic() - 1)
    with pytest.raises(errors.Unusable, match="takes longer"):
        site.get("/api/v1/referendums")
