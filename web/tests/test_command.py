"""The command: refuses with a sentence and a status, and a vote can be held with it from import to export."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from rig import ENGINE, Rig, make_rig
from sanduq.box import BoxKey
from sanduq.box.receipt import FILE_PREFIX
from sanduq.roll import Hashed, pins_text
from server import FORMAT, Site, database, open_now


@pytest.fixture(scope="module")
def rig_now(tmp_path_factory: pytest.TempPathFactory) -> Rig:
    return open_now(tmp_path_factory.mktemp("command") / "record", {"A": 6, "B": 4})


@pytest.fixture
def empty(rig_now: Rig, tmp_path: Path) -> Iterator[Site]:
    with database(tmp_path) as url:
        found = Site(url, rig_now)
        try:
            yield found
        finally:
            found.kill()


def _fails(site: Site, status: int, words: str, *arguments: str) -> None:
    command = [sys.executable, "-m", "sanduq_web", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=site.environment, check=False)
    assert (done.returncode, words in done.stderr) == (status, True), done
    assert "Traceback" not in done.stderr


def test_it_refuses_in_words(empty: Site, rig_now: Rig, tmp_path: Path) -> None:
    _fails(empty, 2, "sanduq-web migrate", "import", str(rig_now.path))
    empty.command("migrate")
    _fails(empty, 2, "is no record", "import", str(tmp_path))
    _fails(empty, 1, "expected 0000", "import", str(rig_now.path), "--anchor", "0" * 64)
    (tmp_path / "other.key").write_text(FILE_PREFIX + BoxKey.new().secret_hex())
    _fails(empty, 1, "not the key of the box", "import", str(rig_now.path), "--box-key", str(tmp_path / "other.key"))
    _fails(empty, 2, "cannot be read", "import", str(rig_now.path), "--box-key", str(tmp_path / "none.key"))
    _fails(empty, 2, "minutes/ballots", "import", str(rig_now.path), "--step", "ten")
    _fails(empty, 2, "name one of the 0", "export", str(tmp_path / "out"))
    empty.command("import", str(rig_now.path), "--box-key", str(rig_now.key_file))
    _fails(empty, 1, "when the referendum is opened", "phase", "close")
    _fails(empty, 2, "is not empty", "export", str(rig_now.path))


def test_a_vote_from_import_to_export(tmp_path: Path) -> None:
    # How long a vote must be open, for its four ballots to come in before the close, depends on how busy the machine is.
    seconds = 10
    while (rig := _voted(tmp_path / str(seconds), seconds)) is None:
        assert seconds < 160, "the ballots did not come in before the close"
        seconds *= 4
    folder = tmp_path / str(seconds)
    for record in (folder / "mirror" / rig.anchor, folder / "out"):
        command = [sys.executable, "-m", "sanduq", "watch", "verify", str(record), "--anchor", rig.anchor, "--json"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert '"phase":"closed"' in said
        assert '"ballots":4' in said


def _voted(folder: Path, seconds: int) -> Rig | None:
    """A vote that is open for so long, downloaded and exported after its close; None if the ballots were too late."""
    rig = _open_for(folder / "record", seconds)
    with database(folder) as url:
        site = Site(url, rig)
        site.set_up()
        try:
            site.start()
            with closing(site.client()) as voter:
                codes = [voter.cast("A", raw)[0] for raw in rig.ballots["A"]]
            if 409 in codes:
                return None
            assert codes == [201] * 4
            _await_close(site, seconds + 20)
            _download(site, folder / "mirror")
            site.command("export", str(folder / "out"))
        finally:
            site.kill()
    return rig


def _open_for(path: Path, seconds: int) -> Rig:
    now = datetime.now(UTC)
    opens, closes, frozen = ((now + timedelta(seconds=s)).strftime(FORMAT) for s in (-60, seconds, -120))
    return make_rig(path, {"A": 4}, opens, closes, frozen=frozen)


def _await_close(site: Site, seconds: int) -> None:
    deadline = time.monotonic() + seconds
    with closing(site.client()) as reader:
        while b'"closed"' not in reader.get(f"/api/v1/referendums/{site.rig.anchor}")[1]:
            assert time.monotonic() < deadline, "the vote was not closed"
            time.sleep(0.2)


def _download(site: Site, folder: Path) -> None:
    """The line of the watch page, as it stands there."""
    if shutil.which("wget") is None:
        pytest.skip("wget is not here")
    folder.mkdir()
    start = f"http://127.0.0.1:{site.port}/records/{site.rig.anchor}/"
    line = ["wget", "-q", "-r", "-np", "-nH", "--cut-dirs=1", "-R", "index.html*", start]
    clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    subprocess.run(line, cwd=folder, check=True, env=clean)


@pytest.mark.long
def test_wrong_pins_are_remembered_by_a_box_that_was_killed(empty: Site, rig_now: Rig, tmp_path: Path) -> None:
    empty.command("migrate")
    empty.command("import", str(rig_now.path), "--authentication", "pin")
    _fails(empty, 2, "after the opening", "import", str(rig_now.path), "--authentication", "none")
    keys = ENGINE.public_credentials(rig_now.area("A").uuid, rig_now.credentials["A"])
    path = tmp_path / f"{rig_now.area('A').uuid}.pinhashes.csv"
    path.write_text(pins_text({key: Hashed.of("01234567", key) for key in keys}))
    _fails(empty, 2, "of no area here", "pins", str(path), str(tmp_path / "other.pinhashes.csv"))
    _fails(empty, 2, "--authentication email", "addresses", str(path))
    empty.command("pins", str(path))
    first, second = rig_now.ballots["A"][:2]

    def told(raw: bytes, pin: str) -> int:
        url = f"http://127.0.0.1:{empty.port}/api/v1/referendums/{rig_now.anchor}/areas/A/ballots"
        headers = {"Content-Type": "application/json", "Sanduq-Code": pin}
        return requests.post(url, raw, headers=headers, timeout=30).status_code

    empty.start(2)
    assert [told(first, "99999999") for _ in range(4)] == [401, 401, 401, 429]
    empty.kill()
    empty.start()
    assert [told(first, "01234567"), told(second, "01234567"), told(second, "")] == [429, 201, 200]


def test_a_body_that_is_far_too_long_is_a_problem_before_it_is_sent(empty: Site, rig_now: Rig) -> None:
    empty.set_up()
    empty.start()
    connection = http.client.HTTPConnection("127.0.0.1", empty.port, timeout=30)
    with closing(connection):
        connection.putrequest("POST", f"/api/v1/referendums/{rig_now.anchor}/areas/A/ballots")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", str(1 << 30))
        connection.endheaders()
        answer = connection.getresponse()
        told = json.loads(answer.read())
    assert (answer.status, answer.headers["Content-Type"]) == (413, "application/problem+json")
    assert (told["type"], told["status"], told["title"]) == ("about:blank", 413, "Request Entity Too Large")
    assert answer.headers["Server"] is None
