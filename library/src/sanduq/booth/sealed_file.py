"""The file of a sealed ballot, which can be used once: cast or challenged, never both (spec 4.c, 4.17).

It goes through three states: ``sealed`` (with r and m of every ciphertext), then either ``challenged`` (the same, opened for
good) or ``cast`` (the signed ballot, the randomness destroyed). The new state is on the disk *before* anything is shown or
handed out, so a crash in between can only repeat what was begun, not begin the other.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sanduq import errors
from sanduq.algebra.numbers import Random, scalar
from sanduq.archive import json
from sanduq.archive.writer import create, replace
from sanduq.booth.ballot import read_unsigned
from sanduq.booth.seal import Sealed, cast_ballot, challenge

_form = json.Form(errors.MalformedJson)
FORMAT: Final = "sanduq-sealed-1"
SEALED, CHALLENGED, CAST = "sealed", "challenged", "cast"


@dataclass(frozen=True)
class _Content:
    state: str
    sealed: Sealed | None
    ballot: str | None


def save(path: Path, sealed: Sealed) -> None:
    """Write a fresh sealed ballot (mode 600; never over another file)."""
    create(path, _to_bytes(SEALED, sealed, None), mode=0o600)


def _to_bytes(state: str, sealed: Sealed | None, ballot: str | None) -> bytes:
    value: dict[str, Any] = {"format": FORMAT, "state": state, "ballot": ballot}
    if sealed is not None:
        value["unsigned"] = sealed.unsigned.to_json()
        value["openings"] = [[{"r": str(r), "m": m} for r, m in row] for row in sealed.openings]
    return json.write(value).encode()


def _read(data: bytes) -> _Content:
    fields = _form.fields(json.read(data), ("format", "state", "ballot"), ("unsigned", "openings"))
    if fields["format"] != FORMAT or fields["state"] not in (SEALED, CHALLENGED, CAST):
        raise errors.MalformedJson("this is no file of a sealed ballot", expected=FORMAT)
    sealed = None
    if "unsigned" in fields:
        rows = _form.items(fields.get("openings"), "answer", lambda row: _form.items(row, "opening", _read_opening))
        sealed = Sealed(read_unsigned(fields["unsigned"]), rows)
    return _Content(fields["state"], sealed, fields["ballot"])


def _read_opening(value: Any) -> tuple[int, int]:
    fields = _form.fields(value, ("r", "m"))
    return scalar(_form.text(fields["r"], "r")), _form.number(fields["m"], "m", 0, 1)


@contextmanager
def _alone(path: Path) -> Iterator[_Content]:
    """The file's content, while no other process of this kind works on it (a lock file beside it: the file itself is
    replaced).
    """
    lock = path.with_name(path.name + ".lock")
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        try:
            yield _read(path.read_bytes())
        finally:
            lock.unlink(missing_ok=True)


def challenge_file(path: Path) -> bytes:
    """Open the sealed ballot for good; gives the file for the checker."""
    with _alone(path) as content:
        if content.state == CAST or content.sealed is None:
            raise errors.SealSpent("the ballot was cast: its randomness is destroyed")
        if content.state == SEALED:
            replace(path, _to_bytes(CHALLENGED, content.sealed, None))
        return challenge(content.sealed)


def cast_file(path: Path, credential: str, random: Random) -> bytes:
    """Sign the sealed ballot and destroy its randomness; gives the ballot to send. Asked again, it gives the same ballot."""
    with _alone(path) as content:
        if content.state == CHALLENGED:
            raise errors.SealSpent("the ballot was challenged: its content is known", hint="seal a new one")
        if content.ballot is not None:
            return content.ballot.encode()
        if content.sealed is None:
            raise errors.MalformedJson("the file holds no ballot")
        raw = cast_ballot(content.sealed.unsigned, credential, random).raw
        replace(path, _to_bytes(CAST, None, raw.decode()))
        return raw
