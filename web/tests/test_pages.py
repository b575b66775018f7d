"""The public's pages: in six languages, in the right direction, without script and cookie, with the right numbers."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import get_language_info

from conftest import Api, Now
from rig import ENGINE, FROZEN, Rig, make_rig
from sanduq.algebra.numbers import sha256_b64, system_random
from sanduq.box import BoxKey
from sanduq.box.record import create_record
from sanduq.question.rule import describe
from sanduq.rehearse.draft import make_setup, policy_of_plan
from sanduq.rehearse.plan import Plan
from sanduq.rehearse.players import make_keys
from sanduq.rehearse.reading import read_plan
from sanduq.roll import make_roll, new_credential, new_uuid
from sanduq_web import pages
from sanduq_web.question.api import Frozen
from sanduq_web.records import import_record

pytestmark = pytest.mark.django_db
LANGUAGES = {"en": "ltr", "az": "ltr", "azb": "rtl", "fa": "rtl", "ar": "rtl", "tr": "ltr"}
SOURCE = Path(pages.__file__).resolve().parent
SHEET = "\n".join(path.read_text() for path in sorted((SOURCE / "style").glob("*.css")))
REHEARSAL = Path(__file__).resolve().parents[2] / "rehearsal"
NEVER_CLOSED = {"meta", "link", "br", "rect", "input"}


class Checker(HTMLParser):
    """Every element is closed where it should be; nothing runs, and nothing comes from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.fors: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in NEVER_CLOSED:
            self.open.append(tag)
        found = dict(attrs)
        assert tag not in ("script", "iframe", "object", "embed", "style"), tag
        assert not [name for name in found if name.startswith("on") or name == "style"], found
        assert tag == "a" or not (found.get("src") or found.get("href") or "").startswith(("http", "//")), found
        if "id" in found:
            self.ids.append(str(found["id"]))
        if "for" in found:
            self.fors.append(str(found["for"]))

    def handle_endtag(self, tag: str) -> None:
        if tag not in NEVER_CLOSED:
            assert self.open.pop() == tag


def page(path: str, data: dict[str, str] | None = None, status: int = 200) -> str:
    answer = Client().get(path) if data is None else Client().post(path, data)
    assert answer.status_code == status, path
    assert not answer.cookies
    text = str(answer.content.decode())
    checker = Checker()
    checker.feed(text)
    assert checker.open == []
    assert len(set(checker.ids)) == len(checker.ids)
    assert set(checker.fors) <= set(checker.ids)
    return text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["", "{}/", "{}/check/", "{}/watch/", "{}/result/"])
def test_every_page_in_every_language(opened: Api, rig: Rig, language: str, name: str) -> None:
    text = page(f"/{language}/{name.format(rig.anchor)}")
    assert f'<html lang="{language}" dir="{LANGUAGES[language]}">' in text
    assert text.count('hreflang="') == 6
    if language != "en":
        assert "Check your ballot" not in text
        assert "Names and boundaries" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_decided_pages_in_every_language(decided: Frozen, language: str) -> None:
    text = page(f"/{language}/{decided.anchor}/result/")
    assert "bridge" not in re.sub(r"old bridge|blue bridge", "", text), "texts stand for ids"
    assert page(f"/{language}/{decided.anchor}/watch/")


def test_the_result_has_every_number(decided: Frozen, rig: Rig) -> None:
    text = page(f"/en/{rig.anchor}/result/")
    votes = [n % 3 for code in ("A", "B") for n in range(len(rig.ballots[code]))]
    cells = re.findall(r"<td>([\d,]+)</td>", text)
    for number in (votes.count(1), votes.count(2), votes.count(0), votes.count(1) + votes.count(2), 17, 27):
        assert str(number) in cells


def test_there_is_no_result_before_there_is_one(opened: Api, rig: Rig, now: Now) -> None:
    assert "There is no count before the close" in page(f"/en/{rig.anchor}/result/")
    now.at("18:00")
    opened.get()
    assert "trustees must decrypt" in page(f"/en/{rig.anchor}/result/")


