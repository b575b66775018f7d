"""Transcripts: what is typed, and what is answered to the letter, as a person sees it.

    $ sanduq box key --out box            a command; its standard output follows, line by line
    public key   …                        … stands for any words
    anchor  {ANCHOR}                      {NAME} too, and $NAME in a later command is what stood there
    ⋮                                     any number of lines
    ! hint: sanduq --help                 a line on standard error
    [1]                                   the exit status, where it is not 0
    == open ==                            the state of all files is kept under this name
    -- why --                             a word to the reader

``cat A B > C``, ``cp A B``, ``mv A B``, ``rm A``, ``mkdir A`` and ``edit FILE OLD NEW`` are done here; files are exchanged with
them.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cli.hand import Done, run


@dataclass
class Command:
    """One command with what is expected of it."""

    line: int
    words: list[str]
    out: list[str] = field(default_factory=list)
    err: list[str] = field(default_factory=list)
    code: int = 0


def read(text: str) -> Iterator[Command | str]:
    """The commands, and the names of states between them."""
    command: Command | None = None
    blank = 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(("$ ", "== ", "-- ")):
            if command:
                yield command
            command = Command(number, shlex.split(line[2:])) if line.startswith("$ ") else None
            blank = 0
            if line.startswith("== "):
                yield line.strip("= ")
        elif not line:
            blank += 1
        elif command is None:
            raise AssertionError(f"line {number}: not understood: {line}")
        elif re.fullmatch(r"\[\d+\]", line):
            command.code = int(line[1:-1])
        elif line.startswith("! "):
            command.err.append(line[2:])
        else:
            # Empty lines between lines are an answer's; those before the next command are for the eye.
            command.out += [""] * blank + [line]
            blank = 0
    if command:
        yield command


@dataclass
class Player:
    """Plays transcripts in a folder; ``said`` is all that was ever printed."""

    folder: Path
    keep: Callable[[str], None] = lambda name: None
    names: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def play(self, text: str) -> None:
        """Play all of it; the first difference is an error that shows both."""
        for item in read(text):
            if isinstance(item, str):
                self.keep(item)
            else:
                self._do(item)

    def _do(self, command: Command) -> None:
        words = [re.sub(r"\$([A-Z]\w*)", lambda found: self.names[found[1]], word) for word in command.words]
        if words[0] != "sanduq":
            _FILES[words[0]](self.folder, *words[1:])
            return
        done = run(*words[1:], cwd=self.folder)
        self.said.append(done.said)
        where = f"line {command.line}: {' '.join(words)}\n{done.out}{done.err}[{done.code}]"
        assert done.code == command.code, where
        self._compare(command.out, done.out, where)
        self._compare(command.err, done.err, where)

    def _compare(self, expected: list[str], got: str, where: str) -> None:
        lines = [line.rstrip() for line in got.splitlines()]
        if "⋮" in expected:
            split, rest = expected.index("⋮"), len(expected) - expected.index("⋮") - 1
            lines[split : len(lines) - rest] = ["⋮"]
        assert len(lines) == len(expected), where
        for pattern, line in zip(expected, lines, strict=True):
            match = re.fullmatch(_pattern(pattern), line)
            assert match, f"{where}\nexpected {pattern!r}\n     got {line!r}"
            self.names |= match.groupdict()


def _pattern(text: str) -> str:
    escaped = re.escape(text.rstrip()).replace("…", ".*")
    return re.sub(r"\\\{([A-Z]\w*)\\\}", r"(?P<\1>\\S+)", escaped)


def _cat(folder: Path, *words: str) -> None:
    *parts, arrow, target = words
    assert arrow == ">"
    (folder / target).write_bytes(b"".join((folder / part).read_bytes() for part in parts))


def _cp(folder: Path, source: str, target: str) -> None:
    copy = shutil.copytree if (folder / source).is_dir() else shutil.copy2
    copy(folder / source, folder / target)


def _edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new.replace("\\n", "\n")), "utf-8")


def _write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text.replace("\\n", "\n"), "utf-8")


def _pick(folder: Path, source: str, row: str, target: str) -> None:
    """One voter's credential out of the registrar's file, as if it came by post."""
    (found,) = (folder / source).parent.glob(Path(source).name)
    (folder / target).write_text(found.read_text("utf-8").splitlines()[int(row)].split(",")[1] + "\n", "utf-8")


_FILES: dict[str, Callable[..., None]] = {
    "cat": _cat,
    "cp": _cp,
    "mv": lambda folder, a, b: (folder / a).rename(folder / b) and None,
    "rm": lambda folder, a: (folder / a).unlink(),
    "mkdir": lambda folder, a: (folder / a).mkdir(),
    "edit": _edit,
    "pick": _pick,
    "write": _write,
}

__all__ = ["Done", "Player", "read"]
