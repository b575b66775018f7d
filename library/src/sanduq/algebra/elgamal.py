"""Exponential ElGamal: the encryption of small numbers whose product is the encryption of their sum (BS §Homomorphic
answers).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sanduq.algebra.group import IDENTITY, G, Point, Power, secret_power


@dataclass(frozen=True)
class Ciphertext:
    """(α, β) = (g^r, y^r·g^m)."""

    alpha: Point
    beta: Point

    def __mul__(self, other: Ciphertext) -> Ciphertext:
        """The encryption of the sum of both."""
        return Ciphertext(self.alpha * other.alpha, self.beta * other.beta)

    def __truediv__(self, other: Ciphertext) -> Ciphertext:
        """The encryption of the difference."""
        return Ciphertext(self.alpha / other.alpha, self.beta / other.beta)

    def __pow__(self, weight: int) -> Ciphertext:
        """The encryption of ``weight`` times the number."""
        if weight == 1:
            return self
        return Ciphertext(self.alpha**weight, self.beta**weight)

    @property
    def text(self) -> str:
        """``α,β``: how a ciphertext enters a hash."""
        return f"{self.alpha.hex},{self.beta.hex}"


NOTHING = Ciphertext(IDENTITY, IDENTITY)
"""The empty product: what an area without a ballot is decrypted from."""


def encrypt(y: Power, r: int, m: int) -> Ciphertext:
    """Encrypt m under the key y with the randomness r; both are the voter's secrets."""
    return Ciphertext(secret_power(G, r), secret_power(y, r) * secret_power(G, m))


def product(ciphertexts: Iterable[Ciphertext]) -> Ciphertext:
    """The encryption of the sum of all."""
    total = NOTHING
    for ciphertext in ciphertexts:
        total = total * ciphertext
    return total
