"""The journal: what was done when, as a chain of lines (spec 5.c).

The archive has events for ballots and counts, but none for "the vote was opened at six". Those acts stand here, one canonical
JSON object a line; each names the SHA-256 of the line before. Lines are appended durably; an unfinished last line was never
acknowledged and is cut.

Where the setup names a supervisor, some lines carry its signature (``sanduq.box.supervision``), and there may be lines that
suspend the vote and resume it.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Final

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive import json
from sanduq.archive.writer import write_durably
from sanduq.question.setup import canonical, hidden_in, read_time, require_canonical

_form = json.Form(errors.JournalMalformed)
LONGEST: Final = 1 << 24
"""The largest journal, in bytes."""
LONGEST_REASON: Final = 6000
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
_SIGNATURE: Final = re.compile(r"[0-9a-f]{128}\Z")


class Act(StrEnum):
    """What can be done, in its order."""

    FROZEN = "frozen"
    OPENED = "opened"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    CLOSED = "closed"
    SUMMED = "summed"
    COUNTED = "counted"
    DECIDED = "decided"


NEXT: Final[Mapping[Act | None, tuple[Act, ...]]] = {
    None: (Act.FROZEN,),
    Act.FROZEN: (Act.OPENED,),
    Act.OPENED: (Act.SUSPENDED, Act.CLOSED),
    Act.SUSPENDED: (Act.RESUMED, Act.CLOSED),
    Act.RESUMED: (Act.SUSPENDED, Act.CLOSED),
    Act.CLOSED: (Act.SUMMED,),
    Act.SUMMED: (Act.COUNTED,),
    Act.COUNTED: (Act.DECIDED,),
    Act.DECIDED: (),
}
"""Which acts may follow which."""
VOTING: Final = (Act.OPENED, Act.RESUMED)
"""After these acts ballots are taken."""
SIGNED: Final = frozenset({Act.FROZEN, Act.OPENED, Act.SUSPENDED, Act.RESUMED, Act.CLOSED, Act.DECIDED})
"""The acts that a supervisor signs, where the setup names one; nobody signs the others."""
_DETAILS: Final[Mapping[Act, tuple[str, ...]]] = {
    Act.FROZEN: ("anchor",),
    Act.OPENED: (),
    Act.SUSPENDED: ("heads", "reason"),
    Act.RESUMED: ("heads", "reason"),
    Act.CLOSED: ("heads",),
    Act.SUMMED: ("heads",),
    Act.COUNTED: ("heads",),
    Act.DECIDED: ("outcome_sha256",),
}


_MORE: Final[Mapping[Act, tuple[str, ...]]] = {Act.OPENED: ("test",)}
"""Details that are there if the setup reserves a test sum (7.h)."""


@dataclass(frozen=True)
class Countersignature:
    """The supervisor's signature of an act, in 128 digits, and from when on the act may be done (UTC)."""

    earliest: str
    signature: str

    def to_json(self) -> dict[str, str]:
        """The JSON value."""
        return {"earliest": self.earliest, "signature": self.signature}


@dataclass(frozen=True)
class Line:
    """One act at one time (UTC), with its details, chained to the line before."""

    height: int
    parent: str | None
    time: str
    act: Act
    details: Mapping[str, Any]
    countersignature: Countersignature | None = None

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        value = {"height": self.height, "parent": self.parent, "time": self.time, "act": self.act.value}
        signed = {} if self.countersignature is None else {"supervisor": self.countersignature.to_json()}
        return value | {"details": self.details} | signed

    def to_bytes(self) -> bytes:
        """The canonical text, without the newline."""
        return canonical(self.to_json())

    @property
    def hash(self) -> str:
        """SHA-256 of the text."""
        return sha256_hex(self.to_bytes())


def _read_line(data: bytes) -> Line:
    fields = _form.fields(json.read(data), ("height", "parent", "time", "act", "details"), ("supervisor",))
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
        read_countersignature(fields["supervisor"]) if "supervisor" in fields else None,
    )
    check_details(line.act, line.details)
    require_canonical(data, line.to_json(), errors.JournalMalformed)
    return line


def read_countersignature(value: Any) -> Countersignature:
    """A countersignature from its JSON value; whether it holds is another question."""
    fields = _form.fields(value, ("earliest", "signature"))
    signature = _form.text(fields["signature"], "signature")
    if not _SIGNATURE.match(signature):
        _form.fail("signature", signature)
    return Countersignature(read_time(fields["earliest"], "earliest", _form), signature)


def check_details(act: Act, details: Mapping[str, Any], *, without: frozenset[str] = frozenset()) -> None:
    """The details are those of the act (8.8), ``without`` some that are added later; a reason is plain text by language."""
    expected, got = [name for name in _DETAILS[act] if name not in without], sorted(details)
    same = [name for name in got if name not in _MORE.get(act, ())] == expected
    errors.require(errors.JournalMalformed, same, "details", expected=", ".join(expected), got=", ".join(got))
    if "reason" in expected and same:
        check_reason(details["reason"])
    if "test" in got and act is Act.OPENED:
        _form.hash(details["test"], "test")


def check_reason(value: Any) -> None:
    """Why the vote is suspended or resumed: a text in one language or in several, by language tag (8.8)."""
    if not isinstance(value, dict) or not value:
        _form.fail("reason", value)
    for language, text in value.items():
        fits = _LANGUAGE.match(language) is not None and isinstance(text, str)
        if not fits or not text.strip() or len(text) > LONGEST_REASON or hidden_in(text) is not None:
            expected = f"plain text by language, of at most {LONGEST_REASON} characters"
            raise errors.JournalMalformed("reason", expected=expected, got=language)


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
    expected = NEXT[before[-1].act if before else None]
    errors.require(errors.JournalOrder, line.act in expected, expected=" or ".join(expected) or None, got=line.act.value)
    if before:
        errors.require(errors.JournalOrder, line.time >= before[-1].time, "time runs backwards", got=line.time)


def next_line(
    before: list[Line],
    act: Act,
    time: str,
    details: Mapping[str, Any],
    countersignature: Countersignature | None = None,
) -> Line:
    """The line that appends an act to a journal; refuses one that is not the next in order (8.10).

    Whether the supervisor's signature is there and holds is asked by ``sanduq.box.supervision``, which knows the setup.
    """
    parent = before[-1].hash if before else None
    line = Line(len(before), parent, read_time(time, "time"), act, details, countersignature)
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


def write_act(
    path: Path,
    act: Act,
    time: str,
    details: Mapping[str, Any],
    countersignature: Countersignature | None = None,
    check: Callable[[Line], None] | None = None,
) -> Line:
    """Append an act to the journal of a record, durably; refuses one that is not the next in order (8.10).

    ``check`` may refuse the line before it is written.
    """
    with path.open("r+b") as file:
        line = next_line(read_journal(_cut_back(file)), act, time, details, countersignature)
        if check is not None:
            check(line)
        write_durably(file, line.to_bytes() + b"\n")
    return line
