"""Reserve credentials: on the list from the beginning, belonging to nobody, given out under four eyes (spec 1.e).

After freezing no credential can be added. Who lost a letter can get a reserve; which one took the place of which credential
stands in a public *register*, without names: a chain of lines, of which the first names all reserves. So everybody sees that no
reserve voted that was given to nobody, and whether a credential that was said to be lost has voted all the same.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive import json
from sanduq.archive.writer import write_durably
from sanduq.roll import Roll, check_uuid

FORMAT: Final = "sanduq-reserves-1"
LONGEST: Final = 1 << 26
REASONS: Final = ("lost", "undelivered", "damaged", "seen")
"""Why a reserve is given: the letter was lost, came back, cannot be read, or was seen by somebody else."""
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")
_form = json.Form(errors.ReservesMalformed)


@dataclass(frozen=True)
class Given:
    """A reserve that was given out in the place of another credential (public credentials, both)."""

    time: str
    reserve: str
    replaces: str
    why: str
    note_sha256: str

    def to_json(self) -> dict[str, Any]:
        """The fields of its line, but those of the chain."""
        return {
            "time": self.time,
            "reserve": self.reserve,
            "replaces": self.replaces,
            "why": self.why,
            "note_sha256": self.note_sha256,
        }


@dataclass(frozen=True)
class Register:
    """The public register of an election's reserves: which there are, and which were given out, in order."""

    uuid: str
    roll_sha256: str
    time: str
    reserves: tuple[str, ...]
    given: tuple[Given, ...] = ()

    def to_bytes(self) -> bytes:
        """The canonical text: a line of JSON each, every one with the SHA-256 of the line before."""
        return b"".join(line + b"\n" for line in self._lines())

    @property
    def head(self) -> str:
        """SHA-256 of the last line: what is announced, so that nothing can be taken back."""
        return sha256_hex(self._lines()[-1])

    @property
    def left(self) -> tuple[str, ...]:
        """The reserves that were not given out."""
        used = {one.reserve for one in self.given}
        return tuple(key for key in self.reserves if key not in used)

    def _lines(self) -> list[bytes]:
        first = {"format": FORMAT, "uuid": self.uuid, "roll_sha256": self.roll_sha256, "time": self.time}
        lines = [json.write(first | {"reserves": list(self.reserves)}).encode()]
        for one in self.given:
            lines.append(_given_line(sha256_hex(lines[-1]), one))
        return lines


def _given_line(parent: str, one: Given) -> bytes:
    return json.write({"parent": parent} | one.to_json()).encode()


def make_register(uuid: str, roll: Roll, keys: Collection[str], time: str) -> Register:
    """The register of fresh reserves, whose public credentials are ``keys``; sorted, so the order says nothing."""
    return Register(uuid, roll.sha256, _time(time), tuple(sorted(keys)))


def read_register(data: bytes) -> Register:
    """The register in ``data`` (1.9 to 1.11, the latter without the list)."""
    if len(data) > LONGEST:
        raise errors.ReservesMalformed(expected=f"at most {LONGEST} bytes", got=len(data))
    errors.require(errors.ReservesMalformed, data.endswith(b"\n"), "the last line is unfinished")
    texts = data.split(b"\n")[:-1]
    register = _first(texts[0])
    given: list[Given] = []
    seen = {*register.reserves}
    parent = sha256_hex(texts[0])
    replaced: set[str] = set()
    for number, text in enumerate(texts[1:], 2):
        try:
            one = _line(text, parent)
            errors.require(errors.ReserveUnknown, one.reserve in seen, "no reserve, or given before", got=one.reserve)
            fresh = one.replaces not in seen and one.replaces not in replaced
            errors.require(errors.ReserveUnknown, fresh, "replaces one that nobody has, or once more", got=one.replaces)
            before = given[-1].time if given else register.time
            errors.require(errors.ReservesChain, one.time >= before, "time runs backwards", got=one.time)
        except errors.Refused as refusal:
            raise refusal.within(f"register line {number}") from None
        seen.discard(one.reserve)
        replaced.add(one.replaces)
        given.append(one)
        parent = sha256_hex(text)
    return Register(register.uuid, register.roll_sha256, register.time, register.reserves, tuple(given))


def _first(data: bytes) -> Register:
    fields = _form.fields(json.read(data), ("format", "uuid", "roll_sha256", "time", "reserves"))
    if fields["format"] != FORMAT:
        _form.fail("format", fields["format"])
    keys = _form.items(fields["reserves"], "reserve", lambda key: _form.hash(key, "public credential"))
    uuid = check_uuid(_form.text(fields["uuid"], "uuid"))
    register = Register(uuid, _form.hash(fields["roll_sha256"], "roll_sha256"), _time(fields["time"]), keys)
    errors.require(errors.ReservesMalformed, list(keys) == sorted(set(keys)), "the reserves are not in order")
    errors.require(errors.ReservesMalformed, register.to_bytes() == data + b"\n", "not in the canonical form")
    return register


