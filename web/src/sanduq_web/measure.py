"""What is counted while requests are answered, in memory: by views and refusals, never by path, area or person.

It is kept only where ``sanduq-web serve --metrics`` asks for it. Who looks at it sees :mod:`sanduq_web.metrics`, which holds
back what would time a ballot; nothing else may read this.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase

from sanduq import errors

Answer = Callable[[HttpRequest], HttpResponseBase]
SECONDS: Final = "sanduq_request_seconds"
REFUSALS: Final = "sanduq_refusals"
FAULTS: Final = "sanduq_faults"
TICK: Final = "sanduq_last_tick_timestamp_seconds"
QUEUE: Final = "sanduq_queue"
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


@dataclass(frozen=True)
class Instruments:
    """Of this process; with PROMETHEUS_MULTIPROC_DIR they count in files there, which one process reads for all."""

    registry: Any
    seconds: Any
    refusals: Any
    faults: Any
    tick: Any
    queue: Any


_known: dict[str, Instruments] = {}


def start() -> Instruments:
    """Begin to count. Needs the extra ``metrics``."""
    try:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
    except ImportError:
        raise errors.Unusable("prometheus_client is not here", hint="pip install 'sanduq-web[metrics]'") from None
    registry = CollectorRegistry()
    _known["here"] = found = Instruments(
        registry,
        Histogram(SECONDS, "Time to an answer", ["view"], buckets=_BUCKETS, registry=registry),
        Counter(REFUSALS, "Refusals", ["name"], registry=registry),
        Counter(FAULTS, "Faults of ours", registry=registry),
        Gauge(TICK, "When what is due was done last", registry=registry, multiprocess_mode="max"),
        Gauge(QUEUE, "Requests that wait for a thread", registry=registry, multiprocess_mode="livesum"),
    )
    return found


def stop() -> None:
    """Count no more."""
    _known.clear()


def ticked() -> None:
    """What was due is done."""
    if here := _known.get("here"):
        here.tick.set(int(time.time()))


def measured(get_response: Answer) -> Answer:
    """The outermost of all: how long each answer took, and why it was none."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        here = _known.get("here")
        if here is None:
            return get_response(request)
        began = time.perf_counter()
        response = get_response(request)
        here.seconds.labels(_view(request)).observe(time.perf_counter() - began)
        refused = getattr(response, "refused_as", None)
        if refused is not None:
            here.refusals.labels(refused).inc()
        if response.status_code == 500:
            here.faults.inc()
        return response

    return answer


def _view(request: HttpRequest) -> str:
    """``box.cast`` of ``sanduq_web.box.views.cast``; none where no view has the address."""
    match = request.resolver_match
    if match is None:
        return "none"
    module, name = match.func.__module__, getattr(match.func, "__name__", "view")
    words = [word for word in module.removeprefix("sanduq_web.").split(".") if word != "views"]
    return ".".join([*words, name])
