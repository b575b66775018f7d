"""Commands of the box and the count that were interrupted: what stands then, and that the same command goes on from there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.hand import Done, Life, ok, tree
from sanduq.archive import writer
from sanduq.box import record as record_module
from sanduq.box.record import Record

At = Callable[[str], Life]


class Killed(BaseException):
    """The process ends here, as by kill -9: nothing of ours may catch it."""


class Countdown:
    """Lets a number of durable steps happen; the next one is torn after ``cut`` bytes, and the process is killed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, steps: int, cut: float) -> None:
        self.left, self.cut = steps, cut
        pwrite, replace, link = writer.os.pwrite, writer.os.replace, writer.os.link
        monkeypatch.setattr(writer.os, "pwrite", lambda fd, data, at: self._torn(pwrite, fd, data, at))
        monkeypatch.setattr(writer.os, "replace", lambda *names: self._step(replace, *names))
        monkeypatch.setattr(writer.os, "link", lambda *names: self._step(link, *names))
        # A process that is killed does not tidy up after itself either.
        monkeypatch.setattr(Path, "unlink", lambda path, missing_ok=False: None)
        monkeypatch.setattr(writer.os, "ftruncate", lambda *words: None)

    def _step(self, act: Callable[..., object], *words: object) -> None:
        if self.left == 0:
            raise Killed
        self.left -= 1
        act(*words)

    def _torn(self, act: Callable[..., int], fd: int, data: memoryview, at: int) -> int:
        if self.left == 0:
            act(fd, data[: int(len(data) * self.cut)], at)
            raise Killed
        self.left -= 1
        return act(fd, data, at)


def _commands(life: Life) -> dict[str, tuple[object, ...]]:
    return {
        "open": ("box", "open", "record", "--time", "2030-05-01T06:00:00Z"),
        "cast": ("box", "cast", "record", "v/8.ballot", "--key", "box/box.key", "--time", "2030-05-02T09:00:00Z"),
        "close": ("box", "close", "record", "--time", "2030-05-03T18:00:00Z"),
        "sum": ("count", "sum", "record", "--time", "2030-05-03T19:00:00Z"),
        "combine": ("count", "combine", "record", "ann/decryption", "cem/decryption", "--time", "2030-05-03T20:00:00Z"),
    }


# Name of the command, the moment before it, how many durable steps it takes.
STEPS = [("open", "sealed", 1), ("close", "voted", 4), ("sum", "closed", 4), ("combine", "decrypted", 7)]
CUTS = (0.8, 0.0, 0.3, 1.0)
ROWS = [
    pytest.param(name, moment, step, cut, marks=[] if cut == CUTS[0] and step % 2 == 0 else pytest.mark.long)
    for name, moment, count in STEPS
    for step in range(count)
    for cut in CUTS
]


@pytest.mark.parametrize(("name", "moment", "step", "cut"), ROWS)
def test_an_interrupted_command_is_taken_up_again(life: At, name: str, moment: str, step: int, cut: float) -> None:
    now = life(moment)
    words = _commands(now)[name]
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        Countdown(patch, step, cut)
        now.run(*words)
    again = now.run(*words)
    if again.code != 0:
        # It was done but for its last words: the next command may come, and nothing is missing.
        assert Record(now.path("record")).last_line() is not None
        assert ("it is " in again.err, again.code) == (True, 1), again
    done = now.ok("watch", "verify", "record", "--anchor", now.anchor, "--jobs", "1", "--json")
    expected = {"open": "open", "close": "closed", "sum": "counting", "combine": "decided"}[name]
    assert f'"phase":"{expected}"' in done.out
    if cut != CUTS[0]:
        _rest(now, name)