def test_turnout_is_of_what_is_public(opened: Api, rig: Rig, now: Now) -> None:
    for raw in [*rig.ballots["A"][:4], rig.again["A"][0]]:
        opened.cast(raw)
    assert "0.0\N{NO-BREAK SPACE}%" in page(f"/en/{rig.anchor}/watch/")
    now.at("06:10")
    text = page(f"/en/{rig.anchor}/watch/")
    assert f"{100 * 4 / 17:.1f}\N{NO-BREAK SPACE}%" in text
    assert "<td>5</td>" in text
    for path in re.findall(r'href="([^"]+(?:\.bel|\.json))"', text):
        assert Client().get(path).status_code == 200, path
    assert f"sanduq watch verify {rig.anchor} --anchor {rig.anchor}" in text


def test_a_ballot_is_looked_up_by_tracker_and_by_receipt(opened: Api, rig: Rig, now: Now) -> None:
    path = f"/en/{rig.anchor}/check/"
    receipt = opened.cast(rig.ballots["A"][0]).content.decode()
    tracker = sha256_b64(rig.ballots["A"][0])
    assert "does not show it yet" in page(path, {"tracker": f" {tracker}\n"})
    assert "stands where it says" in page(path, {"tracker": receipt})
    opened.cast(rig.again["A"][0])
    now.at("18:00")
    assert "this one does not count" in page(path, {"tracker": tracker})
    assert "is the one that counts" in page(path, {"tracker": sha256_b64(rig.again["A"][0])})


def test_false_receipts_are_refused(opened: Api, rig: Rig) -> None:
    path = f"/en/{rig.anchor}/check/"
    receipt = opened.cast(rig.ballots["A"][0]).content.decode()
    for wrong in (receipt.replace('"height":1', '"height":2'), "{", "{}", "A" * 43, receipt[:-3] + '0"}', "<b>x</b>"):
        text = page(path, {"tracker": wrong})
        assert "This was not found." in text
        assert "<b>x</b>" not in text


def test_the_referendum_says_what_is_asked_in_the_readers_language(opened: Api, rig: Rig) -> None:
    assert "Shall the old bridge be painted blue? (azb)" in page(f"/azb/{rig.anchor}/")
    text = page(f"/tr/{rig.anchor}/")
    assert "painted blue? (en)" in text, "the setup has no Turkish: its first language, and it says so"
    assert '<div class="question" lang="en" dir="ltr">' in text
    assert "bu sayfanın dilinde metni yok" in text
    assert rig.anchor in text


@pytest.mark.parametrize("language", ["en", "az", "azb", "fa"])
def test_every_side_is_shown_in_order_as_plain_text(opened: Api, rig: Rig, language: str) -> None:
    text = page(f"/{language}/{rig.anchor}/")
    places = [text.index(f"{what} ({language})") for what in ("For the paint", "Rust is not.", "Against the paint")]
    assert places == sorted(places)
    sides = re.findall(r'<section class="side"([^>]*)>', text)
    assert sides == [f' lang="{language}" dir="{LANGUAGES[language]}"'] * 2
    assert "&lt;b&gt;nine&lt;/b&gt;" in text
    assert "<p>The paint is as blue as the sky.</p>" in text


def test_the_rule_is_told_in_the_language_of_the_page(opened: Api, rig: Rig) -> None:
    for language in LANGUAGES:
        text, names = page(f"/{language}/{rig.anchor}/"), rig.setup.names(language if language in rig.setup.languages else "en")
        for sentence in describe(rig.setup.rule, language, names):
            assert f"<li>{escape(sentence)}</li>" in text


def test_examples_are_invented_and_decided(opened: Api, rig: Rig) -> None:
    text = page(f"/en/{rig.anchor}/")
    assert "All figures are invented." in text
    rows = re.findall(r"<tr><th scope=\"row\">([^<]+)</th><td>(.*?)</td>.*?<strong>(\w+)</strong>", text)
    shown = {case.strip(): (re.findall(r"&nbsp;(\d+)", votes), decision) for case, votes, decision in rows}
    assert shown["just accepted"] == (["51", "49"], "accepted")
    assert shown["a tie"] == (["50", "50"], "rejected")
    assert shown["the share is just missed"] == (["49", "51"], "rejected")


def test_the_anchor_its_other_places_and_the_trustees(opened: Api, rig: Rig) -> None:
    text = page(f"/en/{rig.anchor}/")
    for found in (
        rig.anchor,
        rig.setup.box_key,
        rig.setup.trustees_sha256,
        "official gazette",
        "Never believe it",
        "The north",
    ):
        assert found in text
    for item in rig.keys.trustees.items:
        assert all(key.hex in text for key in item.keys)
    for name in ("watch", "result"):
        assert f'href="/en/{rig.anchor}/{name}/"' in text


