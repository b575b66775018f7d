"""The hash of the booth's files: the shell's words in the specification, and what does not belong in."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from sanduq import errors
from sanduq.booth.files import booth_sha256

SPEC = Path(__file__).resolve().parents[2] / "spec" / "4-booth.md"
FILES = {"index.html": b"<!doctype html>", "assets/b.js": b"1", "assets/a-b.js": b"2", "assets/a/c.js": b"", "é.css": b"3"}


def _write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def test_it_is_what_the_shell_of_the_specification_says(tmp_path: Path) -> None:
    (line,) = re.findall(r"`cd dist && (find .*?)`", SPEC.read_text("utf-8"))
    folder = _write(tmp_path, FILES | {"config.json": b"{}", "assets/config.json": b"{}"})
    said = subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, text=True, check=True).stdout
    assert booth_sha256(folder) == said.split()[0]


def test_every_byte_and_every_name_counts_but_those_of_the_configuration(tmp_path: Path) -> None:
    hashes = {
        booth_sha256(_write(tmp_path / str(number), files))
        for number, files in enumerate(
            [
                FILES,
                FILES | {"index.html": b"<!doctype html> "},
                FILES | {"more.js": b""},
                {"x" + name: content for name, content in FILES.items()},
                FILES | {"assets/config.json": b"{}"},
            ]
        )
    }
    assert len(hashes) == 5
    assert booth_sha256(_write(tmp_path / "config", FILES | {"config.json": b"{}"})) in hashes


@pytest.mark.parametrize("files", [{}, {"config.json": b"{}"}])
def test_nothing_has_no_hash(tmp_path: Path, files: dict[str, bytes]) -> None:
    with pytest.raises(errors.Unusable, match="no files of a booth"):
        booth_sha256(_write(tmp_path, files))
