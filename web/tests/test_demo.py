"""The demo, from nothing to a site on which somebody else can vote."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from sanduq.rehearse.reading import read_draft

ROOT = Path(__file__).resolve().parents[2]
HARBOUR = ROOT / "rehearsal" / "harbour" / "referendum.toml"


def free_port() -> str:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return str(probe.getsockname()[1])


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def test_a_port_in_use_is_said_before_anything_is_done(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = str(other.getsockname()[1])
        command = [str(ROOT / "scripts" / "demo.sh"), "--port", port, "--out", str(tmp_path / "demo")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"port {port} is in use" in done.stderr
    assert "PORT=8100" in done.stderr
    assert not (tmp_path / "demo").exists()


def test_the_press_sites_port_is_asked_for_too(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        taken = str(other.getsockname()[1])
        command = [str(ROOT / "scripts" / "demo.sh"), "--port", free_port(), "--press-port", taken]
        done = subprocess.run([*command, "--out", str(tmp_path / "demo")], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"port {taken} is in use" in done.stderr
    assert "PRESS_PORT=8101" in done.stderr


@pytest.mark.long
def test_demo(tmp_path: Path) -> None:
    """Records and news are there, invented people have voted, letters wait; and when it is ended, nothing of it runs on."""
    port, press_port, booth_port, out = free_port(), free_port(), free_port(), tmp_path / "demo"
    command = [str(ROOT / "scripts" / "demo.sh"), "--port", port, "--press-port", press_port, "--booth-port", booth_port]
    command += ["--out", str(out)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SANDUQ_", "DJANGO_"))}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as demo:
        assert demo.stdout is not None
        said = []
        for line in demo.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                break
        assert f"==> the vote site:  http://localhost:{port}\n" in said, "".join(said[-30:])
        assert f"==> the press site: http://localhost:{press_port}\n" in said, "".join(said[-30:])
        front = read(f"http://localhost:{press_port}/fa/")
        assert "پیک دریاچه" in front
        assert "/fa/news/lake-level/" in front
        assert (out / "press" / "press.db").exists()
        anchors = [(out / "record.anchor").read_text().strip()]
        page = read(f"http://localhost:{port}/en/")
        assert anchors[0] in page
        assert "The harbour clock" in page
        assert "rejected" in read(f"http://localhost:{port}/en/{anchors[0]}/result/")
        links = (out / "open" / "links.txt").read_text().splitlines()
        assert [line.split()[-1].rsplit("l=")[-1] for line in links] == ["en", "az", "fa", "tr"]
        assert {path.stem for path in (out / "open" / "letters").iterdir()} == {"heron", "willow", "lantern", "almond"}
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(20) == 0
    for used in (port, press_port, booth_port):
        socket.create_server(("127.0.0.1", int(used))).close()


def test_the_open_vote_is_a_sound_draft() -> None:
    """Six languages, two regions, and areas that can be well above the minimum of ballots."""
    draft = read_draft(HARBOUR)
    assert draft.languages == ("en", "az", "azb", "fa", "ar", "tr")
    assert {area.parent for area in draft.areas} == {"upper", "lower"}
    assert min(area.electorate for area in draft.areas) >= 4 * draft.minimum > 0
