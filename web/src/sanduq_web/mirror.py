"""A copy of a site in a folder: what everybody gets at an address, with links that work from a disc.

The site is asked through its own handler, page by page, as far as links lead. What a view has marked as the same for everybody
(``is_kept``) is copied, and the pictures, papers, style sheets and fonts that pages name; nothing else
can come into the folder: neither a form, nor a draft, nor anything of the desk. Links to what is not copied lead to the site.

What differs between the sites is given: how one is asked (the vote site's never asks for what is on no list), under which paths
files lie, which queries make another page, and what lies in the edition already.
"""

from __future__ import annotations

import hashlib
import os.path
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

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
_FILES: Final = ("/media/", "/documents/", "/look/")
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._~-]{0,200}\Z")
_ENDINGS: Final = {"text/html": ".html", "image/svg+xml": ".svg"}
"""Of types that a browser knows in an opened file by its ending alone."""

Ask = Callable[[str], HttpResponseBase | None]
"""The answer at an address; None for what is not to be asked for, and stays on the site."""


def pages_of_lists(path: str, query: str) -> str:
    """The query of an address as far as it makes another page: the second and further pages of lists."""
    pages = [value for name, value in parse_qsl(query) if name == "page" and value.isdecimal() and int(value) > 1]
    return f"page={int(pages[0])}" if pages else ""


@dataclass
class Mirror:
    """One copy, of what ``ask`` answers for the site at ``origin``; the folder is there."""

    ask: Ask
    origin: str
    folder: Path
    files: tuple[str, ...] = _FILES
    """Beginnings of the addresses of files that everybody gets."""
    query: Callable[[str, str], str] = pages_of_lists
    """Of a path and its query: what of the query makes another page, as ``name=value``, or nothing."""
    beside: Mapping[str, Path] = field(default_factory=dict)
    """Addresses of which a copy lies in the edition already; those are not asked for."""
    pages: int = 0
    broken: list[tuple[str, str]] = field(default_factory=list)
    """Page and address, where a link of the site leads to nothing."""
    _found: dict[str, Path | str | None] = field(default_factory=dict)
    """Of each address the file, or where it has moved, or nothing for what stays on the site."""
    _missing: set[str] = field(default_factory=set)

    def copy(self, starts: Iterable[str]) -> None:
        """All to which links lead from some addresses. Raises :class:`sanduq.errors.Unusable` if one of those is not there."""
        self._found.update(self.beside)
        waiting = sorted(starts, reverse=True)
        wanted = set(waiting)
        while waiting:
            address = waiting.pop()
            if address not in self._found:
                waiting += sorted(set(self._take(address)) - self._found.keys(), reverse=True)
        if wanted & self._missing:
            raise errors.Unusable(f"not there: {', '.join(sorted(wanted & self._missing))}")
        for address, file in self._found.items():
            if isinstance(file, Path) and file.suffix == ".html" and address not in self.beside:
                self._lead(address, file)
                self.pages += 1

    def _take(self, address: str) -> Iterator[str]:
        """Copy one address; gives those to which it leads."""
        response, self._found[address] = self.ask(address), None
        if response is None:
            return
        if response.status_code in _MOVED:
            to = self._own(response["Location"], address)
            if to is not None:
                self._found[address] = to
                yield to
        elif response.status_code == 404:
            self._missing.add(address)
        elif response.status_code == 200 and (getattr(response, "is_kept", False) or address.startswith(self.files)):
            file = self._file(address, response["Content-Type"].partition(";")[0])
            self._found[address] = file
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("wb") as out:
                out.writelines(_parts(response))
            if file.suffix in _LEADING:
                for link in _LEADING[file.suffix].findall(file.read_text("utf-8")):
                    if (to := self._own(unescape(link), address)) is not None:
                        yield to
        elif response.status_code >= 500:
            raise errors.Unusable(f"the site fails at {address}", hint="its log says why")

    def _own(self, link: str, at: str) -> str | None:
        """The address within the site to which a link leads, without what makes no other page; None if it leads elsewhere."""
        parts = urlsplit(urljoin(self.origin + at, link))
        if f"{parts.scheme}://{parts.netloc}" != self.origin:
            return None
        query = self.query(parts.path, parts.query)
        return f"{parts.path or '/'}?{query}" if query else parts.path or "/"

    def _file(self, address: str, kind: str) -> Path:
        path, _, query = address.partition("?")
        *folders, name = [unquote(each) for each in path.split("/")[1:]]
        if not name:
            name = f"index-{query.removeprefix('page=').replace('=', '-')}.html" if query else "index.html"
        if not name.endswith(_ENDINGS.get(kind, "")):
            name += _ENDINGS[kind]
        return self.folder.joinpath(*map(_portable, folders), _portable(name))

    def _lead(self, address: str, file: Path) -> None:
        """Let the links of a page lead to files."""

        def led(match: re.Match[str]) -> str:
            link = unescape(match[2])
            to = None if link.startswith("#") else self._own(link, address)
            if to is None:
                return match[0]
            if to in self._missing:
                self.broken.append((address, to))
            fragment = f"#{urlsplit(link).fragment}" if "#" in link else ""
            target = self._target(to)
            where = self.origin + to if target is None else Path(os.path.relpath(target, file.parent)).as_posix()
            return f'{match[1]}"{escape(where + fragment)}"'

        file.write_text(_LINK.sub(led, file.read_text("utf-8")), "utf-8")

    def _target(self, address: str) -> Path | None:
        found = self._found.get(address)
        for _hop in range(5):
            if not isinstance(found, str):
                break
            found = self._found.get(found)
        return found if isinstance(found, Path) else None


def _portable(name: str) -> str:
    """A name that every system takes for a file: of another, what its letters sound like, and a mark that tells two apart."""
    if _NAME.match(name):
        return name
    stem, dot, ending = name.rpartition(".") if re.search(r"\.[a-z0-9]{1,5}\Z", name) else (name, "", "")
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{slugify(anyascii(stem))[:60] or 'x'}-{mark}{dot}{ending}"


def _parts(response: HttpResponseBase) -> Iterator[bytes]:
    if isinstance(response, HttpResponse):
        yield response.content
    elif isinstance(response, FileResponse):
        yield from response.streaming_content  # type: ignore[misc]
