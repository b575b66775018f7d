"""WordPress's shortcodes, ``[name …]``: those that hold content become HTML, the others are taken out and said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Final

_CODE: Final = re.compile(r"\[(/?)([a-z][a-z0-9_-]{1,40})((?:\s+[^\[\]]*)?)\]", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))""")
_CAPTION: Final = re.compile(r"\[(?:wp_)?caption([^\]]*)\](.*?)\[/(?:wp_)?caption\]", re.IGNORECASE | re.DOTALL)
_EMBED: Final = re.compile(r"\[embed[^\]]*\]\s*(\S+?)\s*\[/embed\]", re.IGNORECASE)
_PICTURE: Final = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(.*)", re.IGNORECASE | re.DOTALL)
_FILES: Final = ("audio", "video")
_WORDPRESS: Final = {"audio", "video", "playlist", "gallery", "caption", "wp_caption", "embed", "polldaddy", "googlemaps"}

Say = Callable[[str], None]
PLACE: Final = "data-gallery"
"""The attribute of a ``figure`` that stands for a gallery: numbers of attachments, or nothing for all of the post."""


def expand(content: str, say: Say) -> str:
    """A post's content without shortcodes; ``say`` is told of each that is lost."""
    content = _CAPTION.sub(_caption, content)
    content = _EMBED.sub(lambda found: f'\n\n<iframe src="{escape(found[1])}"></iframe>\n\n', content)
    closed = {found[2].lower() for found in _CODE.finditer(content) if found[1]}
    return _CODE.sub(lambda found: _other(found, closed, say), content)


def _caption(found: re.Match[str]) -> str:
    parts = _PICTURE.match(found[2])
    given = _attributes(found[1]).get("caption", "")
    if parts is None:
        return found[2]
    return f"\n\n<figure>{parts[1]}<figcaption>{(parts[2].strip() or escape(given))}</figcaption></figure>\n\n"


def _attributes(text: str) -> Mapping[str, str]:
    return {name.lower(): one or two or three for name, one, two, three in _ATTRIBUTE.findall(text)}


def _other(found: re.Match[str], closed: set[str], say: Say) -> str:
    name, given = found[2].lower(), _attributes(found[3])
    if name == "gallery" and not found[1]:
        numbers = ",".join(re.findall(r"\d+", given.get("ids", "") or given.get("include", "")))
        return f'\n\n<figure {PLACE}="{numbers}"></figure>\n\n'
    if name in _FILES and not found[1]:
        address = next(iter(re.findall(r"https?://[^\s\"'\]]+", found[3])), "")
        return f'\n\n<iframe src="{escape(address)}"></iframe>\n\n' if address else _lost(name, say)
    if name in _WORDPRESS or given or name in closed:
        return "" if found[1] else _lost(name, say)
    if not found[3]:
        say(f"[{name}] may be a shortcode; it stays in the text")
    return found[0]


def _lost(name: str, say: Say) -> str:
    say(f"shortcode [{name}] taken out")
    return ""
