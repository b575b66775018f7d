"""A whole edition from one command: wrong arguments, folders of parts that are none, and ends on the way."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from sanduq import errors
from sanduq_web.command import run
from sanduq_web.disc import About
from sanduq_web.disc import build as building
from sanduq_web.disc.build import alone, check_parts, is_at_work


def made(*given: object) -> int:
    return run(["disc", "build", *map(str, given)])


def left(folder: Path) -> list[str]:
    return sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*"))


@pytest.fixture(autouse=True)
def no_stage(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Whatever is refused is refused before anything is made."""
    if "stage" not in request.fixturenames:
        monkeypatch.setattr(building, "_do", lambda *_: pytest.fail("a step was begun"))


# --- arguments ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        ["--number", "0"], ["--number", "-1"], ["--number", "1000000"], ["--number", "1", "--date", "22.11.2026"],
        ["--number", "1", "--date", "2026-02-31"], ["--number", "1", "--as-of", "now"], ["--number", "1", "--parts", "nothing"],
        ["--number", "1", "--as-of", "2026-11-22 12:00"],
    ],
)  # fmt: skip
def test_wrong_arguments_leave_nothing_behind(tmp_path: Path, wrong: list[str], capsys: Any) -> None:
    assert made(tmp_path / "edition", *wrong) == 2
    assert "error: --" in capsys.readouterr().err and left(tmp_path) == []


def test_the_pages_show_the_keys_that_come_with_the_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not those of the server, which may be older, or none."""
    begun: list[building.Stage] = []

    def first(stage: building.Stage, *_: object) -> None:
        begun.append(stage)
        raise errors.Unusable("enough")

    monkeypatch.setattr(building, "_do", first)
    (tmp_path / "parts").mkdir()
    assert made(tmp_path / "edition", "--number", 1, "--parts", tmp_path / "parts") == 2
    (tmp_path / "parts" / "KEYS").write_text("keys")
    assert made(tmp_path / "edition", "--number", 1, "--parts", tmp_path / "parts") == 2
    assert [each.environment.get("SANDUQ_PRESS_KEYS") for each in begun] == [None, str(tmp_path / "parts" / "KEYS")]


def test_pages_of_another_edition_are_no_part(tmp_path: Path, capsys: Any) -> None:
    vote = tmp_path / "parts" / "vote"
    vote.mkdir(parents=True)
    About(1, date(2026, 11, 22), datetime(2026, 11, 22, tzinfo=UTC), ("en",), "http://vote").write(vote)
    for number, day in ((2, "2026-11-22"), (1, "2026-11-23")):
        assert made(tmp_path / "edition", "--number", number, "--date", day, "--parts", tmp_path / "parts") == 2
        assert "is of edition 1 of 2026-11-22" in capsys.readouterr().err


def test_an_edition_that_is_there_stays_as_it_is(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    before = left(tmp_path)
    for name in before:
        assert made(tmp_path / name, "--number", 1) == 2
        assert "is there already" in capsys.readouterr().err
    assert left(tmp_path) == before


def test_the_edition_is_neither_in_what_is_given_nor_around_it(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "parts").mkdir()
    for folder, given in (
        ("parts/edition", "--parts"), ("parts", "--cache"), ("edition", "--cache"), ("x/../edition", "--cache"),
    ):  # fmt: skip
        where = {"--parts": "parts", "--cache": {"parts": "parts/cache"}.get(folder, "edition.partial/cache")}[given]
        assert made(tmp_path / folder, "--number", 1, given, tmp_path / where) == 2
        assert "is" in capsys.readouterr().err
    assert left(tmp_path) == ["parts"]


def test_a_lock_that_is_none_stays_as_it_is(tmp_path: Path, capsys: Any) -> None:
    lock, mine = tmp_path / "edition.lock", tmp_path / "mine.txt"
    mine.write_text("mine")
    ways: list[Callable[[], Any]] = [
        lambda: lock.symlink_to(mine), lambda: lock.write_text("mine"), lambda: os.mkfifo(lock), lock.mkdir,
    ]  # fmt: skip
    for make in ways:
        make()
        assert made(tmp_path / "edition", "--number", 1) == 2
        assert "edition.lock" in capsys.readouterr().err and os.path.lexists(lock) and mine.read_text() == "mine"
        lock.rmdir() if lock.is_dir() else lock.unlink()
    lock.write_bytes(b"")
    with alone(tmp_path / "edition"):
        assert is_at_work(tmp_path / "edition")
        assert made(tmp_path / "edition", "--number", 1) == 2
        assert "another build" in capsys.readouterr().err
        assert is_at_work(tmp_path / "edition")
    assert not lock.exists() and not is_at_work(tmp_path / "edition")


# --- parts ----------------------------------------------------------------------------------------------------------------


def _of(parts: Path) -> dict[str, Callable[[], object]]:
    def bind() -> None:
        with contextlib.chdir(parts / "vote"), socket.socket(socket.AF_UNIX) as one:  # its address has room for 107 letters
            one.bind("s")

    return {
        "no part of an edition": lambda: (parts / "secrets.txt").write_text("x"),
        "is a link": lambda: (parts / "KEYS").symlink_to("/etc/hostname"),
        "x is a link": lambda: (parts / "vote/x").symlink_to("/etc"),
        "neither a file nor a folder": lambda: os.mkfifo(parts / "vote/pipe"),
        "s is neither": bind,
        "expected a folder": lambda: (parts / "record").write_text("x"),
        "expected a file": (parts / "VERIFY.html").mkdir,
    }


@pytest.mark.parametrize("why", _of(Path()))
def test_what_is_no_part(tmp_path: Path, why: str, capsys: Any) -> None:
    parts = tmp_path / "parts"
    (parts / "vote").mkdir(parents=True)
    _of(parts)[why]()
    with pytest.raises(errors.Unusable, match=why):
        check_parts(parts)
    assert made(tmp_path / "edition", "--number", 1, "--parts", parts) == 2
    assert not [name for name in left(tmp_path) if name.startswith("edition")]
    assert "error: " in capsys.readouterr().err


# --- ended on the way -----------------------------------------------------------------------------------------------------

STAGE = """
import os, subprocess, sys, time
from pathlib import Path
folder = Path(sys.argv[1]); folder.mkdir()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
(folder / "pids").write_text(f"{os.getpid()} {child.pid}")
print("ready", flush=True)
time.sleep(float(sys.argv[2]))
child.kill(); child.wait()
sys.exit(3)
"""
PARENT = """
import sys
from sanduq_web.disc import build
def stages(options, partial):
    return [build.Stage("press", (sys.executable, "-c", sys.argv[1], str(partial), sys.argv[2]), {})]
