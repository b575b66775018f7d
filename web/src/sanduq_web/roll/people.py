"""What is of a person: names and addresses that go onto a letter, e-mail addresses."""

from __future__ import annotations

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

LONGEST_LINE: Final = 60
MOST_LINES: Final = 5
FORMULA: Final = tuple("=+-@\t\r＝＋－＠")
"""With these a cell begins that a spreadsheet computes. None comes in, so none goes out."""
_DIVIDED: Final = re.compile(r"\s*(?:\r\n|\n|\r|\|)\s*")
_email: Final = EmailValidator()


def address_lines(text: str) -> str:
    """An address with its lines divided by line feeds: typed so, or with ``|``."""
    return "\n".join(each for each in _DIVIDED.split(text.strip()) if each)


def wrong_letter(name: str, address: str) -> str:
    """Which of the two does not go onto a letter: ``name``, ``address`` or nothing."""
    if len(name) > LONGEST_LINE or name.startswith(FORMULA):
        return "name"
    lines = address.split("\n") if address else []
    bad = len(lines) > MOST_LINES or any(len(each) > LONGEST_LINE or each.startswith(FORMULA) for each in lines)
    return "address" if bad else ""


def is_email(text: str) -> bool:
    """Whether it is an e-mail address."""
    try:
        _email(text)
    except ValidationError:
        return False
    return len(text) <= 254
