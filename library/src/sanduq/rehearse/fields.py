"""The fields of a TOML table. Each accessor notes a problem and goes on with something harmless, so that all problems are found
at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any, Final, TypeVar

from sanduq import errors
from sanduq.question.rule import check_id
from sanduq.question.rule.reading import fraction
from sanduq.rehearse.csvs import CODE
from sanduq.rehearse.problems import Problems

MAX_TEXT: Final = 10_000
MAX_ITEMS: Final = 10_000
MAX_NUMBER: Final = 10**10
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}\Z")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z", re.ASCII)

T = TypeVar("T", int, str)


class Fields:
    """A table of the file ``name``, at ``path`` in it."""

    def __init__(self, value: Any, name: str, problems: Problems, path: str = "") -> None:
        self.name, self.problems, self.path = name, problems, path
        self.table_value: dict[str, Any] = value if isinstance(value, dict) else {}
        self.usable = isinstance(value, dict)
        self.seen: set[str] = set()

    def __contains__(self, field: str) -> bool:
        return field in self.table_value

    def place(self, field: str) -> str:
        """Where a field stands, for people."""
        return f"{self.name}: {self.path}{field}"

    def problem(self, field: str, what: str) -> None:
        """Note a problem."""
        self.problems.add(self.place(field), what)

    def value(self, field: str) -> Any:
        """The value of a field, or None with a problem."""
        self.seen.add(field)
        if field not in self.table_value and self.usable:
            self.problem(field, "is missing")
        return self.table_value.get(field)

    def _typed(self, field: str, kind: type, words: str) -> Any:
        value = self.value(field)
        if field not in self.table_value:
            return None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.problem(field, f"is not {words}")
            return None
        return value

    def done(self) -> None:
        """Note the fields that nobody asked for."""
        for field in self.table_value:
            if field not in self.seen:
                self.problem(field[:64], "is not a field of this table")

    def table(self, field: str) -> Fields:
        """A table within."""
        return Fields(self._typed(field, dict, "a table"), self.name, self.problems, f"{self.path}{field}.")

    def tables(self, field: str, *, optional: bool = False) -> Iterator[Fields]:
        """The tables of a list, at least one unless ``optional``."""
        if optional and field not in self:
            return
        for number, item in enumerate(self._list(field), 1):
            place = f"{self.path}{field}[{number}]"
            if not isinstance(item, dict):
                self.problems.add(f"{self.name}: {place}", "is not a table")
            else:
                yield Fields(item, self.name, self.problems, f"{place}.")

    def _list(self, field: str) -> list[Any]:
        items: list[Any] | None = self._typed(field, list, "a list")
        if items is None:
            return []
        if not 0 < len(items) <= MAX_ITEMS:
            self.problem(field, f"has {len(items)} items")
        return items[:MAX_ITEMS]

    def _clean(self, field: str, value: Any) -> str:
        if not isinstance(value, str):
            self.problem(field, "is not a text")
            return ""
        printable = all(character.isprintable() or character in "\n\u200c\u200d\u200e\u200f\u00ad" for character in value)
        if not value.strip() or len(value) > MAX_TEXT or not printable:
            self.problem(field, f"is empty, longer than {MAX_TEXT} characters, or has control characters")
        return value.strip()

    def text(self, field: str) -> str:
        """A text that is not empty."""
        value = self._typed(field, str, "a text")
        return "" if value is None else self._clean(field, value)

    def optional_text(self, field: str) -> str | None:
        """A text, or None where there is none."""
        return self.text(field) if field in self else None

    def word(self, field: str, known: tuple[str, ...], default: str) -> str:
        """One of some words."""
        self.seen.add(field)
        value = self.table_value.get(field, default)
        if value not in known:
            self.problem(field, f"is none of {', '.join(map(repr, known))}")
            return default
        return str(value)

    def id(self, field: str) -> str:
        """An id of a question or an answer."""
        text = self.text(field)
        if text:
            try:
                return check_id(text, "id")
            except errors.Refused as refusal:
                self.problem(field, refusal.brief)
        return text

    def code(self, field: str) -> str:
        """A code of an area."""
        text = self.text(field)
        if text and not CODE.match(text):
            self.problem(field, f"is not a code: {text[:40]!r}")
        return text

    def number(self, field: str, low: int = 0, high: int = MAX_NUMBER) -> int:
        """A whole number within bounds."""
        value: int | None = self._typed(field, int, "a whole number")
        if value is None:
            return low
        if not low <= value <= high:
            self.problem(field, f"is {value}, but must be {low}" + (f" to {high}" if low < high else ""))
            return low
        return value

    def boolean(self, field: str) -> bool:
        """``true`` or ``false``."""
        return bool(self._typed(field, bool, "true or false"))

    def names(self, field: str, *, optional: bool = False) -> tuple[str, ...]:
        """A list of texts, none of them twice."""
        if optional and field not in self:
            return ()
        names = tuple(self._clean(field, item) for item in self._list(field))
        if len(set(names)) != len(names):
            self.problem(field, "has a name twice")
        return names

    def languages(self) -> tuple[str, ...]:
        """The languages: BCP 47 tags."""
        names = self.names("languages")
        for name in names:
            if not _LANGUAGE.match(name):
                self.problem("languages", f"not the tag of a language: {name[:40]!r}")
        return names

    def texts(self, field: str, languages: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """A text in each of the languages, and in no other."""
        inner = self.table(field)
        found = tuple((language, inner.text(language)) for language in languages) if inner.usable else ()
        inner.done()
        return found

    def time(self, field: str) -> str:
        """A time in UTC, to the second: a text like ``2016-06-23T06:00:00Z``, or the same without quotes."""
        value = self.value(field)
        if isinstance(value, datetime) and value.utcoffset() == timedelta(0) and value.microsecond == 0:
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)
        if isinstance(value, str) and _TIME.match(value):
            try:
                datetime.fromisoformat(value)
                return value
            except ValueError:
                pass
        if value is not None:
            self.problem(field, "is not a time in UTC like 2016-06-23T06:00:00Z")
        return ""

    def pairs(self, field: str, kind: type[T], *, optional: bool = False) -> tuple[tuple[str, T], ...]:
        """A table of numbers or of texts."""
        if optional and field not in self:
            return ()
        inner = self.table(field)
        keys = tuple(inner.table_value)
        if kind is int:
            return tuple((key, kind(inner.number(key))) for key in keys)
        return tuple((key, kind(inner.text(key))) for key in keys)

    def fractions(self, field: str) -> tuple[tuple[str, Fraction], ...]:
        """An optional table of fractions."""
        found = []
        for key, text in self.pairs(field, str, optional=True):
            try:
                found.append((key, fraction(text)))
            except errors.Refused as refusal:
                self.problem(f"{field}.{key[:64]}", refusal.brief)
        return tuple(found)
