"""Making all books of an edition: what is in the cache is copied, the rest is made, some side by side."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from sanduq import errors
from sanduq.disc import EditionKey
from sanduq_web import printing
from sanduq_web.disc import BOOKS, About, about
from sanduq_web.disc.books import MOST, booklet, epub
from sanduq_web.disc.books.compose import Book, Plan, compose, keys_of, plans
from sanduq_web.disc.books.fonts import FONT, faces
from sanduq_web.disc.books.page import for_print, sheet

LIST: Final = "BOOKS.json"
"""The books in the folder: language, name, title, kind, and of each file its path, format and bytes."""
SIZES: Final = ("a5", "a4")
_CODE: Final = Path(__file__).resolve().parent
_PARTIAL: Final = "books.partial"


@dataclass(frozen=True)
class Made:
    """How many books there are, how many of them came from the cache, their files and bytes."""

    books: int
    cached: int
    files: int
    size: int


def make_books(
    edition: Path,
    cached: Path | None = None,
    jobs: int = 2,
    since: date | None = None,
    most: int = MOST,
    tell: Callable[[str], None] = lambda line: None,
) -> Made:
    """All books of the edition in a folder, into its folder ``books``, in place of those that are there.

    ``cached`` keeps books from one time to the next; ``jobs`` are made side by side, each by one process. The news is of
    articles and letters since a day, at most ``most``. Raises :class:`sanduq.errors.Unusable` for a folder that is no edition,
    for pages that are none of an edition's, and where pandoc or WeasyPrint is missing; nothing is changed then.
    """
    told = about(edition)
    _require_tools()
    keys = keys_of(edition)
    faces()  # once for all threads
    partial = edition / _PARTIAL
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    try:
        wanted = list(plans(edition, told, since, most))
        rows = _side_by_side(_Maker(edition, told, keys, partial, cached), wanted, jobs, tell)
        listed = [row for row, _ in rows]
        (partial / LIST).write_text(json.dumps(listed, ensure_ascii=False, indent=1) + "\n", "utf-8")
        shutil.rmtree(edition / BOOKS, ignore_errors=True)
        partial.rename(edition / BOOKS)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    files = [path for path in (edition / BOOKS).rglob("*") if path.is_file()]
    return Made(len(rows), sum(hit for _, hit in rows), len(files), sum(path.stat().st_size for path in files))


def _require_tools() -> None:
    epub.version()
    try:
        printing.version()
    except (printing.Missing, printing.Failed) as error:
        hint = "pip install 'sanduq-web[disc]', and Debian's libpango-1.0-0 and libpangoft2-1.0-0"
        raise errors.Unusable(f"WeasyPrint cannot print here: {error}", hint=hint) from None


Row = dict[str, object]


def _side_by_side(maker: _Maker, wanted: list[Plan], jobs: int, tell: Callable[[str], None]) -> list[tuple[Row, bool]]:
    """The rows of all books in their order. What takes long is done by processes, which these threads wait for."""
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        # Long ones first, so that no processor waits for the last one; told in the order in which they are done.
        order = sorted(range(len(wanted)), key=lambda number: (-len(wanted[number].news), number))
        futures: dict[int, Future[tuple[Row, bool]]] = {
            number: pool.submit(maker.make, wanted[number], tell) for number in order
        }
        done, waiting = wait(futures.values(), return_when=FIRST_EXCEPTION)
        if waiting or any(each.exception() for each in done):
            pool.shutdown(wait=True, cancel_futures=True)
            raise next(error for each in done if (error := each.exception()) is not None)
        return [futures[number].result() for number in range(len(wanted))]


@dataclass(frozen=True)
class _Maker:
    """What all books of a run share."""

    edition: Path
    about: About
    keys: tuple[EditionKey, ...]
    out: Path
    cached: Path | None

    def make(self, plan: Plan, tell: Callable[[str], None]) -> tuple[Row, bool]:
        """The files of one book; gives its row of the list, and whether they were in the cache."""
        where = f"{plan.language}/{plan.name}"
        book = compose(self.edition, self.about, plan, self.keys)
        printed, source = for_print(book), epub.source(book)
        folder = self.out / plan.language
        folder.mkdir(exist_ok=True)
        mark = _mark(book, printed, source)
        files = self._from_cache(mark)
        hit = files is not None
        if files is None:
            try:
                files = _files(book, printed, source)
            except printing.Failed as error:
                raise errors.Unusable(f"{where}: its PDF {error}", hint="fewer articles: --since, --most") from None
            self._keep(mark, files)
        for ending, raw in files.items():
            (folder / f"{plan.name}{ending}").write_bytes(raw)
        tell(f"{where}{' (as before)' if hit else ''}")
        return _row(book, files), hit

    def _from_cache(self, mark: str) -> dict[str, bytes] | None:
        if self.cached is None or not (self.cached / mark).is_dir():
            return None
        found = {ending: self.cached / mark / f"book{ending}" for ending in ENDINGS}
        return {ending: path.read_bytes() for ending, path in found.items()} if all(map(Path.is_file, found.values())) else None

    def _keep(self, mark: str, files: dict[str, bytes]) -> None:
        """Whole or not at all: another one may be doing the same."""
        if self.cached is None:
            return
        partial = self.cached / f"{mark}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for ending, raw in files.items():
            (partial / f"book{ending}").write_bytes(raw)
        shutil.rmtree(self.cached / mark, ignore_errors=True)
        partial.rename(self.cached / mark)


ENDINGS: Final = {".epub": "EPUB", "-a5.pdf": "PDF A5", "-a4.pdf": "PDF A4", "-booklet.pdf": "booklet"}
"""The end of each file's name, and what it is."""


def _files(book: Book, printed: str, source: str) -> dict[str, bytes]:
    a5, a4 = printing.render_sizes(printed, [sheet(size) for size in SIZES])
    folded = booklet.impose(a5, book.is_rtl, book.title, book.language)
    return dict(zip(ENDINGS, (epub.make(book, source), a5, a4, folded), strict=True))


def _row(book: Book, files: dict[str, bytes]) -> Row:
    listed = [
        {"path": f"{BOOKS}/{book.language}/{book.name}{ending}", "format": ENDINGS[ending], "bytes": len(raw)}
        for ending, raw in files.items()
    ]
    return {"language": book.language, "name": book.name, "title": book.title, "kind": book.kind, "files": listed}


@cache
def _code() -> str:
    """All that decides about the bytes of a book besides its own page: this code, the font, the programs."""
    found = hashlib.sha256()
    catalogues = sorted(_CODE.parent.glob("locale/*/LC_MESSAGES/django.mo"))
    files = [
        *sorted(path for path in _CODE.iterdir() if path.is_file()),
        *catalogues,
        Path(printing.__file__).with_name("printer.py"),
        FONT,
    ]
    for path in files:
        found.update(hashlib.sha256(path.read_bytes()).digest())
    found.update(f"{printing.version()}\0{epub.version()}".encode())
    return found.hexdigest()


def _mark(book: Book, printed: str, source: str) -> str:
    """The name of a book in the cache. Its pages hold its words and pictures; the rest goes into the EPUB's description."""
    told = json.dumps(
        [_code(), book.language, book.title, book.site, book.identifier, book.authors, book.kind, book.edition, book.day,
         int(book.moment.timestamp()), book.cover],
    )  # fmt: skip
    return hashlib.sha256("\0".join((told, printed, source)).encode()).hexdigest()
