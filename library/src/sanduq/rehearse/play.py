"""Play a whole referendum: keys, credentials, ballots, count, verification (the life of DESIGN, in one process).

Everything is done by the same code that a real referendum uses: a real ceremony, real sealing, the box with its checks,
trustees who verify before they decrypt. What is different: one process holds all secrets (in memory, and they are thrown away),
and the times in the journal are those of the plan's calendar. What is too large for a disk is played by
``sanduq.rehearse.stream``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sanduq import errors
from sanduq.algebra.numbers import system_random
from sanduq.box.journal import Act
from sanduq.box.record import create_record
from sanduq.count.outcome import AreaTally, Outcome, decide
from sanduq.count.result import Result
from sanduq.count.trustee import Memory
from sanduq.engine import Engine
from sanduq.question.setup import Setup
from sanduq.rehearse.acts import cast_all, open_sum, roll_of, sum_up, times
from sanduq.rehearse.draft import make_setup, policy_of_plan
from sanduq.rehearse.plan import Plan
from sanduq.rehearse.players import Players, new_players
from sanduq.rehearse.supervised import play_test, public_of, supervisor_of, write_act
from sanduq.watch.record import outcome_sha256

Told = Callable[[str, str], None]
"""Told of what is being done: a step, and the area."""


@dataclass
class Played:
    """A rehearsal that was played: ``results`` by area, ``outcome`` of the rule, ``differences`` from what was put in (none, or
    it is a bug)."""

    setup: Setup
    results: Mapping[str, Result]
    outcome: Outcome
    ballots: int
    differences: tuple[str, ...]


def frozen_setup(plan: Plan, players: Players, roll_hashes: Mapping[str, str]) -> Setup:
    """The setup of a rehearsal, once the SHA-256 of each area's roll is known."""
    secret = players.credentials.secret
    return make_setup(
        plan,
        policy_of_plan(plan),
        players.keys.trustees.sha256,
        players.box_key.public,
        None,
        players.uuids,
        roll_hashes,
        supervisor_key=public_of(supervisor_of(plan, secret)),
        rehearsal=True,
    )


def played(plan: Plan, setup: Setup, results: Mapping[str, Result]) -> Played:
    """The outcome of all areas' results, and in which areas the result is not what was put in."""
    tallies = [
        AreaTally(area.code, area.parent, area.electorate, sum(results[area.code][0]), results[area.code])
        for area in setup.areas
    ]
    wrong = tuple(area.code for area in plan.areas if results[area.code] != area.votes)
    ballots = sum(sum(result[0]) for result in results.values())
    return Played(setup, results, decide(setup.rule, setup.shapes, tallies), ballots, wrong)


def play(plan: Plan, out: Path, engine: Engine, *, told: Told | None = None) -> Played:
    """Play a plan into a new record at ``out``, phase by phase over all areas, as a real referendum goes."""
    if out.exists() and any(out.iterdir()):
        raise errors.Unusable(f"{out} is not empty", hint="nothing was changed; name a new folder")
    tell = told or (lambda step, area: None)
    policy = policy_of_plan(plan)
    tell("keys", f"{policy.threshold or policy.mandatory} of {policy.size or policy.mandatory} trustees")
    players = new_players(policy, [area.code for area in plan.areas], system_random)
    hashes = {}
    for area in plan.areas:
        tell("credentials", area.code)
        hashes[area.code] = roll_of(players.credentials, engine, players.uuids[area.code], area.electorate).sha256
    setup = frozen_setup(plan, players, hashes)
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-trustees-") as folder:
        memories = {owner: Memory(Path(folder) / f"{owner}.decrypted") for owner in players.keys.secret}
        return _play_record(plan, setup, players, memories, out, engine, tell)


def _play_record(
    plan: Plan,
    setup: Setup,
    players: Players,
    memories: Mapping[int, Memory],
    out: Path,
    engine: Engine,
    tell: Told,
) -> Played:
    keys, credentials, closes = players.keys, players.credentials, plan.calendar.closes
    frozen, seconds = times(plan)
    # Rolls were made for their hashes, and are made again here: all of them together may not fit into memory.
    record = create_record(
        out, setup, keys.trustees, lambda area: roll_of(credentials, engine, area.uuid, area.electorate), frozen, seconds
    )
    supervisor = supervisor_of(plan, credentials.secret)
    if setup.supervisor is not None:
        write_act(record, supervisor, Act.FROZEN, frozen, {"anchor": setup.anchor})
    tested = play_test(record, keys.trustees, keys.secret, memories, engine, system_random, seconds)
    write_act(record, supervisor, Act.OPENED, plan.calendar.opens, tested)
    for planned, area in zip(plan.areas, setup.areas, strict=True):
        tell("vote", area.code)
        cast_all(record.archive(area), planned, engine, credentials, players.box_key)
    heads = {area.code: record.fingerprint(area).head for area in setup.areas}
    write_act(record, supervisor, Act.CLOSED, closes, {"heads": heads})
    results, summed, counted = {}, {}, {}
    for area in setup.areas:
        tell("count", area.code)
        summed[area.code] = sum_up(record, area, engine)
        results[area.code], counted[area.code] = open_sum(record, area, engine, keys, memories, system_random)
    record.write_act(Act.SUMMED, closes, {"heads": summed})
    record.write_act(Act.COUNTED, closes, {"heads": counted})
    record.write_fingerprints()
    all_of_it = played(plan, setup, results)
    write_act(record, supervisor, Act.DECIDED, closes, {"outcome_sha256": outcome_sha256(all_of_it.outcome)})
    return all_of_it
