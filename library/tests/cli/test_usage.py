"""Wrong usage, help, output for machines, and texts of others on a terminal."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import shlex
import shutil
import termios
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest
import typer.main

import plan_files
from cli.child import start
from cli.commands import COMMANDS, real_commands, words
from cli.hand import Life, no_trace, run, tree
from sanduq.cli import app

At = Callable[[str], Life]
FORGED = Path(__file__).resolve().parents[3] / "vectors" / "forged"
HONEST = FORGED.parent / "honest"
KEYS = "verdict step error phase height head anchor ballots counted result outcome engine hints".split()


# --- wrong usage -------------------------------------------------------------------------------------------------------------

WRONG = [
    ["nonsense"],
    ["--nonsense"],
    ["watch", "nonsense"],
    ["watch", "verify"],
    ["watch", "verify", "a", "b"],
    ["watch", "verify", "a", "--nonsense"],
    ["watch", "verify", "a", "--anchor"],
    ["watch", "verify", "a", "--jobs", "0"],
    ["watch", "verify", "a", "--jobs", "x"],
    ["watch", "verify", "a", "--final=yes"],
    ["keys", "begin", "--index", "0", "--threshold", "2", "--size", "3", "--out", "x"],
    ["keys", "begin", "--index", "1", "--threshold", "2", "--size", "101", "--out", "x"],
    ["keys", "begin", "--index", "1", "--threshold", "2", "--size", "4", "--out", "x"],
    ["keys", "begin", "--index", "1", "--threshold", "3", "--size", "3", "--out", "x"],
    ["keys", "begin", "--index", "1", "--threshold", "1", "--size", "1", "--out", "x"],
    ["keys", "begin", "--index", "9" * 5000, "--threshold", "2", "--size", "3", "--out", "x"],
    ["roll", "credentials", "--count", "0", "--out", "x"],
    ["roll", "credentials", "--count", "-1", "--out", "x"],
    ["roll", "credentials", "--count", "5000001", "--out", "x"],
    ["roll", "credentials", "--count", "1", "--uuid", "", "--out", "x/y/z", "--voters", "q"],
    ["box", "open", "record", "--time", "yesterday"],
    ["box", "open", "record", "--time", "2030-02-30T00:00:00Z"],
    ["box", "open", "record", "--time", "2030-05-01T06:00:00+02:00"],
    ["box", "open", "record", "--time", ""],
    ["count", "decrypt", "record"],
    ["booth", "seal", "--archive", "north.bel", "--credential", "n1", "--out", "x"],
    ["disc", "sign", "disc", "--key", "k", "--edition", "0"],
    ["disc", "sign", "disc", "--key", "k", "--edition", "1000000000"],
    ["disc", "sign", "disc", "--key", "k"],
    ["disc", "verify", "record", "--fingerprint", "abandon"],
    ["disc", "verify", "record", "--key"],
    ["disc", "verify", "nowhere"],
    ["disc", "key", "--out", "x"],
    ["disc", "renew", "a", "--key", "b", "--out", "x"],
    ["rehearse", "island.toml", "--out", "x", "--scale", "x"],
    ["rehearse", "island.toml", "--out", "x", "--scale", "0"],
    ["rehearse", "island.toml", "--out", "x", "--scale", "1/0"],
    ["rehearse", "island.toml", "--out", "x", "--scale", "-1"],
    ["rehearse", "island.toml", "--out", "x", "--merge", "0"],
    ["rehearse", "--out", "x"],
]


@pytest.mark.parametrize("typed", WRONG, ids=lambda typed: " ".join(typed)[:60])
def test_wrong_usage_has_status_2_and_a_sentence(life: At, typed: list[str]) -> None:
    now = life("sealed")
    plan_files.write(now.folder)
    before = tree(now.folder)
    done = now.run(*typed)
    no_trace(done)
    assert (done.code, done.out, len(done.err) < 6000) == (2, "", True)
    assert tree(now.folder) == before


@pytest.mark.parametrize("group", [[], ["watch"], ["box"], ["booth"], ["count"], ["keys"], ["roll"], ["question"], ["disc"]])
def test_without_a_command_there_is_help_and_status_2(group: list[str]) -> None:
    done = run(*group)
    assert (done.code, "Usage: sanduq" in done.said) == (2, True)


_SEAL = ("booth", "seal", "--archive", "north.bel", "--credential", "n1", "--out", "x")
CHOICES = [b"", b"[", b"[]", b"[[]]", b"[[1,0,0],[1,0,0]]", b"[[1,0]]", b"[[true,0,0]]", b"[[1.0,0,0]]", b"{}", b"1", b"\xff"]
CHOICES += [b"[[1,1,0]]", b"[[0,0,0]]", b"[" * 100_000, b" " * 200_000]


@pytest.mark.parametrize(
    "choices",
    [
        pytest.param(each, id=each[:20].decode("latin-1"), marks=[pytest.mark.long] if at % 3 else [])
        for at, each in enumerate(CHOICES)
    ],
)
def test_choices_that_are_none(life: At, choices: bytes) -> None:
    now = life("sealed")
    now.path("choices").write_bytes(choices)
    for done in (now.run(*_SEAL, "--choices", "-", typed=choices), now.run(*_SEAL, "--choices", "choices")):
        no_trace(done)
        assert not now.path("x").exists()


def test_choices_from_standard_input(life: At) -> None:
    now = life("sealed")
    assert now.run(*_SEAL, "--choices", "-", typed=b"[[0,1,0]]\n").code == 0
    asked = now.run(*_SEAL[:-1], "y")
    assert (asked.code, asked.err.splitlines()[0]) == (2, "error: no choices")


def test_a_terminal_is_asked_until_the_question_allows_it(life: At) -> None:
    now = life("sealed")
    ours, theirs = pty.openpty()
    child = start(*_SEAL, cwd=now.folder, stdin=theirs)
    os.write(ours, b"\nx\n0\n9\n2 3\n1,2\n2 2\n99999999999\n3\n")
    out, err = child.communicate(timeout=60)
    os.close(theirs)
    os.close(ours)
    assert (child.returncode, "Traceback" in err) == (0, False), err
    assert out.splitlines()[:4] == ["Shall the bridge be built?", "  1  blank", "  2  Yes", "  3  No"]
    now.ok("booth", "challenge", "x", "--out", "opened")
    shown = next(line.split()[-1] for line in out.splitlines() if "hash    " in line)
    checked = now.ok("booth", "check", "opened", "--archive", "north.bel", "--hash", shown)
    assert checked.out.startswith("Shall the bridge be built?: No\n")


@pytest.mark.parametrize("end", [b"\x04", b"\x03"])
def test_who_goes_away_at_the_question_has_sealed_nothing(life: At, end: bytes) -> None:
    now = life("sealed")
    ours, theirs = pty.openpty()
    child = start(*_SEAL, cwd=now.folder, stdin=theirs, preexec_fn=_owns_terminal)
    assert child.stdout is not None
    while "3  No" not in child.stdout.readline():
        pass
    time.sleep(0.3)
    os.write(ours, end)
    _, err = child.communicate(timeout=60)
    os.close(theirs)
    os.close(ours)
    assert (child.returncode, err.splitlines()[-1], now.path("x").exists()) == (130, "error: stopped", False)


def _owns_terminal() -> None:
    """In the child: Ctrl-C at this terminal is for this process."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_an_engine_that_does_not_exist(life: At) -> None:
    done = life("voted").run("watch", "verify", "record", "--json", env={"SANDUQ_ENGINE": "nonsense"})
    assert (done.code, done.out) == (2, "")
    assert done.err == "error: no engine is called 'nonsense'\nhint: SANDUQ_ENGINE is python or rust\n"


