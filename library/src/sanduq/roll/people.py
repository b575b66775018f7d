"""What the registrar knows of people, and needs for letters and mails only: name, address, language, e-mail (a CSV file).

It stands apart from the credentials: with numbers of the electoral roll in both, two files are needed to know a person.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sanduq import errors

COLUMNS: Final = ("voter", "name", "address", "language", "email")
MOST_LINES: Final = 6
LONGEST_LINE: Final = 60
_SHOWN: Final = 20
_DIVIDED: Final = re.compile(r"\s*(?:\r\n|\n|\r|\|)\s*")


@dataclass(frozen=True)
class Person:
    """One voter: the lines for the window of an envelope (name first), the language or "", the e-mail or ""."""

    lines: tuple[str, ...] = ()
    language: str = ""
    email: str = ""


def read_people(data: bytes, languages: Collection[str]) -> dict[str, Person]:
    """By voter. ``voter`` is needed, other columns may be missing; lines of an address are divided by line breaks or ``|``.

    ``languages`` are those that the vote is held in; a cell that is empty leaves the choice to the area. Every wrong row is
    named, and then nothing is read (:class:`errors.Unusable`). Cells of people are not repeated.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise errors.Unusable("not a CSV file in UTF-8") from None
    if not rows or "voter" not in rows[0] or not set(rows[0]) <= {*COLUMNS}:
        raise errors.Unusable(f"expected rows with columns out of: {', '.join(COLUMNS)}")
    people: dict[str, Person] = {}
    problems = []
    for row_number, row in enumerate(rows, 1):
        try:
            voter, person = _read_row(row, languages)
            if voter in people:
                raise errors.Unusable("the same voter again")
            people[voter] = person
        except errors.Unusable as error:
            problems.append(f"row {row_number}: {error.message}")
    if problems:
        more = f"; {len(problems)} in all" if len(problems) > _SHOWN else ""
        raise errors.Unusable("; ".join(problems[:_SHOWN]) + more)
    return people


def _read_row(row: Mapping[str | None, str | None], languages: Collection[str]) -> tuple[str, Person]:
    if None in row or None in row.values():
        raise errors.Unusable("too many columns, or too few")
    cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
    if not cells["voter"]:
        raise errors.Unusable("no voter")
    lines = [line for line in (cells["name"], *_DIVIDED.split(cells["address"])) if line]
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise errors.Unusable(f"an address of more than {MOST_LINES} lines, or a line of more than {LONGEST_LINE} characters")
    if any(unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") for line in lines for character in line):
        raise errors.Unusable("a character that cannot be printed")
    if cells["language"] and cells["language"] not in languages:
        raise errors.Unusable(f"a language that the vote is not held in; expected one of {', '.join(languages)}")
    return cells["voter"], Person(tuple(lines), cells["language"], cells["email"])
