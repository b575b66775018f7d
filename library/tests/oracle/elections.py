"""Whole elections: each piece of work is done by the party whose turn it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from oracle.party import Party, Seat, Secret, commitment
from oracle.peer import lines
from oracle.scenario import Holders, Scenario


class Turns:
    """The parties in turn; what each did is printed, and pytest shows it if the test fails."""

    def __init__(self, parties: Sequence[Party]) -> None:
        self._parties = cycle(parties)

    def __call__(self, work: str) -> Party:
        """Who does this."""
        party = next(self._parties)
        print(f"{work}: {party.name}")
        return party


@dataclass(frozen=True)
class Keys:
    """The trustees' public text, and their secrets by owner."""

    trustees: bytes
    secrets: tuple[Secret, ...]


@dataclass(frozen=True)
class Played:
    """An election that was played."""

    scenario: Scenario
    archive: Path
    ballots: tuple[bytes, ...]


def hold_group(members: Sequence[Party], threshold: int, router: Party, assembler: Party) -> tuple[bytes, list[Secret]]:
    """The ceremony of a threshold group, steps 1 to 6, with the commitments exchanged between 3 and 4."""
    seats = [Seat(index, threshold, len(members)) for index in range(1, len(members) + 1)]
    begun = [party.begin(seat) for party, seat in zip(members, seats, strict=True)]
    keys, certs = [key for key, _ in begun], lines([cert for _, cert in begun])
    for party in members:
        party.check_certs(certs)
    made = [party.polynomial(certs, key, seat) for party, key, seat in zip(members, keys, seats, strict=True)]
    published = [commitment(polynomial) for polynomial in made]
    vinputs = router.route(certs, made)
    voutputs = [party.finish(certs, key, vinput, published) for party, key, vinput in zip(members, keys, vinputs, strict=True)]
    group = assembler.assemble(certs, made, voutputs)
    return group, [Secret(key, dkey_of(voutput)) for key, voutput in zip(keys, voutputs, strict=True)]


def dkey_of(voutput: bytes) -> bytes:
    """The file .dkey that goes with a voutput."""
    private_key: str = json.loads(voutput)["private_key"]
    return private_key.encode() + b"\n"


def hold(holders: Holders, turns: Turns) -> Keys:
    """The whole ceremony: mandatory trustees, then the threshold group."""
    singles = [turns("mandatory trustee").single() for _ in range(holders.mandatory)]
    group, secrets = None, [secret for secret, _ in singles]
    if holders.size:
        members = [turns("threshold trustee") for _ in range(holders.size)]
        group, more = hold_group(members, holders.threshold, turns("step 4"), turns("step 6"))
        secrets += more
    return Keys(turns("trustees").trustees([public for _, public in singles], group), tuple(secrets))


def play(scenario: Scenario, turns: Turns, folder: Path, keys: Keys | None = None) -> Played:
    """From the ceremony (or with the keys of an earlier one) to the result."""
    keys = keys or hold(scenario.holders, turns)
    uuid = turns("uuid").uuid()
    credentials = turns("credentials").credentials(uuid, scenario.voters, scenario.weights)
    election = turns("election").election(uuid, keys.trustees, scenario.template())
    folder.mkdir()
    archive = turns("archive").start(folder, uuid, election, keys.trustees, credentials.roll)
    ballots = []
    for vote in scenario.votes:
        ballot = turns(f"ballot of voter {vote.voter}").seal(archive, credentials.secret[vote.voter], vote.choices)
        turns("cast").cast(archive, ballot)
        ballots.append(ballot)
    turns("close").close(archive)
    turns("sum").sum(archive)
    decryptions = {
        owner: turns(f"decryption of trustee {owner}").decrypt(archive, owner, keys.secrets[owner - 1])
        for owner in scenario.holders.decrypt
    }
    turns("count").count(archive, decryptions)
    return Played(scenario, archive, tuple(ballots))
