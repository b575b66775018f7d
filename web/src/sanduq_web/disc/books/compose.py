"""Which books an edition has, and what is in each: parts of clean XHTML, pictures, and what the cover says."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from html import escape
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import Tag
from django.utils.translation import override, pgettext

from sanduq import errors
from sanduq.disc import KEYS, EditionKey, read_keys
from sanduq_web import dates
from sanduq_web.disc import PRESS, About
from sanduq_web.disc.books import exported
from sanduq_web.disc.books.clean import Cleaner, Pictures
from sanduq_web.disc.books.exported import Page, words
from sanduq_web.environment import LANGUAGES_BIDI

NEWS: Final = "news"
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,60}\Z")
_NEWS_KINDS: Final = ("article", "letter")


@dataclass(frozen=True)
class Part:
    """A chapter, an article or a letter: its place in the book (``p1``), title, and what follows the title."""

    place: str
    title: str
    html: str


@dataclass
class Book:
    """A book before it is a file: all texts are clean, all pictures are here."""

    about: About
    language: str
    name: str
    """Of its files, without an ending: ``heron-bridge``."""
    title: str
    kind: str
    """As the site calls it: a booklet, a bulletin No. 12, news."""
    site: str
    address: str
    identifier: str
    published: date | None = None
    """The day of a publication; of news, that of the edition counts."""
    issued: str = ""
    """What the publication says of its own edition and day, as clean XHTML."""
    authors: tuple[str, ...] = ()
    cover: str = ""
    """The picture of the cover, as clean XHTML."""
    parts: list[Part] = field(default_factory=list)
    pictures: Pictures = field(default_factory=Pictures)
    keys: tuple[EditionKey, ...] = ()

    @property
    def is_rtl(self) -> bool:
        """Whether it is bound on the right."""
        return self.language in LANGUAGES_BIDI

    @property
    def is_news(self) -> bool:
        """Whether it is the news, whose articles follow each other on a page."""
        return self.name == NEWS

    @property
    def edition(self) -> str:
        """The edition's number in the words of the language; empty for a publication, which is the same in the next edition."""
        if self.published:
            return ""
        number = dates.numerals(self.about.number, self.language)
        with override(self.language):
            return pgettext("book", "Edition %(number)s") % {"number": number}

    @property
    def day(self) -> str:
        """Its date, in both calendars where the language has two."""
        return dates.both(self.date, self.language)

    @property
    def date(self) -> date:
        """The day of the publication, or of the edition."""
        return self.published or self.about.date

    @property
    def moment(self) -> datetime:
        """What its files say of when they were made."""
        return datetime.combine(self.published, time(), UTC) if self.published else self.about.moment


@dataclass(frozen=True)
class Plan:
    """A book that is to be made: of a publication, or of the news with these pages (the newest first)."""

    language: str
    name: str
    page: Page | None
    news: tuple[Page, ...] = ()


def plans(edition: Path, about: About, since: date | None, most: int) -> Iterator[Plan]:
    """The books of an edition, in the order of its languages: the news, then the publications by their names."""
    for language in about.languages:
        found = list(exported.pages(edition, language))
        news = [page for page in found if page.kind in _NEWS_KINDS and page.time and (since is None or page.day >= since)]
        # Of one moment in the order of their paths.
        newest = sorted(sorted(news, key=lambda page: page.path), key=lambda page: page.time, reverse=True)[:most]
        if newest:
            yield Plan(language, NEWS, None, tuple(newest))
        taken = {NEWS}
        for page in (each for each in found if each.kind == "publication"):
            name = _name(page.path, taken)
            taken.add(name)
            yield Plan(language, name, page)


def _name(path: str, taken: set[str]) -> str:
    name = PurePosixPath(path).parent.name
    if _SLUG.match(name) and name not in taken:
        return name
    return f"publication-{hashlib.sha256(path.encode()).hexdigest()[:10]}"


