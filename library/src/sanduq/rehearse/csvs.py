"""The figures of the areas from CSV files. Nothing is repaired: where the figures contradict each other, the line is named."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sanduq.rehearse.plan import PlanArea, PlanQuestion
from sanduq.rehearse.problems import Problems

MAX_BYTES: Final = 32 << 20
MAX_AREAS: Final = 100_000
MAX_LINES: Final = 1_000_000
MAX_PROBLEMS: Final = 1000
_NUMBER: Final = re.compile(r"[0-9]{1,10}\Z", re.ASCII)
CODE: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?\Z")
_SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs"}
_SHOWN: Final = 40


@dataclass(frozen=True)
class Columns:
    """The names of the columns: ``parent``, ``ballots`` and ``language`` may be missing."""

    code: str
    name: str
    electorate: str
    parent: str | None
    ballots: str | None
    language: str | None = None


@dataclass(frozen=True)
class _Row:
    place: str
    cells: Mapping[str, str]


def decode(data: bytes, name: str, problems: Problems) -> str | None:
    """The text of a file: UTF-8, with or without a byte order mark."""
    if len(data) > MAX_BYTES:
        problems.add(name, f"the file has more than {MAX_BYTES >> 20} MiB")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.add(f"{name} line {line}", f"not UTF-8 (byte {data[error.start]:#04x}): save the file as UTF-8")
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        problems.add(f"{name} line {line}", "a NUL byte: this is no text file, or one in UTF-16: save it as UTF-8")
        return None
    return text


class AreaReader:
    """Reads the areas of one or several files of the same columns."""

    def __init__(
        self,
        columns: Columns,
        questions: tuple[PlanQuestion, ...],
        separator: str,
        languages: tuple[str, ...],
        problems: Problems,
    ) -> None:
        self.columns, self.questions, self.separator, self.problems = columns, questions, separator, problems
        self.languages = languages
        self.areas: list[PlanArea] = []
        self._places: dict[str, str] = {}

    @property
    def needed(self) -> tuple[str, ...]:
        """Every column that is read."""
        own = self.columns
        names = [own.code, own.name, own.electorate]
        names += [name for name in (own.parent, own.ballots, own.language) if name is not None]
        for question in self.questions:
            names += [answer.column for answer in question.answers] + list(question.blank_columns)
        # (The answers of a draft have no columns.)
        return tuple(dict.fromkeys(name for name in names if name))

    def read(self, data: bytes, name: str) -> None:
        """Add the areas of a file."""
        text = decode(data, name, self.problems)
        if text is None:
            return
        before = len(self.areas), self.problems.count
        for row in self._rows(text, name):
            if len(self.areas) >= MAX_AREAS:
                self.problems.add(row.place, f"more than {MAX_AREAS} areas")
                return
            area = self._area(row)
            if area is not None:
                self.areas.append(area)
        if before == (len(self.areas), self.problems.count):
            self.problems.add(name, "no areas")

    def _rows(self, text: str, name: str) -> Iterator[_Row]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.separator, strict=True)
        header: list[str] | None = None
        try:
            for cells in reader:
                place = f"{name} line {reader.line_num}"
                if reader.line_num > MAX_LINES or self.problems.count > MAX_PROBLEMS:
                    self.problems.add(place, "too many lines or problems: the rest was not read")
                    return
                if not any(cell.strip() for cell in cells):
                    continue
                if header is None:
                    header = [cell.strip() for cell in cells]
                    if not self._header_fits(header, place):
                        return
                elif len(cells) != len(header):
                    self.problems.add(place, f"{len(cells)} cells, but the first line has {len(header)}")
                else:
                    yield _Row(place, dict(zip(header, (cell.strip() for cell in cells), strict=True)))
        except csv.Error as error:
            self.problems.add(f"{name} line {reader.line_num}", f"not CSV: {error}")

    def _header_fits(self, header: list[str], place: str) -> bool:
        there = Counter(header)
        missing = [name for name in self.needed if name not in there]
        twice = [name for name in self.needed if there[name] > 1]
        others = [words for mark, words in _SEPARATORS.items() if mark != self.separator and mark in "".join(header)]
        if missing and len(header) == 1 and others:
            what = f"the cells seem to be separated by {others[0]}: say separator in [areas]"
            self.problems.add(place, what)
            return False
        for name in missing:
            self.problems.add(place, f"no column {name!r}; there are {', '.join(map(repr, header[:20]))[:200]}")
        for name in twice:
            self.problems.add(place, f"two columns {name!r}")
        return not missing and not twice

    def _area(self, row: _Row) -> PlanArea | None:
        before = self.problems.count
        code, name, parent = self._labels(row)
        electorate = self._number(row, self.columns.electorate)
        votes = tuple(self._votes(row, question) for question in self.questions)
        if self.problems.count > before:
            return None
        sums = {question.id: sum(numbers) for question, numbers in zip(self.questions, votes, strict=True)}
        ballots = next(iter(sums.values())) if self.columns.ballots is None else self._number(row, self.columns.ballots)
        self._check(row, electorate, ballots, sums)
        if self.problems.count > before:
            return None
        return PlanArea(code, name, parent, electorate, ballots, votes, self._language(row))

    def _check(self, row: _Row, electorate: int, ballots: int, sums: Mapping[str, int]) -> None:
        if electorate == 0:
            self.problems.add(row.place, "the electorate is 0: leave the area out")
        elif ballots > electorate:
            self.problems.add(row.place, f"votes ({ballots}) are more than the electorate ({electorate})")
        for question, count in sums.items():
            if count != ballots:
                what = f"the votes and blanks of question {question} are {count}, but the ballots are {ballots}"
                self.problems.add(row.place, what)

    def _labels(self, row: _Row) -> tuple[str, str, str | None]:
        code, name = row.cells[self.columns.code], row.cells[self.columns.name]
        if not CODE.match(code):
            self.problems.add(row.place, f"not a code: {code[:_SHOWN]!r} (1 to 64 letters, digits, . _ -)")
        elif code.lower() in self._places:
            self.problems.add(row.place, f"the code {code} stands already at {self._places[code.lower()]}")
        else:
            self._places[code.lower()] = row.place
        if not name or len(name) > 200 or not name.isprintable():
            self.problems.add(row.place, f"not a name: {name[:_SHOWN]!r} (1 to 200 characters)")
        parent = row.cells[self.columns.parent] if self.columns.parent is not None else ""
        if parent and not CODE.match(parent):
            self.problems.add(row.place, f"not the code of a parent: {parent[:_SHOWN]!r}")
        return code, name, parent or None

    def _language(self, row: _Row) -> str | None:
        text = row.cells[self.columns.language] if self.columns.language is not None else ""
        if text and text not in self.languages:
            self.problems.add(row.place, f"not one of the languages {', '.join(self.languages)}: {text[:_SHOWN]!r}")
        return text or None

    def _votes(self, row: _Row, question: PlanQuestion) -> tuple[int, ...]:
        blank = [sum(self._number(row, column) for column in question.blank_columns)] if question.blank else []
        return (*blank, *(self._number(row, answer.column) if answer.column else 0 for answer in question.answers))

    def _number(self, row: _Row, column: str) -> int:
        text = row.cells[column]
        if _NUMBER.match(text):
            return int(text)
        if not text:
            what = "is empty: write 0 if it is none"
        elif re.match(r"-\d", text):
            what = f"is below 0: {text[:_SHOWN]}"
        elif text.isdecimal() and text.isascii():
            what = f"has {len(text)} digits: more than 10 cannot be"
        else:
            what = f"is not a whole number in plain digits: {text[:_SHOWN]!r}"
        self.problems.add(row.place, f"{column} {what}")
        return 0
