"""A trustee is no oracle: everything that ``count decrypt`` refuses, and that a refusal leaves nothing behind."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cli import forge
from cli.hand import Done, Life, no_trace, ok, tree

FORGED = Path(__file__).resolve().parents[3] / "vectors" / "forged"
At = Callable[[str], Life]


def _flip(path: Path, where: float = 0.6) -> None:
    data = bytearray(path.read_bytes())
    data[int(len(data) * where)] ^= 1
    path.write_bytes(bytes(data))


def _put(life: Life, data: bytes) -> None:
    life.archive("south").write_bytes(data)


def _stranger(life: Life) -> None:
    ok("keys", "single", "--out", "stranger", cwd=life.folder)


def _whole_drill(life: Life) -> None:
    """A record of one's own, in good order, with the same trustees."""
    life.ok("roll", "credentials", "--count", 1, "--unencrypted", "--out", "drill-rolls/north")
    life.ok("roll", "credentials", "--count", 1, "--unencrypted", "--out", "drill-rolls/south")
    words = ["--rolls", "drill-rolls", "--trustees", "trustees.json", "--box-key", "box/box.pub", "--out", "drill"]
    life.ok("question", "freeze", "bridge/referendum.toml", *words, "--time", "2030-04-02T00:00:00Z")
    life.ok("box", "open", "drill", "--time", "2030-05-01T06:00:00Z")
    life.ok("box", "close", "drill", "--time", "2030-05-04T06:00:00Z")
    life.ok("count", "sum", "drill", "--time", "2030-05-04T06:00:00Z")
    life.ok("count", "heads", "drill", "--trustee", 3, "--out", "drill-heads")


def _heads(
    life: Life, name: str = "heads", *, owner: int = 3, heads: dict[str, str] | None = None, without: str = "", **other: str
) -> None:
    """A file of heads: the right one, but for what is given."""
    right = json.loads(life.path("heads").read_text())["heads"]
    value = {uuid: head for uuid, head in (right if heads is None else heads).items() if uuid != without} | other
    life.path(name).write_text(json.dumps({"owner": owner, "heads": value}))


@dataclass(frozen=True)
class Case:
    """What is done to a record that waits to be decrypted, what is asked, and where the refusal comes from."""

    step: str
    prepare: Callable[[Life], object] = lambda life: None
    options: dict[str, object] = field(default_factory=dict)
    heads: tuple[str, ...] = ("heads",)
    record: str = "record"
    moment: str = "summed"
    deceived: bool = False
    """The other trustees' heads agree with what was done to the record."""


