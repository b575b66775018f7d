"""Pages as PDF, by WeasyPrint, which needs the system's Pango: where that is missing, everything else works.

Nothing is fetched while a page is made, neither from a network nor from a disk. Whoever asks for PDFs asks for much work, so
one is made at a time, the last ones are kept, and who asks for another meanwhile is told to come again.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

from sanduq_web.problems import Busy

_SHEET: Final = Path(__file__).resolve().parent / "print.css"
_MOST_KEPT: Final = 24
_kept: Final[OrderedDict[Hashable, bytes]] = OrderedDict()
_one = Lock()


class Missing(Exception):
    """WeasyPrint, or a library of the system that it needs, is not here; says which."""


@lru_cache(maxsize=1)
def _weasyprint() -> Any:
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise Missing(str(error).splitlines()[0]) from error
    return weasyprint


def can_print() -> bool:
    """Whether PDFs can be made on this machine."""
    try:
        _weasyprint()
    except Missing:
        return False
    return True


def pdf(key: Hashable, html: Callable[[], str]) -> bytes:
    """The PDF that was made for this key, or else one of the whole page that ``html`` gives.

    Raises :class:`Missing`, or :class:`Busy` while another one is made.
    """
    found = _kept.get(key)
    if found is not None:
        return found
    library = _weasyprint()
    if not _one.acquire(blocking=False):
        raise Busy("another page is being made", retry_after=30)
    try:
        _kept[key] = made = _make(library, html())
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
        return made
    finally:
        _one.release()


def _make(library: Any, html: str) -> bytes:
    """A tagged PDF (PDF/UA-1) on A4: the same bytes for the same page, with the same fonts."""
    nothing = library.urls.URLFetcher(allowed_protocols=(), allow_redirects=False)
    fonts = library.text.fonts.FontConfiguration()
    sheet = library.CSS(string=_SHEET.read_text(), font_config=fonts, url_fetcher=nothing)
    page = library.HTML(string=html, url_fetcher=nothing, media_type="print")
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    return bytes(page.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1", pdf_identifier=identifier))


def forget() -> None:
    """What was made, for tests."""
    _kept.clear()
