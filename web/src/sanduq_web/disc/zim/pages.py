"""Which files of an edition an archive of one language has, and its pages as they stand in it.

Paths are those of the edition, so links between what is there stay as they are. A link to what is not there, such as a page of
another language, leads to the same page at the site's address. There is no search page: Kiwix searches by itself.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from sanduq_web.disc import PRESS, VOTE, About

_LINK: Final = re.compile(r'(?<=\s)(href|src|action)="([^"]*)"')
_CSS: Final = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
_ELSEWHERE: Final = re.compile(r'[ \t]*<link rel="(?:alternate|canonical)"[^>]*>\n?')
"""Feeds and other languages, which no archive has."""
_FORM: Final = re.compile(r'<form\b[^>]*?\baction="([^"]*)"[^>]*>.*?</form>', re.DOTALL)
_MARKED: Final = re.compile(r"-[0-9a-f]{10}(?:\.[a-z0-9]{1,5})?\Z")
"""How the mirror ends names that it had to change (:mod:`sanduq_web.mirror`): the address cannot be told from those."""
_PAGE: Final = re.compile(r"index-([0-9]+)\.html\Z")
_SEARCH: Final = "search"


@dataclass
class Pages:
    """The files of one language: paths within the edition."""

    edition: Path
    told: About
    language: str
    found: set[str] = field(init=False)

    def __post_init__(self) -> None:
        folders = [f"{site}/{self.language}" for site in (PRESS, VOTE)]
        pages = {
            each.relative_to(self.edition).as_posix()
            for folder in folders
            for each in (self.edition / folder).rglob("*.html")
            if not each.relative_to(self.edition).is_relative_to(f"{PRESS}/{self.language}/{_SEARCH}")
        }
        self.found, waiting = set(), sorted(pages)
        while waiting:
            path = waiting.pop()
            if path not in self.found:
                self.found.add(path)
                waiting += [to for to in self._named(path) if to not in self.found and self._belongs(to, pages)]

    @property
    def front(self) -> str:
        """The path of the first page."""
        return f"{PRESS}/{self.language}/index.html"

    def address(self, path: str) -> str | None:
        """The address on the press site of a page of it; None for what is on no site, or cannot be told from its name."""
        site, _, rest = path.partition("/")
        parts = rest.split("/")
        if site != PRESS or any(_MARKED.search(each) for each in parts):
            return None
        page = _PAGE.match(parts[-1])
        last = f"?page={page[1]}" if page else "" if parts[-1] == "index.html" else parts[-1]
        return f"{self.told.address}/{'/'.join([*parts[:-1], last])}"

    def html(self, path: str) -> str:
        """A page as it stands in the archive."""
        text = _ELSEWHERE.sub("", (self.edition / path).read_text("utf-8"))
        text = _FORM.sub(lambda match: "" if self._is_search(path, unescape(match[1])) else match[0], text)

        def led(match: re.Match[str]) -> str:
            link = unescape(match[2])
            to = _within(path, link)
            if to is None or to in self.found:
                return match[0]
            address = self.address(to) or self._front_at(to)
            fragment = f"#{urlsplit(link).fragment}" if "#" in link else ""
            # A place of the disc that is on no site: the words stay, without a link.
            return f'{match[1]}="{escape(address + fragment)}"' if address else ""

        return _LINK.sub(led, text)

    def _front_at(self, path: str) -> str | None:
        """The address of the front page in the language of a page."""
        site, _, rest = path.partition("/")
        language = rest.partition("/")[0]
        return f"{self.told.address}/{language}/" if site == PRESS and language in self.told.languages else None

    def _is_search(self, path: str, action: str) -> bool:
        return _within(path, action) == f"{PRESS}/{self.language}/{_SEARCH}/index.html"

    def _named(self, path: str) -> Iterator[str]:
        pattern = {".html": _LINK, ".css": _CSS}.get(posixpath.splitext(path)[1])
        if pattern is not None:
            text = _ELSEWHERE.sub("", (self.edition / path).read_text("utf-8"))
            for match in pattern.finditer(text):
                to = _within(path, unescape(match[match.re.groups]))
                if to is not None:
                    yield to

    def _belongs(self, path: str, pages: set[str]) -> bool:
        """Whether what a page names comes into the archive: of the two sites, no page of another language, no feed."""
        if path in pages:
            return True
        site, _, rest = path.partition("/")
        if site not in (PRESS, VOTE) or rest.endswith("/feed.xml") or f"/{_SEARCH}/" in f"/{rest}":
            return False
        other = rest.partition("/")[0] in self.told.languages and path.endswith(".html")
        return not other and (self.edition / path).is_file()


def _within(path: str, link: str) -> str | None:
    """The path within the edition to which a link of a page leads; None if it leads elsewhere, or to a place on the page."""
    return _from(posixpath.dirname(path), link)


@lru_cache(1 << 16)
def _from(folder: str, link: str) -> str | None:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return None
    return posixpath.normpath(posixpath.join(folder, unquote(parts.path)))


class Words(HTMLParser):
    """What a page says: its name, what the site calls itself, and the words of its main part."""

    _SILENT: Final = frozenset({"script", "style", "nav", "noscript", "form"})
    _VOID: Final = frozenset("area base br col embed hr img input link meta source track wbr".split())

    def __init__(self, text: str) -> None:
        super().__init__()
        # Elements that are open, each with what stands in it is within: tags and classes, its own and those around it.
        self._open: list[tuple[str, frozenset[str]]] = [("", frozenset())]
        self._said: dict[str, list[str]] = {"h1": [], "title": [], "name": [], "tagline": [], "main": [], "body": []}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._VOID:
            return
        own = next((value for name, value in attrs if name == "class"), None)
        around = self._open[-1][1]
        within = around | {tag, *own.split()} if own else around if tag in around else around | {tag}
        self._open.append((tag, within))

    def handle_endtag(self, tag: str) -> None:
        if self._open[-1][0] == tag:
            self._open.pop()
        elif any(tag == each for each, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        within = self._open[-1][1]
        is_silent = not within.isdisjoint(self._SILENT)
        for what, said in self._said.items():
            if what in within and not (is_silent and what in ("main", "body")):
                said.append(data)

    def _of(self, what: str) -> str:
        return " ".join("".join(self._said[what]).split())

    @property
    def title(self) -> str:
        """The first heading, or else the title without the site's name."""
        return self._of("h1") or self._of("title").partition(" · ")[0]

    @property
    def name(self) -> str:
        return self._of("name")

    @property
    def tagline(self) -> str:
        return self._of("tagline")

    @property
    def text(self) -> str:
        """The words of the main part, or of all."""
        return " ".join(" ".join(self._said["main" if self._said["main"] else "body"]).split())
