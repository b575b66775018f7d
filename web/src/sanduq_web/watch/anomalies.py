"""What stands out among the areas, by thresholds that are told with it; from what the public stream has published alone.

Nothing here looks at a ballot that is not public yet: a quicker view would undo the delay that keeps ballots from being
timed to persons. So everything is as old as the public stream, and an area in which few vote may be silent by design.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import pairwise
from statistics import median
from typing import Any, Final

from sanduq_web import clock
from sanduq_web.box import api as box
from sanduq_web.question.api import Frozen

HOUR: Final = 3600


@dataclass(frozen=True)
class Thresholds:
    """From what on something is told. Shares are of an area's electorate; the pace is the median of all areas."""

    jump_share: float = 0.05
    jump_times: float = 4.0
    jump_steps: int = 2
    jump_least: int = 30
    silent_hours: int = 2
    silent_steps: int = 3
    silent_least: int = 30
    again_share: float = 0.2
    again_times: float = 4.0
    again_least: int = 100


THRESHOLDS: Final = Thresholds()


@dataclass(frozen=True)
class AreaSeen:
    """One area as the public stream shows it. ``flags``: over, jump, silent, again. ``hour``: its gain in the last whole hour;
    ``jump_at`` is the beginning of the hour in which it gained ``jump_gain`` (a share of the electorate).
    """

    code: str
    name: str
    electorate: int
    voters: int
    ballots: int
    share: float
    last: str
    hour: int
    flags: tuple[str, ...]
    jump_at: str = ""
    jump_gain: float = 0.0


@dataclass(frozen=True)
class Seen:
    """All areas, those with flags first; ``until`` is the end of the last whole hour that was looked at."""

    areas: tuple[AreaSeen, ...]
    until: str
    hours: int
    pace: float
    thresholds: Thresholds

    @property
    def flagged(self) -> int:
        """How many areas stand out."""
        return sum(bool(area.flags) for area in self.areas)

    def to_json(self) -> dict[str, Any]:
        """For machines: the thresholds stand beside what they were applied to."""
        return {"until": self.until, "pace": self.pace, "thresholds": asdict(self.thresholds)} | {
            "areas": [asdict(area) for area in self.areas]
        }


_kept: Final[OrderedDict[tuple[object, ...], Seen]] = OrderedDict()
_MOST_KEPT: Final = 16


def seen(frozen: Frozen, now: str) -> Seen:
    """What stands out now. Reckoned anew only when something was published, or a whole hour has passed."""
    found = box.public(frozen)
    history = box.history(frozen, found)
    opens, closes = clock.seconds(frozen.setup.calendar.opens), clock.seconds(frozen.setup.calendar.closes)
    hours = max(min(clock.seconds(now), closes) - opens, 0) // HOUR
    is_open = clock.seconds(now) < closes
    key = (frozen, history.version, hours, is_open)
    told = _kept.get(key)
    if told is None:
        told = _kept[key] = _look(found, history.steps, opens, hours, is_open=is_open)
        if len(_kept) > _MOST_KEPT:
            with suppress(KeyError):  # another thread may have been quicker
                _kept.popitem(last=False)
    return told


def _look(found: list[box.Public], steps: dict[str, list[tuple[str, int]]], opens: int, hours: int, *, is_open: bool) -> Seen:
    lines = {each.place.code: _by_hour(steps.get(each.place.code, []), opens, hours) for each in found}
    sizes = {each.place.code: max(each.place.area.electorate, 1) for each in found}
    gains = {code: [(b - a) / sizes[code] for a, b in pairwise(line)] for code, line in lines.items()}
    paces = [median(column) for column in zip(*gains.values(), strict=True)]
    since = max(hours - THRESHOLDS.silent_hours, 0)
    quiet = median([(line[-1] - line[since]) / sizes[code] for code, line in lines.items()]) if lines else 0.0
    again = median([_again(each) for each in found]) if found else 0.0
    areas = []
    for each in found:
        code, area = each.place.code, each.place.area
        jump = _jump(each, gains[code], paces)
        told = steps.get(code, [])
        flags = [
            ("over", each.voters > area.electorate),
            ("jump", jump is not None),
            ("silent", is_open and hours >= THRESHOLDS.silent_hours and _silent(each, lines[code], since, quiet)),
            ("again", each.ballots >= THRESHOLDS.again_least and _is_again(_again(each), again)),
        ]
        gained = lines[code][-1] - lines[code][-2] if hours else 0
        areas.append(
            AreaSeen(
                code, area.name, area.electorate, each.voters, each.ballots, each.voters / sizes[code],
                told[-1][0] if told and told[-1][1] else "", gained, tuple(name for name, holds in flags if holds),
                clock.text(opens + jump * HOUR) if jump is not None else "", gains[code][jump] if jump is not None else 0.0,
            )
        )  # fmt: skip
    areas.sort(key=lambda area: (-len(area.flags), -area.share, area.name))
    return Seen(tuple(areas), clock.text(opens + hours * HOUR), hours, paces[-1] if paces else 0.0, THRESHOLDS)


def _by_hour(steps: list[tuple[str, int]], opens: int, hours: int) -> list[int]:
    """The voters that were public at the opening and after each whole hour."""
    times = [clock.seconds(time) for time, _voters in steps]
    found = [0]
    for hour in range(1, hours + 1):
        place = bisect_right(times, opens + hour * HOUR)
        found.append(steps[place - 1][1] if place else 0)
    return found


def _jump(each: box.Public, gains: list[float], paces: list[float]) -> int | None:
    """The hour in which an area gained most beyond the pace, if that is a jump: more than the steps of the stream make."""
    least = max(THRESHOLDS.jump_least, THRESHOLDS.jump_steps * each.step_ballots) / max(each.place.area.electorate, 1)
    bars = [max(least, THRESHOLDS.jump_share, THRESHOLDS.jump_times * pace) for pace in paces]
    high = [hour for hour, gain in enumerate(gains) if gain > bars[hour]]
    return max(high, key=gains.__getitem__, default=None)


def _silent(each: box.Public, line: list[int], since: int, quiet: float) -> bool:
    """Nothing new, where so many ballots were to be expected that the stream would have shown some."""
    least = max(THRESHOLDS.silent_least, THRESHOLDS.silent_steps * each.step_ballots)
    return line[-1] == line[since] and quiet * each.place.area.electorate >= least


def _again(each: box.Public) -> float:
    """Ballots that replaced earlier ones, a voter."""
    return (each.ballots - each.voters) / each.voters if each.voters else 0.0


def _is_again(own: float, usual: float) -> bool:
    return own > max(THRESHOLDS.again_share, THRESHOLDS.again_times * usual)