def _line(data: bytes, parent: str) -> Given:
    fields = _form.fields(json.read(data), ("parent", "time", "reserve", "replaces", "why", "note_sha256"))
    if fields["why"] not in REASONS:
        _form.fail("why", fields["why"])
    names = ("reserve", "replaces", "note_sha256")
    reserve, replaces, note = (_form.hash(fields[name], name) for name in names)
    one = Given(_time(fields["time"]), reserve, replaces, fields["why"], note)
    got = _form.hash(fields["parent"], "parent")
    errors.require(errors.ReservesChain, got == parent, expected=parent, got=got)
    errors.require(errors.ReservesMalformed, _given_line(parent, one) == data, "not in the canonical form")
    return one


def _time(value: Any) -> str:
    text = _form.text(value, "time")
    try:
        if not _TIME.match(text):
            raise ValueError
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        raise errors.ReservesMalformed("time", expected="2026-05-01T06:00:00Z", got=text) from None
    return text


def check_register(register: Register, uuid: str, roll: Roll) -> None:
    """The register is of this election and list, and everything that it names stands there (1.11)."""
    errors.require(errors.ReserveUnknown, register.uuid == uuid, "another election", expected=uuid, got=register.uuid)
    same = register.roll_sha256 == roll.sha256
    errors.require(errors.ReserveUnknown, same, "another list", expected=roll.sha256, got=register.roll_sha256)
    for key in (*register.reserves, *(one.replaces for one in register.given)):
        errors.require(errors.ReserveUnknown, key in roll, "not on the list", got=key)


def check_votes(register: Register, voted: Collection[str]) -> tuple[Given, ...]:
    """No reserve has voted that was given to nobody (1.12); gives those of which the lost credential has voted **too**.

    ``voted`` are the public credentials that have a ballot. Both ballots of such a pair are counted: the protocol knows no way
    to take a credential off the list.
    """
    for key in register.left:
        errors.require(errors.ReserveUsed, key not in voted, got=key)
    return tuple(one for one in register.given if one.reserve in voted and one.replaces in voted)


@contextmanager
def opened(path: Path) -> Iterator[tuple[Register, BinaryIO]]:
    """The register, while no other process writes to it; an unfinished last line, which was never said, is cut off."""
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        data = file.read(LONGEST + 1)
        whole = data[: data.rfind(b"\n") + 1]
        register = read_register(whole or data)  # before anything is cut off: it might be another file
        if len(whole) < len(data):
            os.ftruncate(file.fileno(), len(whole))
        yield register, file


def longer(register: Register, one: Given) -> Register:
    """The register with one more line. Refuses what :func:`read_register` would (1.9 to 1.11)."""
    return read_register(register.to_bytes() + _given_line(register.head, one) + b"\n")


def append(file: BinaryIO, register: Register, one: Given) -> Register:
    """The same, when it is on the disk."""
    found = longer(register, one)
    write_durably(file, _given_line(register.head, one) + b"\n")
    return found


# --- who got which: the registrar's own note, which the register names by its hash only ---------------------------------------

NOTE_COLUMNS: Final = ("voter", "reserve", "replaces", "time", "why", "first officer", "second officer", "salt")


@dataclass(frozen=True)
class Note:
    """To whom a reserve was given, and by which two officers. Kept with the credentials, and destroyed with them."""

    voter: str
    reserve: str
    replaces: str
    time: str
    why: str
    officers: tuple[str, str]
    salt: str = field(default_factory=lambda: secrets.token_hex(16))

    def row(self) -> tuple[str, ...]:
        """Its cells, as ``NOTE_COLUMNS`` name them."""
        return (self.voter, self.reserve, self.replaces, self.time, self.why, *self.officers, self.salt)

    @property
    def sha256(self) -> str:
        """Binds the register's line to this note; the salt keeps others from trying names."""
        return sha256_hex(json.write(["sanduq-note-1", *self.row()]).encode())

    @property
    def given(self) -> Given:
        """The register's line."""
        return Given(self.time, self.reserve, self.replaces, self.why, self.sha256)


def read_note(row: Sequence[str]) -> Note:
    """The note in a row of ``NOTE_COLUMNS``."""
    voter, reserve, replaces, time, why, first, second, salt = row
    return Note(voter, reserve, replaces, time, why, (first, second), salt)


def credential_for(voter: str, notes: Sequence[Note], keys: Mapping[str, str]) -> tuple[str, Note | None]:
    """The public credential that a voter holds now, and the last note of theirs. ``keys`` are the first ones, by voter."""
    mine = [note for note in notes if note.voter == voter]
    return (mine[-1].reserve, mine[-1]) if mine else (keys[voter], None)
