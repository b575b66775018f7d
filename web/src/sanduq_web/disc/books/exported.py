"""The pages of an exported press site that become books: which there are, what each is, when it is of.

A page says itself what it is: its ``main`` has an ``article`` with the class article, letter, publication or chapter, as the
press site's templates write it. Lists and search pages have none. Only the pages that come into a book are parsed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from bs4 import BeautifulSoup, Tag

from sanduq import errors
from sanduq_web.disc import PRESS

LARGEST_PAGE: Final = 4 << 20
_ARTICLE: Final = re.compile(r'<article class="(article|letter|publication|chapter)">')
_TIME: Final = re.compile(r'<time datetime="([0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]{5,15}Z)?)">')
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}\Z")


@dataclass(frozen=True, order=True)
class Page:
    """A page: its time as the page writes it (a day, or a moment in UTC), its path below the edition, what it is."""

    time: str
    path: str
    kind: str

    @property
    def day(self) -> date:
        """The day on which it was published."""
        return datetime.fromisoformat(self.time[:10]).date()


def within(edition: Path, path: Path, what: str) -> Path:
    """The plain file at a path. Raises :class:`sanduq.errors.Unusable` for one that lies outside the press site's copy."""
    found = path.resolve()
    if not found.is_relative_to((edition / PRESS).resolve()):
        raise errors.Unusable(f"{what}: leads out of the edition", hint="make the edition anew; its files were changed")
    return found


def read(edition: Path, path: str) -> str:
    """The text of a page."""
    file = within(edition, edition / path, path)
    if file.stat().st_size > LARGEST_PAGE:
        raise errors.Unusable(f"{path}: {file.stat().st_size} bytes, more than {LARGEST_PAGE} for a page")
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise errors.Unusable(f"{path}: not UTF-8") from None


def pages(edition: Path, language: str) -> Iterator[Page]:
    """All pages of a language that are an article, a letter, a publication or a chapter, in the order of their paths."""
    if not _LANGUAGE.match(language):
        raise errors.Unusable(f"language {language[:20]!r}: expected two or three letters")
    for folder, folders, names in os.walk(edition / PRESS / language):
        folders.sort()
        for name in sorted(names):
            path = (Path(folder) / name).relative_to(edition).as_posix()
            if name.endswith(".html") and (found := _page(path, read(edition, path))) is not None:
                yield found


def _page(path: str, text: str) -> Page | None:
    article = _ARTICLE.search(text)
    if article is None:
        return None
    found = _TIME.search(text, article.end())
    time = found[1] if found else ""
    try:
        datetime.fromisoformat(time[:10] or "2000-01-01")
    except ValueError:
        raise errors.Unusable(f"{path}: {time} is no day") from None
    return Page(time, path, article[1])


def article_of(edition: Path, path: str) -> tuple[BeautifulSoup, Tag]:
    """A page, parsed, and its article. Raises :class:`sanduq.errors.Unusable` if it has none."""
    soup = BeautifulSoup(read(edition, path), "html.parser")
    article = soup.select_one("main > article")
    if article is None:
        raise errors.Unusable(f"{path}: no article in it", hint="make the edition anew with this version")
    return soup, article


def site_name(edition: Path, language: str) -> str:
    """The press site's name, from its front page."""
    path = f"{PRESS}/{language}/index.html"
    if not (edition / path).is_file():
        raise errors.Unusable(f"{path} is not there", hint="begin with `sanduq-press edition`")
    name = BeautifulSoup(read(edition, path), "html.parser").select_one("header a.name")
    return words(name) if name else ""


def words(tag: Tag) -> str:
    """The words of a tag in one line."""
    return " ".join(tag.get_text().split())
