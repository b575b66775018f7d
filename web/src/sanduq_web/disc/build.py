"""``sanduq-web disc build``: a whole edition, part after part, each made by its own command in a process of its own.

What is made lies in ``FOLDER.partial`` until the last part is there: a folder without that ending is whole. Whoever takes up
an interrupted build begins anew, with what the cache keeps. Signing comes afterwards, on another machine.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from sanduq import errors
from sanduq_web import clock, dates
from sanduq_web.disc import BOOKS, PRESS, RECORD, SOFTWARE, VOTE, ZIM, start

NAME: Final = "build"
HELP: Final = "a whole edition: pages, books, archives for Kiwix, what else is given, and the sums to be signed"
ADDED: Final = (VOTE, RECORD, SOFTWARE, "VERIFY.html", "VERIFY-AREA.html", "KEYS")
"""What a folder of parts may hold: made elsewhere, on the vote site's machine and on the one that has the keys."""
_CAN_BE_LEFT: Final = (BOOKS, ZIM)
_PRESS_ENVIRONMENT: Final = {"DJANGO_SETTINGS_MODULE": "sanduq_web.press.settings"}
_DATABASE: Final = "SANDUQ_PRESS_DATABASE"
_VOTE_ENVIRONMENT: Final = {"DJANGO_SETTINGS_MODULE": "sanduq_web.settings"}

Say = Callable[[str], None]


@dataclass(frozen=True)
class Stage:
    """One step: what it is called, and the command that does it."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]


def add(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("folder", type=Path, help="a new folder, such as edition-13")
    parser.add_argument("--number", type=int, required=True)
    parser.add_argument("--date", help="YYYY-MM-DD (default: today)")
    parser.add_argument("--as-of", help="the moment as of which it is, YYYY-MM-DDTHH:MM:SSZ (default: now)")
    parser.add_argument("--address", default="http://localhost:8001", help="the press site's, as readers type it")
    parser.add_argument("--parts", type=Path, help=f"a folder with what was made elsewhere: {', '.join(ADDED)}")
    parser.add_argument("--since", help="YYYY-MM-DD: the books of news begin here (default: the newest 60 articles)")
    parser.add_argument("--without", action="append", default=[], choices=_CAN_BE_LEFT, help="leave out; repeatable")
    parser.add_argument("--cache", type=Path, help="a folder of your own: what is as in the edition before is not made again")
    parser.add_argument("--jobs", type=int, choices=range(1, 65), default=2, metavar="N", help="processes, one for each core")


def run(options: argparse.Namespace, say: Say) -> None:
    """The command."""
    build(options, say)


def build(options: argparse.Namespace, say: Say) -> None:
    """Make the edition. Raises :class:`sanduq.errors.Unusable` for wrong arguments, and if a part fails, with what it said."""
    folder: Path = options.folder
    if folder.exists():
        raise errors.Unusable(f"{folder} is there already", hint="an edition is made in a new folder")
    if options.parts is not None:
        _check_parts(options.parts)
    partial = folder.with_name(f"{folder.name}.partial")
    began = time.monotonic()
    with alone(folder) as lock:
        if partial.exists():
            say(f"{partial} was left by a build that was interrupted: it is made anew")
            shutil.rmtree(partial)
        for stage in _stages(options, partial):
            _do(stage, began, say, lock)
            if stage.name == PRESS and options.parts is not None:
                _take(options.parts, partial)
        start.write(partial)
        _do(_sums(partial), began, say, lock)
        partial.rename(folder)
    files = [each for each in folder.rglob("*") if each.is_file()]
    size = dates.size(sum(each.stat().st_size for each in files), "en")
    say(f"edition  {options.number}: {len(files)} files, {size}, in {time.monotonic() - began:.0f} s; not signed yet")


def _stages(options: argparse.Namespace, partial: Path) -> Iterator[Stage]:
    moment = options.as_of or clock.now()
    day = options.date or moment[:10]
    try:
        date.fromisoformat(day)
        datetime.strptime(moment, clock.FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise errors.Unusable("--date, --as-of: expected such as 2026-11-22 and 2026-11-22T12:00:00Z") from None
    common = ["--cache", str(options.cache)] if options.cache else []
    pages = ["edition", str(partial), "--number", str(options.number), "--date", day, "--as-of", moment]
    pages += ["--address", options.address, "--jobs", str(options.jobs), *common]
    yield Stage(PRESS, (sys.executable, "-P", "-m", "sanduq_web.press", *pages), _PRESS_ENVIRONMENT)
    for name, more in ((BOOKS, [*common, *(["--since", options.since] if options.since else [])]), (ZIM, [])):
        if name not in options.without:
            command = (sys.executable, "-P", "-m", "sanduq_web", "disc", name, str(partial), "--jobs", str(options.jobs), *more)
            yield Stage(name, command, _VOTE_ENVIRONMENT)


def _sums(partial: Path) -> Stage:
    return Stage("sums", (sys.executable, "-P", "-m", "sanduq", "disc", "sums", str(partial)), {})


def _do(stage: Stage, began: float, say: Say, lock: int) -> None:
    """One step; what it says is passed on, line by line. It ends with this process, and all that it began with it.

    It has the lock as well: were this process killed, nobody would begin anew where the step still writes.
    """
    say(f"==> {stage.name} ({time.monotonic() - began:.0f} s)")
    # Books and archives are made of files: they need not know where the press site's database is.
    environment = {name: value for name, value in os.environ.items() if stage.name == PRESS or name != _DATABASE}
    told: list[str] = []
    with _ended_by_a_signal():
        process = subprocess.Popen(  # noqa: S603  # our own commands
            stage.command, env=environment | stage.environment, text=True, encoding="utf-8", errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            start_new_session=True, pass_fds=(lock,),
        )  # fmt: skip
        with process:
            try:
                assert process.stdout is not None  # noqa: S101  # for the checker of types
                for line in process.stdout:
                    told = [*told[-4:], line.rstrip()]
                    say(line.rstrip())
                process.wait()
            except BaseException:
                end(process)
                raise
    if process.returncode:
        raise errors.Unusable(f"{stage.name} failed: {' '.join(told[-2:])}", hint="what it said stands above")


def end(process: subprocess.Popen[Any], grace: float = 10) -> None:
    """End a process that leads a session of its own, and what it has begun; after the grace without asking."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def _ended_by_a_signal() -> Iterator[None]:
    """Whoever ends this process ends the step, too."""

    def leave(signum: int, frame: object) -> None:
        raise SystemExit(128 + signum)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


