"""What operators are told: the table of settings, the doctor, Django's own checks, units and containers."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ready import Ready, ready
from sanduq.box import BoxKey
from sanduq.box.receipt import FILE_PREFIX
from sanduq_web.operating.checks import known_settings
from server import open_now

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "web" / "src" / "sanduq_web"
DEPLOY = ROOT / "web" / "deploy"
PAGE = (ROOT / "docs" / "look-up" / "settings.md").read_text()
READ = re.compile(r"""(?:environ\.get|environ\[|database|smtp|secret)\W{1,2}["'](SANDUQ_[A-Z_]+)""")


# --- settings -----------------------------------------------------------------------------------------------------------------


def test_the_table_of_settings_is_that_of_the_programs() -> None:
    listed = re.findall(r"^\| `(SANDUQ_[A-Z_]+)` \|", PAGE, re.MULTILINE)
    known = known_settings()
    assert {"settings.py", "press/settings.py", "console/settings.py"} <= known.keys()
    for module, names in known.items():
        read = set(READ.findall((SOURCE / module).read_text()))
        assert read <= set(names), f"{module}: its own table lacks {read - set(names)}"
    assert len(listed) == len(set(listed))
    # What one site takes over from another's settings stands in both tables, and once on the page.
    assert set(listed) == {name for names in known.values() for name in names}


def production(tmp_path: Path) -> dict[str, str]:
    """An environment as it is behind a proxy that speaks HTTPS."""
    for name in ("secret", "media"):
        (tmp_path / name).write_text(secrets.token_urlsafe(50)) if name == "secret" else (tmp_path / name).mkdir(exist_ok=True)
    recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    press = {"MODERATORS": recipient, "DESK": recipient, "LIST": recipient, "HTTPS": "1", "HOSTS": "press.example"}
    press |= {"SMTP": "smtps://mail.example", "MAIL_FROM": "press@press.example"}
    press |= {"SECRET": str(tmp_path / "secret"), "MEDIA": str(tmp_path / "media"), "DATABASE": f"sqlite:///{tmp_path}/p.db"}
    vote = {"HTTPS": "1", "HOSTS": "vote.example", "BOOTH": "https://booth.example", "DATABASE": f"sqlite:///{tmp_path}/v.db"}
    found = {name: value for name, value in os.environ.items() if not name.startswith(("SANDUQ_", "DJANGO_"))}
    console = {"HTTPS": "1", "HOSTS": "console.example", "ADDRESS": "https://console.example"}
    console |= {"SECRET": str(tmp_path / "secret"), "FILES": str(tmp_path)}
    found |= {f"SANDUQ_CONSOLE_{name}": value for name, value in console.items()}
    found |= {f"SANDUQ_PRESS_{name}": value for name, value in press.items()}
    return found | {f"SANDUQ_{name}": value for name, value in vote.items()}


@pytest.mark.parametrize("module", ["sanduq_web.settings", "sanduq_web.console.settings", "sanduq_web.press.settings"])
def test_django_finds_nothing_before_a_deployment(module: str, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    env = production(tmp_path) | {"DJANGO_SETTINGS_MODULE": module}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stdout + done.stderr


# --- the doctor ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ready, Path]]:
    """A site as in production, with one mistyped setting, and where its files are."""
    folder = tmp_path_factory.mktemp("doctor")
    (folder / "backups").mkdir()
    key = folder / "box.key"
    key.write_text(FILE_PREFIX + BoxKey.new().secret_hex() + "\n")
    key.chmod(0o644)
    paths = {"SANDUQ_BOX_KEY": f"{key}:{folder / 'none.key'}", "SANDUQ_BACKUPS": str(folder / "backups"), "SANDUQ_HOST": "x"}
    secret = {"SANDUQ_SMTP": "smtp://box:not-to-be-shown@localhost:9", "SANDUQ_MAIL_FROM": "box@vote.example"}
    env = production(folder) | paths | secret | {"DJANGO_SETTINGS_MODULE": "sanduq_web.settings"}
    with ready(env) as found:
        yield found, folder


def told(commands: Ready, *words: str, status: int) -> dict[str, list[dict[str, str]]]:
    got, text = commands.run("sanduq-web", "doctor", "--json", *words)
    assert got == status, text
    assert "not-to-be-shown" not in text
    found: dict[str, list[dict[str, str]]] = {}
    for each in json.loads(text.partition("\nerror:")[0]):
        found.setdefault(each["name"], []).append(each)
        assert each["level"] == "ok" or each["do"], each
    return found


def levels(found: dict[str, list[dict[str, str]]], name: str) -> list[str]:
    return [each["level"] for each in found.get(name, [])]


def test_the_doctor_finds_what_is_amiss(commands: tuple[Ready, Path], tmp_path: Path) -> None:
    run, folder = commands
    rig = open_now(tmp_path / "record", {"A": 2})
    found = told(run, status=1)
    assert levels(found, "database") == ["failure"] and "tables" not in found, "nothing is made by looking"
    assert not (folder / "v.db").exists()
    assert "SANDUQ_HOST:" in found["settings"][0]["said"]
    assert [levels(found, name) for name in ("hosts", "HTTPS", "booth")] == [["ok"]] * 3

    assert run.run("sanduq-web", "migrate")[0] == 0
    assert run.run("sanduq-web", "import", str(rig.path))[0] == 0
    (folder / "v.db").chmod(0o644)
    found = told(run, "--smtp", "--deploy", status=1)
    assert levels(found, "tables") == levels(found, "Django") == ["ok"]
    assert levels(found, "database") == ["ok", "warning"], "its file is open to others"
    keys = " ".join(each["said"] for each in found["box key"])
    assert levels(found, "box key") == ["failure"] * 3
    assert all(words in keys for words in ("others may read it", "none.key", "takes no ballots"))
    assert levels(found, "backups") == levels(found, "mail") == ["failure"]

    (folder / "v.db").chmod(0o600)
    (folder / "box.key").unlink()
    rig.key_file.chmod(0o600)
    (folder / "box.key").symlink_to(rig.key_file)
    (folder / "none.key").symlink_to(rig.key_file)
    assert run.run("sanduq-web", "backup", str(folder / "backups" / "now.sanduq-backup"))[0] == 0
    found = told(run, status=0)
    assert [each["level"] for name in found for each in found[name] if each["level"] == "failure"] == []
    assert levels(found, "backups") == ["ok"]
    assert run.run("sanduq-web", "doctor", "--deploy")[0] == 1, "the mistyped setting is a warning, which counts then"
    (folder / "backups" / "broken.sanduq-backup").write_bytes(b"x")
    assert levels(told(run, status=1), "backups")[0] == "failure"
