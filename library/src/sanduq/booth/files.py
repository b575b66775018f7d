"""The hash of the booth's files: the setup names it, so that all can see whether a booth is the announced one (spec 4.d)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex

LEFT_OUT: Final = "config.json"
"""Says where the API is: it differs from one server to the next."""


def booth_sha256(folder: Path) -> str:
    """SHA-256 of the manifest of a built booth, in 64 digits: a line for each file, as ``sha256sum`` writes it, sorted by path.

    Raises :class:`errors.Unusable` if there is nothing in the folder.
    """
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    found.pop(LEFT_OUT, None)
    if not found:
        raise errors.Unusable(f"{folder}: no files of a booth")
    lines = [f"{sha256_hex(found[name].read_bytes())}  {name}\n".encode() for name in sorted(found, key=str.encode)]
    return sha256_hex(b"".join(lines))
