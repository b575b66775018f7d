"""Whether what editions are made with is there: which version, for what, and what to type where it is missing."""

from __future__ import annotations

import argparse
import ctypes
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from sanduq import errors

NAME: Final = "doctor"
HELP: Final = "which programs, packages and fonts for editions are there, and what to type for those that are not"
_VERSION: Final = re.compile(r"[0-9]+(?:\.[0-9]+)+")
_THERE: Final = "there"
"""For what is found but says no version."""
_PIP: Final = "pip install 'sanduq-web[disc]'"
_PAGE: Final = Path("booth/dist-disc/VERIFY.html")
"""Where ``scripts/booth.sh disc`` builds it, seen from the folder of the sources."""


class ToolMissing(errors.Refused):
    """Editions cannot be made here."""


@dataclass(frozen=True)
class Tool:
    """A thing that editions need, or something beside them."""

    name: str
    use: str
    install: str
    version: Callable[[], str | None]
    """None where it is missing."""
    necessary: bool = True


@dataclass(frozen=True)
class Finding:
    """What was found of one tool."""

    name: str
    version: str | None
    necessary: bool
    use: str
    install: str


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs")


def run(options: argparse.Namespace, say: Callable[[str], None]) -> None:
    """Say what was found. Raises :class:`ToolMissing` if something necessary is missing."""
    findings = examine()
    if options.json:
        say(json.dumps([asdict(each) for each in findings], indent=1))
    else:
        for each in findings:
            word = "ok" if each.version else "missing" if each.necessary else "optional"
            say(f"{word:<9}{each.name:<13}{each.version or '-':<11}{each.use}{'' if each.version else f': {each.install}'}")
    missing = [each for each in findings if each.necessary and not each.version]
    if missing:
        lines = "; ".join(dict.fromkeys(each.install for each in missing))
        raise ToolMissing(f"not there: {', '.join(each.name for each in missing)}", hint=lines)


def examine() -> list[Finding]:
    """Every tool, those that are necessary first."""
    return [Finding(each.name, each.version(), each.necessary, each.use, each.install) for each in TOOLS]


def _program(name: str, *ask: str) -> Callable[[], str | None]:
    """The version of a program, as it says itself."""

    def version() -> str | None:
        path = shutil.which(name)
        if path is None:
            return None
        if not ask:
            return _THERE
        try:
            done = subprocess.run([path, *ask], capture_output=True, check=False, timeout=20)  # noqa: S603  # our own words
        except (OSError, subprocess.TimeoutExpired):
            return None
        found = _VERSION.search((done.stdout + done.stderr).decode(errors="replace"))
        return found[0] if found else _THERE

    return version


def _package(name: str) -> Callable[[], str | None]:
    """The version of a Python package that is installed."""

    def version() -> str | None:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            return None

    return version


def _pandoc() -> str | None:
    try:
        import pypandoc

        return str(pypandoc.get_pandoc_version())
    except (ImportError, OSError):
        return None


def _weasyprint() -> str | None:
    try:
        import weasyprint
    except (ImportError, OSError):  # the second without Pango
        return None
    return str(weasyprint.__version__)


def _pango() -> str | None:
    try:
        pango = ctypes.CDLL("libpango-1.0.so.0")
        pango.pango_version_string.restype = ctypes.c_char_p
        return str(pango.pango_version_string().decode())
    except (OSError, AttributeError):
        return None


def _font() -> str | None:
    """The number of font families with the letters of Persian, as fontconfig tells Pango."""
    path = shutil.which("fc-list")
    if path is None:
        return None
    done = subprocess.run(  # noqa: S603  # our own words
        [path, ":lang=fa", "family"], capture_output=True, check=False
    )
    families = {*done.stdout.splitlines()}
    return f"{len(families)} of them" if families else None


def _page() -> str | None:
    return _THERE if _PAGE.is_file() else None


TOOLS: Final = (
    Tool("xorriso", "disc images", "apt-get install xorriso", _program("xorriso", "--version")),
    Tool("libzim", "archives for Kiwix", _PIP, _package("libzim")),
    Tool("pandoc", "books (EPUB)", _PIP, _pandoc),
    Tool("weasyprint", "books in print (PDF)", f"{_PIP}; apt-get install libpango-1.0-0 libpangoft2-1.0-0", _weasyprint),
    Tool("pango", "lines of text in PDF", "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0", _pango),
    Tool("fonts", "Arabic letters in PDF", "apt-get install fontconfig fonts-dejavu-core", _font),
    Tool("pypdf", "booklets", _PIP, _package("pypdf")),
    Tool("segno", "codes for telephones (QR)", _PIP, _package("segno")),
    Tool("VERIFY.html", "checks a disc in a browser", "scripts/booth.sh disc, with Node.js", _page, necessary=False),
    Tool(
        "mat2", "PDF in uploads", "apt-get install --no-install-recommends mat2", _program("mat2", "--version"), necessary=False
    ),
    Tool("kiwix-serve", "tries archives", "apt-get install kiwix-tools", _program("kiwix-serve", "--version"), necessary=False),
    Tool("zimcheck", "checks archives", "apt-get install zim-tools", _program("zimcheck", "--version"), necessary=False),
    # Debian's cannot be run by its name: it is `java -jar /usr/bin/epubcheck`.
    Tool("epubcheck", "checks books", "apt-get install epubcheck", _program("epubcheck"), necessary=False),
)