@contextmanager
def alone(folder: Path) -> Iterator[int]:
    """One that makes a folder at a time, also after one that was killed; the lock, to be handed on to whoever helps."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    path = _lock_of(folder)
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o644)
    except OSError as error:
        raise errors.Unusable(f"{path} cannot be locked: {error.strerror}", hint="move it away") from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise errors.Unusable(f"another build of {folder.name} is at work", hint="wait for it, or end it") from None
        yield lock
        path.unlink(missing_ok=True)
    finally:
        os.close(lock)


def is_at_work(folder: Path) -> bool:
    """Whether something that makes this folder runs now, on this machine. What cannot be locked does not say so."""
    try:
        lock = os.open(_lock_of(folder), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False


def _check_parts(parts: Path) -> None:
    if not parts.is_dir():
        raise errors.Unusable(f"--parts {parts}: there is no such folder")
    unknown = sorted({each.name for each in parts.iterdir()} - set(ADDED))
    if unknown:
        raise errors.Unusable(
            f"--parts {parts}: {', '.join(unknown)}: no part of an edition", hint=f"known: {', '.join(ADDED)}"
        )


def _take(parts: Path, partial: Path) -> None:
    """Add what was made elsewhere; links to elsewhere are not followed."""
    for each in sorted(parts.iterdir()):
        if linked := next((inner for inner in [each, *each.rglob("*")] if inner.is_symlink()), None):
            raise errors.Unusable(f"{linked} is a link", hint="put the file itself there")
        if each.is_dir():
            shutil.copytree(each, partial / each.name, copy_function=shutil.copyfile)
        else:
            shutil.copyfile(each, partial / each.name)
