"""The driver itself: no test is passed because a call failed unseen, or skipped without a reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oracle import tool as driver
from oracle.tool import Tool, ToolFailed, find_tool


def script(folder: Path, text: str) -> Path:
    """An executable shell script."""
    path = folder / "script.sh"
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)
    return path


def test_a_failure_tells_the_whole_call(tmp_path: Path) -> None:
    tool = Tool(script(tmp_path, "cat; echo because >&2; exit 3"))
    with pytest.raises(ToolFailed) as caught:
        tool.run(tmp_path, "election", "verify", given=b"the input")
    told = str(caught.value)
    for part in ("election verify", "failed", "exit status 3", "said: because", "printed: the input", "files: script.sh"):
        assert part in told


def test_success_is_no_refusal(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="did not refuse"):
        Tool(script(tmp_path, "echo all is well")).refuses(tmp_path, "election", "verify")


def test_a_refusal_is_what_it_says(tmp_path: Path) -> None:
    assert Tool(script(tmp_path, "echo no >&2; exit 1")).refuses(tmp_path, "x") == "no\n"


def test_no_call_waits_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "SECONDS", 0.2)
    tool = Tool(script(tmp_path, "exec sleep 60"))
    for call in (tool.run, tool.refuses):
        with pytest.raises(ToolFailed, match="no answer in"):
            call(tmp_path, "election", "verify")


FOUND = 'mkdir -p "$1" && echo made > "$1/belenios-tool"'
FETCHED = [
    ("the script gets it", FOUND, None),
    ("it cannot be had", 'echo "no network" > "$1.missing"; exit 3', "no network"),
]


@pytest.mark.parametrize(("text", "reason"), [row[1:] for row in FETCHED], ids=[row[0] for row in FETCHED])
def test_the_tool_is_found_or_a_reason_is_told(text: str, reason: str | None, tmp_path: Path) -> None:
    home = tmp_path / "tools" / "belenios-tool"
    expected = Tool(home / "belenios-tool") if reason is None else reason
    assert find_tool(script(tmp_path, text), home) == expected
    # What is known is not asked for again: `make oracle` tries anew.
    assert find_tool(script(tmp_path, "exit 1"), home) == expected


def test_without_the_script_that_is_the_reason(tmp_path: Path) -> None:
    assert re.search("not beside these tests", str(find_tool(tmp_path / "script.sh", tmp_path / "tools" / "belenios-tool")))


def test_a_broken_script_is_a_failure_and_no_reason_to_skip(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="exit status 1\nbroken"):
        find_tool(script(tmp_path, "echo broken >&2; exit 1"), tmp_path / "tools" / "belenios-tool")