build._stages = stages
from sanduq_web.command import run
sys.exit(run(["disc", "build", sys.argv[3], "--number", "1"]))
"""


def _begun(folder: Path, seconds: float) -> tuple[subprocess.Popen[bytes], list[int]]:
    """A build of which the first step is at work, with a process of its own; their numbers."""
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, STAGE, str(seconds), str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    pids = folder.with_name("edition.partial") / "pids"
    deadline = time.monotonic() + 30
    while not (pids.exists() and len(pids.read_text().split()) == 2):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.05)
    return process, [int(each) for each in pids.read_text().split()]


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whoever_ends_it_ends_all_that_it_began(tmp_path: Path, stage: None, how: signal.Signals) -> None:
    process, pids = _begun(tmp_path / "edition", 60)
    process.send_signal(how)
    assert process.wait(20) == 128 + how
    deadline = time.monotonic() + 5
    while any(_lives(each) for each in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_lives(each) for each in pids)
    assert left(tmp_path) == ["edition.partial", "edition.partial/pids"] and not is_at_work(tmp_path / "edition")


@pytest.mark.long
def test_what_outlives_it_keeps_others_out(tmp_path: Path, stage: None, capsys: Any) -> None:
    """Killed, it cannot end its step: until that has ended, nobody begins in the same folder."""
    folder = tmp_path / "edition"
    process, pids = _begun(folder, 3)
    process.kill()
    process.wait()
    assert _lives(pids[0]) and is_at_work(folder)
    assert made(folder, "--number", 1) == 2 and "another build" in capsys.readouterr().err
    assert (tmp_path / "edition.partial/pids").exists()
    deadline = time.monotonic() + 20
    while is_at_work(folder) and time.monotonic() < deadline:
        time.sleep(0.1)
    with alone(folder):
        pass
    assert left(tmp_path) == ["edition.partial", "edition.partial/pids"]


@pytest.fixture
def stage() -> None:
    """Steps are begun."""
