"""What became of each mail, on the disk before and after: so a killed run is taken up without sending twice what was taken.

**At most once.** A line says that a mail is about to be handed over, before the first byte of it goes out; another one says
how the server answered. A run that was killed in between leaves a mail of which nobody can know whether it was taken: its
state is *unknown*, and it is sent again only on request. The journal knows who got mail, and no credential; it is destroyed
with the credentials.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

from sanduq import errors
from sanduq.archive import json
from sanduq.archive.writer import create, write_durably

FORMAT: Final = "sanduq-mailing-1"
COLUMNS: Final = ("voter", "state", "time", "message", "answer")
_LONGEST: Final = 1 << 30
_form = json.Form(errors.MalformedJson)


class State(StrEnum):
    """What became of a mail. ``SENT``: the server took it, which is not yet the voter's mailbox."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"
    NO_ADDRESS = "no address"


@dataclass(frozen=True)
class Told:
    """One line: a voter's mail, its state, when, the Message-ID's left part, and the server's answer."""

    voter: str
    state: State
    time: str
    message: str = ""
    answer: str = ""

    def to_bytes(self) -> bytes:
        """The line."""
        return json.write(vars(self) | {"state": self.state.value}).encode() + b"\n"


def _read(data: bytes) -> Told:
    fields = _form.fields(json.read(data), COLUMNS)
    if fields["state"] not in tuple(State):
        _form.fail("state", fields["state"])
    cells = {name: _form.text(fields[name], name) for name in COLUMNS}
    return Told(cells["voter"], State(cells["state"]), cells["time"], cells["message"], cells["answer"])


class Journal:
    """The states so far, and the file to which the next ones are appended."""

    def __init__(self, file: BinaryIO, states: dict[str, Told]) -> None:
        self._file = file
        self.states = states

    def write(self, told: Told) -> None:
        """Append a line; returns when it is on the disk."""
        write_durably(self._file, told.to_bytes())
        self.states[told.voter] = told

    def state(self, voter: str) -> State:
        """What became of a voter's mail."""
        told = self.states.get(voter)
        return State.WAITING if told is None else told.state

    def report(self, voters: Iterable[str]) -> str:
        """CSV, a row a voter; no cell can be taken for a formula by a spreadsheet."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        for voter in voters:
            told = self.states.get(voter) or Told(voter, State.WAITING, "")
            writer.writerow(map(_inert, (voter, told.state.value, told.time, told.message, told.answer)))
        return text.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


@contextmanager
def opened(path: Path, about: Mapping[str, str]) -> Iterator[Journal]:
    """The journal of a mailing, for this process alone. ``about`` says what is mailed: the same in every run.

    An unfinished last line, of which nothing was done yet, is cut off.
    """
    first = json.write({"format": FORMAT} | dict(about)).encode()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        create(path, first + b"\n", mode=0o600)
    with path.open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise errors.Unusable(f"{path.name}: another run sends these mails at this moment") from None
        data = file.read(_LONGEST)
        whole = data[: data.rfind(b"\n") + 1]
        lines = whole.split(b"\n")[:-1]
        if not lines or lines[0] != first:
            raise errors.Unusable(f"{path.name} is of another mailing", hint="name another folder; this one was not changed")
        states = {}
        for number, line in enumerate(lines[1:], 2):
            try:
                told = _read(line)
            except errors.Refused as refusal:
                raise errors.Unusable(f"{path.name}: line {number} is damaged: {refusal.message}") from None
            states[told.voter] = told
        if len(whole) < len(data):
            os.ftruncate(file.fileno(), len(whole))
        yield Journal(file, _settled(states))


def _settled(states: dict[str, Told]) -> dict[str, Told]:
    """A mail that was being handed over when the run ended: nobody knows."""
    return {
        voter: Told(voter, State.UNKNOWN, told.time, told.message, "the run ended while it was handed over")
        if told.state is State.SENDING
        else told
        for voter, told in states.items()
    }
