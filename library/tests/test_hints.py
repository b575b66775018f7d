"""Hints beside archives: made by the box or afterwards, and whatever stands in the file, verdict and report are the same."""

from __future__ import annotations

import dataclasses
import os
import random
from pathlib import Path

import pytest

from box_rig import Rig, make_rig
from sanduq import errors
from sanduq.archive.hints import HEADER, HintsFile
from sanduq.archive.reader import ArchiveReader
from sanduq.box.hints import HintsTail
from sanduq.count.report import ArchiveReport, HintsUse
from sanduq.engine import choose
from sanduq.watch.archive import verify_archive
from sanduq.watch.hints import HintsTold, hints_of, hints_path, make_hints, told_of_hints
from small import small

EVENT = "ab" * 32


def _archive(folder: Path, name: str = "many") -> Path:
    path = folder / f"{small(name).election.uuid}.bel"
    path.write_bytes(small(name).archive)
    return path


def _verified(path: Path, *, use: bool = True) -> ArchiveReport:
    with path.open("rb") as file, hints_of(path, use=use) as beside:
        return verify_archive(file, choose(None), hints=beside)


def _without(report: ArchiveReport) -> ArchiveReport:
    return dataclasses.replace(report, hints=None)


# --- made afterwards ---------------------------------------------------------------------------------------------------------


def test_made_afterwards_they_fit_every_ballot(tmp_path: Path) -> None:
    path = _archive(tmp_path)
    ballots = len(small("many").ballots)
    assert make_hints(path, choose("rust")) == (ballots, ballots)
    assert [each.name for each in tmp_path.iterdir() if each.suffix not in (".bel", ".hints")] == []
    report = _verified(path)
    assert report.hints is not None
    assert (report.hints.bad, report.hints.problem, report.hints.roll) == (0, None, True)
    assert _without(report) == _verified(path, use=False)
    first = hints_path(path).read_bytes()
    make_hints(path, choose("rust"))
    assert hints_path(path).read_bytes() == first


def test_both_engines_make_the_same(tmp_path: Path) -> None:
    path = _archive(tmp_path, "blank")
    made = []
    for name in ("python", "rust"):
        make_hints(path, choose(name))
        made.append(hints_path(path).read_bytes())
    assert made[0] == made[1]


def test_a_refused_ballot_gets_none(tmp_path: Path) -> None:
    path = _archive(tmp_path, "plain")
    data = path.read_bytes()
    at = data.index(b'"challenge":"', data.index(b'"individual_proofs":')) + len(b'"challenge":"')
    path.write_bytes(data[:at] + (b"1" if data[at : at + 1] != b"1" else b"2") + data[at + 1 :])
    assert make_hints(path, choose("rust")) == (3, 2)


def test_an_archive_that_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.bel"
    path.write_bytes(b"nothing")
    with pytest.raises(errors.Refused):
        make_hints(path, choose(None))
    assert [each.name for each in tmp_path.iterdir()] == ["x.bel"]