def compose(edition: Path, about: About, plan: Plan, keys: tuple[EditionKey, ...]) -> Book:
    """The book of a plan, its own words in its language. Raises :class:`sanduq.errors.Unusable` as the readers of pages do."""
    with override(plan.language):
        site = exported.site_name(edition, plan.language)
        if plan.page is not None:
            return _publication(edition, about, plan, site, keys)
        address = f"{about.address}/{plan.language}/"
        named = f"{address}#edition-{about.number}"
        title = pgettext("book", "News")
        book = Book(about, plan.language, plan.name, site or title, title, site, address, _identifier(named), keys=keys)
        book.issued = escape(
            pgettext("book", "Articles and letters: %(count)s, the newest first")
            % {"count": dates.number(len(plan.news), plan.language)}
        )
        places = {page.path: f"p{number}" for number, page in enumerate(plan.news, 1)}
        for page in plan.news:
            book.parts.append(_part(edition, book, page.path, places))
        return book


def _publication(edition: Path, about: About, plan: Plan, site: str, keys: tuple[EditionKey, ...]) -> Book:
    page = plan.page
    if page is None:
        raise ValueError(plan)
    _, article = exported.article_of(edition, page.path)
    address = f"{about.address}/{page.path.removeprefix(PRESS + '/').removesuffix('index.html')}"
    title, kicker = article.find("h1"), article.select_one(".kicker")
    book = Book(
        about, plan.language, plan.name, words(title) if title else plan.name, words(kicker) if kicker else "", site, address,
        _identifier(address), authors=tuple(words(each) for each in article.select(".bylines bdi")), keys=keys,
    )  # fmt: skip
    chapters = [_within(page.path, str(link["href"])) for link in article.select("ol.contents a[href]")]
    places = {path: f"p{number}" for number, path in enumerate([page.path, *chapters], 1)}
    cleaner = _cleaner(edition, book, page.path, places)
    if isinstance(picture := article.select_one("figure.cover img"), Tag):
        book.cover = cleaner.picture(picture)
    if isinstance(issued := article.select_one("h1 + p"), Tag) and not issued.get("class"):
        book.published = _day_of(issued)
        book.issued = cleaner.inside(issued)
        issued.extract()
    html = cleaner.article(article, (".kicker", ".bylines", "figure.cover", "nav"))
    book.parts.append(Part("p1", book.title, html))
    for path in chapters:
        book.parts.append(_part(edition, book, path, places, (".kicker", "nav")))
    return book


def _day_of(issued: Tag) -> date | None:
    shown = issued.find("time")
    try:
        return date.fromisoformat(str(shown["datetime"])) if isinstance(shown, Tag) else None
    except (KeyError, ValueError):
        return None


def _within(page: str, link: str) -> str:
    """The path of a page of the edition to which another page leads."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        raise errors.Unusable(f"{page}: its contents lead to {link[:200]}, which is not in the edition")
    return unquote(urlsplit(urljoin(f"http://x/{page}", parts.path)).path).removeprefix("/")


def _part(edition: Path, book: Book, path: str, places: Mapping[str, str], without: tuple[str, ...] = ()) -> Part:
    _, article = exported.article_of(edition, path)
    title = article.find("h1")
    told = words(title) if title else path
    return Part(places[path], told, _cleaner(edition, book, path, places).article(article, without))


def _cleaner(edition: Path, book: Book, path: str, places: Mapping[str, str]) -> Cleaner:
    not_here = pgettext("book", "Picture that is not in this book")
    return Cleaner(edition, path, book.about.address, places, places[path], book.pictures, not_here)


def _identifier(address: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, address)}"


def keys_of(edition: Path) -> tuple[EditionKey, ...]:
    """The keys in the edition's file KEYS, the newest first; none if it has no such file."""
    file = edition / KEYS
    if file.is_symlink() or not file.is_file():
        return ()
    return tuple(reversed([entry.key for entry in read_keys(file.read_bytes())]))
