"""HTML that is not ours: one function, through which everything goes that is not written in the desk's own editor."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import nh3

_TAGS: Final = {
    "a", "b", "blockquote", "br", "em", "h2", "h3", "h4", "hr", "i", "li", "ol", "p", "strong", "sub", "sup", "ul",
}  # fmt: skip
_SCHEMES: Final = {"http", "https", "mailto"}
# The tags whose text is no text.
_WITH_ALL_IN_THEM: Final = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title", "textarea"}


def clean_html(text: str) -> str:
    """What a reader may get of somebody's HTML: paragraphs, headings, lists, emphasis, links to the web and to addresses.

    No pictures: they would be fetched from elsewhere. Links tell the other side neither who opens them nor from where.
    """
    return nh3.clean(
        text,
        tags=_TAGS,
        attributes={"a": {"href"}, "*": {"lang", "dir"}},
        url_schemes=_SCHEMES,
        clean_content_tags=_WITH_ALL_IN_THEM,
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def is_safe_link(address: str) -> bool:
    """Whether a page may link there: to a page of this site, the web, or an e-mail address; never to code or data."""
    try:
        parts = urlsplit("".join(address.split()))
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.netloc)
    return parts.scheme == "mailto" or (not parts.scheme and address[:1] in "/#?" and not address.startswith("//"))