def _wrong(path: Path, how: str) -> None:
    """Make a file of hints a wrong one."""
    data, rng = bytearray(path.read_bytes()), random.Random(how)
    if how == "flipped":
        for _ in range(200):
            data[rng.randrange(HEADER, len(data))] ^= 1 << rng.randrange(8)
    elif how == "short":
        del data[len(data) // 2 :]
    elif how == "empty":
        data.clear()
    elif how == "header only":
        del data[HEADER:]
    elif how == "foreign":
        data[20] ^= 1
    elif how == "version":
        data[13:14] = b"2"
    elif how == "zeros":
        data[HEADER:] = bytes(len(data) - HEADER)
    elif how == "ones":
        data[HEADER:] = b"\xff" * (len(data) - HEADER)
    elif how == "shifted":
        data[HEADER:] = data[HEADER + 64 :] + data[HEADER : HEADER + 64]
    elif how == "long":
        data += bytes(data)
    path.write_bytes(data)


WRONG = [*"flipped short empty foreign version zeros ones shifted long".split(), "header only"]


@pytest.mark.parametrize("how", WRONG)
def test_a_wrong_file_costs_time_only(tmp_path: Path, how: str) -> None:
    path = _archive(tmp_path)
    make_hints(path, choose("rust"))
    _wrong(hints_path(path), how)
    assert _without(_verified(path)) == _verified(path, use=False)


@pytest.mark.parametrize("how", ["folder", "unreadable"])
def test_a_file_that_is_none_is_not_used(tmp_path: Path, how: str) -> None:
    path = _archive(tmp_path, "plain")
    if how == "folder":
        hints_path(path).mkdir()
    else:
        hints_path(path).symlink_to(tmp_path / "nowhere")
    assert _verified(path).hints is None


def test_with_good_hints_a_bad_ballot_is_refused_as_without(tmp_path: Path) -> None:
    path = _archive(tmp_path)
    make_hints(path, choose("rust"))
    data, rng = path.read_bytes(), random.Random(3)
    with path.open("rb") as file:
        first = next(iter(ArchiveReader(file))).end
    for _ in range(6):
        changed = bytearray(data)
        changed[rng.randrange(first, len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(changed)
        said = []
        for use in (True, False):
            with pytest.raises(errors.Refused) as caught:
                _verified(path, use=use)
            said.append((type(caught.value), str(caught.value)))
        assert said[0] == said[1]


def test_what_is_told() -> None:
    report = dataclasses.replace(_plain_report(), hints=HintsUse(5, 0, 0, None, True))
    bad = dataclasses.replace(report, hints=HintsUse(3, 2, 0, None, False))
    foreign = dataclasses.replace(report, hints=HintsUse(0, 0, 5, "of another archive", False))
    assert told_of_hints([("A", _without(report))]) is None
    assert told_of_hints([("A", report), ("B", _without(report))]) == HintsTold(5, ())
    assert told_of_hints([("A", bad), ("B", foreign)]) == HintsTold(
        3,
        (
            "area A: 2 do not fit their ballots",
            "area B: the file is not one for this archive: of another archive",
        ),
    )


def _plain_report() -> ArchiveReport:
    import io

    return verify_archive(io.BytesIO(small("plain").archive), choose(None))


# --- made by the box ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rig() -> Rig:
    return make_rig(40)


def _expected(rig: Rig, count: int) -> bytes:
    import hashlib

    return b"".join(hashlib.sha256(raw).digest() * 2 for raw in rig.ballots[:count])


def _records(path: Path) -> bytes:
    with path.open("rb") as archive:
        event = next(iter(ArchiveReader(archive))).hash
    with hints_path(path).open("rb") as file:
        found = HintsFile(file, event, 64)
        assert found.problem is None
        return found.records(0, 1000)


@pytest.mark.parametrize("between", ["nothing", "torn", "removed", "foreign", "shorter", "longer", "archive cut"])
def test_the_box_goes_on_where_ballots_are(rig: Rig, tmp_path: Path, between: str) -> None:
    path = tmp_path / "a.bel"
    path.write_bytes(rig.archive)
    with rig.open(path) as box:
        box.cast_many(rig.ballots[:10])
        box.cast(rig.ballots[9])  # again: nothing is appended
    hints, expected = hints_path(path), _expected(rig, 20)
    assert _records(path) == expected[: 10 * 64]
    size = hints.stat().st_size
    if between == "torn":
        os.truncate(hints, size - 30)
        expected = expected[: 9 * 64] + bytes(64) + expected[10 * 64 :]
    elif between == "removed":
        hints.unlink()
        expected = bytes(640) + expected[640:]
    elif between == "foreign":
        hints.write_bytes(b"something else")
        expected = bytes(640) + expected[640:]
    elif between == "shorter":
        os.truncate(hints, size - 4 * 64)
        expected = expected[: 6 * 64] + bytes(4 * 64) + expected[640:]
    elif between == "longer":
        with hints.open("ab") as file:
            file.write(b"\1" * 200)
    elif between == "archive cut":
        os.truncate(path, path.stat().st_size - 10)
    first = 9 if between == "archive cut" else 10
    with rig.open(path) as box:
        box.cast_many(rig.ballots[first:20])
    assert _records(path) == expected


def test_a_box_whose_hints_cannot_be_written_takes_ballots(rig: Rig, tmp_path: Path) -> None:
    path = tmp_path / "a.bel"
    path.write_bytes(rig.archive)
    hints_path(path).mkdir()
    with rig.open(path) as box:
        assert len(box.cast_many(rig.ballots[:5])) == 5


def test_hints_that_fail_in_the_middle_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tail = HintsTail(tmp_path / "a.hints", EVENT, 64, 0)
    tail.put(0, [b"1" * 64])

    def full(*args: object) -> int:
        raise OSError(28, "no space")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", full)
        tail.put(1, [b"2" * 64])
    tail.put(2, [b"3" * 64])
    assert (tmp_path / "a.hints").read_bytes()[HEADER:] == b"1" * 64


def test_hints_of_the_roll_stay(tmp_path: Path) -> None:
    """Made before the opening by ``watch hints``: the box writes behind them."""
    path = _archive(tmp_path, "plain")
    data = path.read_bytes()
    with path.open("rb") as file:
        end = next(iter(ArchiveReader(file))).end
    path.write_bytes(data[:end])
    assert make_hints(path, choose("rust")) == (0, 0)
    from sanduq.box import Box

    with Box.open(path, choose("rust")) as box:
        box.cast_many(small("plain").ballots)
    report = _verified(path)
    assert report.hints is not None
    assert (report.hints.roll, report.hints.bad, report.hints.problem) == (True, 0, None)
    made = hints_path(path).read_bytes()
    make_hints(path, choose("rust"))
    assert hints_path(path).read_bytes() == made
