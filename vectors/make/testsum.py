"""The test sum: 2.14, 7.18 to 7.20, and what 7.17, 8.4, 8.11 and 8.13 say of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sanduq.algebra.numbers import Random
from sanduq.archive import json
from sanduq.count.testsum import area_of_test, choices_of_test, credentials_of_test, roll_of_test
from sanduq.engine.python import PythonEngine
from sanduq.keys.trustees import read_trustees
from sanduq.question.setup import Setup, read_setup
from sanduq.roll import Roll, make_roll, new_uuid, public_credential

from .catalogue import Folder, vector
from .chain import Chain, Edit, same
from .foundations_text import swap
from .group import Group
from .kit import Kit, Value
from .world import World, single

Choices = list[list[list[int]]]


def archive(
    kit: Kit,
    owners: Sequence[int] = (),
    *,
    election: Edit = same,
    choices: Callable[[Choices], Choices] = lambda made: made,
    credentials: Callable[[list[str]], list[str]] = lambda made: made,
    result: bool = True,
) -> Chain:
    """The test of a record, decrypted by ``owners`` (without any: by all); each part may be another."""
    from sanduq.question.election import read_election

    setup = read_setup(kit.setup)
    engine = PythonEngine(kit.rng)
    raw = election(setup.election(area_of_test(setup, engine), kit.trustees.public_key).raw)
    held, said = credentials(credentials_of_test(setup)), choices(choices_of_test(setup))
    roll = roll_of_test(setup, engine) if held == credentials_of_test(setup) else roll_of(setup, held)
    world = World(read_election(raw), kit.trustees, kit.secrets, (), roll)
    raws = engine.seal_many(world.election, held[: len(said)], said)
    sums = world.sums(*raws)
    chain = world.chain().ballots(*raws).end().tally(sums, len(raws))
    world.decrypted(chain, sums, kit.rng, owners)
    votes = tuple(sum(row[0][choice] for row in said) for choice in range(len(said[0][0])))
    return chain.result(votes) if result else chain


def roll_of(setup: Setup, credentials: Sequence[str]) -> Roll:
    """Another public list."""
    return make_roll((public_credential(setup.test_uuid or "", text), None) for text in credentials)


def opened(kit: Kit, chain: Chain | None = None, head: str | None = "its own", **files: bytes | None) -> Folder:
    """The record with its test, opened."""
    said = chain.head if chain is not None and head == "its own" else head
    kit.act("opened", {} if said is None else {"test": said})
    return kit.folder(**files | at(kit, chain))


def at(kit: Kit, chain: Chain | None) -> dict[str, bytes]:
    """Where the archive of a test stands."""
    return {} if chain is None else {f"test__{kit.value['test_uuid']}_bel": chain.content}


def tested(name: str, **other: Any) -> Kit:
    """A record whose setup reserves a test."""
    return Kit(name, tested=True, **other)


def held_by_three(name: str) -> Kit:
    """The same, with two of three trustees needed."""
    made = Group(Kit(name).rng).run()
    trustees = read_trustees(json.write([made.to_json()]).encode())

    def edit(value: Value) -> None:
        value["trustees"] = {"mandatory": 0, "size": 3, "threshold": 2}

    kit = tested(name, trustees=trustees, edit=edit)
    kit.secrets = {index: made.share(index) for index in (1, 2, 3)}
    return kit


@vector("2.14-area", "the uuid of the test sum is an area's")
def _(rng: Random) -> Folder:
    def edit(value: Value) -> None:
        value["test_uuid"] = value["areas"][0]["uuid"]

    return Kit("2.14", edit=edit).folder()


@vector("7.18-missing", "the vote was opened without the test sum that the setup reserves")
def _(rng: Random) -> Folder:
    return opened(tested("7.18"), head=None)


@vector("7.18-no-result", "the vote was opened, and nobody has seen whether the test sum comes out right")
def _(rng: Random) -> Folder:
    kit = tested("7.18")
    return opened(kit, archive(kit, result=False), head=None)


@vector("7.19-votes", "the ballots of the test sum say something else than they should")
def _(rng: Random) -> Folder:
    kit = tested("7.19")
    return opened(kit, archive(kit, choices=lambda made: [[row[::-1] for row in ballot] for ballot in made]))


@vector("7.19-few", "the test sum has a ballot less")
def _(rng: Random) -> Folder:
    kit = tested("7.19")
    return opened(kit, archive(kit, choices=lambda made: made[1:]))


@vector("7.19-roll", "the list of the test sum has a voter who is not of the test", "B4")
def _(rng: Random) -> Folder:
    kit = tested("7.19")
    somebody = next(iter(kit.voters.values()))[0].credential
    return opened(kit, archive(kit, credentials=lambda made: [somebody, *made[1:]]))


@vector("7.19-election", "the election of the test sum is another one", "B5")
def _(rng: Random) -> Folder:
    kit = tested("7.19")
    return opened(kit, archive(kit, election=swap("— test sum".encode(), "— Area A".encode())))


@vector("7.19-begun", "before the opening: a test sum that is to be decrypted has another voter", "B4")
def _(rng: Random) -> Folder:
    kit = tested("7.19")
    somebody = next(iter(kit.voters.values()))[0].credential
    setup = archive(kit, credentials=lambda made: [somebody, *made[1:]], result=False)
    return kit.folder(**at(kit, setup))


@vector("7.19-trustees", "the test sum was decrypted by others than the trustees", "T1")
def _(rng: Random) -> Folder:
    kit = tested("7.19")
    x, item = single(rng)
    trustees, kit.trustees = kit.trustees, type(kit.trustees)((item,))
    secrets, kit.secrets = kit.secrets, {1: x}
    chain = archive(kit)
    kit.trustees, kit.secrets = trustees, secrets
    return opened(kit, chain)


@vector("7.20-one-of-three", "two of three trustees have decrypted the test sum: whether the third can, nobody knows", "T7")
def _(rng: Random) -> Folder:
    kit = held_by_three("7.20")
    return opened(kit, archive(kit, (1, 3)), head=None)


@vector("8.11-test", "the journal opened the vote with another test sum", "A5")
def _(rng: Random) -> Folder:
    kit = tested("8.11")
    return opened(kit, archive(kit), head="0" * 64)


@vector("8.11-no-test", "the journal speaks of a test sum, and the setup reserves none", "B13")
def _(rng: Random) -> Folder:
    return Kit("8.11").act("opened", {"test": "0" * 64}).folder()


@vector("8.13-test", "there is a test sum, and the setup reserves none", "B13")
def _(rng: Random) -> Folder:
    return Kit("8.13").folder(**{f"test__{new_uuid(Kit('8.13').generator.choice)}_bel": b""})


@vector("8.4-test", "a second archive beside that of the test sum", "A3")
def _(rng: Random) -> Folder:
    kit = tested("8.4")
    return kit.folder(**{f"test__{new_uuid(kit.generator.choice)}_bel": kit.areas["A"].chain.content})
