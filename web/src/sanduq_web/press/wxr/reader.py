"""Reading an export file of WordPress, WXR 1.0 to 1.2, into plain types.

The format is RSS 2.0 with elements of WordPress's own; it has no schema. Source: ``wp-admin/includes/export.php`` of WordPress
and the files that it writes. A document type, entities and links to other files are refused (defusedxml).
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from sanduq import errors

FILE_BYTES: Final = 256 << 20
TEXT_CHARACTERS: Final = 2_000_000
ITEMS: Final = 100_000
_VERSIONS: Final = ("1.0", "1.1", "1.2")
_OWN: Final = re.compile(r"\{https?://wordpress\.org/export/1\.[0-2]/(excerpt/)?\}")
_PREFIXES: Final = {
    "{http://purl.org/rss/1.0/modules/content/}": "content:",
    "{http://purl.org/dc/elements/1.1/}": "dc:",
}
_TAGS: Final = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Comment:
    """A comment that was approved: the name under it and its words. Addresses of its writer are not read."""

    number: int
    reply_to: int | None
    name: str
    text: str
    written: datetime | None


@dataclass(frozen=True)
class Attachment:
    """A file of the library."""

    number: int
    parent: int
    title: str
    address: str
    path: str
    alt: str
    caption: str


@dataclass(frozen=True)
class Post:
    """A post or a page. ``author`` is the name shown; empty where there is none that may be shown."""

    kind: str
    number: int
    parent: int
    title: str
    name: str
    address: str
    guid: str
    author: str
    content: str
    excerpt: str
    status: str
    has_password: bool
    published: datetime | None
    sticky: bool
    topics: tuple[str, ...]
    thumbnail: int | None
    comments_open: bool
    comments: tuple[Comment, ...]


@dataclass(frozen=True)
class Export:
    """A whole export. ``left`` counts what is no post, page or file, and comments that were not taken, by what they are."""

    title: str
    address: str
    version: str
    posts: tuple[Post, ...]
    attachments: Mapping[int, Attachment]
    left: Mapping[str, int]


def read(path: Path) -> Export:
    """Reads an export.

    Raises :class:`sanduq.errors.Unusable` for what is no export of WordPress, or is broken, or too large.
    """
    size = path.stat().st_size
    if size > FILE_BYTES:
        raise errors.Unusable(
            f"{path}: {size} bytes; at most {FILE_BYTES} are read", hint="export by year: Tools, Export, with a range of dates"
        )
    reading = _Reading(path)
    try:
        with path.open("rb") as file:
            for element in _elements(file, path):
                reading.take(element)
    except ParseError as error:
        line, column = error.position
        raise errors.Unusable(
            f"{path}: line {line}, column {column}: not well-formed XML",
            hint="was it copied whole, as UTF-8? Control characters within a post break an export: look in that line",
        ) from error
    except DefusedXmlException as error:
        raise errors.Unusable(
            f"{path}: it declares a document type or entities, which no export of WordPress does; it is not read"
        ) from error
    except (UnicodeError, LookupError, ValueError) as error:
        raise errors.Unusable(f"{path}: its bytes are not of the encoding that it names; expected UTF-8") from error
    return reading.export()


def _elements(file: Any, path: Path) -> Iterator[Element]:
    """The children of the channel, one after the other; what was read is let go."""
    parents: list[Element] = []
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            if not parents and element.tag != "rss":
                raise errors.Unusable(f"{path}: its outermost element is {element.tag!r}; an export of WordPress has 'rss'")
            parents.append(element)
            if len(parents) > 40:
                raise errors.Unusable(f"{path}: elements within elements, more than 40 deep")
            continue
        parents.pop()
        if len(parents) == 2:
            yield element
            parents[-1].remove(element)


def _tag(element: Element) -> str:
    own = _OWN.match(element.tag)
    if own:
        return ("excerpt:" if own[1] else "wp:") + element.tag[own.end() :]
    for space, prefix in _PREFIXES.items():
        if element.tag.startswith(space):
            return prefix + element.tag.removeprefix(space)
    return element.tag


def _fields(element: Element) -> dict[str, str]:
    """The texts of the children; of several with one name, the first."""
    found: dict[str, str] = {}
    for child in element:
        text = child.text or ""
        if len(text) > TEXT_CHARACTERS:
            raise _TooLong
        found.setdefault(_tag(child), text)
    return found


def plain(text: str) -> str:
    """Words without tags and entities, in one line."""
    return " ".join(html.unescape(_TAGS.sub(" ", text)).split())


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,18}", text.strip()) else 0


def _time(fields: Mapping[str, str], *names: str) -> datetime | None:
    """The first time that is one, in UTC: drafts have zeros. A local time is taken for UTC if nothing else is there."""
    for name in names:
        text = fields.get(name, "").strip()
        try:
            if name == "pubDate":
                found = parsedate_to_datetime(text)
            else:
                found = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        except (TypeError, ValueError):
            continue
        if found.year > 1970:
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


class _TooLong(Exception):
    """One of its texts is too long to be somebody's post."""


