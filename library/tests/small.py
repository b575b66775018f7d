"""Small elections of which every secret is known, the same at every run: what tests of bad input begin with."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sanduq.algebra.group import Q
from sanduq.algebra.numbers import Random, sha256_hex
from sanduq.archive.events import Kind, Owned, Sized
from sanduq.archive.writer import event_records, setup_records
from sanduq.count.decryption import decrypt
from sanduq.count.result import result_bytes
from sanduq.count.tally import tally_bytes
from sanduq.engine.python import PythonEngine
from sanduq.keys.ceremony import assemble, begin, decryption_key, finish, make_polynomial, new_single, route
from sanduq.keys.certificates import Context
from sanduq.keys.pki import Seed
from sanduq.keys.trustees import Pedersen, Single, Trustees
from sanduq.question.election import Election, Question, make_election
from sanduq.roll import BASE58, Roll, make_roll, new_credential, public_credential

TIME = 1_700_000_000
Vote = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Small:
    """An election with its secrets: ``credentials`` of voters, ``keys`` of trustees by owner, ``votes`` as they were cast."""

    name: str
    election: Election
    roll: Roll
    trustees: Trustees
    keys: dict[int, int]
    credentials: tuple[str, ...]
    votes: tuple[tuple[int, Vote], ...]
    ballots: tuple[bytes, ...]
    archive: bytes

    def public(self, voter: int) -> str:
        """The public credential of a voter."""
        return public_credential(self.election.uuid, self.credentials[voter])


def seeded(seed: str) -> Random:
    """Numbers modulo q that are the same at every run."""
    rng = random.Random(seed)
    return lambda: rng.randrange(Q)


def ceremony(size: int, threshold: int, rng: Random, choose: random.Random) -> tuple[Pedersen, list[int]]:
    """A threshold group and the decryption key of each of its trustees."""
    seeds = [Seed("".join(choose.choice(BASE58) for _ in range(22))) for _ in range(size)]
    certs = tuple(begin(seed, Context(size, threshold, index), rng) for index, seed in enumerate(seeds, 1))
    polynomials = [make_polynomial(seed, certs, rng) for seed in seeds]
    commitments = [polynomial.commitment for polynomial in polynomials]
    vinputs = route(certs, polynomials)
    outputs = [finish(seed, certs, vinput, commitments, rng) for seed, vinput in zip(seeds, vinputs, strict=True)]
    keys = [decryption_key(seed, output.private_key) for seed, output in zip(seeds, outputs, strict=True)]
    return assemble(certs, polynomials, outputs), keys


def _trustees(kinds: Sequence[str], rng: Random, choose: random.Random) -> tuple[Trustees, dict[int, int]]:
    items: list[Single | Pedersen] = []
    keys: list[int] = []
    for kind in kinds:
        if kind == "single":
            secret, public = new_single(rng)
            items.append(Single(public))
            keys.append(secret)
        else:
            group, secrets = ceremony(3, 2, rng, choose)
            items.append(group)
            keys += secrets
    return Trustees(tuple(items)), dict(enumerate(keys, 1))


def any_vote(question: Question, choose: random.Random) -> tuple[int, ...]:
    """A vote that the question allows."""
    count = len(question.answers)
    if question.blank and choose.random() < 0.3:
        return (1, *[0] * count)
    chosen = set(choose.sample(range(count), choose.randint(question.min, min(question.max, count))))
    return (*[0] * bool(question.blank), *(int(index in chosen) for index in range(count)))


def _archive(small: Small, rng: Random, decrypting: Sequence[int]) -> bytes:
    """The whole archive, counted by the trustees ``decrypting``. (The result is known, so nothing needs to be searched for.)"""
    election, ballots = small.election, PythonEngine().ballots(small.election)
    content, head = setup_records(TIME, election.raw, small.trustees.to_bytes(), small.roll.to_bytes())
    parts = [content]

    def add(kind: Kind, *data: bytes) -> None:
        nonlocal head
        content, head = event_records(head, kind, data)
        parts.append(content)

    last = {}
    for (voter, _), raw in zip(small.votes, small.ballots, strict=True):
        add(Kind.BALLOT, raw)
        last[voter] = raw
    add(Kind.END_BALLOTS)
    weights = [small.roll.weights[small.public(voter)] for voter in last]
    sums = ballots.sum(list(last.values()), weights)
    tally = tally_bytes(sums)
    add(Kind.ENCRYPTED_TALLY, tally, Sized(len(last), sum(weights), sha256_hex(tally)).to_bytes())
    for owner in decrypting:
        data = decrypt(sums, election, small.keys[owner], rng).to_bytes()
        add(Kind.PARTIAL_DECRYPTION, data, Owned(owner, sha256_hex(data)).to_bytes())
    votes = list(dict(small.votes).values())
    rows = [zip(*(vote[q] for vote in votes), strict=True) for q in range(len(election.questions))]
    add(
        Kind.RESULT,
        result_bytes(tuple(tuple(sum(w * m for w, m in zip(weights, ms, strict=True)) for ms in row) for row in rows)),
    )
    return b"".join(parts)


def _make(
    name: str, questions: Sequence[Question], kinds: Sequence[str], votes: int, decrypting: Sequence[int], *, weighted: bool
) -> Small:
    rng, choose = seeded(name), random.Random(name)
    trustees, keys = _trustees(kinds, rng, choose)
    uuid = "".join(choose.choice(BASE58) for _ in range(choose.randint(14, 20)))
    election = make_election(uuid, f"Small “{name}”", "nothing", trustees.public_key, tuple(questions))
    credentials = tuple(new_credential(choose.choice) for _ in range(votes))
    weights = [choose.choice([0, 1, 2, 7, 3 << 29]) if weighted else None for _ in credentials]
    roll = make_roll((public_credential(uuid, c), w) for c, w in zip(credentials, weights, strict=True))
    # The last ballots are votes of the first voters, again.
    voters = [number % (votes - votes // 3) for number in range(votes)]
    cast = tuple((voter, tuple(any_vote(question, choose) for question in questions)) for voter in voters)
    ballots = PythonEngine(rng).seal_many(election, [credentials[voter] for voter, _ in cast], [vote for _, vote in cast])
    small = Small(name, election, roll, trustees, keys, credentials, cast, tuple(ballots), b"")
    return Small(**{**vars(small), "archive": _archive(small, rng, decrypting)})


def _q(count: int, low: int = 1, high: int = 1, blank: bool | None = None) -> Question:
    return Question(f"Which of {count}?", tuple(f"answer {number}" for number in range(1, count + 1)), low, high, blank)


SHAPES = {
    "one": lambda: _make("one", [_q(1, 0, 1)], ["single"], 3, [1], weighted=False),
    "plain": lambda: _make("plain", [_q(2)], ["single", "single"], 3, [2, 1], weighted=False),
    "blank": lambda: _make("blank", [_q(2, 1, 1, True)], ["group"], 3, [3, 1], weighted=False),
    "wide": lambda: _make("wide", [_q(2, 0, 3, False)], ["single", "group"], 3, [1, 2, 3], weighted=False),
    "two": lambda: _make("two", [_q(1, 0, 1), _q(2, 1, 2, True)], ["single"], 3, [1], weighted=False),
    "three": lambda: _make("three", [_q(2), _q(2), _q(1, 1, 1, True)], ["single"], 3, [1], weighted=False),
    "weights": lambda: _make("weights", [_q(1, 0, 1), _q(1, 0, 1)], ["single"], 6, [1], weighted=True),
}
LARGER = {"many": lambda: _make("many", [_q(2)], ["single"], 18, [1], weighted=False)}


@cache
def small(name: str) -> Small:
    """One of :data:`SHAPES`, or of :data:`LARGER`; made at its first use, in a second or two."""
    return (SHAPES | LARGER)[name]()
