"""Fixtures of the console's tests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.conf import settings as settings_now

from rig import Staff, staff


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A server's threads need a database in a file."""
    if "sqlite3" in settings_now.DATABASES["default"]["ENGINE"]:
        folder = tempfile.mkdtemp(prefix="sanduq-console-")
        settings_now.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(Path(folder) / "test.db")


@pytest.fixture(scope="session", autouse=True)
def live_servers_static_files() -> None:
    """Django's live server wants to serve static files, of which we have none."""
    settings_now.STATIC_URL = "/static/"


@pytest.fixture(autouse=True)
def _quick_and_apart(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SANDUQ_CONSOLE_FILES = tmp_path / "files"
    yield


@pytest.fixture
def people(db: None) -> Staff:
    """A vote with its people."""
    return staff()
