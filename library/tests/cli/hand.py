"""Runs commands as a hand would type them: in this process, through ``main``, with its own stdin-free world."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest import mock

import typer.main

from sanduq.cli import main

_build = cache(typer.main.get_command)
"""All commands are built from their functions once, not once for each command that is run: that took two thirds of the time."""


@dataclass(frozen=True)
class Done:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """All of it."""
        return self.out + self.err

    def value(self, label: str) -> str:
        """The word behind a label on standard output: ``tracker  AbC…`` gives ``AbC…``."""
        for line in self.out.splitlines():
            if line.startswith(label):
                return line[len(label) :].split()[0]
        raise AssertionError(f"no {label!r} in {self.out!r}")


@contextlib.contextmanager
def _stream(name: str) -> Iterator[io.TextIOWrapper]:
    text = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with mock.patch.object(sys, name, text):
        yield text


def _text(stream: io.TextIOWrapper) -> str:
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


def run(*words: object, cwd: Path | None = None, env: dict[str, str] | None = None, typed: bytes = b"") -> Done:
    """Run ``sanduq WORDS`` in this process, with ``typed`` on its standard input.

    Any exception but the end of the command is a fault of the command: it gets out.
    """
    with contextlib.ExitStack() as stack:
        if cwd is not None:
            stack.enter_context(contextlib.chdir(cwd))
        stack.enter_context(mock.patch.dict(os.environ, env or {}))
        stack.enter_context(mock.patch.object(typer.main, "get_command", _build))
        stack.enter_context(mock.patch.object(sys, "argv", ["sanduq", *map(str, words)]))
        stack.enter_context(mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed))))
        out, err = stack.enter_context(_stream("stdout")), stack.enter_context(_stream("stderr"))
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    return Done(code, _text(out), _text(err))


def ok(*words: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> Done:
    """The same, where nothing may go wrong."""
    done = run(*words, cwd=cwd, env=env)
    assert done.code == 0, (words, done)
    return done


@dataclass(frozen=True)
class Life:
    """A referendum in a folder, at one moment of its life."""

    folder: Path
    anchor: str
    said: tuple[str, ...] = ()

    def run(self, *words: object, env: dict[str, str] | None = None, typed: bytes = b"") -> Done:
        """Run a command there."""
        return run(*words, cwd=self.folder, env=env, typed=typed)

    def ok(self, *words: object) -> Done:
        """Run a command there that must succeed."""
        return ok(*words, cwd=self.folder)

    def path(self, name: str) -> Path:
        """A file there."""
        return self.folder / name

    def archive(self, area: str) -> Path:
        """An area's archive."""
        (found,) = (self.folder / "record" / "areas" / area).glob("*.bel")
        return found

    def decrypt(self, who: str = "ann", *, record: str = "record", heads: tuple[str, ...] = ("heads",), **more: object) -> Done:
        """``count decrypt`` of a trustee; ``more`` are other options in place of the right ones, None leaves one out."""
        options = {
            "anchor": self.anchor,
            "key": f"{who}/trustee.key",
            "dkey": f"{who}/trustee.dkey",
            "out": f"{who}/decryption",
        } | more
        words = [word for name, value in options.items() if value is not None for word in (f"--{name}", value)]
        return self.run("count", "decrypt", record, *words, *(word for path in heads for word in ("--heads", path)))


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below a folder: its mode and its bytes."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return {str(path.relative_to(folder)): (path.stat().st_mode & 0o777, path.read_bytes()) for path in paths}


def no_trace(done: Done) -> None:
    """It was refused with a sentence: no traceback, an error line, exit status 1 or 2."""
    assert done.code in (1, 2), done
    assert done.err.startswith("error: ") or "\nerror: " in done.err, done
    assert "Traceback" not in done.said
