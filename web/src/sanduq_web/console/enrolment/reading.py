"""A register as a CSV file: row by row, in bounded memory, whatever somebody has made of it.

==========  ================================================================================================================
voter       the register's own number or mark of the person: 1 to 64 letters, digits and ``- _ . /``, the first one a letter
            or digit. Needed; nobody twice
area        the code of a counting area of the draft. Needed, unless the vote has one area only
name        for the letter: one line of at most 60 characters
address     for the letter: at most five lines of 60 characters, divided by line breaks or ``|``
language    of the letter: one of the site's languages
email       for the mail
withheld    ``yes`` or ``no``: whether the name may stand in no list
weight      a whole number from 0; without this column everybody has one vote
detail      what only this person knows, such as a day of birth: with ``voter`` it opens the look-up. Only a keyed hash of it
            is kept
==========  ================================================================================================================

Any other column is refused: what is not needed is not taken in. The first line names the columns. Commas, semicolons,
tabulators and bars divide; UTF-8, or UTF-16 with its mark, or the encoding that whoever uploads it names.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, NamedTuple, TextIO

from sanduq import errors
from sanduq.question.setup import hidden_in
from sanduq.roll import MAX_WEIGHT
from sanduq_web.roll.api import FORMULA, address_lines, is_email, plain_detail, wrong_letter

COLUMNS: Final = ("voter", "area", "name", "address", "language", "email", "withheld", "weight", "detail")
ENCODINGS: Final = ("utf-8", "cp1256", "cp1254", "cp1252", "cp1251")
"""What may be named. (UTF-16 is seen by its mark.)"""
_LONGEST_ROW: Final = 8192
_MOST_BREAKS: Final = 12
_VOTER: Final = re.compile(r"[^\W_][\w./-]{0,63}\Z")
_SAID: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}
_DIVIDERS: Final = ",;\t|"


class Row(NamedTuple):
    """A row that is in order; ``line`` is where it begins. ``address``: lines divided by line feeds."""

    line: int
    voter: str
    area: str
    name: str
    address: str
    language: str
    email: str
    withheld: bool
    weight: int
    detail: str


class Fault(NamedTuple):
    """What is wrong with a row: never what stands there of a person. ``kind``: a key of :data:`problems.TOLD`."""

    line: int
    column: str
    kind: str
    got: str = ""


@dataclass(frozen=True)
class Frame:
    """What rows are checked against."""

    areas: Collection[str]
    languages: Collection[str]


class _Lines:
    """Lines of bounded length, and a bounded number of them for one row."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self.number = 0
        self.begun = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline(_LONGEST_ROW + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > _LONGEST_ROW or self.number - self.begun > _MOST_BREAKS:
            raise errors.Unusable(
                f"line {self.number}: a row of more than {_LONGEST_ROW} characters or {_MOST_BREAKS} lines",
                hint="a quotation mark that is not closed, or no register",
            )
        return line

    def next_row(self) -> int:
        """The number of the line with which the next row begins."""
        self.begun = self.number
        return self.number + 1


def _text(source: BinaryIO, encoding: str) -> TextIO:
    if encoding not in ENCODINGS:
        raise errors.Unusable(f"expected one of the encodings {', '.join(ENCODINGS)}")
    raw: Any = source if hasattr(source, "peek") else io.BufferedReader(source)
    head = raw.peek(4)[:4]
    if head.startswith(b"PK\x03\x04"):
        raise errors.Unusable("this is a workbook or an archive", hint="save the sheet as CSV in UTF-8")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        if head == b"\xff\xfe\x00\x00":
            raise errors.Unusable("the file is in UTF-32", hint="save it as UTF-8")
        encoding = "utf-16"
    elif head.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    elif b"\0" in head:
        raise errors.Unusable("the file is no text, or in UTF-16 without its mark", hint="save it as UTF-8")
    return io.TextIOWrapper(raw, encoding, errors="replace", newline="")


class Register:
    """The rows of a file. ``columns``, ``weighted``: what its first line says.

    Raises :class:`sanduq.errors.Unusable` where the file as a whole cannot be read, also half-way; what is wrong with one row
    is a :class:`Fault`, and the next one is read.
    """

    def __init__(self, source: BinaryIO, encoding: str, frame: Frame) -> None:
        self._lines = _Lines(_text(source, encoding))
        self._frame = frame
        self._only = next(iter(frame.areas)) if len(frame.areas) == 1 else ""
        self.columns, divider = self._header()
        self.weighted = "weight" in self.columns
        self._rows = csv.reader(self._lines, delimiter=divider, strict=True)

    def _header(self) -> tuple[list[str], str]:
        try:
            line = next(self._lines)
        except StopIteration:
            raise errors.Unusable("the file is empty") from None
        divider = max(_DIVIDERS, key=line.count)
        try:
            cells = next(csv.reader([line], delimiter=divider, strict=True))
        except csv.Error:
            raise errors.Unusable("line 1: names of columns cannot be read", hint="expected one line") from None
        names = [cell.strip().casefold() for cell in cells]
        if unknown := [name for name in names if name not in COLUMNS]:
            got = ascii(unknown[0][:30])
            raise errors.Unusable(
                f"line 1: there is no column {got}", hint=f"leave out what is not needed; known are {', '.join(COLUMNS)}"
            )
        if len(set(names)) != len(names):
            raise errors.Unusable("line 1: a column stands twice")
        for needed in ("voter", *(() if self._only else ("area",))):
            if needed not in names:
                raise errors.Unusable(f"line 1: the column {needed} is missing", hint="the first line names the columns")
        return names, divider

    def __iter__(self) -> Iterator[Row | Fault]:
        while True:
            line = self._lines.next_row()
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except csv.Error:
                yield Fault(line, "", "quotes")
                continue
            if not any(cells):
                continue  # an empty line
            if len(cells) != len(self.columns):
                yield Fault(line, "", "columns", f"{len(cells)}/{len(self.columns)}")
                continue
            yield self._row(line, dict(zip(self.columns, map(str.strip, cells), strict=True)))

    def _row(self, line: int, cells: dict[str, str]) -> Row | Fault:
        for column, cell in cells.items():
            if wrong := _wrong(column, cell):
                return Fault(line, column, wrong)
        voter = unicodedata.normalize("NFC", cells["voter"])
        if _VOTER.match(voter) is None:
            return Fault(line, "voter", "voter")
        area = cells.get("area") or self._only
        if area not in self._frame.areas:
            return Fault(line, "area", "area", ascii(area[:30]))
        language = cells.get("language", "")
        if language and language not in self._frame.languages:
            return Fault(line, "language", "language", ascii(language[:20]))
        address = address_lines(cells.get("address", ""))
        name, email = cells.get("name", ""), cells.get("email", "")
        if wrong := wrong_letter(name, address):
            return Fault(line, wrong, "lines")
        if email and not is_email(email):
            return Fault(line, "email", "email")
        withheld = _SAID.get(cells.get("withheld", "").casefold())
        if withheld is None:
            return Fault(line, "withheld", "withheld")
        weight = cells.get("weight", "1")
        if not (weight.isascii() and weight.isdigit() and len(weight) <= 12 and int(weight) <= MAX_WEIGHT):
            return Fault(line, "weight", "weight")
        detail = plain_detail(cells.get("detail", ""))
        if len(detail) > 64:
            return Fault(line, "detail", "long")
        return Row(line, voter, area, name, address, language, email, withheld, int(weight), detail)


def _wrong(column: str, cell: str) -> str:
    if not cell:
        return ""
    if "\ufffd" in cell:
        return "encoding"
    found = hidden_in(address_lines(cell) if column == "address" else cell)
    if found is not None or ("\n" in cell and column != "address"):
        return "hidden"
    if cell.startswith(FORMULA) and column in ("voter", "name", "address", "email"):
        return "formula"
    return ""
