"""Three areas under one ceremony: trustees, registrars, voters at either program; both verify what comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import pytest

from oracle.command import run
from oracle.elections import Keys, Turns, hold, play
from oracle.party import Credentials, Party
from oracle.peer import Peer
from oracle.scenario import BLANK, BLANK_NO, BLANK_YES, NO, YES, Asked, Holders, Scenario, vote
from oracle.verdicts import they_verify, we_agree_with, we_verify
from sanduq import errors
from sanduq.box import Box, BoxKey
from sanduq.box.journal import Act
from sanduq.box.record import Record, create_record
from sanduq.engine import choose
from sanduq.keys.trustees import read_trustees
from sanduq.question import setup as frozen
from sanduq.question.rule import read_rule
from sanduq.roll import read_roll
from sanduq.watch.record import verify_record

pytestmark = pytest.mark.oracle

HOLDERS = Holders(1, 3, 2, decrypt=(1, 2, 4))
FROZEN, OPENS, CLOSES, COUNTED = (f"2030-05-0{day}T06:00:00Z" for day in (1, 2, 4, 5))
SECONDS = 1_903_845_600
"""FROZEN, since 1970."""


# --- the same trustees in three elections -----------------------------------------------------------------------------------

AREAS = [
    Scenario("north", votes=(vote(0, YES), vote(1, NO), vote(0, NO)), holders=HOLDERS),
    Scenario("south", (Asked(blank=True),), (vote(2, BLANK), vote(1, BLANK_YES)), holders=Holders(1, 3, 2, decrypt=(3, 4, 1))),
    Scenario("west", votes=(), weights=(1, 2, 3, 4), holders=Holders(1, 3, 2, decrypt=(1, 2, 3, 4))),
]


@pytest.mark.long
def test_one_ceremony_serves_three_elections(peer: Peer, party: Callable[[str], Party], tmp_path: Path) -> None:
    turns = Turns([party(name) for name in ("cli", "tool", "rust", "tool")])
    keys = hold(HOLDERS, turns)
    for area in AREAS:
        played = play(area, turns, tmp_path / area.name, keys)
        they_verify(peer, played.archive)
        we_agree_with(we_verify(played.archive), area, played.ballots)


# --- a record ---------------------------------------------------------------------------------------------------------------

VOTES: dict[str, tuple[tuple[int, ...], ...]] = {
    "north": (BLANK_YES, BLANK_YES, BLANK, BLANK_NO),
    "south": (BLANK_NO,),
    "west": (),
}
RESULTS = {"north": ((1, 2, 1),), "south": ((0, 0, 1),), "west": ((0, 0, 0),)}
SHARE = {"of": "valid-votes", "compare": "more-than", "needed": "1/2"}
RULE = {
    "decides": "whole",
    "items": [{"id": "bridge", "kind": "proposal", "accept": "yes", "share": SHARE, "tie": "fails"}],
}


@dataclass(frozen=True)
class Referendum:
    """A record that waits for its trustees, and what each of them has."""

    record: Record
    keys: Keys
    folder: Path


def _setup(keys: Keys, uuids: dict[str, str], credentials: dict[str, Credentials], *, bindings: bool) -> frozen.Setup:
    texts = {"en": "Shall the bridge be built?", "fa": "آیا پل ساخته شود؟"}
    answers = (frozen.Answer("yes", {"en": "Yes", "fa": "آری"}), frozen.Answer("no", {"en": "No", "fa": "نه"}))
    trustees = read_trustees(keys.trustees)
    setup = frozen.Setup(
        title={"en": "The bridge", "fa": "پل"},
        languages={"en": "ltr", "fa": "rtl"},
        questions=(frozen.Asked("bridge", texts, answers, blank=True),),
        rule=read_rule(RULE),
        calendar=frozen.Calendar(OPENS, CLOSES),
        minimum_ballots=0,
        below_minimum="uncounted",
        commission="The commission",
        registrar="هیئت ثبت",
        trustees=frozen.TrusteePolicy(HOLDERS.mandatory, HOLDERS.size, HOLDERS.threshold),
        trustees_sha256=trustees.sha256,
        box_key=BoxKey.new().public,
        booth_sha256=None,
        bindings=bindings,
        regions=(),
        areas=tuple(
            frozen.CountingArea(code, code.title(), None, 5, language, uuids[code], read_roll(credentials[code].roll).sha256)
            for code, language in zip(VOTES, ("en", "fa", "en"), strict=True)
        ),
    )
    return frozen.read_setup(setup.to_bytes())


def summed(party: Callable[[str], Party], folder: Path, *, bindings: bool) -> Referendum:
    """sanduq has the box, the other work is done in turn. ``bindings``: whether each decryption needs the second proof."""
    turns = Turns([party(name) for name in ("tool", "cli", "tool", "python")])
    keys = hold(HOLDERS, turns)
    uuids = {code: turns("uuid").uuid() for code in VOTES}
    credentials = {code: turns("credentials").credentials(uuids[code], 5, None) for code in VOTES}
    rolls = {uuids[code]: read_roll(credentials[code].roll) for code in VOTES}
    setup = _setup(keys, uuids, credentials, bindings=bindings)
    trustees = read_trustees(keys.trustees)
    record = create_record(folder / "record", setup, trustees, lambda area: rolls[area.uuid], FROZEN, SECONDS)
    record.write_act(Act.OPENED, OPENS, {})
    engines = cycle(("python", "rust"))
    for area in setup.areas:
        archive = record.archive(area)
        for secret, choice in zip(credentials[area.code].secret, VOTES[area.code], strict=False):
            ballot = turns("ballot").seal(archive, secret, [choice])
            with Box.open(archive, choose(next(engines))) as box:
                box.cast(ballot)
    run("box", "close", record.path, "--time", CLOSES)
    run("count", "sum", record.path, "--time", CLOSES)
    return Referendum(record, keys, folder)


@pytest.fixture(scope="module")
def referendum(party: Callable[[str], Party], tmp_path_factory: pytest.TempPathFactory) -> Referendum:
    """One that lets trustees use the tool, which does not make the second proof (7.17)."""
    return summed(party, tmp_path_factory.mktemp("referendum"), bindings=False)


def test_both_make_the_same_elections_of_the_setup(referendum: Referendum, peer: Peer) -> None:
    setup = referendum.record.setup
    for area in setup.areas:
        election = setup.election(area, read_trustees(referendum.keys.trustees).public_key)
        value = json.loads(election.raw)
        template = {name: value[name] for name in value if name not in ("version", "group", "public_key", "uuid")}
        assert peer.election(area.uuid, referendum.keys.trustees, json.dumps(template).encode()) == election.raw
        assert value["description"] == setup.anchor


def _heads(referendum: Referendum) -> dict[int, Path]:
    """What each of the four trustees finds on its copy."""
    paths = {owner: referendum.folder / f"{owner}.heads" for owner in (1, 2, 3, 4)}
    for owner, path in paths.items():
        run("count", "heads", referendum.record.path, "--trustee", owner, "--out", path)
    return paths


def _decrypted_at_the_tool(referendum: Referendum, peer: Peer, owner: int) -> Path:
    """All areas, each with `election decrypt`; `count wrap` puts the answers together."""
    record, secret = referendum.record, referendum.keys.secrets[owner - 1]
    words = []
    for area in record.setup.areas:
        path = referendum.folder / f"{area.code}.{owner}"
        path.write_bytes(peer.decrypt(record.archive(area), owner, secret))
        words.append(f"{area.code}={path}")
    out = referendum.folder / f"{owner}.json"
    run("count", "wrap", record.path, "--trustee", owner, *words, "--out", out)
    return out


def _decrypted_at_sanduq(referendum: Referendum, owner: int, heads: dict[int, Path]) -> Path:
    """`count decrypt`, with the trustee's own files, whoever made them."""
    secret, folder = referendum.keys.secrets[owner - 1], referendum.folder / f"trustee{owner}"
    folder.mkdir()
    (folder / "my.key").write_bytes(secret.key)
    words: list[str | Path] = ["--key", folder / "my.key", "--anchor", referendum.record.setup.anchor]
    words += [word for other, path in heads.items() if other != owner for word in ("--heads", path)]
    if secret.dkey is not None:
        (folder / "my.dkey").write_bytes(secret.dkey)
        words += ["--dkey", folder / "my.dkey"]
    run("count", "decrypt", referendum.record.path, *words, "--out", folder / "out.json")
    return folder / "out.json"


