"""The files of partial decryptions that trustees hand over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from sanduq import errors
from sanduq.archive import json
from sanduq.cli.common import read_file, write_public
from sanduq.cli.keys import read_seed, read_single_key
from sanduq.count.binding import bindings_value
from sanduq.count.decryption import read_decryption
from sanduq.keys.ceremony import decryption_key
from sanduq.watch import trustee
from sanduq.watch.counting import read_parts

Anchor = Annotated[str, typer.Option("--anchor", help="The announced SHA-256 of the setup: never taken from the record.")]
Key = Annotated[Path, typer.Option("--key", help="Your secret key: .privkey, or .key of a threshold trustee.")]
Dkey = Annotated[Path | None, typer.Option("--dkey", help="A threshold trustee's .dkey.")]
Out = Annotated[Path, typer.Option("--out", help="The file to hand over.")]
Number = Annotated[int, typer.Option("--trustee", min=1, max=100, help="Which trustee you are (`keys show`).")]


Parts = dict[str, trustee.Part]
"""One trustee's parts, by uuid."""


def part_value(part: trustee.Part) -> dict[str, Any]:
    return {"decryption": json.read(part.decryption.to_bytes()), "bindings": bindings_value(part.bindings)}


def write_parts(out: Path, owner: int, parts: Mapping[str, trustee.Part]) -> None:
    """One trustee's file."""
    areas = {uuid: part_value(part) for uuid, part in parts.items()}
    write_public(out, json.write({"owner": owner, "areas": areas}).encode())


def first_line(path: Path) -> trustee.Part:
    """What belenios-tool wrote: the decryption stands in its first line."""
    lines = [line for line in read_file(path).splitlines() if line.strip()]
    if not lines:
        raise errors.Unusable(f"{path} is empty")
    return trustee.Part(read_decryption(lines[0]), ())


def secret_of(key: Path, dkey: Path | None) -> int:
    """A trustee's secret, of a mandatory one or of one of a threshold group."""
    if dkey is None:
        return read_single_key(key)
    return decryption_key(read_seed(key), read_file(dkey).decode("utf-8", "replace").strip())


def read_all(paths: Iterable[Path]) -> dict[int, Parts]:
    given: dict[int, Parts] = {}
    for path in paths:
        try:
            owner, areas = read_parts(read_file(path))
            errors.require(errors.DecryptionTwice, owner not in given, got=owner)
        except errors.Refused as refusal:
            raise refusal.within(str(path)) from None
        given[owner] = areas
    return given
