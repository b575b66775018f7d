"""Keeping what the vote site says: in one row."""

from __future__ import annotations

import json
import logging
from threading import Event, Thread
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from sanduq import errors
from sanduq.question.setup import Setup
from sanduq_web.press.feed import fetching
from sanduq_web.press.models import VoteState

_log = logging.getLogger("sanduq_web.press.feed")
EVERY: Final = 60.0
_MOST: Final = 512 << 10
"""Bytes of texts and results: all of them stand on the front page, which everybody fetches."""
_Value = dict[str, Any]


def read_now() -> str | None:
    """Ask the vote site once, and keep what it says; gives the phase, or None if there is no referendum.

    Raises :class:`errors.Unusable` if it does not answer, :class:`errors.Refused` if it says what cannot be read.
    """
    if not settings.SANDUQ_PRESS_VOTE:
        raise errors.Unusable("no vote site is set", hint="set SANDUQ_PRESS_VOTE to its origin, such as https://vote.example")
    now, row = timezone.now(), VoteState.objects.filter(pk=1).first()
    known = row.value if row is not None and row.origin == settings.SANDUQ_PRESS_VOTE else {}
    value = _value(fetching.Site(settings.SANDUQ_PRESS_VOTE), now.timestamp(), known)
    if known == value and row is not None:
        VoteState.objects.filter(pk=1).update(read_on=now)  # nothing is new: pages that are kept stay good
    else:
        VoteState(pk=1, origin=settings.SANDUQ_PRESS_VOTE, read_on=now, value=value).save()
    phase: str | None = value.get("phase")
    return phase


def _value(site: fetching.Site, now: float, known: _Value) -> _Value:
    state = fetching.running(site, now)
    if state is None:
        return {}
    same = known.get("anchor") == state.anchor
    setup = fetching.setup_of(site, state.anchor)
    value: _Value = {"anchor": state.anchor, "phase": state.phase, "opens": state.opens, "closes": state.closes} | _texts(setup)
    value["result"] = fetching.outcome(site, setup, state.anchor) if state.phase == "decided" else None
    if len(json.dumps(value)) > _MOST:
        raise errors.Unusable(f"the vote site says more than {_MOST} bytes for the front page")
    areas = known.get("areas", {}) if same else {}
    value["areas"] = fetching.turnout(site, setup, state.anchor, areas) if state.phase != "frozen" else {}
    return value


def _texts(setup: Setup) -> _Value:
    return {
        "languages": dict(setup.languages),
        "title": dict(setup.title),
        "questions": {
            each.id: {"text": dict(each.text), "answers": {answer.id: dict(answer.text) for answer in each.answers}}
            for each in setup.questions
        },
        "electorate": sum(area.electorate for area in setup.areas),
    }


def start_reader(stop: Event) -> Thread:
    """A thread that asks every minute until it is told to stop."""

    def run() -> None:
        told = ""
        while True:
            close_old_connections()
            said = ""
            try:
                read_now()
            except errors.SanduqError as error:
                said = str(error)
            except DatabaseError as error:
                said = type(error).__name__
            except Exception:  # noqa: BLE001  # a reader that has stopped would show an old state for ever
                _log.exception("reading the vote site failed; it is tried again")
            if said and said != told:
                _log.warning("the state of the vote stays as it is: %s", said)
            told = said
            if stop.wait(EVERY):
                break
        connections.close_all()

    thread = Thread(target=run, name="vote-feed", daemon=True)
    thread.start()
    return thread
