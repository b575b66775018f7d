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
import stat
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
from sanduq.disc import KEYS
from sanduq_web import clock, dates
from sanduq_web.disc import BOOKS, PRESS, RECORD, SOFTWARE, VOTE, ZIM, about, start

NAME: Final = "build"
HELP: Final = "a whole edition: pages, books, archives for Kiwix, what else is given, and the sums to be signed"
ADDED: Final = (VOTE, RECORD, SOFTWARE, "VERIFY.html", "VERIFY-AREA.html", KEYS)
"""What a folder of parts may hold: made elsewhere, on the vote site's machine and on the one that has the keys."""
_FOLDERS: Final = (VOTE, RECORD, SOFTWARE)
_LAST: Final = 999_999
_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PATIENCE: Final = 5.0
"""Seconds that a step has to end when it is told to."""
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
    partial = folder.with_name(f"{folder.name}.partial")
    if os.path.lexists(folder):
        raise errors.Unusable(f"{folder} is there already", hint="an edition is made in a new folder")
    for given in (options.parts, options.cache):
        _require_apart(given, folder, partial)
    if options.parts is not None:
        check_parts(options.parts)
    stages = list(_stages(options, partial))
    if options.parts is not None:
        _require_same(options.parts / VOTE, options)
    began = time.monotonic()
    with alone(folder) as lock:
        if partial.exists():
            say(f"{partial} was left by a build that was interrupted: it is made anew")
            shutil.rmtree(partial)
        for stage in stages:
            _do(stage, began, say, lock)
            if stage.name == PRESS and options.parts is not None:
                _take(options.parts, partial)
        start.write(partial)
        _do(_sums(partial), began, say, lock)
        partial.rename(folder)
    files = [each for each in folder.rglob("*") if each.is_file()]
    size = dates.size(sum(each.stat().st_size for each in files), "en")
    say(f"edition  {options.number}: {len(files)} files, {size}, in {time.monotonic() - began:.0f} s; not signed yet")


def _require_same(vote: Path, options: argparse.Namespace) -> None:
    """The vote site's pages say the number and the day that this edition has."""
    if vote.is_dir():
        told, day = about(vote), options.date or clock.now()[:10]
        if (told.number, told.date.isoformat()) != (options.number, day):
            hint = f"make them again: sanduq-web mirror {vote} --number {options.number} --date {day}"
            raise errors.Unusable(f"{vote} is of edition {told.number} of {told.date}", hint=hint)


def _require_apart(given: Path | None, folder: Path, partial: Path) -> None:
    """What is given lies neither in the edition, which is made anew, nor around it."""
    for made in (folder, partial):
        one, other = made.resolve(), given.resolve() if given else None
        if other and (one.is_relative_to(other) or other.is_relative_to(one)):
            raise errors.Unusable(f"{folder} and {given}: one is within the other", hint="let each be a folder of its own")


