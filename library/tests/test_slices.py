"""An archive in slices: the report, or the refusal, is the one that verifying it in one piece gives, whatever stands in it."""

from __future__ import annotations

import dataclasses
import io
import random
from collections.abc import Callable
from functools import cache

import pytest

from sanduq import errors
from sanduq.archive.events import Event, Kind
from sanduq.archive.reader import ArchiveReader
from sanduq.archive.tar import BLOCK, padding
from sanduq.archive.writer import event_records, head_of, record
from sanduq.engine import Engine, choose
from sanduq.watch.archive import verify_archive
from sanduq.watch.slices import Plan, Slice, check_slice, find_place, join_slices, plan_slices
from small import small

SIZE = 12_000
"""Bytes of a slice here: two or three ballots."""


@cache
def _archive(name: str = "many") -> bytes:
    return small(name).archive


def _sliced(archive: bytes, change: Callable[[list[Slice | None]], list[Slice | None]] = list) -> object:
    """What verifying in slices says: a report, or the refusal's text."""
    engine, file = choose(None), io.BytesIO(archive)
    plan = plan_slices(file, SIZE)
    slices: list[Slice | None] = [] if plan is None else [check_slice(file, plan, n, engine) for n in range(plan.count)]
    return _said(lambda: join_slices(io.BytesIO(archive), engine, change(slices)))


def _whole(archive: bytes) -> object:
    return _said(lambda: verify_archive(io.BytesIO(archive), choose(None)))


def _said(act: Callable[[], object]) -> object:
    try:
        return act()
    except errors.Refused as refusal:
        return type(refusal), str(refusal)


def _entries(archive: bytes) -> list[tuple[int, int, Kind]]:
    return [(entry.start, entry.end, entry.event.kind) for entry in ArchiveReader(io.BytesIO(archive))]


def test_the_report_is_the_same() -> None:
    archive = _archive()
    plan = plan_slices(io.BytesIO(archive), SIZE)
    assert plan is not None
    assert plan.count > 2
    engine = choose(None)
    slices = [check_slice(io.BytesIO(archive), plan, number, engine) for number in range(plan.count)]
    used = sum(len(each.places) for each in slices if each is not None)
    report = verify_archive(io.BytesIO(archive), engine)
    assert report.counted < report.ballots
    assert (_sliced(archive), used) == (report, report.ballots)


def test_weights_are_left_to_the_whole() -> None:
    assert plan_slices(io.BytesIO(_archive("weights")), 4000) is None


def test_a_small_archive_is_not_cut() -> None:
    archive = _archive()
    assert plan_slices(io.BytesIO(archive), len(archive)) is None
    assert plan_slices(io.BytesIO(b"x" * SIZE * 9), SIZE) is None


@pytest.mark.parametrize("change", ["missing", "twice", "reversed", "other height", "other time", "not this one's"])
def test_slices_that_do_not_fit_are_not_used(change: str) -> None:
    def changed(slices: list[Slice | None]) -> list[Slice | None]:
        one = slices[1]
        assert one is not None
        start = one.start
        if change == "missing":
            return [slices[0], None, *slices[2:]]
        if change == "twice":
            return [slices[0], slices[0], *slices[1:]]
        if change == "reversed":
            return slices[::-1]
        if change == "other height":
            start = dataclasses.replace(start, height=start.height + 1)
        elif change == "other time":
            start = dataclasses.replace(start, time=start.time + 1)
        else:
            start = dataclasses.replace(start, head="0" * 64)
        return [slices[0], dataclasses.replace(one, start=start), *slices[2:]]

    assert _sliced(_archive(), changed) == _whole(_archive())


def test_whatever_byte_is_changed_the_refusal_is_the_same() -> None:
    archive, rng = _archive(), random.Random(7)
    first = _entries(archive)[0][1]
    refused = 0
    for _ in range(8):
        place = rng.randrange(first, len(archive))
        changed = bytearray(archive)
        changed[place] ^= 1 << rng.randrange(8)
        said = _whole(bytes(changed))
        assert _sliced(bytes(changed)) == said
        refused += isinstance(said, tuple)
    assert refused == 8


