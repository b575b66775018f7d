"""How often one credential may be used, remembered in this process's memory only.

Not by address: behind one address there may be a village, and one attacker may have a thousand addresses. What is limited is
what costs the public record something: a new ballot stays there for ever.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock
from typing import Final

from sanduq_web.problems import Problem

_MOST: Final = 200_000
"""Credentials remembered at most; who has its whole burst again is forgotten first."""


@dataclass
class Allowance:
    """``burst`` uses at once, and one more every ``seconds``, for each name."""

    burst: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _full_at: dict[str, float] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def spend(self, name: str, hint: str) -> None:
        """Use it once, or be told when."""
        with self._lock:
            now = self.clock()
            if len(self._full_at) > _MOST:
                self._full_at = {other: at for other, at in self._full_at.items() if at > now}
            full_at = max(self._full_at.get(name, now), now) + self.seconds
            over = full_at - now - self.burst * self.seconds
            if over <= 0:
                self._full_at[name] = full_at
                return
        raise Problem(
            HTTPStatus.TOO_MANY_REQUESTS, "this credential was used often just now", hint=hint, retry_after=int(over) + 1
        )

    def forget(self) -> None:
        """As after a restart."""
        self._full_at.clear()


NEW_BALLOTS: Final = Allowance(10, 60)
