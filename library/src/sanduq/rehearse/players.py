"""Everybody who has a secret in a rehearsal: voters, trustees, the box.

In a whole referendum no one has more than one of these; a rehearsal has them all, in memory, and forgets them. Only one that is
to go on after a kill keeps them in a file (``sanduq.rehearse.stream``), until it is done. They are good for nothing else.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sanduq import errors
from sanduq.algebra.group import Q
from sanduq.algebra.numbers import Random
from sanduq.archive import json
from sanduq.box import BoxKey
from sanduq.keys import ceremony
from sanduq.keys.certificates import Context
from sanduq.keys.pki import Seed, new_seed
from sanduq.keys.trustees import Pedersen, Single, Trustees, read_trustees
from sanduq.question.setup import TrusteePolicy
from sanduq.roll import BASE58, new_uuid

_form = json.Form(errors.MalformedJson)
_PAIRS: Final = [first + second for second in BASE58 for first in BASE58]
_HALF: Final = 58**11


@dataclass(frozen=True)
class Keys:
    """The trustees with their secret keys, by owner."""

    trustees: Trustees
    secret: Mapping[int, int] = field(repr=False)

    @property
    def enough(self) -> tuple[int, ...]:
        """Owners that suffice to decrypt: of a threshold group the last ones, as somebody is always absent."""
        owners: list[int] = []
        first = 1
        for item in self.trustees.items:
            owners += range(first + len(item.keys) - item.needed, first + len(item.keys))
            first += len(item.keys)
        return tuple(owners)


def make_keys(policy: TrusteePolicy, random: Random) -> Keys:
    """The whole ceremony, each trustee in turn."""
    singles = [ceremony.new_single(random) for _ in range(policy.mandatory)]
    secret = {number: x for number, (x, _) in enumerate(singles, 1)}
    items: list[Single | Pedersen] = [Single(public) for _, public in singles]
    if policy.size:
        seeds = [Seed(new_seed()) for _ in range(policy.size)]
        contexts = [Context(policy.size, policy.threshold, index) for index in range(1, policy.size + 1)]
        certs = tuple(ceremony.begin(seed, context, random) for seed, context in zip(seeds, contexts, strict=True))
        made = [ceremony.make_polynomial(seed, certs, random) for seed in seeds]
        commitments = [polynomial.commitment for polynomial in made]
        vinputs = ceremony.route(certs, made)
        voutputs = [ceremony.finish(s, certs, v, commitments, random) for s, v in zip(seeds, vinputs, strict=True)]
        items.append(ceremony.assemble(certs, made, voutputs))
        for number, (seed, voutput) in enumerate(zip(seeds, voutputs, strict=True), policy.mandatory + 1):
            secret[number] = ceremony.decryption_key(seed, voutput.private_key)
    return Keys(Trustees(tuple(items)), secret)


class Credentials:
    """The credentials of a rehearsal: all of them follow from one secret of 32 bytes, so none needs to be kept."""

    def __init__(self, secret: bytes | None = None) -> None:
        self.secret = secrets.token_bytes(32) if secret is None else secret

    def of(self, uuid: str, first: int, count: int) -> list[str]:
        """Credentials number ``first`` to ``first + count − 1`` of an election."""
        return [self._one(f"{uuid}|{number}".encode()) for number in range(first, first + count)]

    def _one(self, name: bytes) -> str:
        rest, low = divmod(int.from_bytes(hashlib.blake2b(name, key=self.secret, digest_size=32).digest(), "big"), _HALF)
        text = _eleven(low) + _eleven(rest % _HALF)
        return f"{text[:5]}-{text[5:11]}-{text[11:16]}-{text[16:]}"


def _eleven(value: int) -> str:
    """Eleven digits to the base 58, two at a time: there are tens of millions to be made."""
    text = ""
    for _ in range(5):
        value, pair = divmod(value, 3364)
        text += _PAIRS[pair]
    return text + BASE58[value]


@dataclass(frozen=True)
class Players:
    """All secrets of a rehearsal, and the uuid of each area by its code."""

    credentials: Credentials = field(repr=False)
    box_key: BoxKey = field(repr=False)
    keys: Keys = field(repr=False)
    uuids: Mapping[str, str]

    def to_bytes(self) -> bytes:
        """The file that a rehearsal goes on from (secret)."""
        value = {
            "credentials": self.credentials.secret.hex(),
            "box": self.box_key.secret_hex(),
            "trustees": self.keys.trustees.to_bytes().decode(),
            "keys": {str(owner): str(x) for owner, x in self.keys.secret.items()},
            "uuids": dict(self.uuids),
        }
        return json.write(value).encode() + b"\n"


def new_players(policy: TrusteePolicy, areas: Sequence[str], random: Random) -> Players:
    """Fresh secrets, with the whole ceremony, for areas of these codes."""
    return Players(Credentials(), BoxKey.new(), make_keys(policy, random), {code: new_uuid() for code in areas})


def read_players(data: bytes) -> Players:
    """The file of :meth:`Players.to_bytes`; a refusal (0.1) repeats nothing of it."""
    fields = _form.fields(json.read(data), ("credentials", "box", "trustees", "keys", "uuids"))
    try:
        secret = {int(owner): int(x) for owner, x in fields["keys"].items()}
        uuids = {str(code): str(uuid) for code, uuid in fields["uuids"].items()}
        credentials = Credentials(bytes.fromhex(fields["credentials"]))
        trustees = read_trustees(str(fields["trustees"]).encode())
    except (AttributeError, TypeError, ValueError):
        raise errors.MalformedJson("not the secrets of a rehearsal") from None
    owners = set(range(1, len(trustees.keys) + 1))
    errors.require(errors.MalformedJson, set(secret) == owners and all(0 < x < Q for x in secret.values()), "keys of trustees")
    return Players(credentials, BoxKey.from_hex(str(fields["box"])), Keys(trustees, secret), uuids)
