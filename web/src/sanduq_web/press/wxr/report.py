"""What an import did, post by post: lines to read, and a table with the old addresses and the new ones."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_COLUMNS: Final = ("kind", "title", "result", "old address", "new address", "remarks")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class Line:
    """One post."""

    kind: str
    title: str
    old: str
    result: str = ""
    new: str = ""
    remarks: list[str] = field(default_factory=list)


@dataclass
class Report:
    """All of an import."""

    lines: list[Line] = field(default_factory=list)
    left: Mapping[str, int] = field(default_factory=dict)
    comments: int = 0
    comments_kept: int = 0
    bylines: list[str] = field(default_factory=list)

    def summary(self) -> list[str]:
        """What it did, in lines to read."""
        results = Counter(line.result for line in self.lines)
        said = [f"{count:6} {result}" for result, count in sorted(results.items())]
        if self.comments:
            said.append(f"{self.comments:6} comments that were approved, {self.comments_kept} of them imported")
        said += [f"{count:6} left out: {what}" for what, count in sorted(self.left.items())]
        if self.bylines:
            said.append(f"new bylines, as desks until an editor says what they are: {', '.join(self.bylines)}")
        remarks = sum(bool(line.remarks) for line in self.lines)
        return [*said, f"{remarks} posts with remarks: see the table"] if remarks else said

    def write(self, path: Path) -> None:
        """The table, as CSV; a cell that a spreadsheet would take for a formula gets an apostrophe."""
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.writer(file)
            table.writerow(_COLUMNS)
            for line in self.lines:
                table.writerow(_cells([line.kind, line.title, line.result, line.old, line.new, "; ".join(line.remarks)]))


def _cells(values: Iterable[str]) -> list[str]:
    return [f"'{value}" if value.startswith(_FORMULA) else value for value in values]
