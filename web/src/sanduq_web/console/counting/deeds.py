"""Deeds of the vote's course. Those of the count take the record out of the database, and back in when the library is done."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sanduq import errors
from sanduq.box.journal import Act
from sanduq.box.record import Record
from sanduq.engine import Engine, choose
from sanduq.watch.counting import decide_record, open_record, read_parts, sum_record
from sanduq_web.box import actions as box
from sanduq_web.box import api as box_api
from sanduq_web.console.ceremony.board import Board, board
from sanduq_web.console.ceremony.models import Kind
from sanduq_web.console.office.deeds import Deed, Payload, register
from sanduq_web.console.office.models import Role, Vote
from sanduq_web.question.api import referendum
from sanduq_web.records import export_record, import_record

OPEN: Final = "open"
CLOSE: Final = "close"
SUM: Final = "sum"
COUNT: Final = "count"


def anchor_of(vote: Vote) -> str:
    """The anchor of a vote that is frozen."""
    if vote.referendum_id is None:
        raise errors.Unusable("this vote is not frozen yet")
    return str(vote.referendum_id)


def last_act(vote: Vote) -> Act | None:
    """What was done last, by the record's journal."""
    return box_api.journal(str(vote.referendum_id))[-1].act if vote.referendum_id else None


def _require(vote: Vote, wanted: Act) -> None:
    got = last_act(vote)
    if got is not wanted:
        raise errors.Unusable(f"this is done when the vote is {wanted.value}; it is {got.value if got else 'a draft'}")


def decryptions(vote: Vote) -> Board:
    """The board, once enough trustees have handed over their decryptions."""
    found = board(vote)
    trustees = found.trustees if found else None
    if found is None or trustees is None:
        raise errors.Unusable("this vote had no ceremony here", hint="count it with `sanduq count`, and import the record")
    given = {owner for kind, owner in found.texts if kind == Kind.DECRYPTION.value}
    first = 1
    for item in trustees.items:
        there = [owner for owner in range(first, first + len(item.keys)) if owner in given]
        if len(there) < item.needed:
            raise errors.Unusable(f"{len(there)} of {item.needed} decryptions are there", hint="the trustees hand them over")
        first += len(item.keys)
    return found


def _on_record(vote: Vote, now: str, work: Callable[[Record, Engine], Mapping[str, Any]]) -> Mapping[str, Any]:
    anchor = anchor_of(vote)
    with tempfile.TemporaryDirectory(prefix="sanduq-count-") as folder:
        path = Path(folder) / "record"
        export_record(anchor, path)
        told = work(Record(path), choose(settings.SANDUQ_ENGINE))
        import_record(path, now, anchor)
    return told


def _open(vote: Vote, payload: Payload, now: str) -> Mapping[str, Any]:
    return {"time": box.open_vote(referendum(anchor_of(vote)), now).time}


def _close(vote: Vote, payload: Payload, now: str) -> Mapping[str, Any]:
    return {"time": box.close_vote(referendum(anchor_of(vote)), now).time}


def _sum(vote: Vote, payload: Payload, now: str) -> Mapping[str, Any]:
    return _on_record(vote, now, lambda record, engine: {"areas": sum_record(record, engine, now)})


def _count(vote: Vote, payload: Payload, now: str) -> Mapping[str, Any]:
    found = decryptions(vote)
    given = dict(read_parts(text) for (kind, _owner), text in sorted(found.texts.items()) if kind == Kind.DECRYPTION.value)

    def work(record: Record, engine: Engine) -> Mapping[str, Any]:
        open_record(record, given, engine, now)
        report = decide_record(record, engine, now)
        return {"decided": report.outcome is not None, "trustees": sorted(given)}

    return _on_record(vote, now, work)


def _when(act: Act) -> Callable[[Vote, Payload], None]:
    return lambda vote, payload: _require(vote, act)


def _may_count(vote: Vote, payload: Payload) -> None:
    _require(vote, Act.SUMMED)
    decryptions(vote)


def _tell(vote: Vote, payload: Payload) -> list[str]:
    setup = referendum(anchor_of(vote)).setup
    anchor = _("The anchor")
    return [f"{anchor}: {setup.anchor}", f"{setup.calendar.opens} – {setup.calendar.closes}"]


def join() -> None:
    """Make the deeds known."""
    commission = Role.COMMISSION
    register(Deed(OPEN, _("Open the vote: from now on ballots are taken"), commission, _when(Act.FROZEN), _open, _tell))
    register(Deed(CLOSE, _("Close the vote: no more ballots are taken"), commission, _when(Act.OPENED), _close, _tell))
    register(Deed(SUM, _("Sum the ballots of each area, encrypted"), commission, _when(Act.CLOSED), _sum, _tell))
    register(Deed(COUNT, _("Put the decryptions together, and apply the rule"), commission, _may_count, _count, _tell))
