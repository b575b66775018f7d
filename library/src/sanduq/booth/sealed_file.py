"""The file of a sealed ballot, which can be used once: cast or challenged, never both (spec 4.c, 4.17).

It goes through three states: ``sealed`` (with r and m of every ciphertext), then either ``challenged`` (the same, opened for
good) or ``cast`` (the signed ballot, the randomness destroyed). The new state is on the disk *before* anything is shown or
handed out, so a crash in between can only repeat what was begun, not begin the other.
"""

from __future__ import annotations

import fcntl
import os
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
_LARGEST: Final = 1 << 24
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
    ballot = None if fields["ballot"] is None else _form.text(fields["ballot"], "ballot")
    if (fields["state"] == CAST) is (ballot is None) or (fields["state"] != CAST and sealed is None):
        raise errors.MalformedJson("the file of a sealed ballot is damaged")
    return _Content(fields["state"], sealed, ballot)


def _read_opening(value: Any) -> tuple[int, int]:
    fields = _form.fields(value, ("r", "m"))
    m = _form.number(fields["m"], "m", 0, 1)
    try:
        return scalar(_form.text(fields["r"], "r")), m
    except errors.Refused:
        # Not repeated in the error: it may be the secret with one digit wrong.
        raise errors.MalformedJson("an opening is damaged") from None


@contextmanager
def _alone(path: Path) -> Iterator[_Content]:
    """The file's content, while no other process of this kind works on it.

    The file is replaced, not rewritten: who waited for its lock may then hold one that is not there any more, and looks again.
    """
    while True:
        with path.open("r+b") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            if not os.path.samestat(os.fstat(held.fileno()), path.stat()):
                continue
            data = held.read(_LARGEST + 1)
            if len(data) > _LARGEST:
                raise errors.MalformedJson("this is no file of a sealed ballot", expected=f"at most {_LARGEST} bytes")
            yield _read(data)
            return


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
            raise errors.SealSpent
        raw = cast_ballot(content.sealed.unsigned, credential, random).raw
        replace(path, _to_bytes(CAST, None, raw.decode()))
        return raw