def test_a_referendum_without_information_has_no_empty_boxes(now: Now, settings: object, tmp_path: Path) -> None:
    bare = make_rig(tmp_path / "record", {"A": 2}, information=None)
    settings.SANDUQ_BOX_KEYS = [bare.key_file]  # type: ignore[attr-defined]
    import_record(bare.path, FROZEN, bare.anchor)
    text = page(f"/en/{bare.anchor}/")
    assert 'class="side' not in text
    assert "What the sides say" not in text


def _frozen(plan: Plan, folder: Path) -> str:
    """A plan, frozen and imported, with one voter an area; its anchor."""
    keys, box_key, credentials = make_keys(policy_of_plan(plan), system_random), BoxKey.new(), {}
    for area in plan.areas:
        uuid = new_uuid()
        credentials[area.code] = uuid, make_roll((key, None) for key in ENGINE.public_credentials(uuid, [new_credential()]))
    uuids = {code: uuid for code, (uuid, _) in credentials.items()}
    hashes = {code: roll.sha256 for code, (_, roll) in credentials.items()}
    setup = make_setup(plan, policy_of_plan(plan), keys.trustees.sha256, box_key.public, None, uuids, hashes)
    create_record(folder, setup, keys.trustees, lambda area: credentials[area.code][1], "2010-01-01T00:00:00Z", 1_262_304_000)
    import_record(folder, "2010-01-01T00:00:00Z", setup.anchor)
    return setup.anchor


@pytest.mark.parametrize("language", LANGUAGES)
def test_linked_proposals_and_choices_have_examples(language: str, tmp_path: Path, now: Now) -> None:
    now.time = "2010-01-02T00:00:00Z"
    linked = replace(read_plan(REHEARSAL / "swiss-552.toml"), published=None)
    choice = read_plan(REHEARSAL / "uk2016.toml")
    choice = replace(choice, areas=choice.areas[:2], calendar=linked.calendar, published=None)
    text = page(f"/{language}/{_frozen(linked, tmp_path / 'linked')}/")
    assert text.count('class="line"') == 3 * 5
    assert not re.search(r"\bexpulsion:|\btie-break\b", text), "texts stand for ids"
    found = page(f"/{language}/{_frozen(choice, tmp_path / 'choice')}/")
    assert "<bdi>A</bdi>&nbsp;51" in found
    assert not re.search(r"<bdi>(Remain|Leave)", found), "no answer is shown ahead"


@pytest.mark.parametrize("path", ["/en/nothing/", "/fa/" + "0" * 64 + "/", "/en/" + "0" * 64 + "/watch/"])
def test_what_is_not_there_is_said(opened: Api, path: str) -> None:
    page(path, status=404)


def test_the_browsers_language_is_chosen_and_nothing_remembered(frozen: Frozen) -> None:
    for asked, got in (("azb", "azb"), ("az-AZ,az;q=0.9", "az"), ("de", "en"), ("fa-IR", "fa")):
        answer = Client().get("/", headers={"accept-language": asked})
        assert (answer.status_code, answer["Location"]) == (302, f"/{got}/")
        assert not answer.cookies


# --- languages -------------------------------------------------------------------------------------------------------------


def _sources(pattern: str) -> list[Path]:
    """Those of the vote site: the press site and editions have catalogues of their own."""
    return [path for path in SOURCE.rglob(pattern) if not {"press", "disc"} & set(path.relative_to(SOURCE).parts)]


