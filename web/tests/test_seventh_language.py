"""Another language of the pages is a catalogue and a line: a made-up one is added to a copy, and every page is asked for."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

import sanduq_web
from conftest import FROZEN
from rig import Rig

HERE = Path(sanduq_web.__file__).resolve().parent
MESSAGES = HERE.parents[2] / "scripts" / "messages.py"
LINE = '    Language("qps", "Pseudo", "rtl", "solar-hijri"),\n'
ASK = """
import json, pathlib, sys
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from sanduq_web import clock
from sanduq_web.records import import_record
folder, anchor, frozen, out = sys.argv[1:]
call_command("migrate", verbosity=0)
import_record(pathlib.Path(folder), frozen, anchor, (10, 3))
paths = ["", "learn/", "learn/voters", "learn/trustees", "learn/observers", "nothing/"]
paths += [f"{anchor}/{name}" for name in ("", "check/", "watch/", "result/")]
with clock.testing_only_at(lambda: "2030-05-01T07:00:00Z"):
    found = {path: Client(SERVER_NAME="localhost").get(f"/qps/{path}") for path in paths}
told = {path: [answer.status_code, answer.content.decode()] for path, answer in found.items()}
pathlib.Path(out).write_text(json.dumps(told))
"""


def _catalogue(package: Path, leave_out: str = "") -> None:
    """Every text in marks, from the one in Azerbaijani, which has all of them."""
    with (HERE / "locale" / "az" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalog = read_po(file)
    for message in catalog:
        if isinstance(message.id, tuple):
            message.string = tuple(f"⟦{text}⟧" for text in message.id)
        elif message.id:
            message.string = "" if message.id == leave_out else f"⟦{message.id}⟧"
    target = package / "locale" / "qps" / "LC_MESSAGES" / "django.po"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_po(file, catalog)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the site with one line more."""
    copy = tmp_path / "sanduq_web"
    shutil.copytree(HERE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "press"))
    settings = (copy / "environment.py").read_text()
    end = settings.index("]\n", settings.index("SANDUQ_LANGUAGES = ["))
    (copy / "environment.py").write_text(settings[:end] + LINE + settings[end:])
    return copy


def _run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, env={**os.environ, **environment}, check=False
    )


@pytest.mark.long
def test_a_catalogue_and_a_line_are_a_language(package: Path, rig: Rig, tmp_path: Path) -> None:
    _catalogue(package)
    assert _run(str(MESSAGES), str(package / "locale")).returncode == 0
    asked = _run(
        *("-c", ASK, str(rig.path), rig.anchor, FROZEN, str(tmp_path / "told.json")),
        PYTHONPATH=str(tmp_path),
        DJANGO_SETTINGS_MODULE="sanduq_web.settings",
        SANDUQ_DATABASE=f"sqlite:///{tmp_path / 'seventh.db'}",
    )
    assert asked.returncode == 0, asked.stderr

    told = json.loads((tmp_path / "told.json").read_text())
    assert len(told) == 10
    for path, (status, text) in told.items():
        assert status == (404 if path == "nothing/" else 200), path
        assert '<html lang="qps" dir="rtl">' in text
        assert text.count('hreflang="') == 7
        assert '<a href="/qps/' in text
        assert "⟦A native reader has not reviewed" in text
        _is_whole(re.sub("⟦[^⟧]*⟧", "", text))
    assert "۱۴۰۹" in told[f"{rig.anchor}/"][1], "its calendar is that of its line"


def _is_whole(rest: str) -> None:
    """No text of the catalogue stands there without its marks."""
    with (HERE / "locale" / "az" / "LC_MESSAGES" / "django.po").open("rb") as file:
        for message in read_po(file):
            if isinstance(message.id, str) and message.id and "%(" not in message.id:
                assert f">{message.id}<" not in rest, message.id


def test_a_catalogue_with_a_gap_is_refused(package: Path) -> None:
    _catalogue(package, leave_out="Learn")
    made = _run(str(MESSAGES), str(package / "locale"))
    assert made.returncode == 1
    assert "qps: not translated: Learn" in made.stdout
