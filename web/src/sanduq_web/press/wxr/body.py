"""From a post's HTML to an article's blocks: only what an editor could have made at the desk.

The HTML is made sound and harmless first (nh3, which reads like a browser), then its parts become blocks. What shows something
from elsewhere (frames, players, forms, scripts) is taken out and said; a frame leaves a link to what it showed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

import nh3
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from sanduq_web.press.wxr.shortcodes import PLACE, expand

_INLINE: Final = {"a", "b", "strong", "i", "em", "sup", "sub", "br"}
_WORDS: Final = _INLINE | set(
    "abbr acronym bdi bdo big cite code del dfn font ins kbd mark q s samp small span strike tt u var img".split()
)
_TEXT: Final = _INLINE | {"p", "h3", "h4", "ul", "ol", "li", "blockquote", "hr"}
_KEPT: Final = (_TEXT | _WORDS | set(
    "h1 h2 h5 h6 div section article aside main header footer figure figcaption table caption thead tbody tfoot tr th td "
    "dl dt dd pre address center details summary iframe".split()
)) - {"script", "style"}  # fmt: skip
_GONE: Final = {"script", "style", "template", "noscript", "form", "select", "textarea", "button", "svg", "math"}
_NESTED: Final = 60
_DYNAMIC: Final = re.compile(r"<!--\s+wp:([a-z0-9/-]+)\s+(?:\{[^<>]*\}\s+)?/-->")
_HARMLESS: Final = {"more", "nextpage", "separator", "spacer", "paragraph", "heading", "list", "image", "quote"}
_BARE: Final = re.compile(r"^\s*(https?://[^\s<>\"]+)\s*$", re.MULTILINE)
_BLANK: Final = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Picture:
    """A picture within a text: where it was, its attachment's number if the text says so, its description and caption."""

    address: str
    number: int | None
    alt: str
    caption: str


@dataclass(frozen=True)
class Gallery:
    """A gallery: attachments by number; none for all that were uploaded to the post."""

    numbers: tuple[int, ...]


Block = tuple[str, Any]
"""Kind and value: HTML of a paragraph, words of a heading, a dict for quotes and tables, :class:`Picture`, :class:`Gallery`."""


@dataclass
class Body:
    """The blocks of a post, and what is to be said of it."""

    blocks: list[Block] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def say(self, remark: str) -> None:
        """Something an editor should know; once."""
        if remark not in self.remarks:
            self.remarks.append(remark)

    def add(self, kind: str, value: Any) -> None:
        """A block; what follows a paragraph in a paragraph stays in it."""
        if kind == "paragraph" and self.blocks and self.blocks[-1][0] == "paragraph":
            value = self.blocks.pop()[1] + value
        self.blocks.append((kind, value))


def blocks_of(content: str, title: str) -> Body:
    """The blocks of a post; ``title`` is for tables that have no caption."""
    body = Body()
    by_blocks = "<!-- wp:" in content
    if filled := sorted(set(_DYNAMIC.findall(content)) - _HARMLESS):
        body.say(f"blocks that only WordPress can fill, taken out: {', '.join(filled)}")
    content = expand(re.sub(r"<!--.*?-->", "", content, flags=re.DOTALL), body.say)
    _Walk(body, title, breaks=not by_blocks).into(BeautifulSoup(_sound(content, body), "html.parser"))
    return body


def text_of(html: str) -> str:
    """The words of HTML in one line."""
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def _sound(content: str, body: Body) -> str:
    """HTML as a browser would understand it, of known elements; what is from elsewhere is a frame, with its address."""
    raw = BeautifulSoup(content, "html.parser")
    for found in raw.find_all(["audio", "embed", "object", "video"]):
        within = found.find("source")
        address = found.get("src") or found.get("data") or (within.get("src") if isinstance(within, Tag) else None)
        found.replace_with(raw.new_tag("iframe", src=str(address or "")))
    for found in raw.find_all(["script", "form", "svg", "math"]):
        body.say(f"{found.name} taken out" + (f": {str(found['src'])[:300]}" if found.get("src") else ""))
    clean = nh3.clean(
        str(raw),
        tags=set(_KEPT),
        clean_content_tags=_GONE,
        attributes={"a": {"href"}, "img": {"src", "alt", "class"}, "figure": {PLACE}, "iframe": {"src"}},
        url_schemes={"http", "https"},
        link_rel=None,
        strip_comments=True,
    )
    return _BARE.sub(lambda found: f'\n\n<iframe src="{found[1]}"></iframe>\n\n', clean)