def _rebuilt(change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    """The open archive again, with other ballots in it and all hashes right."""
    archive = _archive()
    reader = ArchiveReader(io.BytesIO(archive))
    entries = iter(reader)
    setup = next(entries)
    head = head_of(reader)
    ballots = change([entry.data[0] for entry in entries if entry.event.kind is Kind.BALLOT])
    parts = [archive[: setup.end]]
    for ballot in ballots:
        content, head = event_records(head, Kind.BALLOT, [ballot])
        parts.append(content)
    return b"".join(parts)


def test_a_replay_in_another_slice_is_found() -> None:
    archive = _rebuilt(lambda ballots: [*ballots, ballots[0]])
    assert _sliced(archive) == _whole(archive)
    assert _whole(archive)[0] is errors.BallotReplayed  # type: ignore[index]


def test_a_ballot_that_is_none_in_a_late_slice_is_found() -> None:
    archive = _rebuilt(lambda ballots: [*ballots, ballots[0].replace(b'"challenge":"', b'"challenge":"1', 1), ballots[1][:-1]])
    assert _sliced(archive) == _whole(archive)


def _false_event(ballots: list[bytes]) -> list[bytes]:
    """In the middle a "ballot" that is itself a run of records, so that whoever looks for an event there finds a false one."""
    event = Event("0" * 64, 3, Kind.BALLOT, "1" * 64).to_bytes()
    time = ArchiveReader(io.BytesIO(_archive()))
    next(iter(time))
    inner = record(f"{'2' * 64}.event.json", event, time.time)
    return [*ballots[:4], inner * 20, *ballots[4:]]


def test_a_false_event_leads_nobody_astray() -> None:
    archive = _rebuilt(_false_event)
    start = next(start for start, end, _ in _entries_of_ballots(archive) if end - start > 20 * BLOCK)
    assert find_place(io.BytesIO(archive), start + BLOCK) is not None
    assert _sliced(archive) == _whole(archive)


def _entries_of_ballots(archive: bytes) -> list[tuple[int, int, Kind]]:
    return [each for each in _entries(archive) if each[2] is Kind.BALLOT]


def test_places_are_found_where_events_end() -> None:
    archive = _archive()
    entries = _entries(archive)
    for near in range(0, entries[-1][0], 5003):
        place = find_place(io.BytesIO(archive), near)
        assert place is not None
        assert place.position in {end for _, end, _ in entries}
    assert find_place(io.BytesIO(archive), entries[-1][1]) is None
    assert padding(1) == BLOCK - 1


def test_a_plan_of_another_archive_costs_time_only() -> None:
    archive, engine = _archive(), choose(None)
    plan = plan_slices(io.BytesIO(archive), SIZE)
    assert plan is not None
    other = Plan(plan.election, dataclasses.replace(plan.first, head="3" * 64), plan.ends)
    slices = [check_slice(io.BytesIO(archive), other, number, engine) for number in range(other.count)]
    assert _said(lambda: join_slices(io.BytesIO(archive), engine, slices)) == _whole(archive)


def test_events_that_are_looked_for_are_found(engine: Engine) -> None:
    """Whoever takes the ballots: one by one, as a stretch, or in slices."""
    archive = _archive()
    entries = ArchiveReader(io.BytesIO(archive))
    heights = {entry.hash: entry.event.height for entry in entries if entry.event.height in (0, 1, 9, 18)}
    marks = [*heights, "f" * 64]
    assert verify_archive(io.BytesIO(archive), engine, marks=marks).marks == heights
    plan = plan_slices(io.BytesIO(archive), SIZE)
    assert plan is not None
    slices = [check_slice(io.BytesIO(archive), plan, number, engine, marks=marks) for number in range(plan.count)]
    assert join_slices(io.BytesIO(archive), engine, slices, marks=marks).marks == heights
