"""Drives belenios-tool, which others wrote: one call after another, each in a folder of its own, each with a time limit."""

from __future__ import annotations

import fcntl
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "scripts" / "belenios_tool.sh"
HOME = ROOT / ".tools" / "belenios-tool"
SECONDS = 60
"""For one call: they take 0.05. (A few broken archives make it spin for ever.)"""
SECONDS_TO_FETCH = 400


class ToolFailed(AssertionError):
    """The tool did not do what a test is about; the message tells the whole call."""


@dataclass(frozen=True)
class Tool:
    """One belenios-tool. All that it is given and gives are bytes."""

    path: Path

    def run(self, folder: Path, *words: str, given: bytes = b"") -> bytes:
        """What the command prints, run in ``folder`` with ``given`` on its standard input; it must succeed."""
        done = self._call(folder, words, given)
        if done.returncode != 0:
            raise ToolFailed(_story("failed", words, folder, done))
        return done.stdout

    def refuses(self, folder: Path, *words: str, given: bytes = b"") -> str:
        """What the command says while it refuses, as it must."""
        done = self._call(folder, words, given)
        if done.returncode == 0:
            raise ToolFailed(_story("did not refuse", words, folder, done))
        return done.stderr.decode("utf-8", "replace")

    def _call(self, folder: Path, words: tuple[str, ...], given: bytes) -> subprocess.CompletedProcess[bytes]:
        # Without this it waits for the kernel's /dev/random on some machines. TERM=dumb: no colours in what it says.
        surroundings = os.environ | {"BELENIOS_USE_URANDOM": "1", "TERM": "dumb"}
        try:
            return subprocess.run(
                [str(self.path), *words],
                cwd=folder,
                input=given,
                capture_output=True,
                timeout=SECONDS,
                check=False,
                env=surroundings,
            )
        except subprocess.TimeoutExpired:
            raise ToolFailed(f"belenios-tool {' '.join(words)}: no answer in {SECONDS} seconds") from None


def _story(what: str, words: tuple[str, ...], folder: Path, done: subprocess.CompletedProcess[bytes]) -> str:
    files = " ".join(sorted(path.name for path in folder.iterdir()))
    said = [f"{name}: {_tail(text)}" for name, text in (("said", done.stderr), ("printed", done.stdout)) if text.strip()]
    head = f"belenios-tool {' '.join(words)}: {what}, exit status {done.returncode}"
    return "\n".join([head, f"files: {files}", *said])


def _tail(text: bytes, limit: int = 1500) -> str:
    shown = text.decode("utf-8", "replace").strip()
    return shown if len(shown) <= limit else f"…{shown[-limit:]}"


def find_tool(script: Path = SCRIPT, home: Path = HOME) -> Tool | str:
    """The tool, or why it cannot be had. Where it was never asked for, the project's script fetches it."""
    found, missing = home / "belenios-tool", home.with_name(f"{home.name}.missing")
    if not script.is_file():
        return f"{script.name}, which gets it, is not beside these tests"
    home.parent.mkdir(exist_ok=True)
    with home.with_name("fetching").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # several processes may run these tests
        if not found.exists() and not missing.exists():
            _fetch(script, home, missing)
    return Tool(found) if found.exists() else missing.read_text("utf-8").strip()


def _fetch(script: Path, home: Path, missing: Path) -> None:
    try:
        done = subprocess.run([str(script), str(home)], capture_output=True, timeout=SECONDS_TO_FETCH, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        missing.write_text(f"{script.name}: {error}\n", "utf-8")
        return
    if done.returncode not in (0, 3):
        raise ToolFailed(f"{script.name}: exit status {done.returncode}\n{_tail(done.stderr)}")