def _texts() -> set[str]:
    found: set[str] = set()
    for path in [*_sources("*.html"), *_sources("*.txt")]:
        text = path.read_text()
        found |= {a or b for a, b in re.findall(r"""\{% translate (?:"([^"]*)"|'([^']*)')(?: as \w+)? %\}""", text)}
        for body in re.findall(r"\{% blocktranslate [^%]*%\}(.*?)\{% endblocktranslate %\}", text, re.DOTALL):
            first = re.sub(r"\s*\n\s*", " ", body.split("{% plural %}")[0].strip())
            found.add(re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", first))
    for path in _sources("*.py"):
        found |= set(re.findall(r"""\b(?:_|gettext)\(\s*"([^"]+)"\s*\)""", path.read_text()))
    return found


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_a_catalogue_is_whole_and_has_nothing_else(language: str) -> None:
    path = SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    found = {message.id if isinstance(message.id, str) else message.id[0] for message in catalog if message.id}
    assert found == _texts()
    for message in catalog:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(texts)
        names = set(re.findall(r"%\(\w+\)s", str(message.id)))
        assert all(set(re.findall(r"%\(\w+\)s", text)) <= names for text in texts if message.id)
    if language == "azb":
        # Arabic letters for y and k, and half spaces at the end of a word, are how it looks when copied from elsewhere.
        assert not re.search("[يك]", path.read_text())


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_the_catalogues_of_editions_have_the_same_words(language: str) -> None:
    found = []
    for code in ("tr", language):
        with (SOURCE / "disc" / "locale" / code / "LC_MESSAGES" / "django.po").open("rb") as file:
            found.append({(each.context, each.id): each.string for each in read_po(file, abort_invalid=True) if each.id})
    first, other = found
    assert other.keys() == first.keys() and len(other) > 30
    for (_, words), text in other.items():
        assert text and set(re.findall(r"%\(\w+\)s", str(text))) == set(re.findall(r"%\(\w+\)s", str(words)))


def test_azerbaijani_is_left_to_right() -> None:
    assert get_language_info("az")["bidi"] is False
    assert {code for code, _ in settings.LANGUAGES} == set(LANGUAGES)
    for code, direction in LANGUAGES.items():
        assert get_language_info(code)["bidi"] is (direction == "rtl")
        assert (code in settings.LANGUAGES_BIDI) is (direction == "rtl")


@pytest.mark.parametrize(
    ("day", "latin", "persian"),
    [
        (date(1945, 12, 12), "21 Azar 1324", "۲۱ آذر ۱۳۲۴"),
        (date(2012, 12, 12), "22 Azar 1391", "۲۲ آذر ۱۳۹۱"),
        (date(1945, 9, 3), "12 Shahrivar 1324", "۱۲ شهریور ۱۳۲۴"),
        (date(2030, 3, 21), "1 Farvardin 1409", "۱ فروردین ۱۴۰۹"),
    ],
)
def test_solar_hijri(day: date, latin: str, persian: str) -> None:
    assert pages.solar_hijri(day, "en") == latin
    assert pages.solar_hijri(day, "fa") == pages.solar_hijri(day, "azb") == persian


@pytest.mark.parametrize("language", LANGUAGES)
def test_times_are_told_by_the_calendars_of_the_language(language: str) -> None:
    with translation.override(language):
        text = pages.moment("2012-12-12T09:30:00Z")
    assert 'datetime="2012-12-12T09:30:00Z"' in text
    assert "09:30 UTC" in text
    assert "2012" in text
    assert ("۲۲ آذر ۱۳۹۱" in text) is (language in ("fa", "azb"))


def test_the_sheet_uses_logical_properties() -> None:
    text = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL)
    assert not re.search(r"\b(margin|padding|border)-(left|right)|\b(left|right):|float:|@import", text)
    # Capital letters are a matter of language (i, İ in Turkish): the browser's, by the page's, and of one letter. Arabic script
    # is neither spaced nor slanted.
    text = re.sub(r"\.verdict::first-letter \{\s*text-transform: uppercase;\s*\}", "", text)
    assert not re.search(r"text-transform|letter-spacing|font-style:\s*italic", text)


def test_the_font_is_ours_and_has_its_hash_in_its_name() -> None:
    [name] = re.findall(r"url\(([^)]*)\)", SHEET)
    answer = Client().get("/" + name.strip('"'))
    raw = answer.content
    assert (answer.status_code, answer["Content-Type"], raw[:4]) == (200, "font/woff2", b"wOF2")
    assert "immutable" in answer["Cache-Control"]
    assert hashlib.sha256(raw).hexdigest() in (SOURCE / "fonts" / "README.md").read_text()
    assert hashlib.sha256(raw).hexdigest()[:16] in name
    assert "font-src 'self'" in answer["Content-Security-Policy"]
    assert Client().get("/fonts/vazirmatn-0.woff2").status_code == 404
