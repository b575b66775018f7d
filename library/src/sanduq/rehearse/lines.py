"""A file of JSON objects, one a line, that outlives a kill: what was appended is there, what was being appended is not.

While it is open the file is locked, so that two processes never go on with the same work.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

from sanduq import errors
from sanduq.archive import json
from sanduq.archive.writer import sync_folder, write_durably

_LARGEST: Final = 1 << 28


class Lines:
    """An open file of lines. Use :func:`open_lines`."""

    def __init__(self, file: BinaryIO, values: list[dict[str, Any]]) -> None:
        self._file = file
        self.values = values

    def append(self, value: dict[str, Any]) -> None:
        """Append an object; when this returns it is on the disk."""
        write_durably(self._file, json.write(value).encode() + b"\n")
        self.values.append(value)


@contextmanager
def open_lines(path: Path) -> Iterator[Lines]:
    """The file at ``path``, made if it is not there; an unfinished last line is cut off. One process has it at a time."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    with os.fdopen(descriptor, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise errors.Unusable(f"another process works in {path.parent}", hint="let it come to its end, or end it") from None
        sync_folder(path.parent)
        data = file.read(_LARGEST + 1)
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            os.ftruncate(file.fileno(), len(whole))
        yield Lines(file, [_object(path, number, line) for number, line in enumerate(whole.split(b"\n")[:-1], 1)])


def _object(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        value = json.read(line)
    except errors.Refused as refusal:
        raise refusal.within(f"{path.name}, line {number}") from None
    if not isinstance(value, dict):
        raise errors.MalformedJson("not an object").within(f"{path.name}, line {number}")
    return value
