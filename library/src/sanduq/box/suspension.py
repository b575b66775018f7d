"""Suspending the vote: the box stops in all areas at once, and notes where it stands (spec 5.e)."""

from __future__ import annotations

from sanduq import errors
from sanduq.archive.reader import ArchiveReader
from sanduq.box.journal import Act, Line
from sanduq.box.record import Record
from sanduq.box.supervision import SignedAct, require_fitting
from sanduq.question.setup import CountingArea


def suspend(record: Record, signed: SignedAct, now: str) -> Line:
    """Do what a supervisor has signed: no ballot is taken from now on. The heads of all archives go into the journal's line."""
    details = {"reason": signed.statement.details.get("reason")}
    with record.gate(alone=True):
        require_fitting(record.setup, record.journal(), signed, Act.SUSPENDED, details)
        heads = {area.code: _head(record, area) for area in record.setup.areas}
        return record.write_act(Act.SUSPENDED, now, details | {"heads": heads}, signed.countersignature)


def _head(record: Record, area: CountingArea) -> str:
    """The last whole event. (What an interrupted write left behind it was never acknowledged.)"""
    with record.archive(area).open("rb") as file:
        reader = ArchiveReader(file, stop_at_tail=True, check_hashes=False)
        for _ in reader:
            pass
    if reader.head is None:
        raise errors.Truncated("there is no whole Setup event").within(f"area {area.code}")
    return reader.head
