"""Writing one archive with libzim, and what makes it the same each time.

With one worker libzim writes the same bytes but for four things, which are chosen at random or follow from that: the archive's
UUID (16 bytes at offset 8), the UUIDs of the two Xapian databases within it (16 bytes behind their mark), and the MD5 sum of
all that at its end. They are set anew, from what the archive holds.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Final

from libzim.writer import Creator, FileProvider, Hint, IndexData, Item, StringProvider

from sanduq import errors
from sanduq_web import __version__
from sanduq_web.disc import ZIM, About, about
from sanduq_web.disc.zim.languages import iso_639_3
from sanduq_web.disc.zim.pages import Pages, Words
from sanduq_web.disc.zim.spelling import bare, other_spellings

_KINDS: Final = {
    ".css": "text/css", ".csv": "text/csv", ".gif": "image/gif", ".html": "text/html", ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg", ".js": "text/javascript", ".json": "application/json", ".mp3": "audio/mpeg", ".mp4": "video/mp4",
    ".pdf": "application/pdf", ".png": "image/png", ".svg": "image/svg+xml", ".txt": "text/plain", ".webp": "image/webp",
    ".woff2": "font/woff2", ".xml": "application/xml", ".epub": "application/epub+zip",
}  # fmt: skip
"""Not the system's table, which differs from one machine to the next."""
_TEXT: Final = frozenset({".css", ".csv", ".html", ".js", ".json", ".svg", ".txt", ".xml"})
_TITLE: Final = 30
_DESCRIPTION: Final = 80
_UUID: Final = slice(8, 24)
_SUM: Final = 16
_XAPIAN: Final = b"\x0f\x0dXapian Glass"
"""Begins a database of Xapian (glass_version.cc): then two bytes of version, and 16 of UUID."""
_DATABASES: Final = 2
"""Of full text, and of titles."""


class _Index(IndexData):  # type: ignore[misc]
    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title, self._text = title, text

    def has_indexdata(self) -> bool:
        return True

    def get_title(self) -> str:
        return self._title

    def get_content(self) -> str:
        return self._text

    def get_keywords(self) -> str:
        return ""

    def get_wordcount(self) -> int:
        return len(self._text.split())


class _Entry(Item):  # type: ignore[misc]
    def __init__(self, path: str, source: Any, title: str = "", index: _Index | None = None) -> None:
        super().__init__()
        self._path, self._source, self._title = path, source, title
        self._suffix = PurePosixPath(path).suffix.lower()
        self.get_indexdata = lambda: index

    def get_path(self) -> str:
        return self._path

    def get_title(self) -> str:
        return self._title

    def get_mimetype(self) -> str:
        return _KINDS.get(self._suffix, "application/octet-stream")

    def get_contentprovider(self) -> Any:
        return self._source

    def get_hints(self) -> dict[Any, bool]:
        return {Hint.FRONT_ARTICLE: self._suffix == ".html", Hint.COMPRESS: self._suffix in _TEXT}


def build(edition: Path, language: str) -> Path:
    """The archive of one language, ``zim/sanduq-LANGUAGE-NUMBER.zim`` within the edition."""
    told = about(edition)
    pages = Pages(edition, told, language)
    if pages.front not in pages.found:
        raise errors.Unusable(f"{edition}: there is no page {pages.front}")
    path = edition / ZIM / f"sanduq-{language}-{told.number}.zim"
    partial = path.with_suffix(".partial")
    try:
        with (
            _quiet(),
            Creator(partial).config_indexing(indexing=True, language=iso_639_3(language)).config_nbworkers(1) as creator,
        ):
            _write(creator, pages)
        settle(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


@contextmanager
def _quiet() -> Iterator[None]:
    """libzim reports its steps on standard output, whatever it is told."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _write(creator: Any, pages: Pages) -> None:
    creator.set_mainpath(pages.front)
    for path in sorted(pages.found):
        if not path.endswith(".html"):
            creator.add_item(_Entry(path, FileProvider(pages.edition / path)))
            continue
        html = pages.html(path)
        words = Words(html)
        index = _Index(bare(words.title), bare(f"{words.text} {other_spellings(f'{words.title} {words.text}')}"))
        creator.add_item(_Entry(path, StringProvider(html), words.title, index))
        # Who has an address of the site finds the page by it, too.
        address = pages.address(path)
        if address is not None and address.endswith("/"):
            creator.add_redirection(address.removeprefix(f"{pages.told.address}/"), words.title, path, {})
    creator.add_illustration(48, Path(__file__).with_name("icon-48.png").read_bytes())
    for name, value in metadata(pages.told, pages.language, Words(pages.html(pages.front))).items():
        creator.add_metadata(name, value, "text/plain;charset=utf-8")


def metadata(told: About, language: str, front: Words) -> dict[str, str]:
    """What Kiwix shows of an archive; names and limits as openZIM has them."""
    of = f"{told.number}, {told.date.isoformat()}"
    name = front.name or front.title
    code = iso_639_3(language)
    return {
        "Title": _cut(f"{name} {told.number}" if len(f"{name} {told.number}") <= _TITLE else name, _TITLE),
        "Description": _cut(front.tagline or f"{name} {of}", _DESCRIPTION),
        "LongDescription": f"{name} {of}. {front.tagline}".strip(),
        "Creator": name,
        "Publisher": name,
        "Date": told.date.isoformat(),
        "Language": code,
        "Name": f"sanduq_{code}_edition",
        "Source": told.address,
        "Scraper": f"sanduq-web {__version__}",
        "Tags": "_category:other;_ftindex:yes;_pictures:yes;_videos:no;_details:yes",
    }


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def settle(path: Path) -> None:
    """Give an archive UUIDs and a sum that follow from what it holds. Raises :class:`sanduq.errors.Unusable` for a file in
    which these are not where they were when this was written."""
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as data:
        places = [_UUID, *_databases(data)]
        if len(places) != 1 + _DATABASES:
            raise errors.Unusable(f"{path.name}: {len(places) - 1} indexes were found; expected {_DATABASES}")
        for place in places:
            data[place] = bytes(16)
        held = hashlib.sha256(memoryview(data)[:-_SUM]).digest()
        for number, place in enumerate(places):
            given = hashlib.sha256(held + bytes([number])).digest()[:16]
            data[place] = uuid.UUID(bytes=given, version=4).bytes
        data[-_SUM:] = hashlib.md5(memoryview(data)[:-_SUM], usedforsecurity=False).digest()


def _databases(data: mmap.mmap) -> list[slice]:
    found, at = [], data.find(_XAPIAN)
    while at >= 0:
        begin = at + len(_XAPIAN) + 2
        found.append(slice(begin, begin + 16))
        at = data.find(_XAPIAN, begin)
    return found
