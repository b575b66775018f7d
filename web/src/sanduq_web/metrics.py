"""What Prometheus is told: nothing about votes that the public stream does not say, and not earlier.

A counter that is read every few seconds, and kept for years, would undo the steps in which ballots are published. So

- ballots and turnout are those of the public stream, by area;
- of what a booth asks (casting, looking up, lists) there are no counts at all: quantiles of the time to an answer, as they
  were when the public stream last advanced;
- refusals are told in full twenties, once in the time of a step;
- what only readers of pages ask is counted as it comes;
- nothing of this process's own (CPU, memory, size of files) is told: each ballot moves them.

docs/do/operate-a-site.md says what the machine itself gives away to whoever measures it.
"""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, connections

from sanduq import errors
from sanduq_web import __version__, clock
from sanduq_web.box import api as box
from sanduq_web.measure import FAULTS, QUEUE, REFUSALS, SECONDS, TICK, start
from sanduq_web.problems import Problem
from sanduq_web.question.api import anchors, referendum

PLAIN: Final = frozenset(
    {
        "count.downloads.outcome",
        "count.downloads.nist",
        "count.downloads.tidy",
        "count.pages.result",
        "count.protocol.protocol",
        "pages.font",
        "pages.icon",
        "pages.style",
        "watch.learn.guide",
        "watch.learn.index",
        "watch.pack.pack",
        "watch.pages.index",
        "watch.pages.watch",
        "watch.record.archive",
        "watch.record.fingerprints",
        "watch.record.folder",
        "watch.record.journal",
        "watch.record.steps",
        "watch.referendum.one",
    }
)
"""Views that readers ask for, and no booth: counted as they come. A new view is not, until it is written here."""
_TOGETHER: Final = 20
_QUANTILES: Final = (0.5, 0.9, 0.99)
_LOCAL: Final = ("127.0.0.1", "::1", "localhost")
Public = dict[tuple[str, str], tuple[int, int]]
"""By referendum and area, how high the public stream stands, and how many ballots are in it."""
Source = Callable[[], Iterable[Any]]
"""Gives the families of metrics that were counted so far."""


