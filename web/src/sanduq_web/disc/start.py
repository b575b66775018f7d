"""Where a reader begins: ``START-HERE.html`` and ``README.txt`` at the root of an edition, in every language.

They name what is there, so they are written last; what is only said, such as that possessing it may be dangerous, comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.translation import get_language_info, override, pgettext

from sanduq_web import dates
from sanduq_web.disc import BOOKS, PRESS, RECORD, SOFTWARE, VOTE, ZIM, About, about

PAGE: Final = "START-HERE.html"
TEXT: Final = "README.txt"
_CHECK: Final = "VERIFY.html"
_CHECK_AREA: Final = "VERIFY-AREA.html"


@dataclass(frozen=True)
class Link:
    """Something to open: its address below the edition, and what it is."""

    address: str
    text: str
    size: str = ""


def write(edition: Path) -> None:
    """Both files, of what is in the folder now. Raises :class:`sanduq.errors.Unusable` if it holds no edition."""
    told = about(edition)
    texts = []
    for code in told.languages:
        with override(code):
            shown = _shown(edition, told, code)
            html, text = (render_to_string(f"disc/begin.{kind}", shown) for kind in ("html", "txt"))
            texts.append(shown | {"html": html, "text": text})
    page = render_to_string("disc/start.html", {"texts": texts, "edition": told})
    (edition / PAGE).write_text(page, "utf-8")
    (edition / TEXT).write_text("\n\n".join(str(each["text"]).strip() for each in texts) + "\n", "utf-8")


def _shown(edition: Path, told: About, code: str) -> dict[str, Any]:
    info = get_language_info(code)
    links = list(_links(edition, code))
    archives = [each for each in _files(edition, ZIM, code) if f"-{code}-" in each.address or f"-{code}." in each.address]
    return {
        "code": code,
        "name": info["name_local"],
        "direction": "rtl" if info["bidi"] else "ltr",
        "number": dates.numerals(told.number, code),
        "date": dates.both(told.date, code),
        "start": links[0].address if links else "",
        "links": links,
        "books": list(_files(edition, f"{BOOKS}/{code}", code)),
        "archives": archives,
        "older": any(not each.address.endswith(f"-{told.number}.zim") for each in archives),
        "check": _CHECK if (edition / _CHECK).is_file() else "",
    }


def _links(edition: Path, code: str) -> Iterator[Link]:
    """What is read in a browser, in a language."""
    named = (
        (f"{PRESS}/{code}/index.html", pgettext("disc", "News, letters, publications")),
        (f"{VOTE}/{code}/index.html", pgettext("disc", "The vote: what is asked, the result, how to check it")),
        (_CHECK_AREA, pgettext("disc", "Verify all ballots of an area in this browser")),
        (f"{RECORD}/README.html", pgettext("disc", "The record of the vote, and how to verify all of it")),
        (f"{SOFTWARE}/README.html", pgettext("disc", "The verifier, to be installed without a network")),
    )
    for address, text in named:
        if (edition / address).is_file():
            yield Link(address, text)


def _files(edition: Path, folder: str, code: str) -> Iterator[Link]:
    for path in sorted((edition / folder).glob("*")):
        if path.is_file():
            yield Link(f"{folder}/{path.name}", path.name, dates.size(path.stat().st_size, code))
