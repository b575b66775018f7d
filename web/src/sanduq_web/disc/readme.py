"""What a folder tells people: its ``README.html`` and ``README.txt``, in every language, for whoever has no server."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

_LINES: Final = {"h2": "=", "h3": "-"}


def write(folder: Path, template: str, values: Mapping[str, Any]) -> None:
    """Both files of a folder, of a template with headings, paragraphs and what is typed (``pre``), and nothing else."""
    texts = []
    for code, name in settings.LANGUAGES:
        with override(code):
            html = render_to_string(template, dict(values))
        direction = "rtl" if code in settings.LANGUAGES_BIDI else "ltr"
        texts.append({"code": code, "name": name, "direction": direction, "html": html, "text": _Text(html).text()})
    (folder / "README.html").write_text(render_to_string("disc/readme.html", {"texts": texts}), "utf-8")
    (folder / "README.txt").write_text("\n\n".join(f"[{each['name']}]\n\n{each['text']}" for each in texts), "utf-8")


class _Text(HTMLParser):
    """The same without marks: headings are underlined, what is typed is indented."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._pieces: list[tuple[str, str]] = []
        self._kind = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A piece begins."""
        self._kind = tag
        self._pieces.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        """It ends; what is between pieces is of no use."""
        self._kind = ""

    def handle_data(self, data: str) -> None:
        """More of it."""
        if self._kind:
            self._pieces[-1] = (self._kind, self._pieces[-1][1] + data)

    def text(self) -> str:
        """All pieces, with a line between them."""
        return "".join(f"{_told(kind, text.strip())}\n\n" for kind, text in self._pieces)


def _told(kind: str, text: str) -> str:
    if kind == "pre":
        return "\n".join(f"    {line}" for line in text.splitlines())
    return f"{text}\n{_LINES[kind] * len(text)}" if kind in _LINES else text
