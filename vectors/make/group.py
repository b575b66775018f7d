"""A threshold group, made step by step; after each step something can be made wrong, and what comes later is mended."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sanduq.algebra.group import IDENTITY, G, Point
from sanduq.algebra.interpolation import evaluate
from sanduq.algebra.numbers import Random
from sanduq.algebra.proofs import Proof, Schnorr
from sanduq.archive import json
from sanduq.archive.values import proof_value
from sanduq.keys.ceremony import public_key_of
from sanduq.keys.certificates import Context, SignedMessage, sign
from sanduq.keys.trustees import PublicKey, read_trustees
from sanduq.question.election import make_election

from .catalogue import numbers
from .world import World, only_setup
from .world import world as plain_world

STEPS = ("begin", "certs", "rows", "coefexps", "signatures", "keys")
Edit = Callable[["Group"], Any]


class Group:
    """All secrets of ``size`` trustees, and what they publish so far."""

    def __init__(self, rng: Random, size: int = 3, threshold: int = 2) -> None:
        self.rng = rng
        self.threshold = threshold
        self.signing = [rng() for _ in range(size)]
        self.encryption = [G ** rng() for _ in range(size)]
        self.coefficients = [[rng() for _ in range(threshold)] for _ in range(size)]
        self.contexts = [Context(size, threshold, index).to_json() for index in range(1, size + 1)]
        self.certs: list[SignedMessage] = []
        self.rows: list[list[Point]] = []
        self.coefexps: list[SignedMessage] = []
        self.signatures: list[Proof] = []
        self.keys: list[PublicKey] = []

    def run(self, **after: Edit) -> Group:
        """Take all steps; ``after`` one of them something is done."""
        for step in STEPS:
            getattr(self, f"make_{step}")()
            if step in after:
                after[step](self)
        return self

    def make_begin(self) -> None:
        """Nothing: the secrets are there."""

    def cert_text(self, index: int) -> str:
        """What a trustee's certificate says."""
        verification = (G ** self.signing[index]).hex
        value = {"context": self.contexts[index], "verification": verification, "encryption": self.encryption[index].hex}
        return json.write(value)

    def sign_cert(self, index: int, text: str) -> None:
        """Another text for a certificate, signed."""
        self.certs[index] = sign(text, self.signing[index], self.rng)

    def make_certs(self) -> None:
        """The certificates."""
        self.certs = [sign(self.cert_text(index), x, self.rng) for index, x in enumerate(self.signing)]

    def make_rows(self) -> None:
        """The coefficients in the exponent."""
        self.rows = [[G**a for a in row] for row in self.coefficients]

    def sign_coefexps(self, index: int, text: str) -> None:
        """Another text for a trustee's coefficients, signed."""
        self.coefexps[index] = sign(text, self.signing[index], self.rng)

    def make_coefexps(self) -> None:
        """The signed coefficients."""
        texts = [json.write({"coefexps": [point.hex for point in row]}) for row in self.rows]
        self.coefexps = [sign(text, x, self.rng) for text, x in zip(texts, self.signing, strict=True)]

    def sign_all(self, index: int, certs: list[SignedMessage]) -> Proof:
        """A trustee's signature under certificates and its own coefficients."""
        value = {"certs": [cert.to_json() for cert in certs], "coefexps": [point.hex for point in self.rows[index]]}
        return sign("certs_sig|" + json.write(value), self.signing[index], self.rng).signature

    def make_signatures(self) -> None:
        """Everybody's signature under all certificates."""
        self.signatures = [self.sign_all(index, self.certs) for index in range(len(self.signing))]

    def share(self, index: int) -> int:
        """The decryption key of a trustee, counted from 1."""
        return sum(evaluate(row, index) for row in self.coefficients)

    def key_of(self, x: int, index: int, key: Point | None = None) -> PublicKey:
        """A verification key with the secret x, signed by the trustee ``index`` (from 0)."""
        made = public_key_of(x, self.rng)
        shown = made.key if key is None else key
        proof = Schnorr(f"pok|Ed25519|{shown.hex}|").prove(x, self.rng)
        return PublicKey(shown, proof, sign(shown.hex, self.signing[index], self.rng).signature)

    def make_keys(self) -> None:
        """The verification keys."""
        self.keys = [self.key_of(self.share(index + 1), index) for index in range(len(self.signing))]

    @property
    def key(self) -> Point:
        """The group's part of the election's key."""
        total = IDENTITY
        for row in self.rows:
            total = total * row[0]
        return total

    def to_json(self) -> list[Any]:
        """The JSON value."""
        parameters = {
            "threshold": self.threshold,
            "certs": [cert.to_json() for cert in self.certs],
            "coefexps": [signed.to_json() for signed in self.coefexps],
            "signatures": [proof_value(proof) for proof in self.signatures],
            "verification_keys": [key.to_json() for key in self.keys],
        }
        return ["Pedersen", parameters]


def archive(rng: Random, *, size: int = 2, threshold: int = 2, **after: Edit) -> bytes:
    """An archive up to its Setup event, with a threshold group that went wrong after a step."""
    made = Group(rng, size, threshold).run(**after)
    return only_setup([made], made.key)


@cache
def world() -> World:
    """An election whose key is held by two of three trustees."""
    rng, plain = numbers("group world"), plain_world()
    made = Group(rng).run()
    trustees = read_trustees(json.write([made.to_json()]).encode())
    election = make_election(plain.election.uuid, "group", plain.election.description, made.key, plain.election.questions)
    secrets = {index: made.share(index) for index in (1, 2, 3)}
    return World(election, trustees, secrets, plain.voters, plain.roll)
