"""The tool, and those who can do an election's work: the tool and sanduq, with either engine, by library and command line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from oracle.command import CommandLine
from oracle.ours import Ours
from oracle.party import Party
from oracle.peer import Peer
from oracle.tool import Tool, find_tool


@pytest.fixture(scope="session")
def tool() -> Tool:
    """belenios-tool; where it cannot be had the test is skipped and says why."""
    found = find_tool()
    if isinstance(found, str):
        pytest.skip(f"belenios-tool cannot be had: {found}")
    return found


@pytest.fixture(scope="session")
def peer(tool: Tool) -> Peer:
    """The tool as a party."""
    return Peer(tool)


@pytest.fixture(scope="session")
def party(peer: Peer) -> Callable[[str], Party]:
    """A party by its name: tool, python, rust, or cli."""
    known: dict[str, Party] = {"tool": peer, "python": Ours("python", "python"), "rust": Ours("rust", "rust")}
    known["cli"] = CommandLine("cli", "rust")
    return known.__getitem__