CASES = {
    "a flipped bit in an archive": Case("0.11", lambda life: _flip(life.archive("north"))),
    "a flipped bit in the last area": Case("0.11", lambda life: _flip(life.archive("south"))),
    "an archive cut off": Case("0.6", lambda life: _put(life, life.archive("south").read_bytes()[:-512])),
    "an archive without its sum": Case("0.15", moment="closed", deceived=True),
    "a sum of one ballot only": Case("7.3", lambda life: forge.remake(life.archive("south"), sum_of=1), deceived=True),
    "a forged ballot": Case("4.5", lambda life: _put(life, (FORGED / "ballot-other-election-hash.bel").read_bytes())),
    "the given drill, in an area's place": Case(
        "7.1", lambda life: _put(life, (FORGED / "drill-decrypts-one-ballot-of-an-area.bel").read_bytes())
    ),
    "a drill of the same trustees": Case("7.15", lambda life: _put(life, forge.drill(life, "DriftDrift1234")), deceived=True),
    "a drill under an area's uuid": Case("8.5", lambda life: _put(life, forge.drill(life, "SouthBankTest1")), deceived=True),
    "another area in an area's place": Case("8.5", lambda life: _put(life, life.archive("north").read_bytes()), deceived=True),
    "a whole drill with an anchor of its own": Case("8.1", _whole_drill, heads=("drill-heads",), record="drill"),
    "another anchor": Case("8.1", options={"anchor": "0" * 64}),
    "no anchor to speak of": Case("8.1", options={"anchor": ""}),
    "heads of another archive": Case("7.14", lambda life: forge.remake(life.archive("south"), without=1)),
    "no heads at all": Case("7.14", heads=()),
    "one's own heads": Case("7.14", lambda life: _heads(life, owner=1)),
    "another's heads, twice": Case("7.14", lambda life: _heads(life, "other", owner=3), heads=("heads", "other")),
    "no area in the heads": Case("7.14", lambda life: _heads(life, heads={})),
    "only one area in the heads": Case("7.14", lambda life: _heads(life, without="SouthBankTest1")),
    "one of two others has another head": Case(
        "7.14", lambda life: _heads(life, "other", owner=2, SouthBankTest1="0" * 64), heads=("heads", "other")
    ),
    "heads that are none": Case("0.1", lambda life: life.path("heads").write_text("[]")),
    "heads of nobody": Case("0.1", lambda life: _heads(life, owner=0)),
    "heads that are no hashes": Case("0.1", lambda life: _heads(life, SouthBankTest1="x")),
    "all areas below the minimum": Case(
        "7.12",
        lambda life: (forge.remake(life.archive("north"), without=3), forge.remake(life.archive("south"), without=1)),
        deceived=True,
    ),
    "the key of somebody else": Case("3.18", _stranger, options={"key": "stranger/trustee.privkey", "dkey": None}),
    "the box's key": Case("3.18", options={"key": "box/box.key"}),
    "the box's key as a mandatory trustee's": Case("3.18", options={"key": "box/box.key", "dkey": None}),
    "a threshold trustee without the second file": Case("3.18", options={"dkey": None}),
    "another trustee's second file": Case("3.16", options={"dkey": "cem/trustee.dkey"}),
    "a record that is counted": Case("0.15", moment="decided", heads=("ann/heads",), options={"out": "ann/again"}),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_and_nothing_is_written(life: At, name: str) -> None:
    case = CASES[name]
    moment = life(case.moment)
    if case.moment == "summed":
        moment.ok("count", "heads", "record", "--trustee", 3, "--out", "heads")
    case.prepare(moment)
    if case.deceived:
        forge.heads_of(moment)
    before = tree(moment.folder)
    done = moment.decrypt(record=case.record, heads=case.heads, **case.options)
    no_trace(done)
    assert (done.code, f"[{case.step} " in done.err) == (1, True), done.err
    assert tree(moment.folder) == before


def test_below_the_minimum_the_other_areas_go_on(life: At) -> None:
    moment = life("summed")
    forge.remake(moment.archive("south"), without=1)
    forge.heads_of(moment)
    done = moment.decrypt()
    assert done.code == 0, done
    assert done.err == (
        "not decrypted: area south: too few ballots to be counted without betraying them; expected at least 3; got 2\n"
    )
    assert list(json.loads(moment.path("ann/decryption").read_text())["areas"]) == ["NorthBankTest1"]
    assert "SouthBankTest1" not in moment.path("ann/trustee.key.decrypted").read_text()


# --- one sum of an election, once and for all --------------------------------------------------------------------------------


@pytest.fixture
def second(life: At) -> Life:
    """Ann has decrypted; then the record is replaced by one with a ballot less, and the others are deceived too."""
    moment = life("summed")
    moment.ok("count", "heads", "record", "--trustee", 3, "--out", "heads")
    assert moment.decrypt().code == 0
    moment.path("ann/decryption").unlink()
    forge.remake(moment.archive("north"), without=1)
    forge.heads_of(moment)
    return moment


def _refused(moment: Life, step: str = "7.13 AlreadyDecrypted", **options: object) -> Done:
    before = tree(moment.folder)
    done = moment.decrypt(**options)
    assert (done.code, f"[{step}]" in done.err) == (1, True), done
    assert tree(moment.folder) == before
    return done


def test_a_second_sum_of_an_election_is_refused(second: Life) -> None:
    done = _refused(second)
    assert "election NorthBankTest1" in done.err


def test_the_same_sum_may_be_decrypted_again(life: At) -> None:
    moment = life("summed")
    moment.ok("count", "heads", "record", "--trustee", 3, "--out", "heads")
    assert moment.decrypt().code == 0
    memory = moment.path("ann/trustee.key.decrypted").read_bytes()
    assert moment.decrypt(out="ann/again").code == 0
    assert moment.path("ann/trustee.key.decrypted").read_bytes() == memory
    first, again = (json.loads(moment.path(name).read_text()) for name in ("ann/decryption", "ann/again"))
    assert [part["decryption"]["decryption_factors"] for part in first["areas"].values()] == [
        part["decryption"]["decryption_factors"] for part in again["areas"].values()
    ]


def test_it_is_remembered_when_the_folder_of_the_key_was_copied(second: Life) -> None:
    shutil.copytree(second.path("ann"), second.path("stick"))
    shutil.rmtree(second.path("ann"))
    _refused(second, key="stick/trustee.key", dkey="stick/trustee.dkey", out="stick/decryption")


def test_it_is_remembered_when_the_key_is_reached_by_a_link(second: Life) -> None:
    second.path("elsewhere").mkdir()
    second.path("elsewhere/mine.key").symlink_to(second.path("ann/trustee.key"))
    _refused(second, key="elsewhere/mine.key", out="elsewhere/decryption")


@pytest.mark.parametrize("cut", [1, 2, 40, 100, 150, 163])
def test_a_torn_end_of_the_memory_loses_no_older_line(second: Life, cut: int) -> None:
    memory = second.path("ann/trustee.key.decrypted")
    whole = memory.read_bytes()
    assert whole.count(b"\n") == 2
    last = whole.index(b"\n") + 1
    memory.write_bytes(whole + b'{"uuid":"Another1234567","tally":"' + b"0" * 64 + b'"}\n'[:cut])
    _refused(second)
    # Torn within the second line: the first, of the area that is asked for again, holds.
    memory.write_bytes(whole[: last + cut][:-1] if last + cut > len(whole) else whole[: last + cut])
    _refused(second)


@pytest.mark.parametrize("damage", ["zeros", "lost", "merged", "empty line", "no object", "doubled key"])
def test_a_memory_damaged_in_the_middle_is_no_memory(second: Life, damage: str) -> None:
    memory = second.path("ann/trustee.key.decrypted")
    one, two = memory.read_bytes().splitlines(keepends=True)
    memory.write_bytes(
        {
            "zeros": bytes(len(one)) + two,
            "lost": one[20:] + two,
            "merged": one[:30] + two,
            "empty line": b"\n" + one + two,
            "no object": b"[]\n" + one,
            "doubled key": one.replace(b'"tally"', b'"uuid"') + two,
        }[damage]
    )
    done = _refused(second, step="0.1 MalformedJson")
    assert "trustee.key.decrypted, line 1: what was decrypted before" in done.err


def test_what_cannot_be_remembered_is_not_decrypted(life: At) -> None:
    moment = life("summed")
    moment.ok("count", "heads", "record", "--trustee", 3, "--out", "heads")
    moment.path("ann/trustee.key.decrypted").mkdir()
    before = tree(moment.folder)
    done = moment.decrypt()
    no_trace(done)
    assert (done.code, tree(moment.folder)) == (2, before)


def test_nothing_is_remembered_unless_all_areas_are_in_order(life: At) -> None:
    moment = life("summed")
    moment.ok("count", "heads", "record", "--trustee", 3, "--out", "heads")
    good = moment.archive("south").read_bytes()
    _flip(moment.archive("south"))
    assert moment.decrypt().code == 1
    assert not moment.path("ann/trustee.key.decrypted").exists()
    moment.archive("south").write_bytes(good)
    assert moment.decrypt().code == 0


def test_another_anchor_in_capitals_is_the_same(life: At) -> None:
    moment = life("summed")
    moment.ok("count", "heads", "record", "--trustee", 3, "--out", "heads")
    assert moment.decrypt(anchor=moment.anchor.upper()).code == 0
