"""A copy of a site in a folder: what everybody gets at an address, with links that work from a disc.

The site is asked through its own handler, page by page, as far as links lead. What it answers to everybody alike is copied
(:attr:`Answer.is_public`), and the pictures, papers, style sheets and fonts that pages name; nothing else can come into the
folder: neither a form, nor a draft, nor anything of the desk. Links to what is not copied lead to the site.

What differs between the sites is given: how one is asked (the vote site's never asks for what is on no list), which queries
make another page, and what lies in the edition already. A :class:`Copier` copies single addresses, in this process or in
several (:func:`begin`, :func:`take_all`, :func:`lead_all`); a :class:`Mirror` sees to it that each is copied once.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

from anyascii import anyascii
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.text import slugify

from sanduq import errors

_LINK: Final = re.compile(r'(?<=\s)((?:href|src|action)=)"([^"]*)"')
"""As templates and the cleaner of rich text write them."""
_LEADING: Final = {
    ".html": re.compile(r'(?<=\s)(?:href|src|action)="([^"]*)"'),
    ".css": re.compile(r'url\("([^"]*)"\)'),  # fonts, beside the style sheet
}
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_NAME: Final = re.compile(r"[a-z0-9_](?:[a-z0-9._~-]{0,98}[a-z0-9_~-])?\Z")
"""What every system takes as it is: no capitals, since sticks and Windows do not tell them apart; a disc has room for 103."""
_MARKED: Final = re.compile(r"-[0-9a-f]{10}(?:\.[a-z0-9]{1,5})?\Z")
"""How :func:`_portable` ends the names that it makes: whatever is called so from the beginning gets a mark, too."""
_SAFE: Final = "~:@!$&'()*+,;="
"""What Django leaves as it is in the parts of an address."""
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9]|lpt[0-9])(?:\.|\Z)")
"""What Windows takes for a device, with any ending."""
_ENDINGS: Final = {"text/html": ".html", "image/svg+xml": ".svg"}
"""Of types that a browser knows in an opened file by its ending alone."""
_AT_ONCE: Final = 16
"""Addresses that a process is given at a time."""


@dataclass(frozen=True)
class Answer:
    """What a site says at an address."""

    status: int
    is_public: bool = False
    """Whether it is the same for everybody, and so may be copied."""
    body: Iterable[bytes] = ()
    location: str = ""
    """Where it has moved."""
    kind: str = ""
    """Its type, such as ``text/html``; empty where the address has an ending that tells."""
    is_as_before: bool = False
    """Whether it was not made for this copy."""


Ask = Callable[[str], Answer]
Query = Callable[[str, str], str]


def answer(response: HttpResponseBase, is_public: bool) -> Answer:
    """A view's response."""
    body: Iterable[bytes] = ()
    if isinstance(response, HttpResponse):
        body = (response.content,)
    elif isinstance(response, FileResponse):
        body = response.streaming_content  # type: ignore[assignment]
    kind = response.get("Content-Type", "").partition(";")[0]
    return Answer(response.status_code, is_public, body, response.get("Location", ""), kind)


def pages_of_lists(path: str, query: str) -> str:
    """The query of an address as far as it makes another page: the second and further pages of lists."""
    pages = [value for name, value in parse_qsl(query) if name == "page" and value.isdecimal() and int(value) > 1]
    return f"page={int(pages[0])}" if pages else ""


@dataclass(frozen=True)
class Taken:
    """What came of one address: a file, or where it has moved, or neither for what stays on the site."""

    address: str
    file: str = ""
    """Its name below the folder."""
    to: str = ""
    is_missing: bool = False
    links: tuple[str, ...] = ()
    """The addresses of the site to which it leads."""
    is_as_before: bool = False


