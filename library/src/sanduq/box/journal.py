"""The journal: what was done when, as a chain of lines (spec 5.c).

The archive has events for ballots and counts, but none for "the vote was opened at six". Those acts stand here, one canonical
JSON object a line; each names the SHA-256 of the line before. Lines are appended durably; an unfinished last line was never
acknowledged and is cut.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Final

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive import json
from sanduq.archive.writer import write_durably
from sanduq.question.setup import canonical, read_time, require_canonical

_form = json.Form(errors.JournalMalformed)
LONGEST: Final = 1 << 24
"""The largest journal, in bytes."""


class Act(StrEnum):
    """What can be done, in its order."""

    FROZEN = "frozen"
    OPENED = "opened"
    CLOSED = "closed"
    SUMMED = "summed"
    COUNTED = "counted"
    DECIDED = "decided"


ORDER: Final = tuple(Act)
_DETAILS: Final[Mapping[Act, tuple[str, ...]]] = {
    Act.FROZEN: ("anchor",),
    Act.OPENED: (),
    Act.CLOSED: ("heads",),
    Act.SUMMED: ("heads",),
    Act.COUNTED: ("heads",),
    Act.DECIDED: ("outcome_sha256",),
}


@dataclass(frozen=True)
class Line:
    """One act at one time (UTC), with its details, chained to the line before."""

    height: int
    parent: str | None
    time: str
    act: Act
    details: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        value = {"height": self.height, "parent": self.parent, "time": self.time, "act": self.act.value}
        return value | {"details": self.details}

    def to_bytes(self) -> bytes:
        """The canonical text, without the newline."""
        return canonical(self.to_json())

    @property
    def hash(self) -> str:
        """SHA-256 of the text."""
        return sha256_hex(self.to_bytes())


def _read_line(data: bytes) -> Line:
    fields = _form.fields(json.read(data), ("height", "parent", "time", "act", "details"))
    if fields["act"] not in tuple(Act):
        _form.fail("act", fields["act"])
    if not isinstance(fields["details"], dict):
        _form.fail("details", fields["details"])
    line = Line(
        _form.number(fields["height"], "height"),
        None if fields["parent"] is None else _form.hash(fields["parent"], "parent"),
        read_time(fields["time"], "time", _form),
        Act(fields["act"]),
        fields["details"],
    )
    expected, got = list(_DETAILS[line.act]), sorted(line.details)
    errors.require(errors.JournalMalformed, got == expected, "details", expected=", ".join(expected), got=", ".join(got))
    require_canonical(data, line.to_json(), errors.JournalMalformed)
    return line


def read_journal(data: bytes) -> list[Line]:
    """All lines, chained and in order (8.8 to 8.10, without the calendar)."""
    if len(data) > LONGEST:
        raise errors.JournalMalformed(expected=f"at most {LONGEST} bytes", got=len(data))
    errors.require(errors.JournalMalformed, not data or data.endswith(b"\n"), "the last line is unfinished")
    lines: list[Line] = []
    for number, text in enumerate(data.split(b"\n")[:-1], 1):
        try:
            line = _read_line(text)
            _check_next(lines, line)
        except errors.Refused as refusal:
            raise refusal.within(f"journal line {number}") from None
        lines.append(line)
    return lines


def _check_next(before: list[Line], line: Line) -> None:
    parent = before[-1].hash if before else None
    errors.require(errors.JournalChain, line.parent == parent, expected=parent, got=line.parent)
    errors.require(errors.JournalChain, line.height == len(before), expected=len(before), got=line.height)
    expected = ORDER[len(before)] if len(before) < len(ORDER) else None
    errors.require(errors.JournalOrder, line.act == expected, expected=expected, got=line.act.value)
    if before:
        errors.require(errors.JournalOrder, line.time >= before[-1].time, "time runs backwards", got=line.time)


def next_line(before: list[Line], act: Act, time: str, details: Mapping[str, Any]) -> Line:
    """The line that appends an act to a journal; refuses one that is not the next in order (8.10)."""
    line = Line(len(before), before[-1].hash if before else None, read_time(time, "time"), act, details)
    _check_next(before, line)
    return line


def _cut_back(file: BinaryIO) -> bytes:
    """Lock the journal and cut off an unfinished last line, which was never acknowledged; gives the lines that are whole."""
    fcntl.flock(file, fcntl.LOCK_EX)
    data = file.read()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        os.ftruncate(file.fileno(), len(whole))
    return whole


def cut_back(path: Path) -> None:
    """Cut off what an interrupted act has left at the journal's end."""
    with path.open("r+b") as file:
        _cut_back(file)


def write_act(path: Path, act: Act, time: str, details: Mapping[str, Any]) -> Line:
    """Append an act to the journal of a record, durably; refuses one that is not the next in order (8.10)."""
    with path.open("r+b") as file:
        line = next_line(read_journal(_cut_back(file)), act, time, details)
        write_durably(file, line.to_bytes() + b"\n")
    return line
