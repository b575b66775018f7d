"""The boxes' signing keys: from files that a setting names, kept in memory only."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from sanduq import errors
from sanduq.box import BoxKey
from sanduq_web.problems import Busy
from sanduq_web.question.api import Frozen


def read_key(path: Path) -> BoxKey:
    """The key in a file of ``sanduq box key``."""
    try:
        with path.open("rb") as file:
            return BoxKey.from_file(file.read(4096).decode("ascii", "replace"))
    except OSError as error:
        raise errors.Unusable(f"the box's key cannot be read: {path}: {error.strerror}") from None


@lru_cache(maxsize=8)
def _keys(paths: tuple[Path, ...]) -> Mapping[str, BoxKey]:
    return {key.public: key for key in map(read_key, paths)}


def key_of(frozen: Frozen) -> BoxKey:
    """The key of a referendum's box. Without it no ballot is taken, since nobody could get a receipt."""
    key = _keys(tuple(settings.SANDUQ_BOX_KEYS)).get(frozen.setup.box_key)
    if key is None:
        raise Busy("this box has no key to sign receipts with: its operator must set SANDUQ_BOX_KEY", retry_after=60)
    return key