@pytest.mark.parametrize("engine", ["python", "rust"])
def test_the_report_names_the_engine(life: At, engine: str) -> None:
    done = life("voted").run("watch", "verify", "record", "--json", "--jobs", "1", env={"SANDUQ_ENGINE": engine})
    assert (done.code, json.loads(done.out)["engine"]) == (0, engine)


# --- help --------------------------------------------------------------------------------------------------------------------


def _examples(command: click.Command) -> list[list[str]]:
    text = " ".join((command.help or "").split())
    found = re.findall(r"Example: (sanduq [a-z].*?)(?= Example: |$)", text)
    return [shlex.split(example)[1:] for example in found]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.long] if at % 3 else []) for at, name in enumerate(sorted(COMMANDS))]
)
def test_help_has_an_example_that_can_be_typed(name: str) -> None:
    command = dict(real_commands())[name]
    examples = _examples(command)
    assert len(examples) == 1, command.help
    for typed in examples:
        assert typed[: len(name.split())] == name.split()
        with command.make_context(name, typed[len(name.split()) :]) as context:
            assert context.params
    done = run(*name.split(), "--help")
    assert (done.code, "Example: sanduq" in done.out) == (0, True)


def test_the_help_of_all_of_it_names_every_word() -> None:
    done = run("--help")
    assert done.code == 0
    assert [word for word in "roll question keys booth box count watch rehearse".split() if word not in done.out] == []
    whole = typer.main.get_command(app)
    with whole.make_context("sanduq", ["watch", "verify", "x"]) as context:
        assert context.command is whole