@dataclass
class Copier:
    """Copies what ``ask`` answers for the site at ``origin`` into a folder that is there."""

    ask: Ask
    origin: str
    folder: Path
    query: Query = pages_of_lists
    """Of a path and its query: what of the query makes another page, as ``name=value``, or nothing."""

    def take(self, address: str) -> Taken:
        """Copy one address. Raises :class:`sanduq.errors.Unusable` if the site fails there."""
        told = self.ask(address)
        if told.status in _MOVED:
            to = self._own(told.location, address)
            return Taken(address, to=to or "", links=(to,) if to else ())
        if told.status >= 500:
            raise errors.Unusable(f"the site fails at {address}", hint="its log says why")
        if told.status != 200 or not told.is_public:
            return Taken(address, is_missing=told.status == 404)
        name = _file(address, told.kind)
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        leading = _LEADING.get(file.suffix)
        if leading is None:
            with file.open("wb") as out:
                out.writelines(told.body)
            return Taken(address, name)
        raw = b"".join(told.body)
        file.write_bytes(raw)
        links = {self._own(unescape(link), address) for link in set(leading.findall(raw.decode()))}
        return Taken(address, name, links=tuple(sorted(link for link in links if link)), is_as_before=told.is_as_before)

    def lead(self, address: str, found: Mapping[str, str | None]) -> list[tuple[str, str]]:
        """Let the links of a page lead to files: of each address the file, empty for what stays on the site, None for what is
        not there. Gives the page and the address of each link that leads to nothing."""
        file = self.folder / str(found[address])
        broken = []

        def led(match: re.Match[str]) -> str:
            link = unescape(match[2])
            to = None if link.startswith("#") else self._own(link, address)
            if to is None:
                return match[0]
            target = found.get(to, "")
            if target is None:
                broken.append((address, to))
            fragment = f"#{urlsplit(link).fragment}" if "#" in link else ""
            where = _relative(str(found[address]), target) if target else self.origin + to
            return f'{match[1]}"{escape(where + fragment)}"'

        file.write_bytes(_LINK.sub(led, file.read_bytes().decode()).encode())
        return broken

    def _own(self, link: str, at: str) -> str | None:
        """The address within the site to which a link leads, without what makes no other page; None if it leads elsewhere."""
        # Most links are whole paths, and the same ones stand on every page.
        return _whole(self.origin, link if link.startswith("/") else _joined(self.origin + at, link), self.query)


@dataclass
class Mirror:
    """One copy. With an executor whose processes began with :func:`begin`, they copy side by side."""

    copier: Copier
    executor: Executor | None = None
    beside: Mapping[str, str] = field(default_factory=dict)
    """Addresses of which a copy lies in the edition already, and where, from the folder; those are not asked for."""
    side_by_side: int = 1
    pages: int = 0
    anew: int = 0
    """How many of the pages were made for this copy."""
    broken: list[tuple[str, str]] = field(default_factory=list)
    """Page and address, where a link of the site leads to nothing."""
    _taken: dict[str, Taken] = field(default_factory=dict)

    def copy(self, starts: Iterable[str]) -> None:
        """All to which links lead from some addresses. Raises :class:`sanduq.errors.Unusable` if one of those is not there."""
        starts = sorted(starts)
        self._take(starts)
        missing = [address for address in starts if self._taken[address].is_missing]
        if missing:
            raise errors.Unusable(f"not there: {', '.join(missing)}")
        self._lead()

    @property
    def addresses(self) -> list[str]:
        """All that were asked for."""
        return sorted(self._taken)

    def _take(self, starts: Sequence[str]) -> None:
        known, waiting = {*starts, *self.beside}, list(starts)
        files: dict[str, str] = {}
        for taken in self._all(waiting):
            self._taken[taken.address] = taken
            # Sticks do not tell capitals apart.
            if taken.file and (other := files.setdefault(taken.file.casefold(), taken.address)) != taken.address:
                one, two = sorted((taken.address, other))
                raise errors.Unusable(f"{one} and {two} would be one file, {taken.file}", hint="give one another address")
            new = [link for link in taken.links if link not in known]
            known.update(new)
            waiting += new

    def _all(self, waiting: list[str]) -> Iterator[Taken]:
        """What comes of each that waits; whoever reads on adds to them."""
        if self.executor is None:
            while waiting:
                yield self.copier.take(waiting.pop())
            return
        working: set[Future[list[Taken]]] = set()
        while waiting or working:
            while waiting and len(working) < 2 * self.side_by_side:
                chunk, waiting[:] = waiting[-_AT_ONCE:], waiting[:-_AT_ONCE]
                working.add(self.executor.submit(take_all, chunk))
            done, working = wait(working, return_when=FIRST_COMPLETED)
            for each in done:
                yield from each.result()

    def _lead(self) -> None:
        found = {address: self._target(address) for address in self._taken} | dict(self.beside)
        pages = sorted(address for address, each in self._taken.items() if each.file.endswith(".html"))
        if self.executor is None:
            for page in pages:
                self.broken += self.copier.lead(page, found)
        else:
            told = self.copier.folder / ".found.json"
            told.write_text(json.dumps(found), "utf-8")
            chunks = [pages[at : at + 10 * _AT_ONCE] for at in range(0, len(pages), 10 * _AT_ONCE)]
            try:
                for each in [self.executor.submit(lead_all, chunk, told) for chunk in chunks]:
                    self.broken += each.result()
            finally:
                told.unlink()
        self.pages += len(pages)
        self.anew += sum(not self._taken[page].is_as_before for page in pages)

    def _target(self, address: str) -> str | None:
        """The file to which an address leads; empty for what stays on the site, None for what is not there."""
        taken: Taken | None = self._taken[address]
        for _hop in range(5):
            if taken is None or not taken.to:
                break
            taken = self._taken.get(taken.to)
        return None if taken is not None and taken.is_missing else taken.file if taken is not None else ""


