"""JSON as the protocol writes it, and a strict reader for any bytes (spec 0.c).

:func:`read` never does more than its input is worth: nesting, numbers and repeated keys are refused, and the caller bounds
the length first. :func:`write` gives the one canonical text; :func:`require_canonical` compares.

:class:`Form` helps to turn a JSON value into a frozen type: each accessor refuses with the class of the word that reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final, NoReturn, TypeVar

from sanduq import errors

_MAX_NUMBER: Final = 80
_MAX_DEPTH: Final = 32
_MAX_PARTS: Final = 1 << 20
_SMALL: Final = 1 << 30
_WEIGHT: Final = re.compile(r"[1-9][0-9]{9,17}\Z")
_HASH: Final = re.compile(r"[0-9a-f]{64}\Z")

T = TypeVar("T")


def _integer(digits: str) -> int:
    if len(digits) > _MAX_NUMBER:
        raise errors.MalformedJson(f"a number of {len(digits)} digits", expected=f"at most {_MAX_NUMBER}")
    return int(digits)


def _no_fraction(digits: str) -> NoReturn:
    raise errors.MalformedJson("only whole numbers are used here", got=f"{len(digits)} characters")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise errors.MalformedJson("a key stands twice in one object")
    return value


_decoder: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_no_fraction, parse_constant=_no_fraction, strict=True
)


def read(data: bytes) -> Any:
    """The JSON value of ``data``; raises :class:`errors.MalformedJson` (0.1) for any other bytes."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise errors.MalformedJson("not UTF-8", got=f"byte {error.start}") from None
    # Each list and object takes a hundred bytes of memory and may be written in two or three.
    if data.count(b"[") + data.count(b"{") > _MAX_PARTS:
        raise errors.MalformedJson("too many lists and objects", expected=f"at most {_MAX_PARTS}")
    try:
        value = _decoder.decode(text)
    except RecursionError:
        raise errors.MalformedJson("nested too deep", expected=f"at most {_MAX_DEPTH} levels") from None
    except json.JSONDecodeError as error:
        raise errors.MalformedJson(f"not JSON: {error.msg[:1].lower()}{error.msg[1:]}", got=f"character {error.pos}") from None
    _bound_depth(value)
    return value


def _bound_depth(value: Any) -> None:
    """Refuse deep nesting, level by level (no recursion), so that the verdict does not depend on how deep the caller's stack
    is.
    """
    level = [value]
    for _ in range(_MAX_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return
    raise errors.MalformedJson("nested too deep", expected=f"at most {_MAX_DEPTH} levels")


def write(value: Any) -> str:
    """The compact text; object fields in the order in which they stand in ``value``."""
    # Python's encoder differs from the protocol in one character only: U+007F, which it leaves as it is.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("\x7f", "\\u007f")


def require_canonical(data: bytes, value: Any, refusal: type[errors.Refused] = errors.NotCanonical) -> None:
    """Refuse ``data`` unless it is what :func:`write` gives for ``value`` (0.2)."""
    try:
        same = write(value).encode("utf-8") == data
    except UnicodeEncodeError:  # a lone surrogate, written as an escape
        same = False
    errors.require(refusal, same)


def weight_value(number: int) -> int | str:
    """A weight as it is written: from 2³⁰ on as a decimal string (0.c)."""
    return number if number < _SMALL else str(number)


class Form:
    """Reads fields of JSON values; anything unexpected raises ``refusal`` and says where."""

    def __init__(self, refusal: type[errors.Refused]) -> None:
        self.refusal = refusal

    def fail(self, what: str, got: object) -> NoReturn:
        """Raise the refusal of this form."""
        raise self.refusal(
            f"{what}: not of the form expected", got=type(got).__name__ if isinstance(got, (dict, list)) else got
        )

    def fail_kind(self, what: str, value: object) -> NoReturn:
        """The same for a whole text that is something else: it is not repeated, since it may be a secret from another file."""
        self.fail(what, type(value).__name__)

    def fields(self, value: Any, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, Any]:
        """An object with exactly these fields (the optional ones may be missing)."""
        if not isinstance(value, dict):
            self.fail_kind("an object", value)
        missing = [name for name in needed if name not in value]
        unknown = [name for name in value if name not in needed and name not in optional]
        if missing or unknown:
            which = [f"without {name}" for name in missing] + [f"with unknown {name[:40]!r}" for name in unknown[:3]]
            raise self.refusal("an object " + ", ".join(which), expected=", ".join(needed))
        return value

    def items(self, value: Any, what: str, read_one: Callable[[Any], T], most: int | None = None) -> tuple[T, ...]:
        """A list of at most ``most``, each item read by ``read_one``; a refusal inside says which item."""
        if not isinstance(value, list):
            self.fail_kind(what, value)
        if most is not None and len(value) > most:
            raise self.refusal(f"{what}: too many", expected=f"at most {most}", got=len(value))
        result = []
        for number, item in enumerate(value, 1):
            try:
                result.append(read_one(item))
            except errors.Refused as refusal:
                raise refusal.within(f"{what} {number}") from None
        return tuple(result)

    def text(self, value: Any, what: str) -> str:
        """A string that can be written as UTF-8."""
        if not isinstance(value, str):
            self.fail(what, value)
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise self.refusal(f"{what}: half of a surrogate pair")
        return value

    def hash(self, value: Any, what: str) -> str:
        """A SHA-256 value in 64 lowercase digits."""
        if not isinstance(value, str) or not _HASH.match(value):
            self.fail(what, value)
        return value

    def number(self, value: Any, what: str, low: int = 0, high: int = _SMALL - 1) -> int:
        """A small integer within bounds."""
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.fail(what, value)
        return value

    def weight(self, value: Any, what: str) -> int:
        """A weight or a count of votes: a number, or from 2³⁰ on a decimal string."""
        if isinstance(value, str) and _WEIGHT.match(value) and int(value) >= _SMALL:
            return int(value)
        return self.number(value, what)

    def boolean(self, value: Any, what: str) -> bool:
        """``true`` or ``false``."""
        if not isinstance(value, bool):
            self.fail(what, value)
        return value
