"""The invented newsroom: whole in every language, in its own script, translations of each other, and a site that stands."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from html import unescape
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
from sanduq_web.press.models import (
    ArticlePage,
    Byline,
    ChapterPage,
    InfoPage,
    OrganisationKey,
    OrganisationPage,
    PressImage,
    PublicationPage,
    SectionPage,
)
from sanduq_web.press.models.bylines import BylineKind
from sanduq_web.press.models.pages import SectionKind

COURIER = Path(__file__).resolve().parents[2] / "rehearsal" / "courier"
NEWSROOM = read(COURIER)
ARABIC = ["azb", "fa", "ar"]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ZWNJ = "\N{ZERO WIDTH NON-JOINER}"
# How many words a language needs for a hundred of English: Turkic languages put into endings what English says in words.
WORDS = {"en": 1, "az": 0.72, "azb": 0.72, "tr": 0.72, "ar": 0.77, "fa": 0.9}
# Letters after which nothing joins anyway.
NOT_JOINING = "اآأإدذرزژوؤء"


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for each in (value.values() if isinstance(value, dict) else value) for text in strings(each)]


def bodies(language: str) -> dict[str, str]:
    """All long texts: articles, plain information, the letter, the booklet's foreword and chapters."""
    words = NEWSROOM.words[language]
    found = words["pieces"] | words["pages"] | words["booklet"]["chapters"]
    found |= {"letter": words["letter"], "booklet": words["booklet"]}
    return {key: each["body"] for key, each in found.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_text_in_the_same_form(language: str) -> None:
    here, english = NEWSROOM.words[language], NEWSROOM.words["en"]
    for table in ("sections", "topics", "bylines", "pictures", "documents", "pieces", "pages"):
        assert here[table].keys() == english[table].keys(), table
    pictures = dict.fromkeys(here["pictures"], None)
    for key, body in bodies(language).items():
        kinds = [kind for kind, _ in blocks(body, pictures)]
        assert kinds == [kind for kind, _ in blocks(bodies("en")[key], pictures)], key
        assert here["pieces"].get(key, {}).keys() == english["pieces"].get(key, {}).keys(), key
    assert len(here["letter"]["signatories"]) == 3
    society = here["society"]
    assert society.keys() == english["society"].keys()
    for table in ("events", "articles", "offices", "contacts"):
        assert len(society[table]) == len(english["society"][table]), table
    assert len(society["articles"]) >= 8
    assert [office.keys() for office in society["offices"]] == [office.keys() for office in english["society"]["offices"]]
    assert len(here["pieces"]) >= 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_as_long_as_in_english(language: str) -> None:
    for key, english in bodies("en").items():
        share = len(bodies(language)[key].split()) / len(english.split()) / WORDS[language]
        assert 0.75 <= share <= 1.25, (key, round(share, 2))
    statutes = {each: sum(len(a["text"].split()) for a in NEWSROOM.words[each]["society"]["articles"]) for each in LANGUAGES}
    assert 0.75 <= statutes[language] / statutes["en"] / WORDS[language] <= 1.25
    chapters = NEWSROOM.words[language]["booklet"]["chapters"]
    assert len(chapters) >= 3
    assert min(len(each["body"].split()) for each in chapters.values()) >= 300
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


@pytest.mark.parametrize(
    "language", ["fa", *(pytest.param(each, marks=pytest.mark.long) for each in LANGUAGES if each != "fa")]
)
def test_a_missing_text_is_named(tmp_path: Path, language: str) -> None:
    for path, there, other, missing in (
        (f"{language}.toml", "[pieces.bridge]", "[pieces.other]", r"pieces\.bridge"),
        (f"booklet/{language}.toml", "[chapters.boats]", "[chapters.other]", r"booklet\.chapters\.boats"),
        (f"society/{language}.toml", "events = [", 'events = ["",', r"one of society\.events"),
    ):
        folder = tmp_path / path.replace("/", "-")
        shutil.copytree(COURIER, folder)
        (folder / path).write_text((folder / path).read_text().replace(there, other))
        with pytest.raises(errors.Unusable, match=rf"{language}\.toml: {missing} is missing"):
            read(folder)


def test_no_folder_and_no_toml(tmp_path: Path) -> None:
    with pytest.raises(errors.Unusable, match="there is no such file"):
        read(tmp_path)
    (tmp_path / "courier.toml").write_text("languages = ")
    with pytest.raises(errors.Unusable, match=r"courier\.toml: "):
        read(tmp_path)


@pytest.mark.parametrize(
    "name", ["lake", *(pytest.param(each, marks=pytest.mark.long) for each in drawings.names() if each != "lake")]
)
def test_pictures_are_small_and_the_same_each_time(name: str) -> None:
    raw = drawings.draw(name)
    assert raw == drawings.draw(name)
    assert raw.startswith(b"\xff\xd8")
    assert len(raw) < 60_000
    assert b"Exif" not in raw


@pytest.fixture
def demo(no_site: None, media: Path) -> None:
    load(NEWSROOM, "testserver", 80, NOW)


@pytest.mark.long
def test_the_site_it_makes(demo: None, reader: Client) -> None:
    assert SectionPage.objects.count() == 6 * len(SectionKind.values)
    assert set(Byline.objects.values_list("kind", flat=True)) == set(BylineKind.values)
    for kind in (ArticlePage, InfoPage, OrganisationPage, ChapterPage):
        assert {page.get_translations().count() for page in kind.objects.all()} == {5}, kind
    for byline in Byline.objects.all():
        byline.full_clean()
    for each in [*OrganisationPage.objects.all(), *PublicationPage.objects.all(), *OrganisationKey.objects.all()]:
        each.full_clean()
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
        assert (
            published().filter(locale__language_code=language).count() == len(words["pieces"]) + 1
        )  # letter, booklet, not yet
        assert reader.get(f"/{language}/publications/next-bulletin/").status_code == 404
        for address in ("news/lake-level", "announcements/timetable", "analysis/ferry-works", "privacy", "letters"):
            assert reader.get(f"/{language}/{address}/").status_code == 200, address


def ways(reader: Client, start: str, *steps: str) -> str:
    """What one reads who follows these links, from page to page."""
    html = reader.get(start).text
    for step in steps:
        assert f'href="{step}"' in html, step
        answer = reader.get(step)
        assert answer.status_code == 200, step
        html = unescape(answer.text)
    return html


@pytest.mark.long
def test_organisation_and_publications_are_reached_and_shown(demo: None, reader: Client) -> None:
    for language in LANGUAGES:
        words, top = NEWSROOM.words[language], f"/{language}/"
        society, booklet = words["society"], words["booklet"]
        html = ways(reader, top, f"{top}organisations/", f"{top}organisations/morning-ferry/")
        shown = [society["acronym"], society["emblem_explained"], "morning-ferry.example", words["letter"]["title"]]
        shown += [society["introduction"].split("\n\n")[0].strip(), words["letter"]["confirmed"], *society["events"]]
        shown += [text for table in ("articles", "offices", "contacts") for each in society[table] for text in each.values()]
        assert [text for text in shown if text not in html] == []
        assert len(re.findall(r'<section id="article-\d+"', html)) == len(society["articles"])
        assert 'class="fingerprint"' in html
        assert 'class="emblem"' in html
        whole, chapters = f"{top}publications/heron-bridge/", NEWSROOM.plan["booklet"]["chapters"]
        html = ways(reader, top, f"{top}publications/", whole)
        shown = [booklet["title"], booklet["edition"], booklet["caption"], 'class="cover"']
        assert [text for text in shown if text not in html] == []
        html = ways(reader, whole, *(f"{whole}{key}/" for key in chapters))
        assert booklet["chapters"][chapters[-1]]["title"] in html
        html = ways(reader, top, f"{top}publications/bulletin/")
        assert re.search(r'<time datetime="2026-11-22">', html)
        letter = reader.get(f"{top}letters/ferry-letter/").text
        assert f'href="{top}organisations/morning-ferry/"' in letter
        for address in ("organisations/morning-ferry/", "publications/heron-bridge/", "publications/heron-bridge/boats/"):
            html = reader.get(top + address).text
            assert all(f'href="/{other}/{address}"' in html for other in LANGUAGES), address
