"""The voter's letter: a page to print, with the credential, and a code that opens the booth.

The link carries the credential behind ``#`` only: browsers do not send that part to any server. Check characters stand beside
the groups (spec 1.d). Everything that makes the page stands in it, so it is opened and printed offline; it holds what the
registrar's secret file holds, and is destroyed with it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from importlib.resources import files
from typing import Final

from sanduq import errors
from sanduq.question.setup import CountingArea, Setup
from sanduq.roll import check_character, check_credential

Draw = Callable[[str], str]
"""Gives the code of a text as SVG, to stand in a page."""


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
class Extras:
    """What a letter may have beside: each voter's PIN; a link without the credential, which then has a code of its own."""

    pins: Mapping[str, str] = field(default_factory=dict, repr=False)
    bare_link: bool = False


@lru_cache(maxsize=1)
def words_by_language() -> Mapping[str, Words]:
    """The catalogue in letter.toml. A letter in any other language is in English beside the setup's own texts."""
    found = tomllib.loads(files("sanduq.booth").joinpath("letter.toml").read_text("utf-8"))
    return {language: Words(**texts) for language, texts in found.items()}


_ADDRESS: Final = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
_STYLE: Final = """
@page { margin: 20mm }
body { font: 12pt/1.5 system-ui, sans-serif; margin: 0 auto; max-inline-size: 40rem; padding: 1rem }
section { break-after: page }
h1 { font-size: 16pt } dt { font-weight: 600 } dd { margin: 0 0 .5rem }
.credential { display: inline-block; direction: ltr; font: 600 20pt/1.4 ui-monospace, monospace; overflow-wrap: anywhere }
.credential sub { font-size: 11pt; font-weight: 400; color: #444; margin-inline: .1em }
.code svg { inline-size: 5cm; block-size: 5cm } .small { font-size: 10pt } code { overflow-wrap: anywhere }
"""


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


def letters_page(
    setup: Setup, area: CountingArea, voters: Iterable[tuple[str, str]], booth: str, draw: Draw, extras: Extras | None = None
) -> Iterator[str]:
    """The HTML page of an area's letters, piece by piece; ``voters`` are names (or numbers) with credentials."""
    language = area.language
    known = words_by_language()
    words = known.get(language.split("-")[0], known["en"])
    title = escape(setup.title[language])
    yield (
        f'<!doctype html>\n<html lang="{escape(language)}" dir="{setup.languages[language]}">\n<meta charset="utf-8">\n'
        f'<meta name="referrer" content="no-referrer">\n<title>{title}</title>\n<style>{_STYLE}</style>\n'
    )
    for voter, credential in voters:
        yield _letter(setup, area, words, voter, credential, booth, draw, extras or Extras())
    yield "</html>\n"


def _letter(
    setup: Setup, area: CountingArea, words: Words, voter: str, credential: str, booth: str, draw: Draw, extras: Extras
) -> str:
    code = draw(booth_link(booth, setup.anchor, area.code, None if extras.bare_link else credential, area.language))
    pin = extras.pins.get(voter)
    shown_pin = f'<dt>{words.pin}</dt><dd><span class="credential">{pin[:4]} {pin[4:]}</span></dd>\n' if pin else ""
    own_code = f'<p>{words.bare}</p>\n<div class="code">{draw(credential)}</div>\n' if extras.bare_link else ""
    groups = check_credential(credential).split("-")
    shown = "-".join(f"{group}<sub>{check_character(group)}</sub>" for group in groups)
    times = words.open.format(opens=_shown(setup.calendar.opens), closes=_shown(setup.calendar.closes))
    return (
        f"<section>\n<h1>{escape(setup.title[area.language])}</h1>\n<dl>\n"
        f"<dt>{words.to}</dt><dd><bdi>{escape(voter)}</bdi></dd>\n"
        f"<dt>{words.area}</dt><dd><bdi>{escape(area.name)}</bdi> (<bdi>{escape(area.code)}</bdi>)</dd>\n"
        f'<dt>{words.credential}</dt><dd><span class="credential">{shown}</span></dd>\n{shown_pin}</dl>\n'
        f'<p class="small">{words.small}</p>\n<p>{words.scan}</p>\n<div class="code">{code}</div>\n'
        f"{own_code}<dl><dt>{words.address}</dt><dd><bdi>{escape(booth)}</bdi></dd></dl>\n"
        f"<p>{times} {words.again}</p>\n<p><strong>{words.secret}</strong></p>\n"
        f'<p class="small">{words.anchor} <code><bdi>{setup.anchor}</bdi></code></p>\n</section>\n'
    )


def _shown(time: str) -> str:
    """``2030-05-01 06:00``, kept together in lines of either direction."""
    return f"<bdi>{time[:10]} {time[11:16]}</bdi>"
