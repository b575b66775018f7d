"""Other values in the place of a value: points that are none, numbers that are too large, texts in another case."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from sanduq import errors
from sanduq.algebra.group import G, P, Point, Q, unchecked_point

Tree = Any


class Fields(list[tuple[str, Tree]]):
    """An object: its fields in their order, perhaps one of them twice."""


class Raw(str):
    """A piece of text that is written as it is."""

    __slots__ = ()


_SQRT_M1 = pow(2, (P - 1) // 4, P)


@cache
def torsion() -> tuple[Point, ...]:
    """The eight points of small order, the identity first."""
    for y in range(2, 200):
        try:
            candidate = unchecked_point(f"{y:064x}") ** Q
        except errors.PointInvalid:
            continue
        if not (candidate**4).is_identity:
            return tuple(candidate**k for k in range(8))
    raise AssertionError("no point of order eight was found")


def _digits(value: int) -> str:
    return f"{value % (1 << 256):064x}"


def _other_point(rng: random.Random, text: str) -> str:
    return (G ** rng.randrange(Q)).hex


def _shifted(rng: random.Random, text: str) -> str:
    return (_point(text) * rng.choice(torsion()[1:])).hex


def _point(text: str) -> Point:
    try:
        return unchecked_point(text)
    except errors.PointInvalid:  # a hash, or something that was changed before
        return G.point


POINTS: dict[str, Callable[[random.Random, str], str]] = {
    "identity": lambda rng, text: _digits(1),
    "another point": _other_point,
    "small order": lambda rng, text: rng.choice(torsion()[1:]).hex,
    "shifted by small order": _shifted,
    "inverse": lambda rng, text: _digits(int(text, 16) ^ 1 << 255),
    "times g": lambda rng, text: (_point(text) * G.point).hex,
    "squared": lambda rng, text: (_point(text) ** 2).hex,
    "y not reduced": lambda rng, text: _digits(P + rng.choice([0, 1, 3, 4, 5, 18, 1 + (1 << 255)])),
    "y all ones": lambda rng, text: "f" * 64,
    "x zero, sign set": lambda rng, text: _digits(rng.choice([1, P - 1]) | 1 << 255),
    "y + 1": lambda rng, text: _digits(int(text, 16) + 1),
    "y zero": lambda rng, text: _digits(rng.choice([0, 1 << 255])),
    "random digits": lambda rng, text: _digits(rng.getrandbits(256)),
    "little-endian": lambda rng, text: bytes.fromhex(text)[::-1].hex(),
    "uppercase": lambda rng, text: text.upper(),
    "one digit uppercase": lambda rng, text: re.sub("[a-f]", lambda m: m[0].upper(), text, count=1),
    "a digit less": lambda rng, text: text[1:],
    "a digit more": lambda rng, text: "0" + text,
    "one digit changed": lambda rng, text: _replace_one(rng, text, "0123456789abcdef"),
    "no hexadecimal digit": lambda rng, text: _replace_one(rng, text, "gGxO٣０ "),
}

NUMBERS: dict[str, Callable[[random.Random, str], str | int | Raw]] = {
    "plus q": lambda rng, text: str(int(text) + Q),
    "plus 2q": lambda rng, text: str(int(text) + 2 * Q),
    "q": lambda rng, text: str(Q),
    "q - 1": lambda rng, text: str(Q - 1),
    "zero": lambda rng, text: "0",
    "one": lambda rng, text: "1",
    "negated modulo q": lambda rng, text: str(-int(text) % Q),
    "minus": lambda rng, text: "-" + text,
    "minus zero": lambda rng, text: "-0",
    "plus": lambda rng, text: "+" + text,
    "plus one": lambda rng, text: str((int(text) + 1) % Q),
    "another number": lambda rng, text: str(rng.randrange(Q)),
    "leading zero": lambda rng, text: "0" + text,
    "leading zeros": lambda rng, text: text.zfill(80),
    "long": lambda rng, text: "1" * rng.choice([76, 77, 78, 80, 81, 200]),
    "nines": lambda rng, text: "9" * rng.choice([75, 76]),
    "empty": lambda rng, text: "",
    "space before": lambda rng, text: " " + text,
    "newline after": lambda rng, text: text + "\n",
    "underscore": lambda rng, text: text[:1] + "_" + text[1:],
    "fraction": lambda rng, text: text + ".0",
    "exponent": lambda rng, text: text[:1] + "e" + text[1:3],
    "hexadecimal": lambda rng, text: hex(int(text)),
    "other digits": lambda rng, text: text.translate({ord("0") + i: chr(0x660 + i) for i in range(10)}),
    "a JSON number": lambda rng, text: int(text),
    "2^256 more": lambda rng, text: str(int(text) + (1 << 256)),
    "one digit changed": lambda rng, text: _replace_one(rng, text, "0123456789"),
}

OTHER_TYPES = (
    None,
    True,
    False,
    0,
    -1,
    1,
    1 << 30,
    Raw("1.0"),
    Raw("1e3"),
    Raw("-0"),
    "",
    "0",
    "\x00",
    "\u200f",
    "é",
    [],
    [[]],
    Fields(),
)


def _replace_one(rng: random.Random, text: str, alphabet: str) -> str:
    place = rng.randrange(len(text))
    return text[:place] + rng.choice(alphabet) + text[place + 1 :]


_HEX64 = re.compile(r"[0-9a-f]{64}\Z")
_DECIMAL = re.compile(r"[0-9]{1,90}\Z")


def change_value(rng: random.Random, value: Tree) -> tuple[str, Tree]:
    """Another value in the place of a scalar one."""
    if isinstance(value, str) and _HEX64.match(value):
        name, make = rng.choice(list(POINTS.items()))
        return f"point: {name}", make(rng, value)
    if isinstance(value, str) and _DECIMAL.match(value):
        name, change = rng.choice(list(NUMBERS.items()))
        return f"number: {name}", change(rng, value)
    if isinstance(value, str) and value:
        alphabet = "aA0 é\u0000\u202e\U0001f5f3+/="
        return rng.choice(
            [
                ("text: one character changed", _replace_one(rng, value, alphabet)),
                ("text: shorter", value[:-1]),
                ("text: longer", value + rng.choice(alphabet)),
                ("text: other case", value.swapcase()),
            ]
        )
    if isinstance(value, int) and not isinstance(value, bool):
        others = (
            value + 1,
            value - 1,
            0,
            -value,
            value + (1 << 30),
            str(value),
            Raw(f"{value}.0"),
            Raw(f"0{value}"),
            Raw(f"{value}e0"),
        )
        return "integer", rng.choice(others)
    return "another value", rng.choice(OTHER_TYPES)
