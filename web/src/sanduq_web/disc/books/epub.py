"""A book as EPUB 3, by pandoc, which is given one page with its pictures as data, and may read nothing else (``--sandbox``)."""

from __future__ import annotations

import io
import subprocess
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Final

from sanduq import errors
from sanduq_web import clock
from sanduq_web.disc.books import picture
from sanduq_web.disc.books.compose import Book
from sanduq_web.disc.books.fonts import FONT
from sanduq_web.disc.books.page import for_epub

SECONDS: Final = 240
_HERE: Final = Path(__file__).resolve().parent
_NO_TIME: Final = "1970-01-01T00:00:00Z"
"""What stands for the time within the sandbox."""
_FROM: Final = "html+native_divs+native_spans-raw_html-tex_math_dollars-tex_math_single_backslash-smart"
_MISSING: Final = "pandoc is missing"


@cache
def pandoc() -> str:
    """Where pandoc is. Raises :class:`sanduq.errors.Unusable` if it is not here."""
    hint = "install pypandoc_binary, which brings it, or Debian's pandoc 3"
    try:
        import pypandoc

        return str(pypandoc.get_pandoc_path())
    except (ImportError, OSError):
        raise errors.Unusable(_MISSING, hint=hint) from None


@cache
def version() -> str:
    """Which pandoc is here."""
    done = subprocess.run([pandoc(), "--version"], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    if done.returncode:
        raise errors.Unusable(_MISSING, hint="install pypandoc_binary")
    return done.stdout.partition("\n")[0]


def source(book: Book) -> str:
    """The page of which it is made; all that differs between two books."""
    return for_epub(book)


def make(book: Book, html: str) -> bytes:
    """The EPUB of a book from its :func:`source`: the same bytes for the same book."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "book.html").write_text(html, "utf-8")
        _run(_command(book, folder), folder)
        return _settled(book, (folder / "book.epub").read_bytes())


def _command(book: Book, folder: Path) -> list[str]:
    direction = "rtl" if book.is_rtl else "ltr"
    meta = {
        "title": book.title, "lang": book.language, "identifier": book.identifier, "page-progression-direction": direction,
        "date": book.date.isoformat(), "publisher": book.site,
    }  # fmt: skip
    words = [
        pandoc(),
        "--sandbox",
        f"--from={_FROM}",
        "--to=epub3",
        "--epub-title-page=false",
        "--split-level=1",
        "--toc-depth=2",
    ]
    words += ["--template", str(_HERE / "epub.xhtml"), "--wrap=none"]
    words += ["--variable", f"direction={direction}"]
    # On the command line a value is a text; in a file it would be read as markup.
    words += [part for key, value in meta.items() if value for part in ("--metadata", f"{key}={value}")]
    words += [part for each in book.authors for part in ("--metadata", f"author={each}")]
    return [*words, "--output", str(folder / "book.epub"), str(folder / "book.html")]


def _run(command: list[str], folder: Path) -> None:
    environment = {"LANG": "C.UTF-8", "HOME": str(folder), "SOURCE_DATE_EPOCH": "0"}
    try:
        done = subprocess.run(  # noqa: S603  # pandoc, with our own arguments
            command, capture_output=True, cwd=folder, env=environment, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise errors.Unusable(f"pandoc took more than {SECONDS} s") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise errors.Unusable(f"pandoc ended with {done.returncode}: {' '.join(said)[:300]}")


def _style(book: Book) -> bytes:
    face = f'@font-face {{\n  font-family: Vazirmatn;\n  src: url("../fonts/{FONT.name}");\n  font-weight: 100 900;\n}}\n\n'
    body = "body {\n  font-family: Vazirmatn, sans-serif;\n  line-height: 1.7;\n}\n\n"
    return ((face + body if book.is_rtl else "") + (_HERE / "epub.css").read_text("utf-8")).encode()


def _settled(book: Book, made: bytes) -> bytes:
    """With what the sandbox has not let in (style, font, cover), and the edition's moment for the time of all."""
    moment = book.moment
    time = (max(moment.year, 1980), moment.month, moment.day, moment.hour, moment.minute, moment.second)
    with zipfile.ZipFile(io.BytesIO(made)) as old:
        files = {name: old.read(name) for name in old.namelist()}
    added = {"cover": ("media/cover.png", "image/png", ' properties="cover-image"', picture.cover(book))}
    if book.is_rtl:
        added["font"] = (f"fonts/{FONT.name}", "font/woff2", "", FONT.read_bytes())
    listed = "".join(
        f'    <item id="{name}-file" href="{path}" media-type="{kind}"{more} />\n'
        for name, (path, kind, more, _) in added.items()
    )
    description = files["EPUB/content.opf"].replace(_NO_TIME.encode(), moment.strftime(clock.FORMAT).encode())
    files["EPUB/content.opf"] = description.replace(b"  </manifest>", f"{listed}  </manifest>".encode(), 1)
    files |= {f"EPUB/{path}": raw for path, _, _, raw in added.values()}
    files |= {name: _style(book) for name in files if name.endswith(".css")}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, raw in files.items():
            info = zipfile.ZipInfo(name, time)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            new.writestr(info, raw)
    return out.getvalue()
