r"""The group: the prime-order subgroup of edwards25519, written multiplicatively (spec 0.a, BS §Ed25519).

``A * B``, ``A / B`` and ``A ** x`` are the group's operation, its inverse and a power, so that the code reads as the
specification does: ``g ** response * X ** challenge``. The formulas are the unified ones for a = −1 in extended coordinates
(Hisil, Wong, Carter, Dawson:
*Twisted Edwards curves revisited*, ASIACRYPT 2008, §3.1 and §3.3): complete on this curve, so there is no special case to
forget.

**Time.** Python's integers take time that depends on their values, so nothing here is constant-time. For a verifier that is
no loss: everything it computes with is public. Whoever seals ballots or holds a trustee's key with this engine should do so
on a machine that no one else can time (`SECURITY.md`); powers that touch secrets go through :func:`secret_power` so that they
are easy to find.

Coordinates are (X, Y, Z, T) with x = X/Z, y = Y/Z, T = XY/Z, integers modulo p.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Final, Protocol

from sanduq import errors

P: Final = 2**255 - 19
"""The field's prime."""
Q: Final = 2**252 + 27742317777372353535851937790883648493
"""The order of the group: every exponent lives modulo Q."""

_D: Final = -121665 * pow(121666, -1, P) % P
_D2: Final = 2 * _D % P
_SQRT_M1: Final = pow(2, (P - 1) // 4, P)
_HEX: Final = re.compile(r"[0-9a-f]{64}\Z")

Coordinates = tuple[int, int, int, int]
_IDENTITY: Final[Coordinates] = (0, 1, 1, 0)


def _double(p: Coordinates) -> Coordinates:
    """2008 HWCD §3.3, a = −1: 4 multiplications and 4 squarings."""
    x, y, z, _ = p
    a = x * x % P
    b = y * y % P
    h = a + b
    e = (h - (x + y) * (x + y)) % P
    g = a - b
    f = (2 * z * z + g) % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def _cache(p: Coordinates) -> Coordinates:
    """(Y−X, Y+X, 2dT, 2Z): what :func:`_add` needs of its second operand, computed once."""
    x, y, z, t = p
    return y - x, y + x, _D2 * t % P, 2 * z


def _add(p: Coordinates, cached: Coordinates) -> Coordinates:
    """2008 HWCD §3.1, unified: the second operand comes from :func:`_cache`."""
    x, y, z, t = p
    minus, plus, dt, zz = cached
    a = (y - x) * minus % P
    b = (y + x) * plus % P
    c = t * dt % P
    d = z * zz % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _uncache_negative(cached: Coordinates) -> Coordinates:
    """The cached form of the inverse element."""
    minus, plus, dt, zz = cached
    return plus, minus, P - dt, zz


def _naf(k: int) -> list[tuple[int, bool]]:
    """The non-adjacent form of k ≥ 0: (position, is negative) of each digit that is not zero."""
    digits = []
    position = 0
    while k:
        if k & 1:
            negative = k & 3 == 3
            digits.append((position, negative))
            k += 1 if negative else -1
        k >>= 1
        position += 1
    return digits


class Power(Protocol):
    """Something that can be raised to a power: a point, or a point with a table."""

    def __pow__(self, exponent: int) -> Point: ...


class Point:
    """A point of the curve. Immutable. Equality is the curve's: P == Q however they were computed."""

    __slots__ = ("__dict__", "_coordinates")

    def __init__(self, coordinates: Coordinates) -> None:
        self._coordinates = coordinates

    def __mul__(self, other: Point) -> Point:
        return Point(_add(self._coordinates, other._cached))

    def __truediv__(self, other: Point) -> Point:
        return Point(_add(self._coordinates, _uncache_negative(other._cached)))

    def __pow__(self, exponent: int) -> Point:
        """P^exponent for any integer, by shared doublings (a second power of the same point costs only additions)."""
        negative, k = exponent < 0, abs(exponent)
        result = _IDENTITY
        doublings = self._doublings
        for position, minus in _naf(k):
            while position >= len(doublings):
                doublings.append(_double(doublings[-1]))
            cached = _cache(doublings[position])
            result = _add(result, _uncache_negative(cached) if minus is not negative else cached)
        return Point(result)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        x1, y1, z1, _ = self._coordinates
        x2, y2, z2, _ = other._coordinates
        return (x1 * z2 - x2 * z1) % P == 0 and (y1 * z2 - y2 * z1) % P == 0

    def __hash__(self) -> int:
        return hash(self.hex)

    def __reduce__(self) -> tuple[type[Point], tuple[Coordinates]]:
        """Pickle the point alone, not its tables."""
        return Point, (self._coordinates,)

    def __repr__(self) -> str:
        return f"Point({self.hex})"

    @property
    def affine(self) -> tuple[int, int]:
        """The coordinates x and y, each below p."""
        x, y, z, _ = self._coordinates
        inverse = pow(z, -1, P)
        return x * inverse % P, y * inverse % P

    @cached_property
    def hex(self) -> str:
        """The 64 digits of the protocol (spec 0.a): compressed, big-endian."""
        x, y = self.affine
        return f"{y | (x & 1) << 255:064x}"

    @cached_property
    def _cached(self) -> Coordinates:
        return _cache(self._coordinates)

    @cached_property
    def _doublings(self) -> list[Coordinates]:
        return [self._coordinates]

    def forget_doublings(self) -> None:
        """Free the table of doublings (some 60 kB) once no more powers of this point are wanted."""
        self.__dict__.pop("_doublings", None)

    @property
    def is_identity(self) -> bool:
        """Whether this is the neutral element."""
        x, y, z, _ = self._coordinates
        return x % P == 0 and (y - z) % P == 0

    @property
    def is_in_group(self) -> bool:
        """Whether P^q = 1: no component of small order (the identity is in the group)."""
        return (self**Q).is_identity


IDENTITY: Final = Point(_IDENTITY)


def unchecked_point(text: str) -> Point:
    """The point of 64 digits, **without** asking whether it is in the prime-order subgroup.

    Raises :class:`errors.PointInvalid` for digits that are no point or not the canonical digits of one (0.4).
    """
    if not _HEX.match(text):
        raise errors.PointInvalid("not 64 lowercase hexadecimal digits", got=text)
    z = int(text, 16)
    sign, y = z >> 255, z & (2**255 - 1)
    if y >= P:
        raise errors.PointInvalid("y is not reduced", got=text)
    # RFC 8032 §5.1.3: x² = (y² − 1)/(dy² + 1); the candidate root by one exponentiation.
    u, v = (y * y - 1) % P, (_D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x - u) % P != 0:
        x = x * _SQRT_M1 % P
        if (v * x * x - u) % P != 0:
            raise errors.PointInvalid("no point has this y", got=text)
    if x == 0 and sign:
        raise errors.PointInvalid("x is zero and its sign is set", got=text)
    if x & 1 != sign:
        x = P - x
    return Point((x, y, 1, x * y % P))


def point(text: str) -> Point:
    """The group element of 64 digits (0.4, 0.5)."""
    element = unchecked_point(text)
    errors.require(errors.PointOutsideGroup, element.is_in_group, got=text)
    return element


def hex_of_many(points: Sequence[Point]) -> list[str]:
    """The 64 digits of many points, with one inversion for all of them (Montgomery's trick)."""
    products = [1]
    for element in points:
        products.append(products[-1] * element._coordinates[2] % P)
    inverse = pow(products[-1], -1, P)
    texts = []
    for element, before in zip(reversed(points), reversed(products[:-1]), strict=True):
        x, y, z, _ = element._coordinates
        own = inverse * before % P
        texts.append(f"{y * own % P | (x * own % P & 1) << 255:064x}")
        inverse = inverse * z % P
    return texts[::-1]


class FixedBase:
    """A point with a table, for many powers of one base: 51 additions each, after 1,581 additions to make the table."""

    _WINDOW: Final = 5

    def __init__(self, base: Point) -> None:
        self.point = base

    def __reduce__(self) -> tuple[type[FixedBase], tuple[Point]]:
        """Pickle the point alone, not its table."""
        return FixedBase, (self.point,)

    @cached_property
    def _table(self) -> list[list[Coordinates]]:
        """Row i holds the cached forms of base^(d·32^i) for d = 1 … 31."""
        rows = []
        start = self.point._coordinates
        for _ in range(-(-253 // self._WINDOW)):
            cached = _cache(start)
            row, current = [cached], start
            for _ in range(2, 1 << self._WINDOW):
                current = _add(current, cached)
                row.append(_cache(current))
            rows.append(row)
            start = _add(current, cached)
        return rows

    def __pow__(self, exponent: int) -> Point:
        k = exponent % Q
        result = _IDENTITY
        for row in self._table:
            digit = k & 31
            if digit:
                result = _add(result, row[digit - 1])
            k >>= 5
        return Point(result)

    @property
    def hex(self) -> str:
        """The base's 64 digits."""
        return self.point.hex


G: Final = FixedBase(unchecked_point(f"{4 * pow(5, -1, P) % P:064x}"))
"""The base point g, with its table (made at its first use, some milliseconds)."""


def secret_power(base: Power, exponent: int) -> Point:
    """``base ** exponent`` where the exponent is a secret: the same computation, not constant-time (see the module's text)."""
    return base**exponent
