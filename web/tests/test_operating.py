"""What operators are told: the table of settings, the doctor, Django's own checks, units and containers."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

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


PRESS = pytest.param("sanduq_web.press.settings", marks=pytest.mark.long)  # Wagtail takes long to begin


@pytest.mark.parametrize("module", ["sanduq_web.settings", "sanduq_web.console.settings", PRESS])
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
    (folder / "backups" / "broken.sanduq-backup").write_bytes(b"x")
    found = told(run, "--smtp", "--deploy", status=1)
    assert levels(found, "tables") == levels(found, "Django") == ["ok"]
    assert levels(found, "database") == ["ok", "warning"], "its file is open to others"
    keys = " ".join(each["said"] for each in found["box key"])
    assert levels(found, "box key") == ["failure"] * 3
    assert all(words in keys for words in ("others may read it", "none.key", "takes no ballots"))
    assert (levels(found, "backups"), levels(found, "mail")) == (["failure", "failure"], ["failure"])
    (folder / "backups" / "broken.sanduq-backup").unlink()

    (folder / "v.db").chmod(0o600)
    (folder / "box.key").unlink()
    rig.key_file.chmod(0o600)
    (folder / "box.key").symlink_to(rig.key_file)
    (folder / "none.key").symlink_to(rig.key_file)
    assert run.run("sanduq-web", "backup", str(folder / "backups" / "now.sanduq-backup"))[0] == 0
    found = told(run, status=0)
    assert [each["level"] for name in found for each in found[name] if each["level"] == "failure"] == []
    assert levels(found, "backups") == ["ok"]


# --- units and containers -----------------------------------------------------------------------------------------------------

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
HARD = """
    NoNewPrivileges=yes DynamicUser=yes ProtectSystem=strict ProtectHome=yes PrivateTmp=yes PrivateDevices=yes
    ProtectProc=invisible CapabilityBoundingSet= RestrictNamespaces=yes RestrictSUIDSGID=yes ProtectKernelTunables=yes
    UMask=0077 LimitCORE=0
""".split()


def unit(path: Path) -> dict[str, list[str]]:
    """The directives of a unit, each as often as it stands there."""
    found: dict[str, list[str]] = {}
    for line in path.read_text().splitlines():
        if line and line[0] not in "#[":
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def parsed(words: list[str]) -> None:
    """The program takes this command, with these options."""
    from sanduq_web import command
    from sanduq_web.console import command as console
    from sanduq_web.press import command as press

    known = {"sanduq-web": command, "sanduq-console": console, "sanduq-press": press}
    known[words[0].rpartition("/")[2]]._parser().parse_args(words[1:])


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_may_do_little_and_calls_a_command_that_there_is(path: Path) -> None:
    found = unit(path)
    assert not [each for each in HARD if each.partition("=")[2] not in found.get(each.partition("=")[0], [])]
    parsed(found["ExecStart"][0].split())
    assert not re.search(r"(?i)password|secret=\S{20}", path.read_text())
    shown = [each for each in found.get("LoadCredential", []) if "box.key" in each]
    assert bool(shown) is (path.stem == "sanduq-vote"), "the box's key is shown to the box alone"
    settings = {name for names in known_settings().values() for name in names}
    assert {each.partition("=")[0] for each in found.get("Environment", [])} <= settings


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for path in sorted((DEPLOY / "systemd").iterdir()):
        (tmp_path / path.name).write_text(re.sub(r"/opt/sanduq/bin/[a-z-]+", "/bin/true", path.read_text()))
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, tmp_path.iterdir())], capture_output=True, text=True, check=False
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if str(tmp_path) in line]) == (0, []), done.stderr


def test_containers_write_nowhere_and_only_this_machine_reaches_them() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]
    assert {"vote", "booth", "console", "press", "database", "backup"} <= services.keys()
    for name, each in services.items():
        assert all(port.startswith("127.0.0.1:") for port in each.get("ports", [])), name
        assert set(each.get("networks", [])) <= compose["networks"].keys()
        assert set(each.get("secrets", [])) <= compose["secrets"].keys()
        assert {volume.partition(":")[0] for volume in each.get("volumes", [])} <= compose["volumes"].keys()
        assert set(each.get("depends_on", {})) <= services.keys()
        if name == "database":
            continue
        assert (each["read_only"], each["cap_drop"], each["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"]), name
        words = each["command"]
        for line in [" ".join(words)] if words[0] != "sh" else words[2].split(" && "):
            parsed(re.sub("^exec ", "", line).replace('"', "").split())
        assert ("box_key" in each.get("secrets", [])) is (name == "vote")
    assert compose["networks"]["inside"]["internal"] is True
    assert services["database"]["networks"] == ["inside"]
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    assert re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE)[-1:] == ["10001"]
    extras = re.search(r"sanduq-web\[([a-z,]+)\]", dockerfile)
    offered = tomllib.loads((ROOT / "web" / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert extras and set(extras[1].split(",")) <= offered.keys()
