"""A full disk, no rights, a reader that goes away, Ctrl-C: a sentence, and nothing lost."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import plan_files
from cli.child import ENGINE, NOBODY, forked, limit_files, nobody, public_folder, small_disk, start
from cli.commands import COMMANDS, prepare, words
from cli.hand import Done, Life, no_trace, run, tree

At = Callable[[str], Life]
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
WRITING = [name for name, (_, text) in COMMANDS.items() if "new" in text.split() or name in ("box open", "box close")]
WRITING += ["count sum", "count combine"]
WRITING.remove("rehearse")
APPENDING = ("box open", "box cast", "box close", "count sum", "count combine")


def _ready(life: At, name: str) -> tuple[Life, list[str], list[int]]:
    moment, text = COMMANDS[name]
    now = life(moment)
    prepare(now.folder)
    if name == "box cast":
        now.ok("booth", "seal", "--archive", "south.bel", "--credential", "s2", "--choices", "blank", "--out", "w.sealed")
        now.ok("booth", "cast", "w.sealed", "--credential", "s2", "--out", "w.ballot")
        text = text.replace("v/9.ballot", "w.ballot")
    return now, *words(text, {"ANCHOR": now.anchor, "HASH": ""})


def _same_but_for_secrets(name: str, before: dict[str, tuple[int, bytes]], after: dict[str, tuple[int, bytes]]) -> bool:
    """Nothing that was there is another now. (A secret that was made first may be left, of no use. A sealed ballot is spent,
    and what was decrypted is remembered, before anything is given out.)"""
    spent = {"booth challenge": "v/1.sealed", "booth cast": "v/1.sealed"}.get(name)
    kept = {path: value for path, value in before.items() if path != spent}
    return {path: after.get(path) for path in kept} == kept


_READING = [name for name, (_, text) in COMMANDS.items() if "@" in text and name != "rehearse"]
READING = [pytest.param(name, marks=[pytest.mark.long] if at % 3 else []) for at, name in enumerate(_READING)]
IN_TURN = [pytest.param(name, marks=[pytest.mark.long] if at % 3 else []) for at, name in enumerate(WRITING)]
"""Every second one at once, all in ``make test-all``."""

# --- a full disk -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", IN_TURN)
def test_no_file_may_grow(life: At, name: str) -> None:
    """Every write fails at once (EFBIG, as with a quota)."""
    now, typed, _ = _ready(life, name)
    before = tree(now.folder)
    done = forked(limit_files(0), *typed, cwd=now.folder)
    no_trace(done)
    assert (done.code, "the file would become larger than allowed" in done.err) == (2, True)
    assert tree(now.folder) == before
    assert now.run(*typed).code == 0


@pytest.mark.parametrize("name", APPENDING)
def test_a_file_may_grow_a_little(life: At, name: str) -> None:
    """A write fails in its middle: what was there is there, and the command can be given again."""
    now, typed, _ = _ready(life, name)
    largest = max(path.stat().st_size for path in now.path("record").rglob("*") if path.is_file())
    done: Done | None = None
    for more in (-4000, 700, 1500) if name.startswith("box") else (1500,):
        before = {path: data for path, (_, data) in tree(now.path("record")).items()}
        done = forked(limit_files(largest + more), *typed, cwd=now.folder)
        if done.code == 0:
            break
        no_trace(done)
        after = {path: data for path, (_, data) in tree(now.path("record")).items()}
        assert [path for path, data in before.items() if not after[path].startswith(data) and "finger" not in path] == []
        now.ok("watch", "verify", "record", "--jobs", "1")
    if done is not None and done.code:
        now.ok(*typed)
    now.ok("watch", "verify", "record", "--jobs", "1")


@pytest.fixture
def disk() -> Iterator[Path]:
    """A small disk of its own."""
    with small_disk(2048) as found:
        if found is None:
            pytest.skip("only root may mount a small disk, and not everywhere")
        yield found


@pytest.mark.parametrize("name", IN_TURN)
def test_the_disk_is_full(life: At, disk: Path, name: str) -> None:
    now, typed, _ = _ready(life, name)
    folder = disk / "life"
    shutil.copytree(now.folder, folder)
    with (disk / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while filler.write(bytes(4096)):
            pass
    before = tree(folder)
    done = run(*typed, cwd=folder)
    if done.code == 0:
        assert len(tree(folder)) >= len(before)  # there was room in the last block of a file
        return
    no_trace(done)
    assert (done.code, "the disk is full; nothing that was acknowledged is lost" in done.err) == (2, True)
    after = tree(folder)
    if name in APPENDING:
        assert [path for path, (_, data) in before.items() if not after[path][1].startswith(data)] == []
    else:
        assert _same_but_for_secrets(name, before, after)
    (disk / "filler").unlink()
    shutil.rmtree(folder / "new", ignore_errors=True)
    assert run(*typed, cwd=folder).code == 0


def test_standard_output_is_full(life: At) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    now = life("voted")
    for more in ([], ["--json"]):
        with Path("/dev/full").open("w") as full:
            child = start("watch", "verify", "record", "--jobs", "1", *more, cwd=now.folder, stdout=full)
            _, err = child.communicate(timeout=60)
        assert (child.returncode, err.splitlines()[-1][:27]) == (2, "error: the disk is full; no")
        assert "Exception ignored" not in err


# --- no rights ---------------------------------------------------------------------------------------------------------------


def _given_away(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, NOBODY, NOBODY)


@pytest.fixture
def powerless(life: At) -> Iterator[Callable[[str], tuple[Life, list[str], list[int]]]]:
    """A life that belongs to somebody without rights, who is then the one that types."""
    if os.geteuid():
        pytest.skip("only root can give files away")
    with public_folder() as public:

        def at(name: str) -> tuple[Life, list[str], list[int]]:
            now, typed, inputs = _ready(life, name)
            shutil.copytree(now.folder, public / "life")
            _given_away(public / "life")
            return Life(public / "life", now.anchor), typed, inputs

        yield at


@pytest.mark.parametrize("name", READING)
def test_files_that_may_not_be_read(powerless: Callable[[str], tuple[Life, list[str], list[int]]], name: str) -> None:
    now, typed, inputs = powerless(name)
    for number in inputs:
        path = now.path(typed[number].rpartition("=")[2])
        mode = path.stat().st_mode
        path.chmod(0)
        before = tree(now.folder)
        done = forked(nobody, *typed, cwd=now.folder)
        no_trace(done)
        assert (done.code, "no permission" in done.err or "is not readable" in done.err) == (2, True), done
        assert tree(now.folder) == before
        path.chmod(mode)


@pytest.mark.parametrize("name", IN_TURN)
def test_a_folder_that_can_only_be_read(powerless: Callable[[str], tuple[Life, list[str], list[int]]], name: str) -> None:
    now, typed, _ = powerless(name)
    for path in [now.folder, *now.folder.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    before = tree(now.folder)
    done = forked(nobody, *typed, cwd=now.folder)
    no_trace(done)
    assert (done.code, "no permission" in done.err, ".partial" in done.err) == (2, True, False), done
    assert tree(now.folder) == before


# --- nobody listens ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_the_reader_goes_away(life: At, more: list[str]) -> None:
    now = life("voted")
    child = start("watch", "verify", "record", "--anchor", now.anchor, "--jobs", "1", *more, cwd=now.folder)
    assert child.stdout is not None
    child.stdout.close()
    assert child.stderr is not None
    assert (child.stderr.read(), child.wait(60)) == ("", 141)
    child.stderr.close()


@pytest.mark.long
def test_nobody_has_ever_listened(life: At) -> None:
    now = life("voted")
    command = f"{sys.executable} -m sanduq watch verify record --jobs 1 --anchor {now.anchor}"
    for closed, code in ((">&-", 0), ("2>&- >/dev/null", 0), (">&- 2>&-", 0), ("<&-", 0)):
        done = subprocess.run(
            ["bash", "-c", f"{command} {closed}"], cwd=now.folder, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (code, ""), closed


def test_a_terminal_that_knows_no_other_letters(life: At) -> None:
    now = life("voted")
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    for command in (["question", "show", "record"], ["watch", "verify", "record", "--jobs", "1"], ["--help"], ["keys"]):
        child = start(*command, cwd=now.folder, env=environment)
        out, err = child.communicate(timeout=60)
        assert (child.returncode, "Traceback" in err) == (2 if command == ["keys"] else 0, False)
        assert out.isascii()


# --- Ctrl-C ------------------------------------------------------------------------------------------------------------------


def _interrupted(child: subprocess.Popen[str]) -> tuple[int, str]:
    os.killpg(child.pid, signal.SIGINT)
    try:
        _, err = child.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        raise
    return child.returncode, err


def _wait_for(ready: Callable[[], bool], child: subprocess.Popen[str]) -> None:
    """An interrupt while Python itself still starts is not ours to answer."""
    if not Path("/proc/locks").exists():
        pytest.skip("/proc tells where a process is, and there is none here")
    end = time.monotonic() + 60
    while not ready():
        assert (child.poll(), time.monotonic() < end) == (None, True)
        time.sleep(0.01)


def _waiting_for_locks() -> str:
    return "".join(line for line in Path("/proc/locks").read_text().splitlines() if "-> FLOCK" in line)


def _children(process: subprocess.Popen[str]) -> list[str]:
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()


def test_ctrl_c_while_another_process_has_the_box(life: At) -> None:
    now, typed, _ = _ready(life, "box cast")
    with now.archive("south").open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        before = tree(now.folder)
        child = start(*typed, cwd=now.folder)
        _wait_for(lambda: f" {child.pid} " in _waiting_for_locks(), child)
        assert _interrupted(child) == (130, "error: stopped\n")
        assert tree(now.folder) == before
    now.ok(*typed)


@pytest.mark.long
def test_ctrl_c_while_areas_are_verified(tmp_path: Path) -> None:
    """A terminal interrupts all processes of the group: none of them leaves a traceback."""
    run("rehearse", plan_files.write(tmp_path), "--out", "record", cwd=tmp_path)
    for wait in (0.0, 0.2, 0.5, 1.2):
        child = start("watch", "verify", "record", "--jobs", "2", cwd=tmp_path, env=os.environ | ENGINE)
        _wait_for(lambda: len(_children(child)) > 1, child)  # noqa: B023
        time.sleep(wait)
        assert _interrupted(child) == (130, "error: stopped\n"), wait
