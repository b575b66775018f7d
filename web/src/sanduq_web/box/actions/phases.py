"""The acts: opening and closing, as the calendar says; each stands in the journal (spec 5.c)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from sanduq import errors
from sanduq.archive.events import Kind
from sanduq.archive.writer import Head, event_records
from sanduq.box.journal import Act, Line, next_line
from sanduq_web.box import models
from sanduq_web.box.actions.forgetting import forget_all
from sanduq_web.box.actions.publishing import publish
from sanduq_web.box.api import is_held, journal
from sanduq_web.question.api import Frozen
from sanduq_web.question.models import Referendum


def keep_line(anchor: str, line: Line) -> None:
    """Append a line to the journal, within the caller's transaction; two at one height cannot be."""
    models.Line.objects.create(referendum_id=anchor, height=line.height, text=line.to_bytes())


def lock(anchor: str) -> None:
    """Hold the referendum: acts come one after the other."""
    Referendum.objects.select_for_update().only("anchor").get(pk=anchor)


def _require(anchor: str, last: Act, wanted: Act, now: str, earliest: str) -> None:
    if is_held(anchor):
        raise errors.BoxNotOpen("this box was put back from a backup, and is held", hint="see `sanduq-web resume`")
    if last is not wanted:
        raise errors.BoxNotOpen(f"this can be done when the referendum is {wanted.value}", got=f"it is {last.value}")
    if now < earliest:
        raise errors.BoxNotOpen("the calendar does not allow it yet", expected=f"from {earliest}", got=now)


def open_vote(frozen: Frozen, now: str) -> Line:
    """Open the vote in all areas; refused (5.1) before its time, and if it was opened already."""
    with transaction.atomic():
        lock(frozen.anchor)
        before = journal(frozen.anchor)
        _require(frozen.anchor, before[-1].act, Act.FROZEN, now, frozen.setup.calendar.opens)
        return _write(frozen, before, Act.OPENED, now, {})


def close_vote(frozen: Frozen, now: str) -> Line:
    """Close the vote in all areas and publish everything; refused (5.1) before its time, and if it is not open."""
    with transaction.atomic():
        lock(frozen.anchor)
        before = journal(frozen.anchor)
        _require(frozen.anchor, before[-1].act, Act.OPENED, now, frozen.setup.calendar.closes)
        heads = {}
        rows = models.Archive.objects.select_for_update().filter(area__referendum_id=frozen.anchor)
        for archive in rows.select_related("area").order_by("pk"):
            _end_ballots(archive)
            publish(archive, now)
            archive.save()
            heads[archive.area.code] = archive.head
        forget_all(frozen.anchor)
        return _write(frozen, before, Act.CLOSED, now, {"heads": heads})


def _end_ballots(archive: models.Archive) -> None:
    head = Head(archive.head, archive.height, Kind(archive.kind), archive.time)
    content, after = event_records(head, Kind.END_BALLOTS, [])
    models.Chunk.objects.create(archive=archive, start=archive.size, content=content)
    archive.size += len(content)
    archive.head, archive.height, archive.kind = after.hash or "", after.height, Kind.END_BALLOTS.value


def _write(frozen: Frozen, before: list[Line], act: Act, now: str, details: Mapping[str, Any]) -> Line:
    line = next_line(before, act, now, details)
    keep_line(frozen.anchor, line)
    return line


def follow_calendar(frozen: Frozen, now: str) -> list[Line]:
    """Do what the calendar says is due, and give the acts that were done. Safe to call at any time, from anywhere."""
    done: list[Line] = []
    for act, earliest, do in (
        (Act.FROZEN, frozen.setup.calendar.opens, open_vote),
        (Act.OPENED, frozen.setup.calendar.closes, close_vote),
    ):
        if now >= earliest and _last_act(frozen.anchor) is act and not is_held(frozen.anchor):
            try:
                done.append(do(frozen, now))
            except errors.BoxNotOpen:
                continue  # another process was quicker
    return done


def _last_act(anchor: str) -> Act:
    return journal(anchor)[-1].act
