"""Small honest elections of which every secret is known: what forging begins with."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sanduq import errors
from sanduq.algebra.group import Point, Q, unchecked_point
from sanduq.algebra.numbers import Random
from sanduq.archive import json
from sanduq.booth.seal import cast_ballot, seal
from sanduq.count.decryption import PartialDecryption, decrypt
from sanduq.engine import Sums
from sanduq.engine.python import PythonBallots
from sanduq.keys.ceremony import new_single
from sanduq.keys.trustees import Single, Trustees
from sanduq.question.election import Election, Question, make_election
from sanduq.roll import Roll, make_roll, new_credential, new_uuid, public_credential, secret_exponent

from .catalogue import numbers
from .chain import Chain

YES_NO = Question("Shall it be?", ("Yes", "No"))
WITH_BLANK = Question("Shall it be?", ("Yes", "No"), blank=True)
OF_THREE = Question("Which one?", ("A", "B", "C"))
DESCRIPTION = "Forged on purpose: vectors/README.md"


@dataclass(frozen=True)
class Voter:
    """A voter's credential, its exponent and its public key."""

    credential: str
    x: int
    key: str


@dataclass(frozen=True)
class World:
    """An election with the secrets of its trustees (by owner) and voters."""

    election: Election
    trustees: Trustees
    secrets: Mapping[int, int]
    voters: tuple[Voter, ...]
    roll: Roll

    def chain(self, **other: Any) -> Chain:
        """An archive up to its Setup event."""
        return Chain().setup(self.election.raw, self.trustees.to_bytes(), self.roll.to_bytes(), **other)

    def ballot(self, voter: int, rng: Random, *choices: Sequence[int]) -> bytes:
        """An honest ballot; without ``choices`` it says Yes."""
        chosen = choices or [(1, *[0] * (question.choices - 1)) for question in self.election.questions]
        sealed = seal(self.election, self.voters[voter].key, chosen, rng)
        return cast_ballot(sealed.unsigned, self.voters[voter].credential, rng).raw

    def sums(self, *raws: bytes, weights: Sequence[int] = ()) -> Sums:
        """The encrypted sum of ballots that all count."""
        return PythonBallots(self.election).sum(raws, weights or [1] * len(raws))

    def part(self, owner: int, sums: Sums, rng: Random) -> PartialDecryption:
        """A trustee's honest decryption."""
        return decrypt(sums, self.election, self.secrets[owner], rng)

    def decrypted(self, chain: Chain, sums: Sums, rng: Random, owners: Sequence[int] = ()) -> Chain:
        """All honest decryptions."""
        for owner in owners or self.secrets:
            chain.decryption(owner, self.part(owner, sums, rng))
        return chain


def make_voters(uuid: str, count: int, generator: random.Random) -> tuple[Voter, ...]:
    """Voters of an election."""
    credentials = [new_credential(generator.choice) for _ in range(count)]
    return tuple(Voter(text, secret_exponent(uuid, text), public_credential(uuid, text)) for text in credentials)


@cache
def world(
    name: str = "plain",
    questions: tuple[Question, ...] = (YES_NO,),
    voters: int = 2,
    trustees: int = 1,
    weights: tuple[int, ...] = (),
) -> World:
    """An election with mandatory trustees."""
    generator, rng = random.Random(f"world {name}"), numbers(f"world {name}")
    made = [new_single(rng) for _ in range(trustees)]
    keys = Trustees(tuple(Single(public) for _, public in made))
    uuid = new_uuid(generator.choice)
    election = make_election(uuid, name, DESCRIPTION, keys.public_key, questions)
    people = make_voters(uuid, voters, generator)
    roll = make_roll((voter.key, weights[i] if weights else None) for i, voter in enumerate(people))
    return World(election, keys, {owner: x for owner, (x, _) in enumerate(made, 1)}, people, roll)


def election_text(key: str, asked: Sequence[Question] = (YES_NO,), **other: Any) -> bytes:
    """The text of any election, right or wrong; ``other`` replaces fields (None: leaves them out)."""
    value: dict[str, Any] = {
        "version": 1,
        "description": DESCRIPTION,
        "name": "forged",
        "group": "Ed25519",
        "public_key": key,
        "questions": [question.to_json() for question in asked],
        "uuid": "forged1e1ect1on",
    }
    value |= other
    return json.write({name: item for name, item in value.items() if item is not None}).encode()


def only_setup(items: Sequence[Any], key: Point | None = None, **other: Any) -> bytes:
    """An archive up to its Setup event, for any list of trustees (values or JSON); the election's key is their product."""
    trustees = [item if isinstance(item, list) else item.to_json() for item in items]
    if key is None:
        key = Trustees(tuple(items)).public_key
    roll = world().roll.to_bytes()
    return Chain().setup(election_text(key.hex, **other), json.write(trustees).encode(), roll).content


def single(rng: Random) -> tuple[int, Single]:
    """A mandatory trustee."""
    x, public = new_single(rng)
    return x, Single(public)


def of_order_eight() -> Point:
    """A point of order 8: what is outside the group has a part of it."""
    for y in range(2, 100):
        try:
            candidate = unchecked_point(f"{y:064x}") ** Q
        except errors.PointInvalid:
            continue
        if not (candidate**4).is_identity:
            return candidate
    raise ValueError("not found")


EIGHT = of_order_eight()
TWO = EIGHT**4
