"""By what one's own entry of a register is found: its number and a detail that only this person knows, under a keyed hash.

The key is in a file (SANDUQ_ROLL_LOOKUP), not in the database: who has the database alone cannot try days of birth.
"""

from __future__ import annotations

import hmac
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_SHORTEST: Final = 50


@lru_cache(maxsize=4)
def _key(path: Path) -> bytes:
    found = path.read_text(encoding="utf-8").strip()
    if len(found) < _SHORTEST:
        raise ImproperlyConfigured(f"SANDUQ_ROLL_LOOKUP holds {len(found)} characters; expected {_SHORTEST} or more")
    return found.encode()


def is_there() -> bool:
    """Whether there is a key, so that entries can be looked up by number and detail."""
    return settings.SANDUQ_ROLL_LOOKUP is not None


def keyed(*parts: str) -> bytes:
    """A hash of texts (32 bytes) that nobody without the key can compute."""
    return hmac.digest(_key(settings.SANDUQ_ROLL_LOOKUP), "\0".join(parts).encode(), "sha256")


def _in_ascii_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(each)) if each.isdigit() else each for each in text)


def plain_voter(text: str) -> str:
    """A number of a register as it is compared: without spaces around, digits 0 to 9. Upper and lower case differ."""
    return _in_ascii_digits(unicodedata.normalize("NFKC", text.strip()))


def plain_detail(text: str) -> str:
    """A secret detail as it is compared: letters and digits alone, small, digits 0 to 9.

    So ``۱۳۶۵/۰۲/۰۱`` is ``13650201``, as ``1365-02-01`` is.
    """
    if not text:
        return ""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _in_ascii_digits("".join(each for each in folded if each.isalnum()))


def key_of(registration: str, voter: str, detail: str) -> bytes:
    """What an entry is found by."""
    return keyed("entry", registration, plain_voter(voter), plain_detail(detail))
