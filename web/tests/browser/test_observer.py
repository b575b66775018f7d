"""An observer with the three lines of the watch page, and with a tool that others wrote."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from browser.conftest import Visit
from browser.town import Town
from oracle.peer import Peer
from oracle.tool import find_tool
from oracle.verdicts import they_verify
from rig import Rig


@pytest.fixture(scope="module")
def voted(town: Town) -> Rig:
    """There is something to verify, also where this is the only test that runs."""
    with closing(town.client()) as client:
        assert client.cast("isle", town.rig.ballots["isle"][2])[0] == 201
    return town.rig


def _follow(town: Town, visit: Visit, rig: Rig, folder: Path) -> str:
    """Do what the page prints, in a folder; gives what the last line said."""
    page = visit().page
    page.goto(town.page("watch/", rig=rig))
    download, install, verify = page.locator("main pre").inner_text().splitlines()
    assert install == "pip install sanduq"
    clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    subprocess.run(shlex.split(download), cwd=folder, check=True, env=clean, capture_output=True)
    own = [sys.executable, "-m", *shlex.split(verify)]
    assert own[-1] == rig.anchor
    return subprocess.run(own, cwd=folder, check=True, env=clean, capture_output=True, text=True).stdout


@pytest.mark.long
@pytest.mark.parametrize("phase", ["open", "decided"])
def test_the_printed_lines_download_and_verify(town: Town, visit: Visit, voted: Rig, phase: str, tmp_path: Path) -> None:
    if shutil.which("wget") is None:
        pytest.skip("wget is not here")
    rig = voted if phase == "open" else town.decided
    said = _follow(town, visit, rig, tmp_path)
    assert rig.anchor in said
    assert "VERIFIED by the " in said
    assert ("REJECTED" in said.upper()) == (phase == "decided"), said
    tool = find_tool()
    if isinstance(tool, str):
        pytest.skip(f"belenios-tool cannot be had: {tool}")
    archives = sorted((tmp_path / rig.anchor).rglob("*.bel"))
    assert len(archives) == len(rig.setup.areas)
    for archive in archives:
        alone = tmp_path / archive.stem
        alone.mkdir()
        they_verify(Peer(tool), shutil.copy(archive, alone / archive.name))


@pytest.mark.long
def test_a_record_that_was_changed_is_refused(town: Town, visit: Visit, voted: Rig, tmp_path: Path) -> None:
    if shutil.which("wget") is None:
        pytest.skip("wget is not here")
    _follow(town, visit, voted, tmp_path)
    area = voted.area("hill")
    archive = tmp_path / voted.anchor / "areas" / "hill" / f"{area.uuid}.bel"
    raw = bytearray(archive.read_bytes())
    raw[-700] ^= 1
    archive.write_bytes(raw)
    command = [sys.executable, "-m", "sanduq", "watch", "verify", voted.anchor, "--anchor", voted.anchor]
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done
