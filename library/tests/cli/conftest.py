"""The life of a referendum by hand is played once for all workers; each test gets a copy of a moment of it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.commands import prepare
from cli.hand import Life
from cli.transcript import Player
from registrar_rig import build

TRANSCRIPTS = Path(__file__).parent / "transcripts"


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``threshold.txt``, and from its moment ``sealed`` on ``supervised.txt``, played: a folder for each moment, and
    ``played.json`` with what was said, and what the names stand for in the one and in the other."""
    base = tmp_path_factory.getbasetemp()
    root = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "played"
    root.mkdir(exist_ok=True)
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "played.json").exists():
            shutil.rmtree(root / "now", ignore_errors=True)
            (root / "now").mkdir()
            player = Player(root / "now", lambda name: shutil.copytree(root / "now", root / name) and None)
            player.play((TRANSCRIPTS / "threshold.txt").read_text("utf-8"))
            told = {"names": player.names, "said": player.said}
            shutil.rmtree(root / "now")
            shutil.copytree(root / "sealed", root / "now")
            prepare(root / "now")
            player = Player(root / "now", lambda name: shutil.copytree(root / "now", root / name) and None)
            player.play((TRANSCRIPTS / "supervised.txt").read_text("utf-8"))
            (root / "played.json").write_text(json.dumps(told | {"supervised": player.names}), "utf-8")
    return root


@pytest.fixture
def life(played: Path, tmp_path: Path) -> Callable[[str], Life]:
    """A copy of the life at one moment: ``life("summed")``."""

    def at(moment: str) -> Life:
        folder = tmp_path / moment
        shutil.copytree(played / moment, folder)
        told = json.loads((played / "played.json").read_text("utf-8"))
        names = told["supervised" if (folder / "court").exists() else "names"]
        return Life(folder, names["ANCHOR"], tuple(told["said"]))

    return at


@pytest.fixture(scope="session")
def registrars_room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a registrar has, as :mod:`registrar_rig` builds it."""
    folder = tmp_path_factory.mktemp("registrar")
    build(folder)
    return folder


@pytest.fixture
def here(registrars_room: Path, tmp_path: Path) -> Path:
    """A copy of the registrar's room."""
    return Path(shutil.copytree(registrars_room, tmp_path / "room"))
