"""What all commands share: the engine, the clock, files, output for people and for machines."""

from __future__ import annotations

import getpass
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from sanduq import errors
from sanduq.archive.writer import create
from sanduq.engine import Engine, choose
from sanduq.question.setup import read_time

_LARGEST_FILE: Final = 1 << 28
_NOT_PLAIN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]")
"""What a terminal obeys instead of showing it: controls, breaks of lines, turned directions; and bytes of names that are not
UTF-8."""


class ReaderGone(Exception):
    """Nobody reads what we say any more (`sanduq … | head`)."""


class _Console(Console):
    """Shows texts of others as they are: no markup, no emoji codes in them."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, soft_wrap=True, markup=False, emoji=False)

    def on_broken_pipe(self) -> NoReturn:
        raise ReaderGone


out: Final = _Console()
err: Final = _Console(stderr=True)


def app(help_text: str) -> typer.Typer:
    """A group of commands."""
    return typer.Typer(
        suggest_commands=False, help=help_text, no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False
    )


def engine() -> Engine:
    """The engine that ``SANDUQ_ENGINE`` names, else the fastest that is installed."""
    return choose(os.environ.get("SANDUQ_ENGINE"))


Time = Annotated[
    str | None,
    typer.Option(
        "--time",
        metavar="2026-05-01T06:00:00Z",
        help="For rehearsals: act as if it were this time (UTC).",
        rich_help_panel="Rehearsing",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, for machines.")]


def clock(time: str | None) -> str:
    """Now, in UTC to the second; or the time that was given for a rehearsal."""
    if time is not None:
        try:
            return read_time(time, "--time")
        except errors.Refused as refusal:
            raise errors.Unusable(str(refusal)) from None
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(time: str) -> int:
    """The same time in seconds since 1970."""
    return int(datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())


def read_file(path: Path, largest: int = _LARGEST_FILE) -> bytes:
    """A file's bytes, if it is not absurdly large."""
    with path.open("rb") as file:
        data = file.read(largest + 1)
    if len(data) > largest:
        raise errors.Unusable(f"{path} is larger than {largest} bytes: not what is expected here")
    return data


def require_new(*paths: Path) -> None:
    """Refuse, before anything is done, if one of the files to be written is there already."""
    for path in paths:
        if os.path.lexists(path):
            raise errors.Unusable(
                f"{path} exists already", hint="nothing was changed; name another file, or move that one away"
            )


def write_secret(path: Path, text: str) -> None:
    """A new file that only its owner may read; never over another one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    create(path, (text + "\n").encode(), mode=0o600)


def write_public(path: Path, data: bytes) -> None:
    """A new file for everybody; never over another one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    create(path, data)


def plain(text: str) -> str:
    r"""A text from somewhere as one line that a terminal only shows: what it would obey is spelled out (``\x1b``)."""
    return _NOT_PLAIN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def say(text: str = "") -> None:
    """A line for people, on standard output."""
    out.print(plain(text))


def note(text: str) -> None:
    """A line for people that is not the answer, on standard error."""
    err.print(plain(text))


def print_json(value: Any) -> None:
    """The one object of ``--json``, on a line; in ASCII, whatever the terminal's encoding is."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(json.dumps(value, separators=(",", ":")) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise ReaderGone from None


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal, nothing elsewhere; call it with (done, total)."""
    if not err.is_terminal:
        yield lambda done, total: None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(plain(title), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def ask_passphrase(question: str = "Passphrase: ") -> str:
    """A line that is typed and not shown; from a pipe, its next line."""
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass(question)
    return sys.stdin.readline().rstrip("\n") if sys.stdin is not None else ""


def new_passphrase(otherwise: str, question: str = "Passphrase for the new key: ") -> str:
    """A passphrase, asked for twice; ``otherwise`` says how to go without."""
    given = ask_passphrase(question)
    if not given:
        raise errors.Unusable("no passphrase", hint=f"some words that nobody guesses; {otherwise}")
    if ask_passphrase("Once more: ") != given:
        raise errors.Unusable("these were two passphrases", hint="nothing was written; begin again")
    return given