def test_the_version() -> None:
    done = run("--version")
    assert (done.code, bool(re.fullmatch(r"sanduq \d+\.\d+\.\d+\S*\n", done.out)), done.err) == (0, True, "")


# --- for machines ------------------------------------------------------------------------------------------------------------


def _verify(*typed: object, cwd: Path) -> tuple[int, dict[str, object]]:
    done = run("watch", "verify", *typed, "--json", "--jobs", "1", cwd=cwd)
    assert done.out.count("\n") == 1
    value = json.loads(done.out)
    assert list(value) == KEYS
    assert value["verdict"] == ("refused" if done.code else "accepted")
    assert (done.code == 0) is (value["error"] is None)
    return done.code, value


@pytest.mark.parametrize("name", ["referendum", "running", "closed", "no-ballots", "weights"])
def test_verify_json_of_an_honest_archive(tmp_path: Path, name: str) -> None:
    code, value = _verify(HONEST / f"{name}.bel", cwd=tmp_path)
    assert (code, value["step"], value["outcome"]) == (0, None, None)
    finished = value["phase"] == "counted"
    assert (value["result"] is not None) is finished
    code, value = _verify(HONEST / f"{name}.bel", "--final", cwd=tmp_path)
    assert (code, value["step"]) == ((0, None) if finished else (1, "8.14"))
    code, value = _verify(HONEST / f"{name}.bel", "--anchor", "0" * 64, cwd=tmp_path)
    assert (code, value["step"], value["result"]) == (1, "8.1", None)


@pytest.mark.parametrize("path", sorted(FORGED.glob("*.bel")), ids=lambda path: path.stem)
def test_verify_json_of_a_forged_archive(tmp_path: Path, path: Path) -> None:
    code, value = _verify(path, cwd=tmp_path)
    assert (code, value["result"], value["outcome"]) == (1, None, None)
    assert value["step"]


def _without(name: str) -> Callable[[Life], object]:
    return lambda now: now.path(f"record/{name}").unlink()


def _more(name: str, data: bytes) -> Callable[[Life], object]:
    return lambda now: now.path(f"record/{name}").write_bytes(now.path(f"record/{name}").read_bytes() + data)


