"""What voters are told beside the question: a neutral explanation, and each side in equal space (spec 2.d, 2.12).

"Equal" is a rule that anybody can check: in each language the texts of the sides have nearly the same length and as many
paragraphs but one. Texts are plain: no markup, and no character that hides or turns around what stands there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from sanduq import errors

SIDES: Final = range(2, 7)
LONGEST_HEADING: Final = 120
LONGEST_TEXT: Final = 6000
MOST_PARAGRAPHS: Final = 20
EQUAL: Final = Fraction(5, 4)
"""In one language, the longest text of a side is at most this many times as long as the shortest."""

# Controls but the line feed, line and paragraph separators, what sets a direction for more than one character, and tags.
_HIDDEN: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]")


@dataclass(frozen=True)
class Side:
    """One side, by language."""

    heading: Mapping[str, str]
    text: Mapping[str, str]


@dataclass(frozen=True)
class Information:
    """The explanation, and at least two sides in the order in which they are shown."""

    text: Mapping[str, str]
    sides: tuple[Side, ...]

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        sides = [{"heading": dict(side.heading), "text": dict(side.text)} for side in self.sides]
        return {"text": dict(self.text), "sides": sides}


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text: an empty line stands between them."""
    return tuple(text.split("\n\n"))


def joined(text: str) -> str:
    """A text as people write it, its lines joined to paragraphs with one empty line between them."""
    parts = (re.sub(r"[ \t]*\n[ \t]*", " ", part).strip() for part in re.split(r"\n[ \t]*\n", text))
    return "\n\n".join(part for part in parts if part)


def hidden_in(text: str) -> str | None:
    """The first character of a text that plain text does not have, as ``U+202E``."""
    found = _HIDDEN.search(text)
    return f"U+{ord(found.group()):04X}" if found else None


def check_information(information: Information) -> None:
    """Refuse (2.12) texts that are too long, not plain, or of unequal length."""
    count = len(information.sides)
    errors.require(
        errors.SetupInformation, count in SIDES, "sides", expected=f"{SIDES.start} to {SIDES.stop - 1} sides", got=count
    )
    for language, text in information.text.items():
        _check_text(text, f"text ({language})")
    for number, side in enumerate(information.sides, 1):
        for language in side.heading:
            _check_heading(side.heading[language], f"side {number}: heading ({language})")
        for language in side.text:
            _check_text(side.text[language], f"side {number}: text ({language})")
    for language in information.text:
        _check_equal([side.text[language] for side in information.sides], language)


def _check_plain(text: str, what: str, longest: int) -> None:
    fits = len(text) <= longest
    errors.require(errors.SetupInformation, fits, f"{what}: too long", expected=f"at most {longest} characters", got=len(text))
    got = hidden_in(text)
    errors.require(errors.SetupInformation, got is None, f"{what}: a character that plain text does not have", got=got)


def _check_heading(text: str, what: str) -> None:
    _check_plain(text, what, LONGEST_HEADING)
    plain = "\n" not in text and text == text.strip()
    errors.require(errors.SetupInformation, plain, what, expected="one line, without white space around it")


def _check_text(text: str, what: str) -> None:
    _check_plain(text, what, LONGEST_TEXT)
    parts = paragraphs(text)
    plain = all(part and part == part.strip() and "\n" not in part for part in parts)
    expected = "paragraphs with one empty line between them, without white space around them"
    errors.require(errors.SetupInformation, plain, what, expected=expected)
    errors.require(
        errors.SetupInformation, len(parts) <= MOST_PARAGRAPHS, f"{what}: paragraphs", expected=MOST_PARAGRAPHS, got=len(parts)
    )


def _check_equal(texts: list[str], language: str) -> None:
    lengths, parts = [len(text) for text in texts], [len(paragraphs(text)) for text in texts]
    got = ", ".join(map(str, lengths))
    equal = not lengths or max(lengths) <= EQUAL * min(lengths)
    what = f"the sides have no equal space ({language})"
    errors.require(
        errors.SetupInformation, equal, what, expected=f"the longest at most {EQUAL} of the shortest, in characters", got=got
    )
    close = not parts or max(parts) - min(parts) <= 1
    got = ", ".join(map(str, parts))
    errors.require(errors.SetupInformation, close, what, expected="as many paragraphs, but one", got=got)
