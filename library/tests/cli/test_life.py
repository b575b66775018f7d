"""The whole life by hand, with files, as transcripts; and what must never be seen in one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import TRANSCRIPTS
from cli.hand import Life, run, tree
from cli.secrets import secrets_of
from cli.transcript import Player

SECRET_NAMES = (".key", ".privkey", ".dkey", ".polynomial", ".credentials.csv", ".sealed", ".decrypted")


def test_threshold_trustees_and_everything_that_is_refused_on_the_way(played: Path) -> None:
    assert (played / "decided" / "record" / "fingerprints.json").is_file()


@pytest.mark.long
def test_mandatory_trustees_weights_and_areas_with_few_ballots_or_none(tmp_path: Path) -> None:
    Player(tmp_path).play((TRANSCRIPTS / "mandatory.txt").read_text("utf-8"))


@pytest.mark.parametrize("moment", ["sealed", "open", "decided"])
def test_secret_files_are_for_their_owner_alone(life: Callable[[str], Life], moment: str) -> None:
    found = tree(life(moment).folder)
    secret = {name: mode for name, (mode, _) in found.items() if name.endswith(SECRET_NAMES)}
    assert len(secret) >= 12
    assert set(secret.values()) == {0o600}
    assert found["record/setup.json"][0] == 0o644


def test_no_secret_is_ever_printed(life: Callable[[str], Life]) -> None:
    moments = [life(moment) for moment in ("sealed", "open", "voted", "decided")]
    secrets = set().union(*(secrets_of(moment.folder) for moment in moments))
    assert len(secrets) == 28
    said = "\n".join(moments[0].said)
    assert [secret for secret in secrets if secret in said] == []


def test_no_secret_stands_in_the_record(life: Callable[[str], Life]) -> None:
    moment = life("decided")
    public = b"\n".join(data for name, (_, data) in tree(moment.folder / "record").items()).decode(errors="replace")
    assert [secret for secret in secrets_of(moment.folder) if secret in public] == []


def test_a_ballot_that_was_cast_has_left_no_randomness(life: Callable[[str], Life]) -> None:
    before = json.loads(life("sealed").path("v/1.sealed").read_bytes())
    after = life("open").path("v/1.sealed").read_text()
    assert before["state"] == "sealed"
    assert [r for row in before["openings"] for opening in row if (r := opening["r"]) in after] == []


def test_a_folder_of_another_process_sees_the_same(life: Callable[[str], Life]) -> None:
    moment = life("decided")
    words = [sys.executable, "-m", "sanduq", "watch", "verify", "record", "--anchor", moment.anchor, "--final", "--json"]
    done = subprocess.run(words, cwd=moment.folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    value = json.loads(done.stdout)
    assert value["verdict"] == "accepted"
    assert value["result"] == {"north": [[1, 2, 1]], "south": [[0, 2, 1]]}


def test_leaving_out_the_anchor_is_said_aloud(life: Callable[[str], Life]) -> None:
    done = run("watch", "verify", "record", "--jobs", "1", cwd=life("decided").folder)
    assert done.code == 0
    assert done.err.startswith("WARNING: no anchor was given")