class _Walk:
    """From one element to the next; words between two blocks are paragraphs."""

    def __init__(self, body: Body, title: str, *, breaks: bool) -> None:
        self._body = body
        self._title = title
        self._breaks = breaks
        self._words: list[str] = []
        self._pictures: list[Block] = []
        self._depth = 0

    def into(self, parent: Tag) -> None:
        """All that is within an element."""
        self._depth += 1
        for node in list(parent.children):
            if isinstance(node, NavigableString):
                self._words.append(escape(str(node), quote=False))
            elif isinstance(node, Tag):
                if node.name in _WORDS and node.find(_is_block) is None:
                    self._word(node)
                else:
                    self._end()
                    self._block(node)
        self._end()
        self._depth -= 1

    def _word(self, node: Tag) -> None:
        images = [node] if node.name == "img" else node.find_all("img")
        for image in images:
            self._pictures.append(("figure", _picture(image, "")))
            image.extract()
        if node.name != "img" and (node.get_text(strip=True) or node.name == "br"):
            self._words.append(str(node))

    def _end(self) -> None:
        """The words so far are paragraphs; the pictures that stood among them follow."""
        for part in _BLANK.split("".join(self._words)):
            self._paragraph("p", part)
        self._words = []
        for kind, value in self._pictures:
            self._body.add(kind, value)
        self._pictures = []

    def _paragraph(self, name: str, inner: str) -> None:
        inner = inner.strip()
        if self._breaks and name == "p":
            inner = re.sub(r"(?:<br\s*/?>)?\n", "<br/>", inner)
        inner = re.sub(r"^(?:<br\s*/?>\s*)+|(?:\s*<br\s*/?>)+$", "", inner)
        if text_of(inner):
            self._body.add("paragraph", _rich(f"<{name}>{inner}</{name}>"))

    def _block(self, node: Tag) -> None:
        make = getattr(self, f"_{node.name}", None)
        if self._depth > _NESTED:
            self._paragraph("p", escape(node.get_text(" ")))
        elif make is not None:
            make(node)
        elif node.name in ("h1", "h2"):
            self._heading(node)
        elif node.name in ("h3", "h4", "h5", "h6"):
            self._paragraph("h3" if node.name == "h3" else "h4", _inner(node))
        elif node.name in ("ul", "ol"):
            self._list(node)
        else:
            self.into(node)

    def _heading(self, node: Tag) -> None:
        for image in node.find_all("img"):
            self._body.add("figure", _picture(image, ""))
        if words := text_of(_inner(node)):
            self._body.add("heading", words[:255])

    def _list(self, node: Tag) -> None:
        images = [image.extract() for image in node.find_all("img")]
        if text_of(str(node)):
            self._body.add("paragraph", _rich(re.sub(r"\s*\n\s*", " ", str(node))))
        for image in images:
            self._body.add("figure", _picture(image, ""))

    def _hr(self, _node: Tag) -> None:
        self._body.add("paragraph", "<hr/>")

    def _pre(self, node: Tag) -> None:
        lines = escape(node.get_text(), quote=False).strip("\n").split("\n")
        self._body.add("paragraph", f"<p>{'<br/>'.join(lines)}</p>")

    def _dt(self, node: Tag) -> None:
        self._paragraph("p", f"<b>{_inner(node)}</b>")

    def _iframe(self, node: Tag) -> None:
        """What came from elsewhere is a link; who follows it knows that they leave."""
        address = str(node.get("src", ""))
        if address.startswith("//"):
            address = f"https:{address}"
        if address.startswith(("http://", "https://")):
            self._body.say(f"a link instead of what was shown from {address[:300]}")
            self._body.add("paragraph", _rich(f'<p><a href="{escape(address)}">{escape(address)}</a></p>'))
        else:
            self._body.say("something shown from elsewhere, taken out; it has no address")

    def _blockquote(self, node: Tag) -> None:
        """A quotation; one with lists or links stays within the text, where it can have them."""
        if node.find(["ul", "ol", "a", "table", "img", "blockquote", "iframe"]) is not None:
            self._paragraph("blockquote", _inner(node))
            for image in node.find_all("img"):
                self._body.add("figure", _picture(image, ""))
            return
        cited = node.find(["cite", "footer"])
        source = text_of(str(cited.extract())) if isinstance(cited, Tag) else ""
        parts = [text_of(str(each)) for each in node.find_all("p")] or [text_of(str(node))]
        if words := "\n".join(filter(None, parts)):
            self._body.add("quote", {"text": words, "source": source.lstrip("—– ")[:255]})

    def _figure(self, node: Tag) -> None:
        """A picture, a table, a quotation or several of them, with one caption."""
        if node.get(PLACE) is not None:
            numbers = tuple(int(each) for each in str(node[PLACE]).split(",") if each.isdecimal())
            self._body.add("gallery", Gallery(numbers))
            return
        captions = [each for each in node.find_all("figcaption") if each.find_parent("figure") is node]
        caption = text_of(" ".join(str(each.extract()) for each in captions))
        images = [each for each in node.find_all("img") if each.find_parent("figure") is node]
        tables = node.find_all("table")
        if images and not tables:
            for image in images:
                self._body.add("figure", _picture(image, caption))
                image.extract()
            caption = ""
        for table in tables:
            self._table(table, caption)
            table.extract()
            caption = ""
        self.into(node)
        if caption:
            self._paragraph("p", escape(caption))

    def _table(self, node: Tag, caption: str = "") -> None:
        own = node.find("caption")
        words = caption or (text_of(str(own)) if own else "")
        rows = [[text_of(str(cell)).replace("|", "/") for cell in row.find_all(["th", "td"])] for row in node.find_all("tr")]
        rows = [row for row in rows if any(row)]
        if not rows:
            return
        if not words:
            self._body.say("a table without a caption: it has the title of the text; say at the desk what it shows")
        if node.find("img") is not None:
            self._body.say("pictures within a table are not taken")
        self._body.add("table", {"caption": (words or self._title)[:255], "rows": "\n".join(" | ".join(row) for row in rows)})


def _is_block(node: Tag) -> bool:
    return node.name not in _WORDS


def _inner(node: Tag) -> str:
    return "".join(str(child) if isinstance(child, Tag) else escape(str(child), quote=False) for child in node.children)


def _picture(image: Tag, caption: str) -> Picture:
    number = re.search(r"\bwp-image-(\d{1,18})\b", " ".join(image.get("class") or []))
    alt = " ".join(str(image.get("alt") or "").split())
    return Picture(str(image.get("src") or ""), int(number[1]) if number else None, alt[:250], caption[:300])


def _rich(html: str) -> str:
    """What the desk's own editor can make, and nothing else."""
    for old, new in (("h5", "h4"), ("h6", "h4")):
        html = re.sub(rf"<(/?){old}>", rf"<\1{new}>", html)
    clean: str = nh3.clean(
        html, tags=_TEXT, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel=None, strip_comments=True
    )
    return clean
