"""Reading the texts of an invented newsroom: what there is in ``courier.toml``, the words in one file for each language;
the texts of the booklet and of the organisation have folders of their own.

A text is paragraphs separated by empty lines. ``## words`` is a heading, ``> words — whose`` a quotation, lines that begin with
``-`` are a list, lines that begin with ``|`` a table whose first line is ``|# caption``, and ``![picture] caption`` a picture.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final

from sanduq import errors

_TABLES: Final = ("site", "sections", "topics", "bylines", "pictures", "documents", "pieces", "pages", "letter")
_OF_A_PIECE: Final = ("title", "summary", "body")
_LONG: Final = ("booklet", "society")
"""What has a file of its own in each language: ``booklet/fa.toml``."""


@dataclass(frozen=True)
class Newsroom:
    """The plan, and for each language its words."""

    plan: Mapping[str, Any]
    words: Mapping[str, Mapping[str, Any]]

    @property
    def languages(self) -> list[str]:
        """The first one is the site's own."""
        return list(self.plan["languages"])


def read(folder: Path) -> Newsroom:
    """Reads a folder. Raises :class:`sanduq.errors.Unusable` where a text is missing, and says which."""
    plan = _toml(folder / "courier.toml")
    words = {language: _toml(folder / f"{language}.toml") for language in plan.get("languages", [])}
    for language, found in words.items():
        found |= {each: _toml(folder / each / f"{language}.toml") for each in _LONG}
    if not words:
        raise errors.Unusable(f"{folder / 'courier.toml'}: languages: none")
    for language, found in words.items():
        for missing in _missing(plan, found):
            raise errors.Unusable(f"{folder / f'{language}.toml'}: {missing} is missing")
    return Newsroom(plan, words)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise errors.Unusable(f"{path}: there is no such file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise errors.Unusable(f"{path}: {error}") from error


def _missing(plan: Mapping[str, Any], words: Mapping[str, Any]) -> Iterator[str]:
    """What the plan names and a language has not."""
    for table in _TABLES:
        if table not in words:
            yield f"[{table}]"
            return
    for table in ("sections", "bylines", "pieces"):
        yield from (f"{table}.{key}" for key in plan[table] if key not in words[table])
    yield from (f"pages.{key}" for key in plan["pages"] if key not in words["pages"])
    for key, piece in plan["pieces"].items():
        yield from (f"pieces.{key}.{name}" for name in _OF_A_PIECE if not words["pieces"][key].get(name))
        yield from (f"topics.{topic}" for topic in piece.get("topics", []) if topic not in words["topics"])
        if "picture" in piece and piece["picture"] not in words["pictures"]:
            yield f"pictures.{piece['picture']}"
        if "attachment" in piece and piece["attachment"] not in words["documents"]:
            yield f"documents.{piece['attachment']}"

    yield from (f"booklet.{name}" for name in _OF_A_PIECE if not words["booklet"].get(name))
    yield from (f"booklet.chapters.{key}" for key in plan["booklet"]["chapters"] if key not in words["booklet"]["chapters"])
    for name, rows in (("events", plan["society"]["events"]), ("offices", plan["society"]["since"])):
        if len(words["society"].get(name, [])) != len(rows):
            yield f"one of society.{name}"
    yield from (f"society.sites.{key}" for key in plan["society"]["sites"] if key not in words["society"]["sites"])


def blocks(text: str, pictures: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """A text as the blocks of an article."""
    return [_block(part.strip(), pictures) for part in text.strip().split("\n\n") if part.strip()]


def _block(part: str, pictures: Mapping[str, Any]) -> tuple[str, Any]:
    lines = part.splitlines()
    if part.startswith("## "):
        return "heading", part[3:]
    if part.startswith("> "):
        said, _, source = part[2:].partition(" — ")
        return "quote", {"text": said, "source": source}
    if part.startswith("|# "):
        return "table", {"caption": lines[0][3:], "rows": "\n".join(line.strip("| ") for line in lines[1:])}
    if part.startswith("!["):
        key, _, caption = part[2:].partition("] ")
        return "figure", {"image": pictures[key], "caption": caption}
    if part.startswith("- "):
        return "paragraph", "<ul>" + "".join(f"<li>{escape(line[2:], quote=False)}</li>" for line in lines) + "</ul>"
    return "paragraph", f"<p>{escape(' '.join(lines), quote=False)}</p>"
