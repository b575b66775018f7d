"""A rehearsal's setup and tallies without its cryptography: hashes and keys in them are made up."""

from __future__ import annotations

from pathlib import Path

from sanduq.count.outcome import AreaTally
from sanduq.question.setup import Setup
from sanduq.rehearse import read_plan
from sanduq.rehearse.draft import make_setup, policy_of_plan
from sanduq.roll import new_uuid

REHEARSALS = Path(__file__).resolve().parents[2] / "rehearsal"
NAMES = sorted(path.stem for path in REHEARSALS.glob("*.toml"))


def rehearsed(name: str) -> tuple[Setup, list[AreaTally]]:
    """What a rehearsal at scale 1 would freeze and count."""
    plan = read_plan(REHEARSALS / f"{name}.toml")
    names = {area.code: new_uuid() for area in plan.areas}
    hashes = dict.fromkeys(names, "0" * 64)
    setup = make_setup(plan, policy_of_plan(plan), "0" * 64, "0" * 64, None, names, hashes, rehearsal=False)
    return setup, [AreaTally(area.code, area.parent, area.electorate, area.ballots, area.votes) for area in plan.areas]