def test_trustees_at_either_open_the_sums_of_all_areas(referendum: Referendum, peer: Peer) -> None:
    """Trustees 1 and 3 have keys of the tool, 2 and 4 of sanduq; 1 and 2 decrypt with sanduq, 4 with the tool."""
    record, anchor = referendum.record, referendum.record.setup.anchor
    heads = _heads(referendum)
    parts = [_decrypted_at_sanduq(referendum, owner, heads) for owner in (1, 2)]
    parts.append(_decrypted_at_the_tool(referendum, peer, 4))
    run("count", "combine", record.path, *parts, "--time", COUNTED)
    run("watch", "verify", record.path, "--anchor", anchor, "--final")
    for name in ("python", "rust"):
        report = verify_record(record, choose(name), anchor)
        assert {code: area.result for code, area in report.areas.items()} == RESULTS
        assert report.outcome is not None
        assert report.bound == 2 * len(RESULTS)
    for area in record.setup.areas:
        they_verify(peer, record.archive(area))


@pytest.mark.long
def test_where_the_second_proof_is_asked_for_the_tool_gives_no_part(
    peer: Peer, party: Callable[[str], Party], tmp_path: Path
) -> None:
    strict = summed(party, tmp_path, bindings=True)
    record, heads = strict.record, _heads(strict)
    parts = [_decrypted_at_sanduq(strict, owner, heads) for owner in (1, 2, 3)]
    theirs = _decrypted_at_the_tool(strict, peer, 4)
    before = {area.code: record.archive(area).read_bytes() for area in record.setup.areas}
    with pytest.raises(errors.BindingInvalid):
        run("count", "combine", record.path, *parts[:2], theirs, "--time", COUNTED)
    assert before == {area.code: record.archive(area).read_bytes() for area in record.setup.areas}
    run("count", "combine", record.path, *parts, "--time", COUNTED)
    for area in record.setup.areas:
        they_verify(peer, record.archive(area))


