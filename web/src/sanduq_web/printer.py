"""The process that makes one PDF: a whole page comes in on standard input, the PDF goes out on standard output.

Nothing of the site is in it: no settings, no database, no secrets. It fetches nothing, neither from a network nor from a disk,
has little memory and time, and gives way to all that serves voters. Without WeasyPrint it ends with :data:`MISSING`.

With ``--sizes`` it makes several of one page, each with a sheet of its own: JSON with ``html`` and ``sheets`` comes in; each
PDF goes out behind its length (8 bytes, the highest first). Fonts and pictures are then in the page, as ``data:``.
"""

from __future__ import annotations

import ctypes
import gc
import hashlib
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any, Final

SHEET: Final = Path(__file__).resolve().parent / "print.css"
MISSING: Final = 3
CPU_SECONDS: Final = 150
MEMORY: Final = 3 << 29
"""Bytes of address space; 382 areas need a quarter of it."""


_DIES_WITH_ITS_PARENT: Final = 1  # PR_SET_PDEATHSIG


def _bound() -> None:
    os.nice(19)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIES_WITH_ITS_PARENT, signal.SIGKILL)
    for kind, most in ((resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(kind, (most, most))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """A second wall behind the fetcher that fetches nothing."""
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.system", "os.fork", "os.posix_spawn")):
        raise PermissionError(event)


def _weasyprint() -> Any:
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        sys.stderr.write(str(error).splitlines()[0])
        sys.exit(MISSING)
    return weasyprint


def make(library: Any, html: str) -> bytes:
    """A tagged PDF (PDF/UA-1) on A4: the same bytes for the same page, with the same fonts."""
    nothing = library.urls.URLFetcher(allowed_protocols=(), allow_redirects=False)
    fonts = library.text.fonts.FontConfiguration()
    sheet = library.CSS(string=SHEET.read_text(), font_config=fonts, url_fetcher=nothing)
    page = library.HTML(string=html, url_fetcher=nothing, media_type="print")
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    return bytes(page.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1", pdf_identifier=identifier))


def make_sizes(library: Any, html: str, sheets: list[str]) -> list[bytes]:
    """The same page once with each sheet, as :func:`make` does; what is not in the page is not there."""
    only_data = library.urls.URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    made = []
    for text in sheets:
        fonts = library.text.fonts.FontConfiguration()
        sheet = library.CSS(string=text, font_config=fonts, url_fetcher=only_data)
        page = library.HTML(string=html, url_fetcher=only_data, media_type="print")
        identifier = hashlib.sha256("\0".join((html, text)).encode()).digest()[:16]
        made.append(
            bytes(page.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1", pdf_identifier=identifier))
        )
        del page, sheet
        gc.collect()  # before the next one needs as much
    return made


def main() -> None:
    """With ``--version`` it says only which WeasyPrint is here."""
    _bound()
    gc.disable()  # this process ends before it would have paid
    library = _weasyprint()
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(library.__version__)
        return
    sys.addaudithook(_refuse)
    if sys.argv[1:] == ["--sizes"]:
        given = json.loads(sys.stdin.buffer.read())
        for each in make_sizes(library, given["html"], given["sheets"]):
            sys.stdout.buffer.write(len(each).to_bytes(8, "big") + each)
        return
    made = make(library, sys.stdin.buffer.read().decode())
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
