"""The invented newsroom: whole in every language, in its own script, translations of each other, and a site that stands."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from newsroom import LANGUAGES, front
from sanduq import errors
from sanduq_web.press.api import published
from sanduq_web.press.courier import drawings
from sanduq_web.press.courier.load import load
from sanduq_web.press.courier.texts import blocks, read
from sanduq_web.press.models import ArticlePage, Byline, InfoPage, PressImage, SectionPage
from sanduq_web.press.models.bylines import BylineKind
from sanduq_web.press.models.pages import SectionKind

COURIER = Path(__file__).resolve().parents[2] / "rehearsal" / "courier"
NEWSROOM = read(COURIER)
ARABIC = ["azb", "fa", "ar"]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ZWNJ = "\N{ZERO WIDTH NON-JOINER}"
# Letters after which nothing joins anyway.
NOT_JOINING = "اآأإدذرزژوؤء"


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for each in (value.values() if isinstance(value, dict) else value) for text in strings(each)]


def bodies(language: str) -> dict[str, str]:
    return {key: piece["body"] for key, piece in NEWSROOM.words[language]["pieces"].items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_text_in_the_same_form(language: str) -> None:
    here, english = NEWSROOM.words[language], NEWSROOM.words["en"]
    for table in ("sections", "topics", "bylines", "pictures", "documents", "pieces", "pages"):
        assert here[table].keys() == english[table].keys(), table
    pictures = dict.fromkeys(here["pictures"], None)
    for key, body in bodies(language).items():
        kinds = [kind for kind, _ in blocks(body, pictures)]
        assert kinds == [kind for kind, _ in blocks(bodies("en")[key], pictures)], key
        assert here["pieces"][key].keys() == english["pieces"][key].keys(), key
    assert len(here["letter"]["signatories"]) == 3
    assert len(here["pieces"]) >= 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_of_some_length(language: str) -> None:
    lengths = sorted((len(body.split()) for body in bodies(language).values()), reverse=True)
    assert lengths[1] >= 280, lengths
    assert lengths[2] >= 200, lengths
    assert lengths[-1] >= 25, lengths
    for key, piece in NEWSROOM.words[language]["pieces"].items():
        assert 40 <= len(piece["summary"]) <= 300, key


@pytest.mark.parametrize("language", ARABIC)
def test_no_latin_letters_in_arabic_script(language: str) -> None:
    marks = re.compile(r"!\[[a-z]+\]")
    for text in strings(dict(NEWSROOM.words[language])):
        assert not re.search("[A-Za-z]", marks.sub("", text)), text[:80]


def test_digits_and_letters_are_the_language_s_own() -> None:
    for language, wrong in (("fa", "0-9٠-٩يكة"), ("azb", "0-9٠-٩يكةەیٰ".replace("ی", "")), ("ar", "0-9۰-۹یکژپچگ")):
        for text in strings(dict(NEWSROOM.words[language])):
            assert not (found := re.search(f"[{wrong}]", text)), (language, found and found.group(), text[:60])


def test_latin_languages_have_their_letters() -> None:
    for language, needed, foreign in (("az", "əğışçöü", "wâî"), ("tr", "ğışçöü", "əxqw")):
        text = " ".join(bodies(language).values()).lower()
        text = re.sub(r"!\[[a-z]+\]", "", text)
        assert set(needed) <= set(text)
        assert not set(foreign) & set(text), (language, set(foreign) & set(text))


@pytest.mark.parametrize("language", ["fa", "azb"])
def test_joiners_stand_where_they_do_something(language: str) -> None:
    for text in strings(dict(NEWSROOM.words[language])):
        for found in re.finditer(ZWNJ, text):
            before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
            assert before.isalpha(), text[:60]
            assert after.isalpha(), text[:60]
            # Half a space after a letter that does not join is kept where a prefix or suffix needs it, never doubled.
            assert before != ZWNJ
    joined = " ".join(bodies(language).values())
    assert joined.count(ZWNJ) > 40
    if language == "fa":
        assert not re.search(r"(^|\s)(ن?می) \w", joined)
        assert not re.search(r"\w ها(ی|یی)?(\s|$)", joined)


def test_nothing_leads_out_of_the_town() -> None:
    for language in LANGUAGES:
        for text in strings(dict(NEWSROOM.words[language])):
            assert not re.search(r"https?:|www\.|@|\+\d{6}", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_text_is_named(tmp_path: Path, language: str) -> None:
    for path in COURIER.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    path = tmp_path / f"{language}.toml"
    path.write_text(path.read_text().replace("[pieces.bridge]", "[pieces.other]"))
    with pytest.raises(errors.Unusable, match=rf"{language}\.toml: pieces\.bridge is missing"):
        read(tmp_path)


def test_no_folder_and_no_toml(tmp_path: Path) -> None:
    with pytest.raises(errors.Unusable, match="there is no such file"):
        read(tmp_path)
    (tmp_path / "courier.toml").write_text("languages = ")
    with pytest.raises(errors.Unusable, match=r"courier\.toml: "):
        read(tmp_path)


@pytest.mark.parametrize("name", drawings.names())
def test_pictures_are_small_and_the_same_each_time(name: str) -> None:
    raw = drawings.draw(name)
    assert raw == drawings.draw(name)
    assert raw.startswith(b"\xff\xd8")
    assert len(raw) < 60_000
    assert b"Exif" not in raw


@pytest.mark.long
def test_the_site_it_makes(no_site: None, reader: Client, media: Path) -> None:
    load(NEWSROOM, "testserver", 80, NOW)
    assert SectionPage.objects.count() == 6 * len(SectionKind.values)
    assert set(Byline.objects.values_list("kind", flat=True)) == set(BylineKind.values)
    assert {page.get_translations().count() for page in ArticlePage.objects.all()} == {5}
    assert {page.get_translations().count() for page in InfoPage.objects.all()} == {5}
    for byline in Byline.objects.all():
        byline.full_clean()
    assert all(image.description and image.credit for image in PressImage.objects.all())
    with pytest.raises(errors.Unusable, match="holds a site already"):
        load(NEWSROOM, "testserver", 81, NOW)
    for language in LANGUAGES:
        words = NEWSROOM.words[language]
        assert front(language).lead.title == words["pieces"]["lake-level"]["title"]
        assert words["pieces"]["bridge"]["title"] in reader.get(f"/{language}/").text
        lead = published().get(locale__language_code=language, slug="lake-level")
        assert (lead.corrections.count(), lead.related.count()) == (1, 3)
        assert published().get(locale__language_code=language, slug="rules").attachments.count() == 1
        assert published().filter(locale__language_code=language).count() == len(words["pieces"]) + 1  # and the letter
        for address in ("news/lake-level", "announcements/timetable", "analysis/ferry-works", "privacy", "letters"):
            assert reader.get(f"/{language}/{address}/").status_code == 200, address
