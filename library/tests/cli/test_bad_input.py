"""Anything in the place of every file that a command reads: an answer in a sentence, nothing changed, and no secret in it."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from cli.commands import COMMANDS, INPUTS, instead, prepare, real_commands, words
from cli.hand import Life, no_trace, tree
from cli.secrets import secrets_of

At = Callable[[str], Life]
SECRETS = ["ann/trustee.key", "ann/trustee.dkey", "chair/trustee.privkey", "box/box.key", "n1", "v/1.sealed"]
SECRETS += ["ann/trustee.polynomial", "rolls/north/NorthBankTest1.credentials.csv", "press/press.key", "disc/edition.key"]


def _junk(path: Path) -> None:
    path.write_bytes(random.Random(7).randbytes(5000))


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 33)


BAD: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: None,
    "in no folder": lambda path: None,
    "empty": lambda path: path.touch(),
    "a folder": lambda path: path.mkdir(),
    "a folder with something": lambda path: (path.mkdir(), (path / "setup.json").write_text("{}")),
    "a folder with a folder": lambda path: (path / "setup.json").mkdir(parents=True),
    "junk": _junk,
    "a word": lambda path: path.write_text("hello\n"),
    "no UTF-8": lambda path: path.write_bytes(b'{"uuid":"\xff\xfe"}\n'),
    "zeros": lambda path: path.write_bytes(bytes(2048)),
    "brackets": lambda path: path.write_text("[" * 100_000),
    "objects": lambda path: path.write_text('{"a":' * 100_000),
    "digits": lambda path: path.write_text("7" * 1_000_000),
    "a number": lambda path: path.write_text("7"),
    "no number": lambda path: path.write_text("NaN"),
    "half a pair": lambda path: path.write_text('"\\ud800"'),
    "huge": _sparse,
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to itself": lambda path: path.symlink_to(path.name),
}
SOME = ("missing", "junk", "huge")
IN_TURN = [pytest.param(*each, marks=[pytest.mark.long] if at % 8 else []) for at, each in enumerate(INPUTS)]
HALF = [pytest.param(*each, marks=[pytest.mark.long] if at % 4 else []) for at, each in enumerate(INPUTS)]
"""Every fourth or second one at once, all in ``make test-all``."""


def _ready(life: At, played: Path, moment: str) -> tuple[Life, dict[str, str]]:
    now = life(moment)
    prepare(now.folder)
    if not now.path("v/1.sealed").exists() or moment != "sealed":
        shutil.copy(played / "sealed" / "v" / "1.sealed", now.path("v/1.sealed"))
    return now, {"ANCHOR": now.anchor, "HASH": "0" * 43}


@pytest.mark.parametrize("kinds", [SOME, pytest.param(tuple(set(BAD) - set(SOME)), marks=pytest.mark.long)])
@pytest.mark.parametrize(("name", "number"), HALF)
def test_anything_is_answered_with_a_sentence(life: At, played: Path, name: str, number: int, kinds: tuple[str, ...]) -> None:
    moment, text = COMMANDS[name]
    now, names = _ready(life, played, moment)
    typed, inputs = words(text, names)
    before, good = tree(now.folder), typed[inputs[number]]
    for what in kinds:
        bad = now.path("nowhere/bad" if what == "in no folder" else "bad")
        BAD[what](bad)
        typed[inputs[number]] = instead(good, str(bad.relative_to(now.folder)))
        done = now.run(*typed)
        no_trace(done)
        assert len(done.err) < 3000
        _remove(bad)
    assert tree(now.folder) == before


@pytest.mark.parametrize("name", ["booth seal", "booth cast", "box cast", "keys polynomial", "count decrypt"])
def test_a_file_without_end_is_not_read_to_its_end(life: At, played: Path, name: str) -> None:
    moment, text = COMMANDS[name]
    now, names = _ready(life, played, moment)
    typed, inputs = words(text, names)
    for number in inputs:
        if typed[number] in ("n1", "v/9.ballot", "box/box.key", "ann/trustee.key"):
            done = now.run(*typed[:number], "/dev/zero", *typed[number + 1 :])
            assert (done.code, "is larger than" in done.err) == (2, True), done


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@pytest.mark.parametrize(("name", "number"), IN_TURN)
def test_a_name_that_is_no_text_is_shown_and_not_stumbled_over(life: At, played: Path, name: str, number: int) -> None:
    moment, text = COMMANDS[name]
    now, names = _ready(life, played, moment)
    typed, inputs = words(text, names)
    strange = os.fsdecode(b"caf\xe9-\x1b[31m\n:smile:-[bold]-[nothing")
    typed[inputs[number]] = instead(typed[inputs[number]], strange)
    missing = now.run(*typed)
    no_trace(missing)
    _junk(now.folder / strange)
    no_trace(now.run(*typed))
    assert "\x1b" not in missing.said


@pytest.mark.parametrize(("name", "number"), IN_TURN)
def test_a_secret_in_the_wrong_place_is_not_repeated(life: At, played: Path, name: str, number: int) -> None:
    moment, text = COMMANDS[name]
    now, names = _ready(life, played, moment)
    secrets = secrets_of(now.folder)
    typed, inputs = words(text, names)
    good = typed[inputs[number]]
    for secret_file in SECRETS:
        if name == "booth challenge" and secret_file == "v/1.sealed":
            continue  # this is what a challenge is for
        before = tree(now.folder)
        typed[inputs[number]] = instead(good, secret_file)
        done = now.run(*typed)
        assert [secret for secret in secrets if secret in done.said] == [], secret_file
        after = tree(now.folder)
        changed = {path: data for path, (mode, data) in after.items() if before.get(path, (0, b""))[1] != data and mode & 0o77}
        assert [path for path, data in changed.items() for secret in secrets if secret.encode() in data] == []
        if after != before:
            _back(now.folder, before)


def _back(folder: Path, before: dict[str, tuple[int, bytes]]) -> None:
    for path in tree(folder).keys() - before.keys():
        (folder / path).unlink()
    for path, (mode, data) in before.items():
        (folder / path).write_bytes(data)
        (folder / path).chmod(mode)


def test_these_are_all_commands_and_all_their_files() -> None:
    real = dict(real_commands())
    assert sorted(real) == sorted(COMMANDS)
    written = {"out", "receipt", "folder"}  # and of whatever folder there is, the files have a hash
    written |= {"signed", "supervisor"}  # where somebody supervises: transcripts/supervised.txt, and `supervise add` reads them
    for name, command in real.items():
        paths = {p.name for p in command.params if isinstance(p.type, click.Path) and p.name not in written}
        if name == "question new":
            paths = set()
        assert (name, COMMANDS[name][1].count("@") >= len(paths)) == (name, True), paths


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"rehearse"}))
def test_the_good_arguments_are_good(life: At, played: Path, name: str) -> None:
    moment, text = COMMANDS[name]
    now, names = _ready(life, played, moment)
    if name == "booth check":
        (names["HASH"],) = [line.split()[1] for said in now.said for line in said.splitlines() if line.startswith("hash ")][1:2]
    now.ok(*words(text, names)[0])
