"""The box: torn ends byte by byte, damage, the same ballot again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from box_rig import Rig, make_rig, stored
from sanduq import errors
from sanduq.archive.tar import BLOCK
from sanduq.archive.writer import cut_unfinished_tail, locked
from sanduq.box import check_receipt


@pytest.fixture(scope="module")
def rig() -> Rig:
    return make_rig(6)


@pytest.fixture
def path(rig: Rig, tmp_path: Path) -> Iterator[Path]:
    """An archive without ballots; in memory where there is such a place, since thousands of times it is made durable."""
    memory = Path("/dev/shm")
    place = memory if os.access(memory, os.W_OK) else tmp_path
    with TemporaryDirectory(dir=place) as folder:
        made = Path(folder) / "a.bel"
        made.write_bytes(rig.archive)
        yield made


def _two(rig: Rig, path: Path) -> tuple[bytes, bytes]:
    """The archive with one ballot, and with two."""
    with rig.open(path) as box:
        box.cast(rig.ballots[0])
        before = path.read_bytes()
        box.cast(rig.ballots[1])
    return before, path.read_bytes()


# --- torn ends ---------------------------------------------------------------------------------------------------------------


def _recovers(rig: Rig, path: Path, before: bytes, after: bytes, torn: bytes, *, cast: bool = True) -> None:
    path.write_bytes(torn)
    expected, cut = (after, 0) if torn == after else (before, len(torn) - len(before))
    if cast:
        with rig.open(path) as box:
            assert (box.cut, path.read_bytes()) == (cut, expected)
            box.cast(rig.ballots[1])
        assert path.read_bytes() == after
    else:
        with locked(path) as file:
            assert cut_unfinished_tail(file)[1] == cut
        assert path.read_bytes() == expected


def test_every_cut_in_the_last_event_is_recovered(rig: Rig, path: Path) -> None:
    before, after = _two(rig, path)
    for position in range(len(before), len(after) + 1):
        _recovers(rig, path, before, after, after[:position], cast=position % 50 == 0)


def _places(before: bytes, after: bytes, step: int) -> set[int]:
    """All positions in the headers, and around every border of a block; of the others every so many."""
    size = range(len(before), len(after))
    near = {position for position in size if (position - len(before)) % BLOCK in (0, 1, 2, 100, 124, 136, 148, 156, 511)}
    return near | set(range(len(before), len(after), step))


@pytest.mark.parametrize("step", [41, pytest.param(1, marks=pytest.mark.long)])
def test_every_cut_with_zeros_behind_it_is_recovered(rig: Rig, path: Path, step: int) -> None:
    """The file has its new length already, but the disk did not get all of the data."""
    before, after = _two(rig, path)
    for position in _places(before, after, step):
        torn = after[:position]
        for length in (len(after), len(after) + 1, -(-len(after) // 4096) * 4096, position + 7):
            zeros = torn.ljust(length, b"\0")
            if zeros[: len(after)] != after:
                _recovers(rig, path, before, after, zeros, cast=position % 50 == 0)


def test_zeros_behind_a_whole_event_are_cut(rig: Rig, path: Path) -> None:
    _, after = _two(rig, path)
    for count in (1, 511, 512, 1024, 70000):
        path.write_bytes(after + bytes(count))
        with rig.open(path) as box:
            assert (box.cut, path.read_bytes()) == (count, after)


def test_a_torn_write_of_many_keeps_the_events_that_are_whole(rig: Rig, path: Path) -> None:
    with rig.open(path) as box:
        box.cast(rig.ballots[0])
        before = path.read_bytes()
        box.cast_many(rig.ballots[1:4])
    after = path.read_bytes()
    for position in range(len(before), len(after), 97):
        path.write_bytes(after[:position])
        with rig.open(path) as box:
            box.cast_many(rig.ballots[1:4])
        assert path.read_bytes() == after


def test_a_torn_end_of_the_vote_is_closed_again(rig: Rig, path: Path) -> None:
    before, _ = _two(rig, path)
    path.write_bytes(before)
    with rig.open(path) as box:
        box.close()
    after = path.read_bytes()
    # Seven shares no factor with the 512 bytes of a record: every place in one is cut at.
    for position in range(len(before), len(after), 7):
        path.write_bytes(after[:position])
        with rig.open(path) as box:
            assert box.is_open
            box.close()
        assert path.read_bytes() == after


# --- damage ------------------------------------------------------------------------------------------------------------------


def _is_refused_unchanged(rig: Rig, path: Path, damaged: bytes) -> None:
    path.write_bytes(damaged)
    with pytest.raises(errors.Refused), rig.open(path):
        pass
    assert path.read_bytes() == damaged


@pytest.mark.parametrize("step", [61, pytest.param(1, marks=pytest.mark.long)])
def test_a_flipped_bit_before_the_last_event_is_refused_with_nothing_changed(rig: Rig, path: Path, step: int) -> None:
    before, after = _two(rig, path)
    for position in range(0, len(before), step):
        damaged = bytearray(after)
        damaged[position] ^= 1 << (position % 8)
        _is_refused_unchanged(rig, path, bytes(damaged))


def test_a_flipped_bit_in_the_last_event_is_refused_too(rig: Rig, path: Path) -> None:
    before, after = _two(rig, path)
    for position in range(len(before), len(after), 13):
        damaged = bytearray(after)
        damaged[position] ^= 1 << (position % 8)
        _is_refused_unchanged(rig, path, bytes(damaged))


def test_a_hole_is_refused(rig: Rig, path: Path) -> None:
    before, after = _two(rig, path)
    for start in range(0, len(before), 512):
        if any(after[start : start + 512]):
            _is_refused_unchanged(rig, path, after[:start] + bytes(512) + after[start + 512 :])
            _is_refused_unchanged(rig, path, after[:start] + after[start + 512 :])


@pytest.mark.parametrize("tail", [b"x", b"\0" * 512 + b"x", b"junk" * 200, b"\xff" * 5000])
def test_junk_behind_the_end_is_not_an_unfinished_write(rig: Rig, path: Path, tail: bytes) -> None:
    _, after = _two(rig, path)
    if len(tail) < 512:  # a beginning of a header, as far as anybody can tell
        path.write_bytes(after + tail)
        with rig.open(path) as box:
            assert box.cut == len(tail)
    else:
        _is_refused_unchanged(rig, path, after + tail)


def test_another_archive_behind_the_end_is_refused(rig: Rig, path: Path) -> None:
    _, after = _two(rig, path)
    _is_refused_unchanged(rig, path, after + after)


def test_no_archive_at_all_is_refused(rig: Rig, path: Path) -> None:
    for data in (b"", rig.archive[:100], rig.archive[:-1024], bytes(5000), b"\xff" * 5000):
        _is_refused_unchanged(rig, path, data)


# --- the same ballot again (5.2) ---------------------------------------------------------------------------------------------


def test_the_latest_again_gives_the_same_receipt(rig: Rig, path: Path) -> None:
    with rig.open(path) as box:
        first = box.cast(rig.ballots[0])
        later = box.cast(rig.again[0])
        assert box.cast(rig.again[0]) == later
    with rig.open(path) as box:
        assert box.cast(rig.again[0]) == later
    check_receipt(later, rig.key.public)
    assert (first.height, later.height, len(stored(path))) == (1, 2, 2)


def test_an_older_one_is_refused(rig: Rig, path: Path) -> None:
    for _ in range(2):
        with rig.open(path) as box:
            for ballot in (rig.again[0],) if box.head.height else (rig.ballots[0], rig.again[0]):
                box.cast(ballot)
            before = path.read_bytes()
            with pytest.raises(errors.BallotSuperseded):
                box.cast(rig.ballots[0])
            assert path.read_bytes() == before


def test_the_same_ballot_twice_in_one_write_is_there_once(rig: Rig, path: Path) -> None:
    with rig.open(path) as box:
        one, two, three = box.cast_many([rig.ballots[0], rig.ballots[1], rig.ballots[0]])
        assert (one, one.height, two.height) == (three, 1, 2)
    assert len(stored(path)) == 2


def test_an_older_one_within_one_write_is_refused_and_nothing_is_written(rig: Rig, path: Path) -> None:
    with rig.open(path) as box:
        with pytest.raises(errors.BallotSuperseded):
            box.cast_many([rig.ballots[0], rig.again[0], rig.ballots[0]])
        assert path.read_bytes() == rig.archive
        assert [receipt.height for receipt in box.cast_many([rig.ballots[0], rig.again[0], rig.again[0]])] == [1, 2, 2]


def test_of_many_all_or_none(rig: Rig, path: Path) -> None:
    with rig.open(path) as box:
        strange = rig.ballots[0].replace(b'"credential":"', b'"credential":"' + b"00" * 32, 1)
        with pytest.raises(errors.CredentialUnknown):
            box.cast_many([rig.ballots[1], strange])
        assert path.read_bytes() == rig.archive
        assert box.cast(rig.ballots[1]).height == 1


def test_a_closed_box_takes_nothing(rig: Rig, path: Path) -> None:
    with rig.open(path) as box:
        given = box.cast(rig.ballots[0])
        box.close()
        before = path.read_bytes()
        for act in (box.close, lambda: box.cast(rig.ballots[1]), lambda: box.cast(rig.ballots[0])):
            with pytest.raises(errors.BoxNotOpen):
                act()
        assert (path.read_bytes(), given.height) == (before, 1)
