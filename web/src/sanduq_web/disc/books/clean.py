"""A page's article as clean XHTML: known tags and attributes are copied, all else is left out or unwrapped.

Nothing in it loads anything: pictures are read from within the edition and named by their hash (``image:SHA256``), and put in
as data where a book is written. Links lead to places within the book, or to addresses.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urljoin, urlsplit

from bs4.element import NavigableString, PreformattedString, Tag

from sanduq import errors
from sanduq_web.disc import PRESS
from sanduq_web.disc.books.exported import within

LARGEST_IMAGE: Final = 20 << 20
_MAGIC: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif"}

_KEPT: Final = frozenset(
    "p ul ol li dl dt dd blockquote figure figcaption table caption thead tbody tfoot tr th td pre "
    "em i strong b code sub sup small span br hr abbr cite q".split()
)
_EMPTY: Final = frozenset({"br", "hr"})
_LEFT_OUT: Final = frozenset(
    "script style iframe object embed applet form input button select textarea svg math link meta base template noscript nav "
    "audio video canvas source track dialog frame frameset title head".split()
)
_CLASSES: Final = frozenset(
    "kicker bylines when summary place note source who standing key credit kind republished about".split()
)
_LEFT_OUT_CLASSES: Final = frozenset("share also topics invitation related turn comments".split())
_LANG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,100}\Z")
_RENAMED: Final = re.compile(r"-[0-9a-f]{10}(\.[a-z0-9]{1,5})?\Z")
_HAS_ID: Final = re.compile(r' id="([^"]+)"')
_TO_PLACE: Final = re.compile(r'<a href="#([^"]+-[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
"""A link within a page; those to other pages of the book have no hyphen."""
_NOT_XML: Final = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBERS: Final = {"colspan", "rowspan", "start", "value"}


@dataclass
class Pictures:
    """Pictures of a book by their SHA-256: kind and bytes."""

    found: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def add(self, raw: bytes) -> str | None:
        """The name of a picture in a page of the book; None for what is none of the kinds that every reader shows."""
        kind = next((kind for magic, kind in _MAGIC.items() if raw.startswith(magic)), None)
        if kind is None:
            return None
        name = hashlib.sha256(raw).hexdigest()
        self.found[name] = (kind, raw)
        return f"image:{name}"


@dataclass
class Cleaner:
    """Copies one page: where it stands, which pages are in the same book, and at which place each of them."""

    edition: Path
    path: str
    address: str
    places: Mapping[str, str]
    prefix: str
    pictures: Pictures
    not_here: str
    """What stands before the description of a picture that is not in the book."""
    level: int = 1
    ids: frozenset[str] = frozenset()
    same: dict[str, str] = field(default_factory=dict)
    """Of a section the place that stands for it."""

    def article(self, article: Tag, without: tuple[str, ...] = ()) -> str:
        """All of an article but its title and some more (CSS selectors)."""
        for unwanted in article.select(", ".join(("h1", *without))):
            unwanted.extract()
        for section in article.select("section[id]"):
            self._to_heading(section)
        self.ids = frozenset(str(tag["id"]) for tag in article.select("[id]") if _ID.match(str(tag["id"])))
        html = self.inside(article)
        there = set(_HAS_ID.findall(html))
        # A place may be in what was left out.
        return _TO_PLACE.sub(lambda match: match[0] if match[1] in there else match[2], html)

    def _to_heading(self, section: Tag) -> None:
        """A section is unwrapped: its heading is the place to which links to it lead."""
        heading = section.find(re.compile("h[1-6]"))
        if isinstance(heading, Tag):
            self.same[str(section["id"])] = str(heading.get("id") or section["id"])
            heading["id"] = self.same[str(section["id"])]
            del section["id"]

    def picture(self, img: Tag) -> str:
        """A picture; in its place its description, if it is none of the folder's."""
        alt = str(img.get("alt", ""))
        name = self._picture(str(img.get("src", "")))
        if name is None:
            return f"<span>[{escape(self.not_here)}{': ' if alt else ''}{escape(alt)}]</span>"
        size = "".join(f' {side}="{value}"' for side in ("width", "height") if (value := str(img.get(side, ""))).isdecimal())
        return f'<img src="{name}" alt="{escape(alt)}"{size} />'

    def _picture(self, src: str) -> str | None:
        parts = urlsplit(src)
        if parts.scheme or parts.netloc or not parts.path:
            return None
        file = within(self.edition, (self.edition / self.path).parent / unquote(parts.path), f"{self.path}: {src[:200]}")
        if not file.is_file():
            return None
        if file.stat().st_size > LARGEST_IMAGE:
            raise errors.Unusable(f"{self.path}: {src[:200]}: more than {LARGEST_IMAGE} bytes for a picture")
        return self.pictures.add(file.read_bytes())

    def inside(self, tag: Tag) -> str:
        """What is in a tag, without itself."""
        return "".join(self._copy(each) for each in tag.children)

    def _copy(self, node: object) -> str:
        if isinstance(node, NavigableString):
            return "" if isinstance(node, PreformattedString) else escape(_plain(str(node)), quote=False)
        if not isinstance(node, Tag):
            return ""
        name = node.name.lower()
        classes = set(node.get_attribute_list("class"))
        if name in _LEFT_OUT or classes & _LEFT_OUT_CLASSES or _leads_to_translations(node):
            return ""
        if re.fullmatch("h[1-6]", name):
            return self._heading(node, name)
        if name == "img":
            return self.picture(node)
        if name == "a":
            return self._link(node)
        if name in ("bdi", "time", "bdo"):
            name = "span"
        if name == "footer":
            return f'<div class="source"><p>{self.inside(node)}</p></div>\n'
        if name == "aside":
            return f'<div class="note">{self.inside(node)}</div>\n'
        if name not in _KEPT:
            return self.inside(node)
        if name in _EMPTY:
            return f"<{name} />"
        return self._tag(name, node, classes & _CLASSES)

    def _tag(self, name: str, node: Tag, classes: set[str]) -> str:
        text = f"<{name}{self._attributes(node, name)}>{self.inside(node)}</{name}>"
        marks = " ".join(sorted(classes))
        if not marks or name not in ("p", "span"):
            return text
        # Paragraphs of an EPUB have no class: pandoc knows none there.
        if name == "span":
            return text.replace("<span", f'<span class="{marks}"', 1)
        return f'<div class="{marks}">{text}</div>\n'

    def _attributes(self, node: Tag, name: str) -> str:
        given: dict[str, str] = {}
        if _LANG.match(lang := str(node.get("lang", ""))):
            given["lang"] = lang
        direction = str(node.get("dir", "auto" if node.name == "bdi" else ""))
        if direction in ("ltr", "rtl"):
            given["dir"] = direction
        elif direction == "auto" and (found := direction_of(node.get_text())):
            given["dir"] = found
        if name == "th" and str(node.get("scope")) in ("col", "row", "colgroup", "rowgroup"):
            given["scope"] = str(node["scope"])
        for each in _NUMBERS & node.attrs.keys():
            if re.fullmatch("[1-9][0-9]{0,2}", str(node[each])):
                given[each] = str(node[each])
        if str(node.get("id", "")) in self.ids:
            given["id"] = f"{self.prefix}-{node['id']}"
        return "".join(f' {key}="{escape(value)}"' for key, value in sorted(given.items()))

    def _heading(self, node: Tag, name: str) -> str:
        self.level = min(int(name[1]), self.level + 1)
        self.level = max(self.level, 2)
        return f"<h{self.level}{self._attributes(node, name)}>{self.inside(node)}</h{self.level}>\n"

    def _link(self, node: Tag) -> str:
        text, link = self.inside(node), str(node.get("href", "")).strip()
        to = self._target(link)
        if to is None:
            return f"<span{self._attributes(node, 'span')}>{text}</span>"
        shown = ""
        if not to.startswith(("#", self.address + "/")) and to != text.strip():
            shown = f' <span class="url" dir="ltr">({escape(to)})</span>'
        return f'<a href="{escape(to)}"{self._attributes(node, "a")}>{text}</a>{shown}'

    def _target(self, link: str) -> str | None:
        """Where a link leads from the book: to a place in it, or to an address; None for what is neither."""
        try:
            parts = urlsplit(link)
        except ValueError:
            return None
        if parts.scheme or parts.netloc:
            whole = parts.scheme in ("http", "https") and parts.netloc and not re.search(r'[\s<>"\\]', link)
            return link if whole else None
        if not parts.path:
            place = self.same.get(parts.fragment, parts.fragment)
            return f"#{self.prefix}-{place}" if place in self.ids else None
        path = unquote(urlsplit(urljoin(f"http://x/{self.path}", parts.path)).path).removeprefix("/")
        if path in self.places:
            return f"#{self.places[path]}"
        below = path.removeprefix(f"{PRESS}/")
        # A file that has another name than its address, since disks do not hold that one: where it stands is not known here.
        if below == path or any(map(_RENAMED.search, below.split("/"))):
            return None
        address = re.sub(r"(^|/)index\.html\Z", r"\1", below)
        return f"{self.address}/{quote(address)}"


def _plain(text: str) -> str:
    """Without what XML does not hold."""
    return _NOT_XML.sub("", text)


def _leads_to_translations(node: Tag) -> bool:
    """Whether a section is but a list of the same page in other languages."""
    links = node.select("a") if node.name == "section" else []
    return bool(links) and all(link.get("hreflang") for link in links)


def direction_of(text: str) -> str | None:
    """The direction of a text's first letter, as browsers find it for ``dir=auto``; None of a text without letters."""
    for each in text:
        kind = unicodedata.bidirectional(each)
        if kind == "L":
            return "ltr"
        if kind in ("R", "AL"):
            return "rtl"
    return None
