"""A record's folder in which something is not what it should be: a refusal, and nothing is opened that hangs or never ends."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import reader_examples as made
from sanduq import errors
from sanduq.archive import json
from sanduq.box.record import Record
from sanduq.engine import choose
from sanduq.question.setup import canonical
from sanduq.watch.record import verify_record

TERABYTES = 1 << 42


def _areas() -> list[tuple[str, str]]:
    return [(area["code"], area["uuid"]) for area in json.read(made.setup())["areas"]]


def _record(folder: Path) -> Path:
    """A record with the right files, though its archives are empty; gives the first archive."""
    nothing = {"height": 0, "head": "0" * 64, "size": 0, "sha256": "0" * 64}
    (folder / "setup.json").write_bytes(made.setup())
    (folder / "journal.jsonl").write_bytes(made.journal())
    (folder / "fingerprints.json").write_bytes(canonical({code: nothing | {"uuid": uuid} for code, uuid in _areas()}))
    for code, uuid in _areas():
        (folder / "areas" / code).mkdir(parents=True)
        (folder / "areas" / code / f"{uuid}.bel").write_bytes(b"")
    code, uuid = _areas()[0]
    return folder / "areas" / code / f"{uuid}.bel"


def _instead(path: Path, make: Callable[[Path], object]) -> None:
    """Something else in a file's place."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    make(path)


def _long(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(TERABYTES)


OTHERS: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: None,
    "a folder": Path.mkdir,
    "an empty file": Path.touch,
    "a pipe": os.mkfifo,
    "a link to itself": lambda path: path.symlink_to(path),
    "a link that climbs": lambda path: path.symlink_to("../../../../etc/passwd"),
    "a device without an end": lambda path: path.symlink_to("/dev/zero"),
    "terabytes": _long,
}


@pytest.mark.parametrize("what", OTHERS)
@pytest.mark.parametrize("name", ["setup.json", "journal.jsonl", "fingerprints.json", "areas", "area", "archive", "proofs"])
def test_something_else_in_a_place(tmp_path: Path, name: str, what: str) -> None:
    archive = _record(tmp_path)
    path = {"area": archive.parent, "archive": archive, "proofs": archive.with_suffix(".proofs")}.get(name, tmp_path / name)
    if name == "proofs":
        path.touch()
    _instead(path, OTHERS[what])
    with pytest.raises(errors.SanduqError):
        verify_record(Record(tmp_path), choose("rust"), None)
    if name == "journal.jsonl" and what != "an empty file":
        with pytest.raises(errors.SanduqError):
            Record(tmp_path).journal()


@pytest.mark.parametrize("name", [b"\xff\xfe", b"x\ny", b"\x1b[2J", b".hidden", b"-rf", b"a" * 255, "۱".encode()])
@pytest.mark.parametrize("where", ["", "areas", "area"])
def test_other_names(tmp_path: Path, name: bytes, where: str) -> None:
    archive = _record(tmp_path)
    folder = {"area": archive.parent}.get(where, tmp_path / where)
    os.close(os.open(os.fsencode(folder) + b"/" + name, os.O_CREAT))
    with pytest.raises((errors.AreaExtra, errors.RecordMalformed)):
        verify_record(Record(tmp_path), choose("rust"), None)
