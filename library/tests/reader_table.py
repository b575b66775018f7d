"""The table of readers: each is called with any bytes, and has to answer with a value or to raise an error of our tree."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sanduq import errors

Read = Callable[[bytes], object]


@dataclass(frozen=True)
class Reader:
    """``kind`` is what its texts are: ``json``, ``archive`` or ``text``."""

    name: str
    kind: str
    read: Read
    examples: Callable[[], list[bytes]]


READERS: dict[str, Reader] = {}


def reader(kind: str, examples: Callable[[], list[bytes]]) -> Callable[[Read], Read]:
    """Register a reader under the name of its function, with texts that it accepts."""

    def register(read: Read) -> Read:
        READERS[read.__name__] = Reader(read.__name__, kind, read, cache(examples))
        return read

    return register


def call(name: str, data: bytes) -> errors.SanduqError | None:
    """Read ``data``; the error of our tree that it is answered with, if it is."""
    try:
        READERS[name].read(data)
    except errors.SanduqError as error:
        assert len(str(error)) < 5000, "an error as long as its input"
        return error
    return None


def as_text(data: bytes) -> str:
    """As a command line gets a text that is not UTF-8: with halves of surrogate pairs in it."""
    return data.decode("utf-8", "surrogateescape")


@contextlib.contextmanager
def in_file(data: bytes, name: str = "file") -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        yield path
