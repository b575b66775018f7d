"""Credentials of one are credentials of the other: form, public key, list."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from oracle.elections import Turns, hold
from oracle.party import Party
from oracle.peer import Peer
from oracle.scenario import NO, YES, Holders, Scenario
from oracle.tool import ToolFailed
from oracle.verdicts import they_verify_ballot
from sanduq import errors
from sanduq.roll import make_roll, read_roll

pytestmark = pytest.mark.oracle

WEIGHTS = [
    ("no weights", None),
    ("weights of one", (1, 1, 1, 1)),
    ("weights", (3, 0, 250, 1)),
    ("large weights", (2**30 - 1, 2**30, 0, 90_000_000_000)),
]


@pytest.mark.parametrize("maker", ["tool", "python", "cli"])
@pytest.mark.parametrize("weights", [row[1] for row in WEIGHTS], ids=[row[0] for row in WEIGHTS])
def test_all_derive_the_same_public_list(weights: tuple[int, ...] | None, maker: str, party: Callable[[str], Party]) -> None:
    uuid = party(maker).uuid()
    made = party(maker).credentials(uuid, 4, weights)
    public = {name: [party(name).public(uuid, secret) for secret in made.secret] for name in ("tool", "python", "rust")}
    assert public["tool"] == public["python"] == public["rust"]
    roll = read_roll(made.roll)
    assert roll.weighted is (weights is not None)
    assert [roll.weights[key] for key in public["tool"]] == list(weights or [1] * 4)
    entries = list(zip(public["tool"], weights or [None] * 4, strict=True))
    random.Random(1).shuffle(entries)
    assert make_roll(entries).to_bytes() == made.roll


@pytest.mark.parametrize("sealer", ["tool", "python", "rust"])
@pytest.mark.parametrize("maker", ["tool", "python", "cli"])
def test_whoever_made_a_credential_either_seals_with_it(
    maker: str, sealer: str, peer: Peer, party: Callable[[str], Party], tmp_path: Path
) -> None:
    keys, uuid = hold(Holders(), Turns([party("python")])), party(maker).uuid()
    made = party(maker).credentials(uuid, 2, None)
    election = party(sealer).election(uuid, keys.trustees, Scenario("").template())
    archive = peer.start(tmp_path, uuid, election, keys.trustees, made.roll)
    for secret, choice in zip(made.secret, (YES, NO), strict=True):
        ballot = party(sealer).seal(archive, secret, [choice])
        they_verify_ballot(peer, tmp_path, ballot)
        party("rust").cast(archive, ballot)
        assert json.loads(ballot)["credential"] == peer.public(uuid, secret)


GOOD = "yc8Q8-nRWWab-P3jVY-grVsBp"
FORMS = [
    ("good", GOOD, True),
    ("all the lowest", "11111-111111-11111-111111", True),
    ("all the highest", "zzzzz-zzzzzz-zzzzz-zzzzzz", True),
    ("nothing", "", False),
    ("a letter short", GOOD[:-1], False),
    ("a letter more", f"{GOOD}p", False),
    ("without hyphens", GOOD.replace("-", ""), False),
    ("a hyphen elsewhere", "yc8Q8-nRWWa-bP3jVY-grVsBp", False),
    ("other marks for hyphens", GOOD.replace("-", "_"), False),
    ("groups of five, six, six, five", "yc8Q8-nRWWab-P3jVYg-rVsBp", False),
    ("zero", f"0{GOOD[1:]}", False),
    ("capital o", f"O{GOOD[1:]}", False),
    ("capital i", f"I{GOOD[1:]}", False),
    ("small l", f"l{GOOD[1:]}", False),
    ("a letter of another script", f"у{GOOD[1:]}", False),
    ("a space before", f" {GOOD}", False),
    ("a space behind", f"{GOOD} ", False),
    ("a line break behind", f"{GOOD}\n", False),
]


@pytest.mark.parametrize("name", ["tool", "python", "rust"])
@pytest.mark.parametrize(("credential", "good"), [row[1:] for row in FORMS], ids=[row[0] for row in FORMS])
def test_both_take_the_same_form(credential: str, good: bool, name: str, party: Callable[[str], Party]) -> None:
    uuid = "1" * 14
    if good:
        assert party(name).public(uuid, credential) == party("python").public(uuid, credential)
        return
    with pytest.raises((ToolFailed, errors.CredentialMalformed)):
        party(name).public(uuid, credential)