class _Reading:
    """What has been read so far."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._channel: dict[str, str] = {}
        self._shown: dict[str, str] = {}
        self._posts: list[tuple[str, Post]] = []
        self._attachments: dict[int, Attachment] = {}
        self._left: Counter[str] = Counter()

    def take(self, element: Element) -> None:
        """One child of the channel."""
        tag = _tag(element)
        if tag == "wp:author":
            fields = _fields(element)
            self._shown[fields.get("wp:author_login", "").strip()] = plain(fields.get("wp:author_display_name", ""))
        elif tag == "item":
            if "wp:wxr_version" not in self._channel:
                raise self._no_export()
            if len(self._posts) + len(self._attachments) + self._left.total() >= ITEMS:
                raise errors.Unusable(f"{self._path}: more than {ITEMS} items", hint="export by year")
            try:
                self._item(element)
            except _TooLong:
                self._left[f"items with a text of more than {TEXT_CHARACTERS} characters"] += 1
        elif tag in ("title", "link", "wp:wxr_version", "wp:base_blog_url"):
            self._channel.setdefault(tag, (element.text or "").strip())
            if tag == "wp:wxr_version" and self._channel[tag] not in _VERSIONS:
                raise errors.Unusable(
                    f"{self._path}: an export of version {self._channel[tag][:20]!r}; expected {', '.join(_VERSIONS)}"
                )

    def _no_export(self) -> errors.Unusable:
        return errors.Unusable(
            f"{self._path}: RSS, but no export of WordPress: it does not say of which version it is",
            hint="in WordPress: Tools, Export, All content",
        )

    def _item(self, element: Element) -> None:
        fields = _fields(element)
        kind = fields.get("wp:post_type", "").strip() or "post"
        if kind == "attachment":
            self._attachments[_number(fields.get("wp:post_id", ""))] = _attachment(element, fields)
        elif kind not in ("post", "page"):
            self._left[kind[:40]] += 1
        elif fields.get("wp:status", "").strip() in ("trash", "auto-draft", "inherit"):
            self._left["in the bin"] += 1
        else:
            login = fields.get("dc:creator", "").strip()
            comments = tuple(self._comments(element))
            self._posts.append((login, _post(element, fields, kind, comments)))

    def _comments(self, element: Element) -> Iterator[Comment]:
        for child in element:
            if _tag(child) != "wp:comment":
                continue
            fields = _fields(child)
            if fields.get("wp:comment_type", "").strip() not in ("", "comment"):
                self._left["pingbacks and trackbacks"] += 1
            elif fields.get("wp:comment_approved", "").strip() != "1":
                self._left["comments that were not approved"] += 1
            else:
                yield _comment(fields)

    def _author(self, login: str) -> str:
        """The name that was shown; never the login, nor an e-mail address that somebody took for a name."""
        shown = self._shown.get(login, "")
        logins = {each.casefold() for each in self._shown}
        return "" if "@" in shown or shown.casefold() in logins else shown[:120]

    def export(self) -> Export:
        """All of it."""
        if "wp:wxr_version" not in self._channel:
            raise self._no_export()
        return Export(
            title=plain(self._channel.get("title", ""))[:200],
            address=(self._channel.get("wp:base_blog_url") or self._channel.get("link", "")).rstrip("/"),
            version=self._channel["wp:wxr_version"],
            posts=tuple(replace(post, author=self._author(login)) for login, post in self._posts),
            attachments=self._attachments,
            left=dict(self._left),
        )


def _meta(element: Element) -> dict[str, str]:
    found = (_fields(child) for child in element if _tag(child) == "wp:postmeta")
    return {each.get("wp:meta_key", ""): each.get("wp:meta_value", "") for each in found}


def _attachment(element: Element, fields: Mapping[str, str]) -> Attachment:
    meta = _meta(element)
    return Attachment(
        number=_number(fields.get("wp:post_id", "")),
        parent=_number(fields.get("wp:post_parent", "")),
        title=plain(fields.get("title", ""))[:200],
        address=fields.get("wp:attachment_url", "").strip(),
        path=meta.get("_wp_attached_file", "").strip(),
        alt=plain(meta.get("_wp_attachment_image_alt", ""))[:250],
        caption=plain(fields.get("excerpt:encoded", ""))[:300],
    )


def _comment(fields: Mapping[str, str]) -> Comment:
    name = plain(fields.get("wp:comment_author", ""))
    return Comment(
        number=_number(fields.get("wp:comment_id", "")),
        reply_to=_number(fields.get("wp:comment_parent", "")) or None,
        name="" if "@" in name else name[:80],
        text="\n".join(filter(None, map(plain, fields.get("wp:comment_content", "").splitlines()))),
        written=_time(fields, "wp:comment_date_gmt", "wp:comment_date"),
    )


def _post(element: Element, fields: Mapping[str, str], kind: str, comments: tuple[Comment, ...]) -> Post:
    terms = [child for child in element if child.tag == "category" and child.get("nicename") != "uncategorized"]
    topics = [plain(each.text or "") for each in terms if each.get("domain") in ("category", "post_tag", "tag")]
    return Post(
        kind=kind,
        number=_number(fields.get("wp:post_id", "")),
        parent=_number(fields.get("wp:post_parent", "")),
        title=plain(fields.get("title", "")),
        name=fields.get("wp:post_name", "").strip(),
        address=fields.get("link", "").strip(),
        guid=fields.get("guid", "").strip() or fields.get("link", "").strip(),
        author="",
        content=fields.get("content:encoded", ""),
        excerpt=plain(fields.get("excerpt:encoded", "")),
        status=fields.get("wp:status", "").strip() or "draft",
        has_password=bool(fields.get("wp:post_password", "")),
        published=_time(fields, "wp:post_date_gmt", "wp:post_date", "pubDate"),
        sticky=fields.get("wp:is_sticky", "").strip() == "1",
        topics=tuple(dict.fromkeys(topic for topic in topics if 0 < len(topic) <= 100)),
        thumbnail=_number(_meta(element).get("_thumbnail_id", "")) or None,
        comments_open=fields.get("wp:comment_status", "").strip() == "open",
        comments=comments,
    )
