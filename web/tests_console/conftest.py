"""Fixtures of the console's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from rig import Staff, staff


@pytest.fixture(autouse=True)
def _quick_and_apart(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SANDUQ_CONSOLE_FILES = tmp_path / "files"
    yield


@pytest.fixture
def people(db: None) -> Staff:
    """A vote with its people."""
    return staff()
