"""A front page with style sheet and font is under 100 kB, uncompressed, in every language; and has one font."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from newsroom import LANGUAGES, article, front, section
from sanduq_web import dates
from sanduq_web.press import pages

MOST = 100_000


AT_ONCE = ("en", "fa")  # one of each script


@pytest.mark.parametrize(
    "language", [pytest.param(each, marks=[] if each in AT_ONCE else pytest.mark.long) for each in LANGUAGES]
)
def test_a_full_front_page_weighs_little(site: Any, reader: Client, language: str) -> None:
    word = dates.writing(language).gregorian[0]
    for number in range(6):
        there = section(language, title=f"{word} {number}", slug=f"s{number}")
        for _ in range(4):
            article(there, " ".join([word] * 12), summary=" ".join([word] * 40), kicker=word)
    answer = reader.get(f"/{language}/")
    style = reader.get(re.search(r'href="(/look/[^"]+\.css)"', answer.text).group(1))  # type: ignore[union-attr]
    fonts = re.findall(r'font-family: "([^"]+)";\s+src: url\("([^"]+)"\)', style.text)
    used = "Vazirmatn Arabic" if pages.direction_of(language) == "rtl" else "Vazirmatn Latin"
    address = dict(fonts)[used]
    font = reader.get(f"/look/{address}")
    assert font["Content-Type"] == "font/woff2"
    assert "immutable" in font["Cache-Control"]
    assert answer.text.count("<article") >= 24
    assert len(answer.content) + len(style.content) + len(font.content) < MOST


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_font_has_every_letter_of_its_language(language: str) -> None:
    from io import BytesIO
    from pathlib import Path

    from fontTools.ttLib import TTFont

    name = "arabic.woff2" if pages.direction_of(language) == "rtl" else "latin.woff2"
    letters = set(TTFont(BytesIO(pages._fonts()[name][0])).getBestCmap())
    folder = Path(pages.__file__).parent
    catalogue = (folder / "locale" / language / "LC_MESSAGES" / "django.po").read_text()
    texts = "".join(re.findall(r'^msgstr "(.*)"$', catalogue, re.MULTILINE)) + "".join(
        map(str, vars(dates.writing(language)).values())
    )
    assert {c for c in texts if ord(c) not in letters} <= {"\\"}


def test_there_is_no_way_to_other_files(site: Any, reader: Client) -> None:
    for name in ("style.css", "vazirmatn.woff2", "..%2fsettings.py", "arabic.woff2", "style-0000000000000000.css"):
        assert reader.get(f"/look/{name}").status_code == 404, name
    assert front("en")


def test_the_sheet_knows_no_left_and_right() -> None:
    text = re.sub(r"/\*.*?\*/", "", pages._style()[0].decode(), flags=re.DOTALL)
    assert (
        re.findall(
            r"[^-\w](left|right)\b|(?:margin|padding|border)-(?:left|right|top|bottom)|text-transform|letter-spacing|italic",
            text,
        )
        == []
    )
