"""What all commands share: the engine, the clock, files, output for people and for machines."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from sanduq import errors
from sanduq.archive import json
from sanduq.archive.writer import create
from sanduq.engine import Engine, choose
from sanduq.question.setup import read_time

out: Final = Console(highlight=False, soft_wrap=True)
err: Final = Console(stderr=True, highlight=False, soft_wrap=True)
_LARGEST_FILE: Final = 1 << 28


def app(help_text: str) -> typer.Typer:
    """A group of commands."""
    return typer.Typer(help=help_text, no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False)


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
    if path.stat().st_size > largest:
        raise errors.Unusable(f"{path} is larger than {largest} bytes: not what is expected here")
    return path.read_bytes()


def write_secret(path: Path, text: str) -> None:
    """A new file that only its owner may read; never over another one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    create(path, (text + "\n").encode(), mode=0o600)


def write_public(path: Path, data: bytes) -> None:
    """A new file for everybody; never over another one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    create(path, data)


def say(text: str = "") -> None:
    """A line for people, on standard output."""
    out.print(text, markup=False)


def note(text: str) -> None:
    """A line for people that is not the answer, on standard error."""
    err.print(text, markup=False)


def print_json(value: Any) -> None:
    """The one object of ``--json``."""
    sys.stdout.write(json.write(value) + "\n")


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal, nothing elsewhere; call it with (done, total)."""
    if not err.is_terminal:
        yield lambda done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
