"""What stands out among areas: by thresholds that are told, from what is public alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from conftest import Api, Now
from rig import Rig
from sanduq_web import clock
from sanduq_web.box import api as box
from sanduq_web.question.api import Frozen
from sanduq_web.watch import anomalies
from sanduq_web.watch.actions import bring_up_to_date

OPENS = clock.seconds("2030-05-01T06:00:00Z")
Steps = dict[str, list[tuple[str, int]]]


def seen(
    by_hour: dict[str, list[int]],
    *,
    electorate: int = 1000,
    step: int = 20,
    again: dict[str, int] | None = None,
    is_open: bool = True,
) -> dict[str, anomalies.AreaSeen]:
    """Areas with the voters that were public at the end of each hour; a step is published where the number changes."""
    found, steps = [], {}
    for code, line in by_hour.items():
        place: Any = SimpleNamespace(id=1, code=code, area=SimpleNamespace(name=code, electorate=electorate))
        voters = line[-1]
        ballots = voters + (again or {}).get(code, 0)
        found.append(box.Public(place, voters, 0, ballots, voters, 10, step))
        pairs = zip([0, *line], line, strict=False)
        steps[code] = [(clock.text(OPENS + 3600 * (n + 1)), now) for n, (before, now) in enumerate(pairs) if now != before]
    told = anomalies._look(found, steps, OPENS, len(next(iter(by_hour.values()))), is_open=is_open)
    return {area.code: area for area in told.areas}


def usual(count: int, *line: int) -> dict[str, list[int]]:
    return {f"U{number}": list(line) for number in range(count)}


def flags(told: dict[str, anomalies.AreaSeen]) -> dict[str, tuple[str, ...]]:
    return {code: area.flags for code, area in told.items() if area.flags}


def test_nothing_stands_out_where_all_are_alike() -> None:
    assert flags(seen(usual(5, 50, 100, 150))) == {}
    assert flags(seen(usual(5, 0, 0, 0))) == {}
    assert flags(seen(usual(1, 900, 900, 900))) == {}, "one area alone is its own pace"


def test_more_voters_than_the_electorate() -> None:
    assert flags(seen(usual(4, 300, 600, 1000) | {"A": [340, 670, 1001]})) == {"A": ("over",)}


def test_a_jump_is_beyond_share_pace_and_steps() -> None:
    told = seen(usual(5, 50, 100, 150) | {"A": [50, 251, 260], "B": [50, 249, 260], "C": [251, 252, 253]})
    assert flags(told) == {"A": ("jump",), "C": ("jump",)}, "more than four times the pace of 50"
    assert (told["A"].jump_at, round(told["A"].jump_gain, 3)) == ("2030-05-01T07:00:00Z", 0.201)
    # At a slow pace the share of the electorate is what is needed; in a small area the steps of the stream.
    assert flags(seen(usual(5, 1, 2) | {"A": [1, 51], "B": [1, 52]})) == {"B": ("jump",)}
    assert flags(seen(usual(5, 1, 2) | {"A": [1, 41]}, electorate=100)) == {}
    assert flags(seen(usual(5, 1, 2) | {"A": [1, 42]}, electorate=100)) == {"A": ("jump",)}
    assert flags(seen(usual(5, 1, 2) | {"A": [1, 31]}, electorate=100, step=0)) == {}
    assert flags(seen(usual(5, 1, 2) | {"A": [1, 32]}, electorate=100, step=0)) == {"A": ("jump",)}


def test_silence_is_told_where_the_stream_would_have_shown_something() -> None:
    line = {"A": [50, 50, 50]}
    assert flags(seen(usual(5, 50, 80, 110) | line)) == {"A": ("silent",)}, "60 voters were to be expected: three steps"
    assert flags(seen(usual(5, 50, 80, 109) | line)) == {}
    assert flags(seen(usual(5, 50, 80, 110) | line, electorate=400)) == {"A": ("silent",)}
    assert flags(seen(usual(5, 50, 80, 110) | line, is_open=False)) == {}, "after the close everybody is silent"
    assert flags(seen({code: each[:1] for code, each in (usual(5, 500) | {"A": [0]}).items()})) == {}, "an hour is too short"


def test_many_who_voted_again() -> None:
    by_hour = usual(5, 100, 200)
    assert flags(seen(by_hour, again={"U1": 41})) == {"U1": ("again",)}
    assert flags(seen(by_hour, again={"U1": 40})) == {}
    assert flags(seen(by_hour, again=dict.fromkeys(by_hour, 41))) == {}, "where all do, nobody stands out"
    assert flags(seen(usual(5, 10, 40), again={"U1": 59})) == {}, "too few to say"


def test_those_that_stand_out_come_first_and_the_file_has_the_thresholds() -> None:
    told = anomalies._look([], {}, OPENS, 0, is_open=True)
    assert told.areas == () and told.to_json()["thresholds"]["jump_share"] == 0.05
    assert next(iter(seen(usual(3, 50, 100, 150) | {"Z": [50, 50, 50]}))) == "Z"


@pytest.mark.django_db
def test_what_is_not_public_yet_is_not_looked_at(opened: Api, rig: Rig, frozen: Frozen, now: Now) -> None:
    now.at("06:01")
    for raw in rig.ballots["A"]:
        assert opened.cast(raw).status_code == 201
    told = anomalies.seen(frozen, now.time)
    assert sum(area.voters + area.ballots for area in told.areas) == 0 and all(area.last == "" for area in told.areas)
    now.at("06:10")
    bring_up_to_date(frozen, now.time)
    told = anomalies.seen(frozen, "2030-05-01T07:30:00Z")
    by_code = {area.code: area for area in told.areas}
    assert (by_code["A"].voters, by_code["A"].hour, by_code["A"].last) == (12, 12, "2030-05-01T06:10:00Z")
    assert (told.until, told.hours) == ("2030-05-01T07:00:00Z", 1)
    assert anomalies.seen(frozen, "2030-05-01T07:59:59Z") is told, "reckoned once"
    assert anomalies.seen(frozen, "2030-05-09T00:00:00Z").until == "2030-05-01T18:00:00Z"
