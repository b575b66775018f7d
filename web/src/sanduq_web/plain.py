"""Plain text as people type it, and cells of tables that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from sanduq import errors
from sanduq.question.setup import hidden_in

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_MANY_EMPTY: Final = re.compile(r"\n{3,}")


def text(given: str, what: str, longest: int, *, needed: bool = True) -> str:
    """Lines of text without characters that hide or turn it around; they are taken out. Half spaces stay.

    Raises :class:`sanduq.errors.Unusable` for what is too long, or empty though it is needed.
    """
    lines = given.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    found = _MANY_EMPTY.sub("\n\n", "\n".join(_shown(line).strip() for line in lines)).strip()
    if len(found) > longest or (needed and not found):
        raise errors.Unusable(f"{what}: expected 1 to {longest} characters, got {len(found)}")
    return found


def line(given: str, what: str, longest: int, *, needed: bool = True) -> str:
    """The same on one line."""
    return text(" ".join(given.split()), what, longest, needed=needed)


def _shown(given: str) -> str:
    return given if hidden_in(given) is None else "".join(each for each in given if hidden_in(each) is None)


def table(rows: Iterable[Sequence[object]]) -> str:
    """CSV with lines that end in a newline alone; a cell that a spreadsheet would take for a formula gets an apostrophe."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([_cell(each) for each in row] for row in rows)
    return written.getvalue()


def _cell(value: object) -> str:
    shown = str(value)
    return f"'{shown}" if shown.lstrip(" ").startswith(_FORMULA) else shown