@dataclass
class HeldBack:
    """What was counted, as it may be told now. ``seen`` is the state of the public stream for which the quantiles are."""

    seen: Public | None = None
    slot: int = -1
    quantiles: list[tuple[str, float, float]] = field(default_factory=list)
    refusals: dict[str, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def renew(self, public: Public, slot: int, counted: Mapping[str, Any]) -> None:
        """Take over what has become tellable."""
        if self.seen is None:
            self.seen = public  # what was counted before the first look may be of this very moment
        elif public != self.seen:
            self.seen = public
            # That there are any must not say that somebody has voted: only when everybody knows that twenty have.
            enough = sum(ballots for _, ballots in public.values()) >= _TOGETHER
            self.quantiles = list(_quantiles(counted.get(SECONDS))) if enough else []
        if slot != self.slot:
            first, self.slot = self.slot == -1, slot
            samples = [] if first or REFUSALS not in counted else counted[REFUSALS].samples
            for sample in samples:
                if sample.name == f"{REFUSALS}_total":
                    self.refusals[sample.labels["name"]] = int(sample.value) // _TOGETHER * _TOGETHER


def _quantiles(family: Any) -> Iterator[tuple[str, float, float]]:
    """Of each view that is not :data:`PLAIN` and was asked for: (view, quantile, seconds)."""
    buckets: dict[str, list[tuple[float, float]]] = {}
    for sample in family.samples if family is not None else ():
        if sample.name == f"{SECONDS}_bucket" and sample.labels["view"] not in PLAIN:
            buckets.setdefault(sample.labels["view"], []).append((float(sample.labels["le"]), sample.value))
    for view, found in sorted(buckets.items()):
        found.sort()
        if not found[-1][1]:
            continue
        for quantile in _QUANTILES:
            yield view, quantile, _within(found, quantile * found[-1][1])


def _within(buckets: list[tuple[float, float]], rank: float) -> float:
    """Where in cumulative buckets a rank lies, as Prometheus itself reckons it: in proportion."""
    below, until = 0.0, 0.0
    for limit, count in buckets:
        if count >= rank:
            if math.isinf(limit):
                return below
            return below + (limit - below) * (rank - until) / max(count - until, 1e-9)
        below, until = limit, count
    return below


@dataclass(eq=False)
class Told:
    """A collector for Prometheus's client."""

    source: Source
    held: HeldBack = field(default_factory=HeldBack)

    def collect(self) -> Iterator[Any]:
        """Everything that may be told at this moment."""
        from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

        info = InfoMetricFamily("sanduq", "What runs here")
        info.add_metric([], {"version": __version__, "engine": settings.SANDUQ_ENGINE or "fastest"})
        yield info
        up = GaugeMetricFamily("sanduq_database_up", "Whether the database answers")
        try:
            found, public, minutes = _of_the_record()
            up.add_metric([], 1)
            yield from found
        except (DatabaseError, errors.SanduqError, Problem):
            public, minutes = self.held.seen or {}, settings.SANDUQ_STEP[0]
            up.add_metric([], 0)
        finally:
            connections.close_all()
        yield up
        yield from self._of_requests(public, minutes)

    def _of_requests(self, public: Public, minutes: int) -> Iterator[Any]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

        counted = {family.name: family for family in self.source()}
        slot = clock.seconds(clock.now()) // (60 * max(minutes, 1))
        with self.held.lock:
            self.held.renew(public, slot, counted)
            quantiles, refusals = list(self.held.quantiles), dict(self.held.refusals)
        seconds = HistogramMetricFamily(SECONDS, "Time to an answer, of what readers ask", labels=["view"])
        if SECONDS in counted:
            seconds.samples = [each for each in counted[SECONDS].samples if each.labels.get("view") in PLAIN]
        yield seconds
        voting = GaugeMetricFamily(
            "sanduq_voting_seconds", "Time to an answer, of what booths ask, as of the last step", labels=["view", "quantile"]
        )
        for view, quantile, value in quantiles:
            voting.add_metric([view, str(quantile)], round(value, 4))
        yield voting
        refused = CounterMetricFamily(REFUSALS, "Refusals, in full twenties, as of the last step", labels=["name"])
        for name, value in sorted(refusals.items()):
            if value:
                refused.add_metric([name], value)
        yield refused
        yield from (counted[name] for name in (FAULTS, TICK, QUEUE) if name in counted)


def _of_the_record() -> tuple[list[Any], Public, int]:
    """What the public stream says, in a form that changes when it does, and the longest step in minutes."""
    from prometheus_client.core import GaugeMetricFamily

    ballots = GaugeMetricFamily("sanduq_public_ballots", "Ballots in the public stream", labels=["referendum", "area"])
    voters = GaugeMetricFamily(
        "sanduq_public_voters", "Credentials that voted, in the public stream", labels=["referendum", "area"]
    )
    phases = GaugeMetricFamily("sanduq_phase", "1 for the phase in which a referendum is", labels=["referendum", "phase"])
    held = GaugeMetricFamily("sanduq_held", "1 where a box was put back from a backup and is held", labels=["referendum"])
    state: Public = {}
    minutes = 1
    for anchor in anchors():
        name = anchor[:12]
        phase = box.phase(anchor)
        phases.add_metric([name, phase], 1)
        held.add_metric([name], int(box.is_held(anchor)))
        for each in box.public(referendum(anchor)):
            ballots.add_metric([name, each.place.code], each.ballots)
            voters.add_metric([name, each.place.code], each.voters)
            state[anchor, each.place.code] = (each.height, each.ballots)
            if phase == "open":
                minutes = max(minutes, each.step_minutes)
    return [ballots, voters, phases, held], state, minutes


# --- where it is told ---------------------------------------------------------------------------------------------------------


def address(text: str, port: int) -> tuple[str, int]:
    """Host and port of ``--metrics``: this machine's own if only a port is named; never the port on which the site is."""
    host, _, number = text.rpartition(":")
    if not (number.isdecimal() and 0 < int(number) < 1 << 16):
        raise errors.Unusable(f"--metrics {text}: expected HOST:PORT, or a port")
    if int(number) == port:
        raise errors.Unusable(f"--metrics {text}: this is the site's own port", hint="what is told there is for operators")
    return host.strip("[]") or "127.0.0.1", int(number)


@contextmanager
def told_at(host: str, port: int, source: Source, say: Callable[[str], None]) -> Iterator[None]:
    """Answer Prometheus there, on a listener of its own, for as long as this lasts."""
    from prometheus_client import CollectorRegistry, start_http_server

    registry = CollectorRegistry()
    registry.register(Told(source))
    server, thread = start_http_server(port, host, registry)
    say(f"metrics on http://{host}:{port}" + ("" if host in _LOCAL else ", not for this machine alone: let only Prometheus in"))
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def shared() -> Iterator[tuple[Path, Source]]:
    """Where several processes count together, in memory if it can be, and what gives all of it; gone afterwards."""
    start()  # refuses, in words, where the client is not installed
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    memory = Path("/dev/shm")  # noqa: S108  # the folder within is ours alone
    folder = Path(tempfile.mkdtemp(prefix="sanduq-metrics-", dir=memory if memory.is_dir() else None))
    registry = CollectorRegistry()
    collector = MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
    try:
        yield folder, collector.collect
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def forget(process: int, folder: Path) -> None:
    """A process has ended: what it had in its queue waits no more."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(process, str(folder))  # type: ignore[no-untyped-call]