def test_a_trustee_at_sanduq_opens_nothing_of_the_tool_that_is_not_in_the_setup(
    referendum: Referendum, peer: Peer, party: Callable[[str], Party], tmp_path: Path
) -> None:
    """An election of the same trustees, made with the tool, in the place of an area: with it one ballot could be opened."""
    made = play(Scenario("", votes=(vote(0, YES),), holders=HOLDERS), Turns([peer]), tmp_path / "e", referendum.keys)
    victim = referendum.record.setup.areas[0]
    fake = tmp_path / "record"
    (fake / "areas" / victim.code).mkdir(parents=True)
    (fake / "setup.json").write_bytes(referendum.record.setup_bytes)
    (fake / "areas" / victim.code / f"{victim.uuid}.bel").write_bytes(made.archive.read_bytes())
    (tmp_path / "my.key").write_bytes(referendum.keys.secrets[0].key)
    (tmp_path / "heads.json").write_text('{"owner":2,"heads":{}}', "utf-8")
    words = ("--key", tmp_path / "my.key", "--heads", tmp_path / "heads.json", "--anchor", referendum.record.setup.anchor)
    with pytest.raises(errors.NotInSetup):
        run("count", "decrypt", fake, *words, "--out", tmp_path / "out.json")
    assert not (tmp_path / "out.json").exists()
