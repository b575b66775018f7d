"""The doctor of editions: exit status, what is named, what to type."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest

from sanduq_web.command import run
from sanduq_web.disc import doctor


def test_what_is_missing_is_named_with_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run(["disc", "doctor"]) == 1
    said = capsys.readouterr()
    assert "missing  xorriso      -          disc images: apt-get install xorriso\n" in said.out
    assert "optional kiwix-serve  -          tries archives: apt-get install kiwix-tools\n" in said.out
    assert "not there: xorriso" in said.err
    assert "hint: apt-get install xorriso" in said.err


def test_all_that_is_necessary_is_enough(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def version(necessary: bool) -> Callable[[], str | None]:
        return lambda: "1" if necessary else None

    found = tuple(replace(each, version=version(each.necessary)) for each in doctor.TOOLS)
    monkeypatch.setattr(doctor, "TOOLS", found)
    assert run(["disc", "doctor", "--json"]) == 0
    assert all(bool(each["version"]) == each["necessary"] for each in json.loads(capsys.readouterr().out))


def test_versions_are_those_that_are_installed(capsys: pytest.CaptureFixture[str]) -> None:
    run(["disc", "doctor", "--json"])
    found = {each["name"]: each for each in json.loads(capsys.readouterr().out)}
    assert found["libzim"]["version"] == metadata.version("libzim")
    assert found["pandoc"]["version"].startswith("3.")
    assert not found["epubcheck"]["necessary"]


def test_what_says_no_version_or_hangs_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "mat2"
    program.write_text("#!/bin/sh\necho no number\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert doctor._program("mat2", "--version")() == "there"
    program.write_text("#!/none/such\n")
    assert doctor._program("mat2", "--version")() is None
