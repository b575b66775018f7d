"""Where pages are kept: in this process's memory, and no more of it than a bound."""

from __future__ import annotations

from typing import Any, Final

from django.core.cache.backends.locmem import LocMemCache

MOST: Final = 64 << 20
"""Bytes. A number of entries bounds nothing: whoever asks for a long page under many addresses has each of them kept."""


class Bounded(LocMemCache):
    """Django's; what nobody has read for longest goes first."""

    def _set(self, *given: Any, **more: Any) -> None:
        super()._set(*given, **more)  # type: ignore[misc]
        held: Any = self._cache  # type: ignore[attr-defined]
        while sum(map(len, held.values())) > MOST:
            self._delete(next(reversed(held)))  # type: ignore[attr-defined]