REFUSED: dict[str, tuple[Callable[[Life], object], str]] = {
    "no journal": (_without("journal.jsonl"), "8.8"),
    "no fingerprints": (_without("fingerprints.json"), "8.12"),
    "no archive": (lambda now: now.archive("north").unlink(), "8.2"),
    "no folder of an area": (lambda now: shutil.rmtree(now.path("record/areas/north")), "8.2"),
    "another archive": (lambda now: now.path("record/areas/north/NorthBankTest2.bel").write_bytes(b""), "8.4"),
    "another area": (lambda now: now.path("record/areas/west").mkdir(), "8.3"),
    "another file": (lambda now: now.path("record/readme").write_text(""), "8.13"),
    "another file of an area": (lambda now: now.path("record/areas/north/readme").write_text(""), "8.13"),
    "a file in the place of an area": (lambda now: now.path("record/areas/x").write_text(""), "8.3"),
    "a setup with a space more": (_more("setup.json", b" "), "2.8"),
    "a setup that is none": (lambda now: now.path("record/setup.json").write_text("{}"), "2.7"),
    "a line of the journal": (_more("journal.jsonl", b"{}\n"), "8.8"),
    "half a line of the journal": (_more("journal.jsonl", b"{"), "8.8"),
    "an archive cut": (lambda now: now.archive("north").write_bytes(now.archive("north").read_bytes()[:-1]), "0.6"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_verify_json_of_a_record_that_is_not_in_order(life: At, name: str) -> None:
    now = life("decided")
    spoil, step = REFUSED[name]
    spoil(now)
    code, value = _verify("record", cwd=now.folder)
    assert (code, value["step"], value["result"], value["outcome"]) == (1, step, None, None)


@pytest.mark.parametrize("moment", ["frozen", "open", "voted", "closed", "summed", "decided"])
def test_verify_final_at_every_moment(life: At, moment: str) -> None:
    now = life(moment)
    code, value = _verify("record", "--anchor", now.anchor, cwd=now.folder)
    assert (code, value["anchor"]) == (0, now.anchor)
    assert (value["outcome"] is not None) is (moment == "decided")
    code, value = _verify("record", "--anchor", now.anchor, "--final", cwd=now.folder)
    assert (code, value["step"]) == ((0, None) if moment == "decided" else (1, "8.14"))


def test_several_areas_at_once_say_the_same(life: At) -> None:
    now = life("decided")
    one, two = (run("watch", "verify", "record", "--json", "--jobs", jobs, cwd=now.folder) for jobs in ("1", "1"))
    assert one == two
    done = now.run("watch", "compare", "north.bel", "south.bel", "--json")
    assert (done.code, json.loads(done.out)["step"]) == (1, "8.15")


# --- texts of others on a terminal -------------------------------------------------------------------------------------------


def test_names_of_areas_are_no_markup(life: At) -> None:
    now = life("sealed")
    areas = now.path("bridge/areas.csv")
    areas.write_text(areas.read_text("utf-8").replace("North bank", "North [/red] :smile: [link=x]bank"), "utf-8")
    now.ok(*words(COMMANDS["question freeze"][1], {})[0])
    said = now.ok("watch", "verify", "new", "--jobs", "1").out
    assert [part for part in ("north North [/red] :smile:", "[link=x]bank") if part not in said] == []


@pytest.mark.parametrize("evil", ["\\u001b[2J\\u001b[1A", "x\\nVERIFIED", "\u202eN", "\\r\\u0007\\b", "\u2028", "\x9b2J"])
def test_a_setup_cannot_speak_for_us(life: At, evil: str) -> None:
    """Whoever writes the texts of a setup cannot hide lines with them, or make up new ones."""
    now = life("sealed")
    setup = now.path("record/setup.json")
    shown = now.ok("question", "show", "record").out
    setup.write_text(setup.read_text("utf-8").replace("The bridge", f"{evil} The bridge").replace("Yes", evil), "utf-8")
    done = now.run("question", "show", "record")
    if done.code == 0:
        assert done.out.count("\n") == shown.count("\n")
    assert [letter for letter in done.said if letter != "\n" and not letter.isprintable()] == []
    done = now.run("watch", "verify", "record", "--jobs", "1")
    assert (done.code, "\nVERIFIED" in done.said) == (1, False)


def test_a_refusal_that_quotes_stays_on_one_line(life: At) -> None:
    now = life("sealed")
    heads = {"SouthBankTest1": "\nVERIFIED by the rust engine\x1b[1A"}
    now.path("heads").write_text(json.dumps({"owner": 3, "heads": heads}))
    done = now.decrypt()
    assert (done.code, done.err.count("\n"), "\x1b" in done.err) == (1, 1, False)


# --- rehearse ----------------------------------------------------------------------------------------------------------------


def test_rehearse_then_verify(tmp_path: Path) -> None:
    plan_files.write(tmp_path)
    done = run("rehearse", "island.toml", "--scale", "1/10", "--out", "record", "--json", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    played = json.loads(done.out)
    assert (played["areas"], "Scaled by 1/10" in played["figures"]) == (3, True)
    code, value = _verify("record", "--anchor", played["anchor"], "--final", cwd=tmp_path)
    assert (code, value["phase"], value["ballots"]) == (0, "decided", played["ballots"])
    assert value["outcome"] == played["outcome"]
    again = run("rehearse", "island.toml", "--scale", "1/10", "--out", "record", cwd=tmp_path)
    assert (again.code, again.err.splitlines()[0]) == (2, "error: record is not empty")


def test_rehearse_as_a_stream_leaves_no_archives(tmp_path: Path) -> None:
    plan_files.write(tmp_path)
    done = run("rehearse", "island.toml", "--scale", "1/20", "--out", "record", "--stream", cwd=tmp_path)
    assert done.code == 0, done
    assert sorted(path.name for path in (tmp_path / "record").rglob("*") if path.is_file())[-1] == "verified.jsonl"
    assert list((tmp_path / "record").rglob("*.bel")) == []
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("typed", [("wach",), ("watch", "verfy"), ("watch", "verify", "--ancor", "1", "x")])
def test_a_slip_is_mended_once(typed: tuple[str, ...]) -> None:
    done = run(*typed)
    assert (done.code, done.err.count("Did you mean")) == (2, 1), done.err
