"""Commands in a child of their own: with limits, without rights, with signals."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.hand import Done, run

NOBODY = 65534
ENGINE = {"SANDUQ_ENGINE": "python"}
"""In a fork: Rust's threads do not come along."""


def forked(before: Callable[[], object], *words: object, cwd: Path) -> Done:
    """Run a command in a fork, after ``before`` was done there."""
    hears, says = os.pipe()
    child = os.fork()
    if child == 0:
        status = 70
        try:
            before()
            done = run(*words, cwd=cwd, env=ENGINE)
            os.write(says, json.dumps([done.code, done.out, done.err]).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(says)
    with os.fdopen(hears, "rb") as pipe:
        answer = pipe.read()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, answer
    return Done(*json.loads(answer))


def limit_files(size: int) -> Callable[[], object]:
    """No file may grow beyond ``size`` bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def nobody() -> None:
    """From here on somebody without any rights (only root can do this)."""
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


@contextmanager
def public_folder() -> Iterator[Path]:
    """A folder that everybody can reach (those of pytest are root's alone)."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def small_disk(kib: int) -> Iterator[Path | None]:
    """A disk of so many KiB, or None where we may not have one."""
    with tempfile.TemporaryDirectory() as name:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", name]
        if os.geteuid() or not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
            yield None
            return
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", name], check=True)


def start(*words: object, cwd: Path, **options: object) -> subprocess.Popen[str]:
    """A real process, in a group of its own as a terminal has it."""
    command = [sys.executable, "-m", "sanduq", *map(str, words)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.Popen(command, cwd=cwd, text=True, start_new_session=True, **pipes)  # type: ignore[call-overload,no-any-return]
