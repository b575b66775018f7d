"""What voters must recognise has one name: in the letter, in the booth and on the site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

from sanduq.booth.letter import words_by_language

BOOTH = Path(__file__).resolve().parents[2] / "booth" / "src" / "words"
NEVER_HERE = (
    "The tracker says nothing about your vote. It is not kept, and stands in no address. Never type your credential here."
)


def _in_booth(language: str, section: str, name: str) -> str:
    text = (BOOTH / f"{language}.ts").read_text("utf-8")
    hit = re.search(rf"\n  {section}: \{{.*?\n    {name}: '([^']+)'", text, re.DOTALL)
    assert hit, f"{section}.{name} is not in the booth's words"
    return hit[1]


@pytest.mark.parametrize("language", ["en", "az", "azb", "fa", "ar", "tr"])
def test_tracker_and_credential(language: str) -> None:
    tracker, credential = _in_booth(language, "done", "tracker"), _in_booth(language, "credential", "label")
    with override(language):
        assert gettext("Tracker") == tracker
        # In all of these languages what a word is inflected with stands behind it.
        assert credential.casefold() in gettext(NEVER_HERE).casefold()
    assert credential.casefold() in words_by_language()[language].credential.casefold()
