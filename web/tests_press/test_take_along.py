"""The page of editions and mirrors: what is offered, the fingerprint of the key, other addresses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from newsroom import LANGUAGES
from sanduq.disc import as_words, fingerprint, read_keys

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def keys(tmp_path: Path, settings: Any) -> Path:
    command = [sys.executable, "-m", "sanduq", "disc", "key", "--unencrypted", "--out", str(tmp_path / "key")]
    subprocess.run(command, check=True, capture_output=True)
    settings.SANDUQ_PRESS_KEYS = str(tmp_path / "key" / "edition.pub")
    return tmp_path / "key" / "edition.pub"


def test_editions_are_offered_the_newest_first(reader: Client, settings: Any, tmp_path: Path) -> None:
    settings.SANDUQ_PRESS_EDITIONS = str(tmp_path)
    assert "No edition has been published here yet." in reader.get("/en/take-along/").text
    for name in ("edition-9-2029-01-01.zip", "edition-10-2029-02-01.zip", "edition-10-2029-02-01.iso", "secret.zip"):
        (tmp_path / name).write_bytes(b"x" * 2000)
    (tmp_path / "edition-10-2029-02-01.sha256").write_text("")
    text = _fresh(reader, "/en/take-along/")
    assert text.index("edition-10") < text.index("edition-9") and "secret" not in text and ".sha256" not in text
    assert reader.get("/editions/edition-10-2029-02-01.iso").status_code == 200


def _fresh(reader: Client, address: str) -> str:
    from django.core.cache import caches

    caches["pages"].clear()
    return reader.get(address).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fingerprint_stands_on_the_site_in_every_language(reader: Client, keys: Path, language: str) -> None:
    text = reader.get(f"/{language}/take-along/").text
    public = read_keys(keys.read_bytes())[0].key.public
    assert as_words(fingerprint(public)) in text and "<svg" in text
    assert ("Believe only a fingerprint" in text) == (language == "en"), "translated"


@pytest.mark.parametrize("content", [None, b"", b"untrusted comment: x\nnothing\n", b"\xff" * 70_000])
def test_no_keys_is_no_error_and_shows_none(reader: Client, settings: Any, tmp_path: Path, content: bytes | None) -> None:
    settings.SANDUQ_PRESS_KEYS = str(tmp_path / "KEYS")
    if content is not None:
        (tmp_path / "KEYS").write_bytes(content)
    answer = reader.get("/en/take-along/")
    assert answer.status_code == 200 and "key-card" not in answer.text
    assert "these words" not in answer.text and "Believe only a fingerprint" in answer.text


def test_mirrors_are_named_the_onion_first(reader: Client, settings: Any) -> None:
    settings.SANDUQ_PRESS_ONION = "http://courier.onion"
    settings.SANDUQ_PRESS_MIRRORS = ["https://one.example/", "https://two.example"]
    text = reader.get("/en/take-along/").text
    places = [text.index(f'href="{each}/"') for each in ("http://courier.onion", "https://one.example", "https://two.example")]
    assert places == sorted(places)
