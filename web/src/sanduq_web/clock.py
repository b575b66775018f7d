"""What time it is, as the library writes it (UTC, to the second). Actions take the time as an argument; doors ask here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"


def _system() -> str:
    return datetime.now(UTC).strftime(FORMAT)


_source: Callable[[], str] = _system


def now() -> str:
    """Now."""
    return _source()


@contextmanager
def testing_only_at(source: Callable[[], str]) -> Iterator[None]:
    """Ask another clock, for tests."""
    global _source  # noqa: PLW0603  # one clock a process
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before


@lru_cache(maxsize=1024)
def seconds(time: str) -> int:
    """A time in seconds since 1970."""
    return int(moment(time).timestamp())


def moment(time: str) -> datetime:
    """A time as Django formats it."""
    return datetime.strptime(time, FORMAT).replace(tzinfo=UTC)


def text(since: int) -> str:
    """The time that is so many seconds after 1970 began."""
    return datetime.fromtimestamp(since, UTC).strftime(FORMAT)
