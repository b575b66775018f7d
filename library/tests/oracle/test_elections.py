"""Whole elections, by one party or by all in turn: each verifies what the others make, with the same result, to the byte.

Every row of ``SCENARIOS`` is played by every row of ``PLAYERS``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from oracle.elections import Turns, play
from oracle.party import Party
from oracle.peer import Peer
from oracle.scenario import BLANK, BLANK_NO, BLANK_YES, NO, YES, Asked, Holders, Scenario, vote
from oracle.verdicts import rebuilt, rebuilt_by, same_sum, they_agree_with, they_verify, we_agree_with, we_verify

pytestmark = pytest.mark.oracle

PLAYERS = {
    "all by the tool": ("tool",),
    "all by sanduq": ("python", "cli"),
    "in turn": ("tool", "python", "cli", "tool", "rust"),
}

WITH_BLANK = Asked(blank=True)
UP_TO_TWO = Asked(("Mercury", "Venus", "Earth"), min=0, max=2, blank=True, question="Which planets?")
HEAVY = Scenario(
    "weights from 2^30 on, and a result",
    votes=(vote(0, YES), vote(1, NO), vote(1, YES), vote(2, NO)),
    weights=(2**30 - 1, 1, 0, 2**34),
)
SCENARIOS = [
    Scenario("a yes-no question"),
    Scenario(
        "blank",
        (WITH_BLANK,),
        (vote(0, BLANK), vote(1, BLANK_YES), vote(2, BLANK_NO), vote(3, BLANK)),
        holders=Holders(2, decrypt=(1, 2)),
    ),
    Scenario(
        "blank, or up to two of three, or nothing",
        (UP_TO_TWO,),
        (vote(0, (1, 0, 0, 0)), vote(1, (0, 0, 0, 0)), vote(2, (0, 1, 0, 1)), vote(3, (0, 0, 1, 0))),
    ),
    Scenario(
        "blank false, min 0, max above the number of answers",
        (Asked(min=0, max=5, blank=False),),
        (vote(0, (0, 0)), vote(1, (1, 1)), vote(2, YES)),
    ),
    Scenario("one answer", (Asked(("I approve",), min=0),), (vote(0, (1,)), vote(1, (0,)), vote(3, (1,)))),
    Scenario(
        "all must be chosen",
        (Asked(("a", "b", "c"), min=3, max=3, blank=False),),
        (vote(0, (1, 1, 1)), vote(1, (1, 1, 1))),
        voters=3,
    ),
    Scenario(
        "several questions",
        (Asked(), UP_TO_TWO, WITH_BLANK),
        (
            vote(0, YES, (1, 0, 0, 0), BLANK_NO),
            vote(1, NO, (0, 1, 1, 0), BLANK),
            vote(2, YES, (0, 0, 0, 1), BLANK_YES),
        ),
        holders=Holders(1, 3, 2, decrypt=(1, 2, 4)),
    ),
    Scenario(
        "votes again and again",
        (WITH_BLANK,),
        (
            vote(0, BLANK_YES),
            vote(1, BLANK_NO),
            vote(0, BLANK_NO),
            vote(2, BLANK),
            vote(0, BLANK_YES),
            vote(1, BLANK),
            vote(1, BLANK),
        ),
        voters=3,
        holders=Holders(3, decrypt=(1, 2, 3)),
    ),
    Scenario(
        "weights, zero among them, and a vote again",
        votes=(vote(3, NO), vote(0, YES), vote(1, NO), vote(2, YES), vote(1, YES)),
        weights=(0, 7, 1, 250),
    ),
    Scenario("two of three", holders=Holders(0, 3, 2, decrypt=(2, 3))),
    Scenario(
        "three of five, all decrypt",
        (WITH_BLANK,),
        (vote(1, BLANK_YES), vote(2, BLANK)),
        voters=3,
        holders=Holders(0, 5, 3, decrypt=(4, 1, 5, 3, 2)),
    ),
    Scenario("two mandatory ones before two of three", holders=Holders(2, 3, 2, decrypt=(5, 2, 1, 3))),
    Scenario("no ballots", (WITH_BLANK,), (), holders=Holders(1, 3, 2, decrypt=(1, 3, 4))),
    Scenario("no ballots, with weights", votes=(), weights=(0, 1, 2**31, 3)),
    Scenario(
        "texts in every script",
        (Asked(("آری", "نه", "😀 \u0001\u007f"), question='¿"Puente"\\ — پل ساخته شود؟\t\n'),),
        (vote(0, (1, 0, 0)), vote(1, (0, 0, 1)), vote(2, (0, 1, 0))),
        title="Ĉu? \u200f\u202e\ufeff\u2028",
        description="\u0000\u001f\u0080\ud7ff\uffff\U0010ffff é e\u0301",
        more=(("administrator", "المفوضية"), ("credential_authority", "🗝"), ("language", ("fa", "rtl"))),
    ),
]


def _rotated(players: tuple[str, ...], by: int) -> tuple[str, ...]:
    """So that in another scenario others have the same turns."""
    return players[by % len(players) :] + players[: by % len(players)]


# Who plays in turn plays with everybody else: every fourth of these is the quick run.
ROWS = [
    pytest.param(
        scenario,
        _rotated(players, number),
        id=f"{scenario.name}, {name}",
        marks=[] if name == "in turn" and number % 4 == 0 else pytest.mark.long,
    )
    for number, scenario in enumerate(SCENARIOS)
    for name, players in PLAYERS.items()
]
# To find a sum of such weights takes either of them seconds.
ROWS += [
    pytest.param(HEAVY, PLAYERS[name], id=f"{HEAVY.name}, {name}", marks=pytest.mark.long)
    for name in ("all by the tool", "all by sanduq")
]


@pytest.mark.parametrize(("scenario", "players"), ROWS)
def test_what_one_makes_the_other_verifies_with_the_same_result(
    scenario: Scenario, players: tuple[str, ...], peer: Peer, party: Callable[[str], Party], tmp_path: Path
) -> None:
    played = play(scenario, Turns([party(name) for name in players]), tmp_path / "election")
    we_agree_with(we_verify(played.archive), scenario, played.ballots)
    they_verify(peer, played.archive)
    they_agree_with(peer, played)
    same_sum(peer, played.archive)
    assert rebuilt(played.archive) == played.archive.read_bytes()
    if "tool" not in players:
        theirs, ours = rebuilt_by(peer, played.archive, tmp_path / "again")
        assert theirs == ours
