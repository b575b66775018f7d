"""What the press site's tests share: a site in several languages with an article in each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.test import Client
from django.utils import translation

from newsroom import LANGUAGES
from sanduq_web.press.actions import make_site


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    """Files of each test in a folder of its own."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Neither a language nor a cached page of the test before."""
    translation.activate(settings.LANGUAGE_CODE)
    cache.clear()
    caches["pages"].clear()
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def site(db: None) -> Any:
    """A site in all six languages."""
    return make_site("The Lake Courier", "testserver", 80, LANGUAGES)


@pytest.fixture
def reader() -> Client:
    """Somebody who reads."""
    return Client()
