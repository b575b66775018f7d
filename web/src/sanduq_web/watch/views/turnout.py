"""Turnout, as far as it is public: by area, on a map, and over time in the steps in which it was published."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanduq_web import clock
from sanduq_web.box import api as box
from sanduq_web.drawing import TURNOUTS, Drawn, Mark, Part, bar, draw, line, sample, spark, turnout_kind
from sanduq_web.pages import by_letters, isolated, number, share
from sanduq_web.question.api import Frozen, beside

_NAME: Final = "turnout"


@dataclass(frozen=True)
class AreaTurnout:
    """One area, or all of them; with the addresses of its archive and of its fingerprints."""

    name: str
    electorate: int
    voters: int
    ballots: int
    share: str
    bar: SafeString
    spark: SafeString
    archive: str
    steps: str


@dataclass(frozen=True)
class Turnout:
    """All areas and their sum; the map if there is one, its legend; the line if there was more than one step."""

    rows: tuple[AreaTurnout, ...]
    total: AreaTurnout
    map: SafeString | None
    legend: tuple[tuple[SafeString, str], ...]
    credits: tuple[str, ...]
    line: SafeString | None


_kept: Final[OrderedDict[Hashable, SafeString]] = OrderedDict()
_MOST_KEPT: Final = 24


def turnout_html(frozen: Frozen, by: str) -> SafeString:
    """:func:`tell_turnout` as HTML. What is public only grows, so a text holds for as long as no archive has another height."""
    found, shown = box.public(frozen), beside(frozen.anchor)
    key = (frozen, tuple(each.height for each in found), by, get_language(), shown.version)
    text = _kept.get(key)
    if text is None:
        values = {"turnout": tell_turnout(frozen, by, found), "by": by}
        text = _kept[key] = render_to_string("watch/turnout.html", values)
        if len(_kept) > _MOST_KEPT:
            with suppress(KeyError):  # another thread may have been quicker
                _kept.popitem(last=False)
    return text


def tell_turnout(frozen: Frozen, by: str, found: list[box.Public]) -> Turnout:
    """What is public, sorted by turnout (highest first) or by area."""
    history = box.history(frozen, found)
    rows = []
    for each in sorted(found, key=_by_area if by == "area" else _by_turnout):
        area, steps = each.place.area, history.steps.get(each.place.code, [])
        small = _spark(frozen, each.place.code, len(steps))
        archive = f"{reverse('record', args=[frozen.anchor])}areas/{area.code}/{area.uuid}.bel"
        rows.append(_row(area.name, area.electorate, each, small, archive, f"/steps/{frozen.anchor}/{area.code}.json"))
    electorate, voters = sum(row.electorate for row in rows), sum(row.voters for row in rows)
    ballots = sum(row.ballots for row in rows)
    drawn = _bar(voters, electorate)
    total = AreaTurnout("", electorate, voters, ballots, share(voters, electorate, 1), drawn, SafeString(), "", "")
    shown = beside(frozen.anchor)
    drawn_map: SafeString | None = None
    legend: tuple[tuple[SafeString, str], ...] = ()
    if shown.outlines is not None:
        areas = {each.place.code: _drawn(each) for each in found}
        title = _("Map of the areas: %(question)s") % {"question": _("Turnout")}
        drawn_map = mark_safe(draw(shown.outlines, areas, title=title, name=_NAME))  # noqa: S308  # draw escapes
        legend = _legend()
    return Turnout(
        tuple(rows), total, drawn_map, legend, shown.credits, _line(frozen, electorate, history.version, get_language() or "")
    )


def _by_area(each: box.Public) -> tuple[str, str]:
    return by_letters(each.place.area.name)


def _by_turnout(each: box.Public) -> tuple[float, tuple[str, str]]:
    return -each.voters / max(each.place.area.electorate, 1), _by_area(each)


def _row(name: str, electorate: int, each: box.Public, small: SafeString, archive: str, steps: str) -> AreaTurnout:
    shown = share(each.voters, electorate, 1)
    return AreaTurnout(name, electorate, each.voters, each.ballots, shown, _bar(each.voters, electorate), small, archive, steps)


@lru_cache(maxsize=4096)
def _bar(voters: int, electorate: int) -> SafeString:
    return mark_safe(bar([Part("done", voters)], max(electorate, voters)))  # noqa: S308  # its class is ours


def _drawn(each: box.Public) -> Drawn:
    area = each.place.area
    text = (
        f"{isolated(area.name)}: {share(each.voters, area.electorate, 1)} ({number(each.voters)} / {number(area.electorate)})"
    )
    return Drawn(turnout_kind(each.voters, area.electorate), text)


def _legend() -> tuple[tuple[SafeString, str], ...]:
    first, *middle, last = TURNOUTS[0], *pairwise(TURNOUTS), TURNOUTS[-1]
    texts = [f"< {first} %", *(f"{low}–{high} %" for low, high in middle), f"≥ {last} %"]
    return tuple(
        (mark_safe(sample(f"turnout-{step}", f"{_NAME}-key")), isolated(text))  # noqa: S308  # made of our own words
        for step, text in enumerate(texts, 1)
    )


# --- over time -------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def _when(frozen: Frozen, time: str) -> float:
    """Where a time stands between opening and close."""
    opens, closes = clock.seconds(frozen.setup.calendar.opens), clock.seconds(frozen.setup.calendar.closes)
    return min(max((clock.seconds(time) - opens) / max(closes - opens, 1), 0.0), 1.0)


@lru_cache(maxsize=4096)
def _spark(frozen: Frozen, code: str, count: int) -> SafeString:
    """The line of one area's first ``count`` steps, which never change."""
    electorate = max(frozen.place(code).area.electorate, 1)
    steps = box.known_history(frozen).steps.get(code, [])[:count]
    points = [(0.0, 0.0), *((_when(frozen, time), min(voters / electorate, 1.0)) for time, voters in steps)]
    return mark_safe(spark(points)) if count > 1 else SafeString()  # noqa: S308  # numbers only


@lru_cache(maxsize=64)
def _line(frozen: Frozen, electorate: int, version: int, language: str) -> SafeString | None:
    """The line of all areas together: at each time at which anything was published, the sum of what was public then.

    ``version`` is that of the history: nothing is drawn anew while nothing has changed.
    """
    changes: dict[str, int] = {}
    for steps in box.known_history(frozen).steps.values():
        before = 0
        for time, voters in steps:
            changes[time] = changes.get(time, 0) + voters - before
            before = voters
    if len(changes) < 2:
        return None
    points, sum_so_far = [(0.0, 0.0)], 0
    for time in sorted(changes):
        sum_so_far += changes[time]
        points.append((_when(frozen, time), min(sum_so_far / max(electorate, 1), 1.0)))
    calendar = frozen.setup.calendar
    across = [Mark(0.0, _hour(calendar.opens)), Mark(1.0, _hour(calendar.closes))]
    up = [Mark(part / 4, f"{25 * part} %") for part in range(5)]
    return mark_safe(line(points, across, up, title=_("Turnout over time"), name=f"{_NAME}-line"))  # noqa: S308  # line escapes


def _hour(time: str) -> str:
    return f"{time[:10]} {time[11:16]} UTC"
