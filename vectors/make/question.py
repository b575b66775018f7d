"""Chapter 2: the election of an area. (The setup of a record: ``setup.py``.)"""

from __future__ import annotations

from sanduq.algebra.numbers import Random
from sanduq.question.election import Question

from .catalogue import vector
from .foundations_text import with_election
from .world import YES_NO, only_setup, single


def elected(rng: Random, *questions: Question, **fields: object) -> bytes:
    """An archive with these questions, and other fields of the election."""
    _, trustee = single(rng)
    return only_setup([trustee], asked=questions or (YES_NO,), **fields)


def asked(count: int, low: int, high: int) -> Question:
    """A question with so many answers and bounds."""
    return Question("?", tuple(f"{number}" for number in range(count)), low, high)


@vector("2.1-unknown-field", "the election has a field that the format does not know", "A11", reader=True)
def _(rng: Random) -> bytes:
    return elected(rng, note="hidden")


@vector("2.1-negative-bound", "a question of which −1 answers can be chosen", "A11", reader=True)
def _(rng: Random) -> bytes:
    return elected(rng, asked(2, -1, 1))


@vector("2.1-direction", "the election's language runs upwards", "A11", reader=True)
def _(rng: Random) -> bytes:
    return elected(rng, language=["en", "up"])


@vector("2.2-version", "the election is of version 2 of the protocol", "A11", reader=True)
def _(rng: Random) -> bytes:
    return elected(rng, version=2)


@vector("2.2-version-true", "the election's version is true, and so equal to 1 in some languages", "A11", reader=True)
def _(rng: Random) -> bytes:
    return elected(rng, version=True)


@vector("2.3-group", "the election is over a group of numbers", "A11", reader=True)
def _(rng: Random) -> bytes:
    return elected(rng, group="BELENIOS-2048")


@vector("2.4-non-homomorphic", "a question whose ballots are shuffled", reader=True)
def _(rng: Random) -> bytes:
    value = {"type": "NonHomomorphic", "value": {"answers": ["A", "B"], "question": "?"}}
    return elected(rng, questions=[value])


@vector("2.4-lists", "a question about lists of candidates", reader=True)
def _(rng: Random) -> bytes:
    value = {"type": "Lists", "value": {"answers": [["A", "B"], ["C", "D"]], "question": "?"}}
    return elected(rng, questions=[value])


@vector("2.5-min-above-max", "a question with min 2 and max 1: no ballot fits, and the number of proofs is 0", "A11")
def _(rng: Random) -> bytes:
    return elected(rng, asked(3, 2, 1))


@vector("2.5-no-answers", "a question without answers", "A11")
def _(rng: Random) -> bytes:
    return elected(rng, asked(0, 0, 1))


@vector("2.5-min-above-answers", "a question that asks for more answers than it has", "A11")
def _(rng: Random) -> bytes:
    return elected(rng, asked(2, 3, 3))


@vector("2.5-max-above-1000", "a question whose proofs are longer than anybody could want", "A11")
def _(rng: Random) -> bytes:
    return elected(rng, asked(2, 0, 1001))


@vector("2.5-many-answers", "a question with 251 answers", "A11")
def _(rng: Random) -> bytes:
    return elected(rng, asked(251, 0, 1))


@vector("2.5-no-question", "an election without questions", "A11")
def _(rng: Random) -> bytes:
    return with_election(lambda data: data[: data.index(b"[")] + b"[]" + data[data.rindex(b"]") + 1 :])


@vector("2.5-many-questions", "an election with 51 questions", "A11")
def _(rng: Random) -> bytes:
    return elected(rng, *[asked(1, 0, 1)] * 51)


@vector("2.6-short", "a uuid of 13 characters", "A11")
def _(rng: Random) -> bytes:
    return elected(rng, uuid="short1e1ect1o")


@vector("2.6-letters", "a uuid with a letter that base58 does not have", "A11")
def _(rng: Random) -> bytes:
    return elected(rng, uuid="forged1e1ecti0n")


@vector("2.6-path", "a uuid that is a path", "A11")
def _(rng: Random) -> bytes:
    return elected(rng, uuid="../../1e1ect1on")