def _rest(now: Life, name: str) -> None:
    """The life goes on to its end from there."""
    commands = _commands(now)
    for step in list(commands)[list(commands).index(name) + 1 :]:
        if step == "combine":
            for who in ("ann", "cem"):
                if not now.path(f"{who}/decryption").exists():
                    now.ok("count", "heads", "record", "--trustee", 2, "--out", f"{who}.heads")
                    assert now.decrypt(who, heads=(f"{who}.heads",)).code == 0
        if step != "cast":
            now.ok(*commands[step])
    if name != "open":
        assert '"phase":"decided"' in now.ok("watch", "verify", "record", "--anchor", now.anchor, "--jobs", "1", "--json").out


def test_the_number_of_steps_is_what_the_table_says(life: At, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, moment, count in STEPS:
        now = life(moment)
        with pytest.MonkeyPatch.context() as patch:
            counted = Countdown(patch, 1000, 1.0)
            now.ok(*_commands(now)[name])
        assert (name, 1000 - counted.left) == (name, count)


# --- a cast ------------------------------------------------------------------------------------------------------------------


def _cast(now: Life, ballot: str, *more: object) -> Done:
    return now.run("box", "cast", "record", ballot, "--key", "box/box.key", "--time", "2030-05-02T09:00:00Z", *more)


def _waiting(now: Life) -> str:
    """A signed ballot that is not in the box yet."""
    now.ok("booth", "seal", "--archive", "south.bel", "--credential", "s2", "--choices", "blank", "--out", "w.sealed")
    now.ok("booth", "cast", "w.sealed", "--credential", "s2", "--out", "w.ballot")
    return "w.ballot"


@pytest.mark.parametrize("cut", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_cast_that_was_torn_is_taken_again(life: At, cut: float) -> None:
    now = life("voted")
    ballot = _waiting(now)
    before = now.archive("south").read_bytes()
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        Countdown(patch, 0, cut)
        _cast(now, ballot)
    torn = now.archive("south").read_bytes()
    assert torn.startswith(before)
    done = _cast(now, ballot)
    assert done.code == 0
    assert done.value("height") == "4"
    first = [f"an unfinished write of {len(torn) - len(before)} bytes was cut off first; it was never acknowledged"]
    assert done.out.splitlines()[:-4] == (first if len(torn) > len(before) else [])
    now.ok("watch", "verify", "record", "--anchor", now.anchor, "--jobs", "1")


def test_a_cast_that_was_written_but_not_acknowledged_is_there_once(life: At) -> None:
    now = life("voted")
    ballot = _waiting(now)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        Countdown(patch, 0, 1.0)
        _cast(now, ballot)
    assert _cast(now, ballot).value("height") == "4"
    assert _cast(now, ballot, "--receipt", "w.receipt").value("height") == "4"
    now.ok("box", "check", "record", "w.receipt")
    assert '"ballots":9' in now.ok("watch", "verify", "record", "--jobs", "1", "--json").out


def test_the_voter_hears_the_tracker_even_if_the_receipt_cannot_be_written(life: At) -> None:
    now = life("voted")
    done = _cast(now, _waiting(now), "--receipt", "v/1.ballot/receipt")
    assert (done.code, done.value("height")) == (2, "4")
    assert done.err.startswith("error: v/1.ballot")
    assert _cast(now, "w.ballot", "--receipt", "w.receipt").value("height") == "4"


def test_no_receipt_is_overwritten_and_then_no_ballot_is_cast(life: At) -> None:
    now = life("voted")
    ballot = _waiting(now)
    before = tree(now.folder)
    done = _cast(now, ballot, "--receipt", "v/1.receipt")
    assert (done.code, tree(now.folder)) == (2, before)


# --- freezing, and files that come in pairs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [0, 5, *(pytest.param(step, marks=pytest.mark.long) for step in (1, 2, 3, 4))])
def test_a_freeze_that_was_interrupted_is_no_record(life: At, step: int) -> None:
    now = life("sealed")
    words = ["--rolls", "rolls", "--trustees", "trustees.json", "--box-key", "box/box.pub", "--time", "2030-04-01T00:00:00Z"]
    freeze = ["question", "freeze", "bridge/referendum.toml", *words, "--out"]
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        Countdown(patch, step, 0.5)
        now.run(*freeze, "new")
    for command in (("box", "open", "new"), ("watch", "verify", "new"), ("question", "show", "new")):
        done = now.run(*command)
        assert (done.code, "is no record: there is no setup.json in it" in done.err) == (2, True)
    assert now.run(*freeze, "new").code == 2
    now.ok(*freeze, "newer")


PAIRS = {
    "box key": (("box", "key", "--out", "pair"), "box.key", "box.pub"),
    "keys single": (("keys", "single", "--out", "pair"), "trustee.privkey", "trustee.pubkey"),
    "keys begin": (
        ("keys", "begin", "--index", 1, "--threshold", 2, "--size", 3, "--out", "pair"),
        "trustee.key",
        "trustee.cert",
    ),
    "roll credentials": (
        ("roll", "credentials", "--count", 2, "--uuid", "NorthBankTest1", "--unencrypted", "--out", "pair"),
        "NorthBankTest1.credentials.csv",
        "NorthBankTest1.roll.json",
    ),
    "question new": (("question", "new", "pair"), "referendum.toml", "areas.csv"),
}


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("there", [0, 1])
def test_of_a_pair_of_files_none_is_written_beside_an_old_one(tmp_path: Path, name: str, there: int) -> None:
    words, *files = PAIRS[name]
    (tmp_path / "pair").mkdir()
    (tmp_path / "pair" / files[there]).write_text("old")
    done = ok("--version") and Life(tmp_path, "").run(*words)
    assert (done.code, "exists already" in done.err) == (2, True)
    assert {path.name for path in (tmp_path / "pair").iterdir()} == {files[there]}
    assert (tmp_path / "pair" / files[there]).read_text() == "old"


# --- the journal and the fingerprints ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("tail", [b"{", b'{"act":"opened","details":{},"height":1', b"\0\0\0", b'{"act"\0\0'])
def test_a_torn_line_of_the_journal_was_never_said(life: At, tail: bytes) -> None:
    now = life("sealed")
    journal = now.path("record/journal.jsonl")
    journal.write_bytes(journal.read_bytes() + tail)
    assert now.run("watch", "verify", "record", "--jobs", "1").code == 1
    now.ok("box", "open", "record", "--time", "2030-05-01T06:00:00Z")
    now.ok("watch", "verify", "record", "--jobs", "1")


def test_an_empty_journal_is_refused_with_a_sentence(life: At) -> None:
    now = life("sealed")
    now.path("record/journal.jsonl").write_bytes(b"")
    done = now.run("box", "open", "record", "--time", "2030-05-01T06:00:00Z")
    assert (done.code, "it is not even frozen" in done.err) == (1, True)
    assert "[8.8 JournalMalformed]" in now.run("watch", "verify", "record", "--jobs", "1").err


@pytest.mark.parametrize("name", ["journal.jsonl", "fingerprints.json"])
@pytest.mark.parametrize("what", ["gone", "a folder"])
def test_a_missing_part_of_the_record_is_refused(life: At, name: str, what: str) -> None:
    now = life("voted")
    now.path(f"record/{name}").unlink()
    if what == "a folder":
        now.path(f"record/{name}").mkdir()
    done = now.run("watch", "verify", "record", "--jobs", "1", "--json")
    assert (done.code, '"verdict":"refused"' in done.out) == (1, True), done


def test_what_a_killed_process_left_of_the_fingerprints_is_swept_away(life: At) -> None:
    now = life("voted")
    left = now.path(f"record/.{record_module.Record(now.path('record')).fingerprints_path.name}.123.partial")
    left.write_text("{")
    now.ok("box", "close", "record", "--time", "2030-05-03T18:00:00Z")
    assert not left.exists()
    now.ok("watch", "verify", "record", "--jobs", "1")
