"""What must be done before the public reads: the calendar's acts, and publishing what is due."""

from __future__ import annotations

import logging
from contextlib import suppress
from threading import Event, Thread
from typing import Final

from django.db import DatabaseError, close_old_connections, connections

from sanduq_web import clock, edition, measure
from sanduq_web.box import actions as box
from sanduq_web.faults import briefly
from sanduq_web.question.api import Frozen, anchors, referendum

_log = logging.getLogger("sanduq_web.watch")
TICK: Final = 5.0


def bring_up_to_date(frozen: Frozen, now: str) -> None:
    """Do what is due at this time. Called by the ticker, and by :func:`show_due`; whoever is first does it."""
    box.follow_calendar(frozen, now)
    box.publish_all(frozen, now)
    box.complete_fingerprints(frozen.anchor)


def show_due(frozen: Frozen, now: str) -> None:
    """The same before a read, which a database that refuses to write does not stop: what was public stays readable.

    The ticker logs why; here a line would be one for each reader. Pages of an edition are of what is public already.
    """
    if edition.current.get() is not None:
        return
    with suppress(DatabaseError):
        bring_up_to_date(frozen, now)


def tick(now: str) -> None:
    """The same for all referendums; one that fails does not keep the others back."""
    box.forget_old(now)
    done = True
    for anchor in anchors():
        try:
            bring_up_to_date(referendum(anchor), now)
        except DatabaseError as error:
            _log.error("referendum %s: %s", anchor[:12], briefly(error))
            done = False
    if done:
        measure.ticked()


def start_ticker(stop: Event) -> Thread:
    """A thread that ticks until it is told to stop."""

    def run() -> None:
        while not stop.wait(TICK):
            close_old_connections()
            try:
                tick(clock.now())
            except Exception:  # noqa: BLE001  # a ticker that has stopped would leave the vote open
                _log.exception("the ticker failed; it goes on")
        connections.close_all()

    thread = Thread(target=run, name="ticker", daemon=True)
    thread.start()
    return thread
