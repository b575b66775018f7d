"""Shamir's scheme: values of a polynomial, and its value at zero from enough of them (BS §Election result)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sanduq.algebra.group import IDENTITY, Point, Q


def evaluate(coefficients: Sequence[int], x: int) -> int:
    """f(x) modulo q, the coefficients beginning with the constant one."""
    value = 0
    for coefficient in reversed(coefficients):
        value = (value * x + coefficient) % Q
    return value


def evaluate_in_exponent(powers: Sequence[Point], x: int) -> Point:
    """g^f(x) from A_k = g^(a_k): ∏ A_k^(x^k), by Horner's rule."""
    value = IDENTITY
    for power in reversed(powers):
        value = value**x * power
    return value


def lagrange(index: int, indices: Collection[int], at: int = 0) -> int:
    """λ of ``index`` within ``indices``, for the polynomial's value at ``at``: ∏ (k − at)/(k − index) over the others, modulo
    q.
    """
    numerator = denominator = 1
    for k in indices:
        if k != index:
            numerator = numerator * (k - at) % Q
            denominator = denominator * (k - index) % Q
    return numerator * pow(denominator, -1, Q) % Q
