"""Editions to take along: the archives that an operator has put into a folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from django.conf import settings

_NAME: Final = re.compile(r"edition-([1-9][0-9]{0,5})-([0-9]{4}-[0-9]{2}-[0-9]{2})\.(?:zip|iso|sha256)\Z")


@dataclass(frozen=True)
class Archive:
    """An archive of a signed edition, as ``edition-13-2026-11-22.zip``; its disc image, or the sums of both."""

    number: int
    date: date
    path: Path
    size: int

    @property
    def kind(self) -> str:
        """What it is, for readers."""
        return self.path.suffix[1:].upper()


def archive(path: Path) -> Archive | None:
    """A file as an archive; None for what has another name or is no file."""
    match = _NAME.match(path.name)
    try:
        return (
            Archive(int(match[1]), date.fromisoformat(match[2]), path, path.stat().st_size)
            if match and path.is_file()
            else None
        )
    except ValueError:  # the 31st of February
        return None


def latest() -> Archive | None:
    """The one with the highest number; None where there is no folder or nothing in it."""
    return next((each for each in offered() if each.path.suffix == ".zip"), None)


def offered() -> list[Archive]:
    """Archives and disc images, the newest first."""
    folder = settings.SANDUQ_PRESS_EDITIONS
    found = [each for path in Path(folder).glob("edition-*") if (each := archive(path))] if folder else []
    packed = [each for each in found if each.path.suffix != ".sha256"]
    return sorted(packed, key=lambda each: (each.number, each.date, each.path.suffix), reverse=True)