# --- in processes of their own ------------------------------------------------------------------------------------------------

_copiers: Final[list[Copier]] = []


def begin(copier: Copier) -> None:
    """This process copies by this one from now on."""
    _copiers[:] = [copier]


def take_all(addresses: list[str]) -> list[Taken]:
    """Copy some addresses."""
    return [_copiers[0].take(address) for address in addresses]


@lru_cache(maxsize=1)
def _told(path: Path) -> dict[str, str | None]:
    found: dict[str, str | None] = json.loads(path.read_text("utf-8"))
    return found


def lead_all(addresses: list[str], found: Path) -> list[tuple[str, str]]:
    """Let the links of some pages lead to files; ``found`` is a file, since there are many."""
    return [broken for address in addresses for broken in _copiers[0].lead(address, _told(found))]


# --- addresses and names ------------------------------------------------------------------------------------------------------


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:  # no address, such as http://[
        return link


@lru_cache(maxsize=1 << 16)
def _whole(origin: str, link: str, query: Query) -> str | None:
    try:
        parts = urlsplit(urljoin(origin, link))
    except ValueError:  # no address, such as http://[
        return None
    if f"{parts.scheme}://{parts.netloc}" != origin:
        return None
    asked = query(parts.path, parts.query)
    # One page has one address, however its letters are written.
    path = "/".join(quote(unquote(each), safe=_SAFE) for each in parts.path.split("/")) or "/"
    return f"{path}?{asked}" if asked else path


def _file(address: str, kind: str) -> str:
    path, _, query = address.partition("?")
    *folders, name = [unquote(each) for each in path.split("/")[1:]]
    if not name:
        name = f"index-{query.removeprefix('page=').replace('=', '-')}.html" if query else "index.html"
    if not name.endswith(_ENDINGS.get(kind, "")):
        name += _ENDINGS[kind]
    return PurePosixPath(*map(_portable, folders), _portable(name)).as_posix()


def _relative(here: str, there: str) -> str:
    """The way from one file to another, both below the same folder."""
    ours, theirs = here.split("/")[:-1], there.split("/")
    shared = 0
    while shared < min(len(ours), len(theirs) - 1) and ours[shared] == theirs[shared]:
        shared += 1
    return "/".join([".."] * (len(ours) - shared) + theirs[shared:])


@lru_cache(maxsize=1 << 12)
def _portable(name: str) -> str:
    """A name that every system takes for a file: of another, what its letters sound like, and a mark that tells two apart."""
    if _NAME.match(name) and not _MARKED.search(name) and not _DEVICES.match(name):
        return name
    stem, dot, ending = name.rpartition(".") if re.search(r"\.[a-z0-9]{1,5}\Z", name) else (name, "", "")
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{slugify(anyascii(stem))[:60] or 'x'}-{mark}{dot}{ending}"