def _stages(options: argparse.Namespace, partial: Path) -> Iterator[Stage]:
    moment = options.as_of or clock.now()
    day = options.date or moment[:10]
    if not 1 <= options.number <= _LAST:
        raise errors.Unusable(f"--number {options.number}: expected 1 to {_LAST}")
    try:
        date.fromisoformat(day)
        datetime.strptime(moment, clock.FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise errors.Unusable("--date, --as-of: expected such as 2026-11-22 and 2026-11-22T12:00:00Z") from None
    common = ["--cache", str(options.cache)] if options.cache else []
    pages = ["edition", str(partial), "--number", str(options.number), "--date", day, "--as-of", moment]
    pages += ["--address", options.address, "--jobs", str(options.jobs), *common]
    # Its page of editions shows the fingerprints of the keys that come with the parts.
    given = options.parts / KEYS if options.parts else None
    keys = {"SANDUQ_PRESS_KEYS": str(given.resolve())} if given and given.is_file() else {}
    yield Stage(PRESS, (sys.executable, "-P", "-m", "sanduq_web.press", *pages), _PRESS_ENVIRONMENT | keys)
    for name, more in ((BOOKS, [*common, *(["--since", options.since] if options.since else [])]), (ZIM, common)):
        if name not in options.without:
            command = (sys.executable, "-P", "-m", "sanduq_web", "disc", name, str(partial), "--jobs", str(options.jobs), *more)
            yield Stage(name, command, _VOTE_ENVIRONMENT)


def _sums(partial: Path) -> Stage:
    return Stage("sums", (sys.executable, "-P", "-m", "sanduq", "disc", "sums", str(partial)), {})


def _do(stage: Stage, began: float, say: Say, lock: int) -> None:
    """One step; what it says is passed on, line by line. It ends with this process: it is told so, or, if this one is killed,
    keeps the lock until it has ended by itself."""
    say(f"==> {stage.name} ({time.monotonic() - began:.0f} s)")
    # Books and archives are made of files: they need not know where the press site's database is.
    environment = {name: value for name, value in os.environ.items() if stage.name == PRESS or name != _DATABASE}
    process = subprocess.Popen(  # noqa: S603  # our own commands
        stage.command, env=environment | stage.environment, text=True, encoding="utf-8", errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True, pass_fds=(lock,),
    )  # fmt: skip
    told: list[str] = []
    with process, _passed_on(process):
        assert process.stdout is not None  # noqa: S101  # for the checker of types
        for line in process.stdout:
            told = [*told[-4:], line.rstrip()]
            say(line.rstrip())
    if process.returncode:
        raise errors.Unusable(f"{stage.name} failed: {' '.join(told[-2:])}", hint="what it said stands above")


@contextmanager
def _passed_on(process: subprocess.Popen[str]) -> Iterator[None]:
    """Whoever ends this process ends the step, with all processes that it has begun."""

    def leave(signum: int, frame: object) -> None:
        raise SystemExit(128 + signum)

    before = {each: signal.signal(each, leave) for each in _ENDING}
    try:
        yield
    except BaseException:
        for each in _ENDING:
            signal.signal(each, signal.SIG_IGN)
        end(process)
        raise
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def end(process: subprocess.Popen[Any], grace: float = _PATIENCE) -> None:
    """End a process that leads a session of its own, and what it has begun; after some seconds without asking."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    # The first of the group has ended; what it has begun has gone with it, or goes now.


@contextmanager
def alone(folder: Path) -> Iterator[int]:
    """One build of a folder at a time, also after one that was killed: the lock, to be handed on to what works in it.

    Raises :class:`sanduq.errors.Unusable` if another one is at work."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    path = folder.with_name(f"{folder.name}.lock")  # beside it
    lock = _locked(path)
    try:
        yield lock
    finally:
        path.unlink(missing_ok=True)
        os.close(lock)


def _locked(path: Path) -> int:
    while True:
        try:
            lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise errors.Unusable(f"{path} cannot be locked: {error.strerror}", hint="move it away") from None
        try:
            if not stat.S_ISREG(os.fstat(lock).st_mode) or os.fstat(lock).st_size:
                raise errors.Unusable(f"{path} is no lock of a build", hint="give the edition another name")
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever had it may have taken the file away since it was opened.
            if path.exists() and path.stat().st_ino == os.fstat(lock).st_ino:
                return lock
        except OSError:
            os.close(lock)
            hint = "wait for it, or end it; of one that was killed, the part that was at work ends by itself"
            raise errors.Unusable(f"another build of {path.stem} is at work", hint=hint) from None
        except errors.Unusable:
            os.close(lock)
            raise
        os.close(lock)


def is_at_work(folder: Path) -> bool:
    """Whether something that makes this folder runs now, on this machine. What cannot be locked does not say so."""
    try:
        lock = os.open(folder.with_name(f"{folder.name}.lock"), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False


def check_parts(parts: Path) -> None:
    """Raises :class:`sanduq.errors.Unusable` for a folder with anything but parts, each of its kind: no links to elsewhere, and
    nothing that is neither file nor folder."""
    if not parts.is_dir():
        raise errors.Unusable(f"--parts {parts}: there is no such folder")
    unknown = sorted({each.name for each in parts.iterdir()} - set(ADDED))
    if unknown:
        raise errors.Unusable(
            f"--parts {parts}: {', '.join(unknown)}: no part of an edition", hint=f"known: {', '.join(ADDED)}"
        )
    for each in sorted(parts.rglob("*")):
        mode = each.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise errors.Unusable(f"{each} is a link", hint="put the file itself there")
        if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
            raise errors.Unusable(f"{each} is neither a file nor a folder")
        if each.parent == parts and stat.S_ISDIR(mode) != (each.name in _FOLDERS):
            raise errors.Unusable(f"{each}: expected a {'folder' if each.name in _FOLDERS else 'file'}")


def _take(parts: Path, partial: Path) -> None:
    """Add what was made elsewhere; once more as it is now."""
    check_parts(parts)
    for each in sorted(parts.iterdir()):
        if each.is_dir():
            shutil.copytree(each, partial / each.name, copy_function=shutil.copyfile, symlinks=True)
        else:
            shutil.copyfile(each, partial / each.name, follow_symlinks=False)
