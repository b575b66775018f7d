"""A rehearsal as a stream: killed and gone on with, it comes to what was put in, and its archives are what its lines say."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

import plan_files
from sanduq import errors
from sanduq.box.record import Record
from sanduq.engine import choose
from sanduq.rehearse import Plan, read_plan, read_scale
from sanduq.rehearse import stream as streaming
from sanduq.rehearse.plan import PlanTrustees
from sanduq.rehearse.play import Played
from sanduq.rehearse.stream import play_streamed
from sanduq.watch.record import outcome_sha256, verify_record


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return _plan(plan_files.write(tmp_path), "1/40")


def _plan(path: Path, scale: str) -> Plan:
    # One trustee: what is asked here is not the ceremony, which takes most of the time of a small rehearsal.
    return replace(read_plan(path, read_scale(scale)), trustees=PlanTrustees(1, None))


def _play(plan: Plan, out: Path, **more: object) -> Played:
    return play_streamed(plan, out, choose(None), **more)  # type: ignore[arg-type]


class Killed(Exception):
    """Stands for kill -9 where a test cannot kill itself."""


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_is_kept_is_a_record_that_verifies(plan: Plan, tmp_path: Path) -> None:
    out = tmp_path / "out"
    codes = [area.code for area in plan.areas]
    played = _play(plan, out, keep=codes, both=True)
    assert played.differences == ()
    assert _names(out) == {"record", "verified.jsonl", "outcome.json"}
    report = verify_record(Record(out / "record"), choose(None), played.setup.anchor)
    assert report.outcome is not None
    assert (report.phase, outcome_sha256(report.outcome)) == ("decided", outcome_sha256(played.outcome))
    lines = [json.loads(line) for line in (out / "verified.jsonl").read_text().splitlines()]
    assert sorted(line["area"] for line in lines) == sorted(codes)
    fingerprints = {code: vars(each) for code, each in Record(out / "record").fingerprints().items()}
    for line in lines:
        assert {name: line[name] for name in ("uuid", "height", "head", "size", "sha256")} == fingerprints[line["area"]]
        area = report.areas[line["area"]]
        assert (line["ballots"], [list(row) for row in area.result or ()]) == (area.ballots, line["result"])
    # The secrets of it are gone, and it is not played over.
    with pytest.raises(errors.Unusable, match="played to its end"):
        _play(plan, out)


def test_without_keep_no_archive_is_left(plan: Plan, tmp_path: Path) -> None:
    played = _play(plan, tmp_path / "out", keep=[plan.areas[0].code])
    assert [path.parent.name for path in (tmp_path / "out").rglob("*.bel")] == [plan.areas[0].code]
    assert played.results.keys() == {area.code for area in plan.areas}


@pytest.mark.parametrize(
    "after",
    ["first area", "acts", *(pytest.param(x, marks=pytest.mark.long) for x in ("players", "rolls", "all areas", "outcome"))],
)
def test_stopped_anywhere_it_goes_on(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: str) -> None:
    out, real = tmp_path / "out", choose(None)

    def stop(*args: object, **more: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        if after == "players":
            patch.setattr(streaming, "in_processes", stop)
        elif after == "rolls":
            patch.setattr(streaming, "frozen_setup", stop)
        elif after == "all areas":
            patch.setattr(streaming, "_finish", stop)
        elif after == "acts":
            patch.setattr(Record, "write_fingerprints", stop)
        elif after == "outcome":
            patch.setattr(streaming, "_forget", stop)

        def told(step: str, what: str) -> None:
            if after == "first area" and step == "verified":
                raise Killed

        with pytest.raises(Killed):
            play_streamed(plan, out, real, told=told)
    done = (out / "verified.jsonl").read_text().splitlines()
    assert (out / "secrets.json").stat().st_mode & 0o777 == 0o600
    if after == "outcome":
        with pytest.raises(errors.Unusable, match="played to its end"):
            _play(plan, out)
        assert not (out / "secrets.json").exists()
        return
    with (out / "verified.jsonl").open("ab") as file:
        file.write(b'{"area":"torn')
    played = _play(plan, out)
    lines = (out / "verified.jsonl").read_text().splitlines()
    assert (played.differences, len(lines), lines[: len(done)]) == ((), len(plan.areas), done)
    assert _names(out) == {"record", "verified.jsonl", "outcome.json"}


def test_a_folder_of_something_else_is_left_alone(plan: Plan, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "letters.txt").write_text("mine")
    with pytest.raises(errors.Unusable, match="not empty"):
        _play(plan, out)
    assert _names(out) == {"letters.txt"}


@pytest.mark.parametrize("other", ["scale", "areas"])
def test_another_rehearsal_does_not_go_on_here(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(streaming, "_play_areas", lambda *args: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            _play(plan, out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    if other == "scale":
        changed = _plan(tmp_path / "island.toml", "1/20")
    else:
        (tmp_path / "island.csv").write_text((tmp_path / "island.csv").read_text().replace("W1,", "W9,"))
        changed = _plan(tmp_path / "island.toml", "1/40")
    with pytest.raises(errors.Unusable, match="another rehearsal"):
        _play(changed, out)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_two_do_not_play_in_one_folder(plan: Plan, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def told(step: str, what: str) -> None:
        with pytest.raises(errors.Unusable, match="another process"):
            _play(plan, out)
        raise Killed

    with pytest.raises(Killed):
        _play(plan, out, told=told)


def _children(pid: int) -> set[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return {int(line) for line in found.stdout.split()}


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(shutil.which("ps") is None or not Path("/proc").is_dir(), reason="looks for processes with ps and /proc")
@pytest.mark.long
def test_killed_as_a_process_it_goes_on(tmp_path: Path) -> None:
    """kill -9 between the first area and the last: the helpers end too, and the same command comes to the outcome."""
    swiss = plan_files.ROOT / "rehearsal" / "swiss-596.toml"
    out = tmp_path / "out"
    command = [sys.executable, "-m", "sanduq", "rehearse", str(swiss), "--scale", "1/20000", "--out", str(out), "--stream"]
    command += ["--jobs", "2", "--json"]
    lines = out / "verified.jsonl"
    for wanted in (2, 9):
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while child.poll() is None and (not lines.exists() or lines.read_bytes().count(b"\n") < wanted):
            time.sleep(0.05)
        helpers = _children(child.pid)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        assert len(helpers) >= 2
        deadline = time.monotonic() + 60
        while any(map(_alive, helpers)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert [pid for pid in helpers if _alive(pid)] == []
    before = lines.read_bytes()
    before = before[: before.rfind(b"\n") + 1]
    done = subprocess.run(command, check=True, capture_output=True)
    value = json.loads(done.stdout)
    assert (value["areas"], lines.read_bytes().startswith(before)) == (26, True)
    assert json.loads((out / "outcome.json").read_text()) == value["outcome"]
