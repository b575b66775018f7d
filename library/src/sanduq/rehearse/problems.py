"""What is wrong with the files of a rehearsal: all of it at once, by file and line, up to a limit."""

from __future__ import annotations

from typing import Final

from sanduq import errors

LIMIT: Final = 20


class Problems:
    """Collects problems; :meth:`stop` raises them together."""

    def __init__(self) -> None:
        self.count = 0
        self._told: list[str] = []

    def add(self, place: str, what: str) -> None:
        """One more problem, on one line, without anything that a terminal would obey."""
        self.count += 1
        if self.count <= LIMIT:
            self._told.append("".join(c if c.isprintable() else "\ufffd" for c in f"{place}: {what}"))

    def stop(self) -> None:
        """Raise :class:`errors.Unusable` with all problems, a line each, if there are any."""
        if self.count:
            more = self.count - LIMIT
            lines = self._told + ([f"and {more} more"] if more > 0 else [])
            raise errors.Unusable("\n".join(lines), hint="docs/look-up/rehearsal-format.md describes the files")
