"""Runs commands as a hand would type them: in this process, through ``main``, with its own stdin-free world."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from sanduq.cli import main


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
def _stream(name: str, errors: str) -> Iterator[io.BytesIO]:
    raw = io.BytesIO()
    text = io.TextIOWrapper(raw, encoding="utf-8", errors=errors, write_through=True)
    with mock.patch.object(sys, name, text):
        yield raw


def run(*words: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> Done:
    """Run ``sanduq WORDS`` in this process. Any exception but the end of the command is a fault of the command: it gets out."""
    with contextlib.ExitStack() as stack:
        if cwd is not None:
            stack.enter_context(contextlib.chdir(cwd))
        stack.enter_context(mock.patch.dict(os.environ, env or {}))
        stack.enter_context(mock.patch.object(sys, "argv", ["sanduq", *map(str, words)]))
        out, err = stack.enter_context(_stream("stdout", "strict")), stack.enter_context(_stream("stderr", "backslashreplace"))
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    return Done(code, out.getvalue().decode("utf-8", "replace"), err.getvalue().decode())


def ok(*words: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> Done:
    """The same, where nothing may go wrong."""
    done = run(*words, cwd=cwd, env=env)
    assert done.code == 0, (words, done)
    return done
