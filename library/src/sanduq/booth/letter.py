"""The voter's letter: what stands on it. One page, with the credential, and a code that opens the booth.

The link carries the credential behind ``#`` only: browsers do not send that part to any server. Check characters stand beside
the groups (spec 1.d). This module says what is where to be said, in the voter's language; ``letter_pdf`` makes paper of it. A
letter holds what the registrar's secret file holds, and is destroyed with it.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from sanduq import errors
from sanduq.question.setup import CountingArea, Setup
from sanduq.roll import check_character, check_credential
from sanduq.roll.people import Person

Draw = Callable[[str], str]
"""Gives the code of a text as SVG."""


@dataclass(frozen=True)
class Words:
    """What a letter says beside the setup's own texts."""

    to: str
    area: str
    credential: str
    small: str
    scan: str
    address: str
    open: str
    again: str
    secret: str
    anchor: str
    pin: str
    bare: str


@dataclass(frozen=True)
class Letter:
    """One voter's letter. Without a person's lines the voter's number stands in the window. ``repr`` shows no secret."""

    voter: str
    credential: str = field(repr=False)
    person: Person = field(default_factory=Person)
    pin: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Sheet:
    """What all letters of an area share: where the booth is, who sends, on which side the envelope has its window.

    With ``bare_link`` the link holds no credential, which then has a code of its own.
    """

    setup: Setup
    area: CountingArea
    booth: str
    sender: str = ""
    window: str = "left"
    bare_link: bool = False


@lru_cache(maxsize=1)
def words_by_language() -> Mapping[str, Words]:
    """The catalogue in letter.toml. A letter in any other language is in English beside the setup's own texts."""
    found = tomllib.loads(files("sanduq.booth").joinpath("letter.toml").read_text("utf-8"))
    return {language: Words(**texts) for language, texts in found.items()}


_ADDRESS: Final = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")


def booth_link(booth: str, anchor: str, area: str, credential: str | None, language: str) -> str:
    """The address that opens the booth for one voter; everything that is theirs stands behind ``#``, if anything is.

    ``booth`` is the booth's own address. Raises :class:`errors.Unusable` if it is none that keeps the rest behind the ``#``.
    """
    if not _ADDRESS.fullmatch(booth):
        raise errors.Unusable(f"not an address of a booth: {booth}", hint="https://booth.example, without ? and #")
    # None of the four has a character that would have to be written in another way.
    own = {} if credential is None else {"c": check_credential(credential)}
    fields = {"r": anchor, "a": area, **own, "l": language}
    behind = "&".join(f"{name}={value}" for name, value in fields.items())
    return f"{booth.rstrip('/')}/#{behind}"


def language_of(sheet: Sheet, person: Person) -> str:
    """The language of a voter's letter: their own, or the area's."""
    return person.language or sheet.area.language


def words_of(language: str) -> Words:
    """What is said in a language; in English where the catalogue has none."""
    known = words_by_language()
    return known.get(language.partition("-")[0], known["en"])


def letter_value(sheet: Sheet, letter: Letter, draw: Draw) -> dict[str, Any]:
    """Everything that stands on one letter, as ``letter.typ`` reads it: texts, and codes as SVG."""
    setup, area, language = sheet.setup, sheet.area, language_of(sheet, letter.person)
    words, credential = words_of(language), check_credential(letter.credential)
    code = booth_link(sheet.booth, setup.anchor, area.code, None if sheet.bare_link else credential, language)
    times = words.open.format(opens=_shown(setup.calendar.opens), closes=_shown(setup.calendar.closes))
    primary = language.partition("-")[0].lower()
    return {
        "language": primary if re.fullmatch("[a-z]{2,3}", primary) else "en",
        "direction": setup.languages[language],
        "outside": [[line, direction_of(line)] for line in letter.person.lines or (f"{words.to}: {letter.voter}",)],
        "title": setup.title[language],
        "area": f"{words.area}: {_apart(area.name)} ({_apart(area.code)})",
        "scan": words.scan,
        "address": f"{words.address}:",
        "booth": sheet.booth,
        "times": times,
        "again": words.again,
        "label": words.credential,
        "credential": [[group, check_character(group)] for group in credential.split("-")],
        "small": words.small,
        "pin_label": words.pin,
        "pin": letter.pin and f"{letter.pin[:4]} {letter.pin[4:]}",
        "code": draw(code),
        "own": draw(credential) if sheet.bare_link else None,
        "bare": words.bare,
        "secret": words.secret,
        "anchor_label": words.anchor,
        "anchor": setup.anchor,
    }


def direction_of(text: str) -> str:
    """``rtl`` or ``ltr``, after the first letter that has a direction (Unicode annex 9, P2 and P3)."""
    for character in text:
        way = unicodedata.bidirectional(character)
        if way in ("L", "R", "AL"):
            return "ltr" if way == "L" else "rtl"
    return "ltr"


def _apart(text: str) -> str:
    """A text that keeps its own direction among others: between FSI and PDI."""
    return f"\u2068{text}\u2069"


def _shown(time: str) -> str:
    """``2030-05-01 06:00``, from left to right in lines of either direction: between LRI and PDI, with a space that does not
    break."""
    return f"\u2066{time[:10]}\u00a0{time[11:16]}\u2069"
