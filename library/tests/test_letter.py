"""The voter's letter: what stands on it and where, what the codes hold, and what does not show when it is folded."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pypdf
import pytest
import zxingcpp
from PIL import Image

from rehearsed import rehearsed
from sanduq import errors
from sanduq.booth.letter import Letter, Sheet, booth_link, direction_of, letter_value, words_by_language
from sanduq.booth.letter_pdf import chunks, pages, require_glyphs, tint, typeset
from sanduq.question.setup import Setup
from sanduq.roll import new_credential, printed_credential
from sanduq.roll.people import Person, read_people

BOOTH = "https://booth.example"
LANGUAGES = ["en", "az", "azb", "fa", "ar", "tr"]
RIGHT_TO_LEFT = ("azb", "fa", "ar")
TITLES = {
    "en": "The bridge",
    "az": "Körpü haqqında: ə ğ ı ş",
    "azb": "کؤرپو حاقیندا",
    "fa": "همه‌پرسی دربارهٔ پل",
    "ar": "استفتاء حول الجسر",
    "tr": "Köprü hakkında",
}
PERSON = Person(("Ayşe Şahinoğlu", "Gül Sokak 12", "12345 Şehir"))
DPI = 144
POINTS = 72 / 25.4


@pytest.fixture(scope="module")
def setup() -> Setup:
    return rehearsed("swiss-636")[0]


def _sheet(setup: Setup, language: str = "en", **changes: object) -> Sheet:
    """An area in one more language."""
    area = replace(setup.areas[0], language=language)
    title = dict(setup.title) | {language: TITLES.get(language, "A title")}
    languages = dict(setup.languages) | {language: "rtl" if language in RIGHT_TO_LEFT else "ltr"}
    return Sheet(replace(setup, title=title, languages=languages), area, BOOTH, **changes)  # type: ignore[arg-type]


def _texts(pdf: bytes, page: int = 0) -> list[tuple[float, float, str]]:
    """What is written on a page, with its place in millimetres from the left and from the top."""
    found: list[tuple[float, float, str]] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((x / POINTS, 297 - y / POINTS, text.strip()))

    pypdf.PdfReader(io.BytesIO(pdf)).pages[page].extract_text(visitor_text=visit)
    return found


def _image(sheet: Sheet, letter: Letter) -> Image.Image:
    made = typeset(sheet, [letter], None, format="png", ppi=DPI)
    return Image.open(io.BytesIO(made)).convert("L")


def _part(image: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    """A rectangle, in millimetres."""
    return image.crop(tuple(round(side * DPI / 25.4) for side in (left, top, right, bottom)))  # type: ignore[arg-type]


def test_the_link_holds_what_is_the_voter_s_behind_the_fragment_alone(setup: Setup) -> None:
    credential = new_credential()
    link = urlsplit(booth_link(BOOTH + "/", setup.anchor, "ZH", credential, "pt-BR"))
    assert (link.scheme, link.netloc, link.path, link.query) == ("https", "booth.example", "/", "")
    assert dict(parse_qsl(link.fragment, strict_parsing=True)) == {
        "r": setup.anchor,
        "a": "ZH",
        "c": credential,
        "l": "pt-BR",
    }


@pytest.mark.parametrize(
    "booth",
    [
        "",
        "booth.example",
        "ftp://booth.example",
        "https://",
        "https://b.example/?x=1",
        "https://b.example/#x",
        "https://a:b@c.example",
    ],
)
def test_an_address_that_would_not_keep_it_there(setup: Setup, booth: str) -> None:
    with pytest.raises(errors.Unusable, match="not an address of a booth"):
        booth_link(booth, setup.anchor, "ZH", new_credential(), "en")


def test_what_is_no_credential_gets_into_no_link(setup: Setup) -> None:
    with pytest.raises(errors.CredentialMalformed):
        booth_link(BOOTH, setup.anchor, "ZH", "AAAAA-AAAAAA-AAAAA-AAAAA0", "en")


@pytest.mark.parametrize(
    "language", [pytest.param(each, marks=[] if each in ("azb", "en") else [pytest.mark.long]) for each in LANGUAGES]
)
def test_each_voter_has_one_page_in_their_language_and_its_code_opens_the_booth(setup: Setup, language: str) -> None:
    sheet = _sheet(setup, language)
    letters = [Letter(f"E-{n}", new_credential(), PERSON, "01234567") for n in range(2)]
    pdf = pages(sheet, letters)
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 2
    for number, letter in enumerate(letters):
        written = re.sub(r"\s", "", "".join(text for _, _, text in _texts(pdf, number)))
        assert printed_credential(letter.credential).replace("-", "") in written.replace("-", "")
        assert "01234567" in written
        assert setup.anchor not in written, "another language is another setup"
        assert sheet.setup.anchor in written
    codes = zxingcpp.read_barcodes(_image(sheet, letters[0]))
    assert [code.text for code in codes] == [
        booth_link(BOOTH, sheet.setup.anchor, sheet.area.code, letters[0].credential, language)
    ]


def test_every_letter_of_the_six_languages_has_a_shape(setup: Setup) -> None:
    for language in LANGUAGES:
        value = letter_value(_sheet(setup, language), Letter("1", new_credential(), PERSON), lambda _: "")
        require_glyphs([(language, "".join(text for text in value.values() if isinstance(text, str)))], None)


def test_only_the_address_is_outside(setup: Setup) -> None:
    sheet = _sheet(setup, sender="Commission, Box 1, Town")
    pdf = pages(sheet, [Letter("E-7", new_credential(), PERSON, "01234567")])
    outside = sorted((x, y, text) for x, y, text in _texts(pdf) if y < 105)
    assert " ".join(sorted(text for _, _, text in outside)) == "12345 Şehir Ayşe Şahinoğlu Commission, Box 1, Town Gül Sokak 12"
    assert all(20 <= x <= 105 and 45 <= y <= 90 for x, y, _ in outside), "in the window of DIN 5008, form B"
    assert "E-7" not in " ".join(text for _, _, text in _texts(pdf)), "who has an address needs no number"
    picture = _image(sheet, Letter("E-7", new_credential(), PERSON))
    for blank in ((0, 0, 210, 45), (0, 45, 20, 104), (106, 45, 210, 104), (0, 91, 210, 104)):
        assert _part(picture, *blank).getextrema()[0] > 200, blank


@pytest.mark.long
def test_a_window_on_the_other_side(setup: Setup) -> None:
    pdf = pages(_sheet(setup, window="right"), [Letter("E-7", new_credential(), PERSON)])
    assert all(110 <= x <= 195 for x, y, _ in _texts(pdf) if y < 105)


@pytest.mark.parametrize("bare", [pytest.param(False, marks=pytest.mark.long), True])
def test_when_folded_a_pattern_lies_on_everything_that_is_secret(setup: Setup, bare: bool) -> None:
    credential = new_credential()
    sheet = _sheet(setup, "fa", bare_link=bare)
    pdf = pages(sheet, [Letter("1", credential, PERSON, "01234567")])
    secret = [text for text in _texts(pdf) if any(group in text[2] for group in (*credential.split("-"), "0123"))]
    assert secret
    # Folded along 210 mm, what is printed at y lies on what is printed at 420 - y.
    assert all(15 < x < 195 and 212 < 420 - y < 276 for x, y, _ in secret)
    picture = _image(sheet, Letter("1", credential, PERSON, "01234567"))
    for code in zxingcpp.read_barcodes(picture):
        corners = (code.position.top_left, code.position.bottom_right)
        places = [(corner.x * 25.4 / DPI, corner.y * 25.4 / DPI) for corner in corners]
        assert all(15 < x < 195 and 212 < 420 - y < 276 for x, y in places)
    dark = _part(picture, 16, 213, 194, 275).histogram()
    assert sum(dark[:128]) / sum(dark) > 0.6
    margin = _part(picture, 10, 146, 19, 209)
    assert margin.getextrema()[0] > 200, "nothing beside the block"


def test_each_letter_has_a_pattern_of_its_own() -> None:
    assert tint() != tint()
    assert tint(bytes) == tint(bytes), "it is made of nothing else"


@pytest.mark.long
def test_a_link_without_the_credential_leaves_it_to_a_code_of_its_own(setup: Setup) -> None:
    credential = new_credential()
    codes = [code.text for code in zxingcpp.read_barcodes(_image(_sheet(setup, bare_link=True), Letter("1", credential)))]
    (link,) = [text for text in codes if text != credential]
    assert len(codes) == 2
    assert dict(parse_qsl(urlsplit(link).fragment, strict_parsing=True)).keys() == {"r", "a", "l"}
    assert not [group for group in credential.split("-") if group in link]


def test_a_scanned_link_does_not_hold_the_pin(setup: Setup) -> None:
    drawn: list[str] = []
    value = letter_value(_sheet(setup), Letter("1", new_credential(), pin="01234567"), lambda text: drawn.append(text) or "")
    assert value["pin"] == "0123 4567"
    assert not [text for text in drawn if "01234567" in text]


def test_without_an_address_the_voter_s_number_stands_in_the_window(setup: Setup) -> None:
    pdf = pages(_sheet(setup), [Letter("E-7", new_credential())])
    assert [text for _, y, text in _texts(pdf) if y < 105] == ["For: E-7"]


def test_every_language_says_everything_and_the_times() -> None:
    catalogue = words_by_language()
    assert sorted(catalogue) == sorted(LANGUAGES)
    for language, words in catalogue.items():
        assert all(vars(words).values()), language
        assert ("{opens}" in words.open, "{closes}" in words.open) == (True, True), language


def test_another_language_is_helped_out_in_english(setup: Setup) -> None:
    value = letter_value(_sheet(setup, "tk"), Letter("1", new_credential()), lambda _: "")
    assert value["scan"] == words_by_language()["en"].scan


def test_a_voter_s_own_language_goes_before_the_area_s(setup: Setup) -> None:
    value = letter_value(_sheet(setup, "en"), Letter("1", new_credential(), Person(language="de")), lambda _: "")
    assert (value["language"], value["title"]) == ("de", setup.title["de"])


def test_texts_are_texts_whatever_stands_in_them(setup: Setup) -> None:
    bad = '#panic("x") *b* $1$ ](<a> \\ @b `c` "'
    sheet = _sheet(setup, sender=bad)
    sheet = replace(sheet, area=replace(sheet.area, name=bad), setup=replace(sheet.setup, title={"en": bad}))
    pdf = pages(sheet, [Letter("1", new_credential(), Person((bad, bad)))])
    assert "".join(text for _, _, text in _texts(pdf)).count("panic") == 5


def test_what_does_not_fit_is_refused_and_not_repeated(setup: Setup) -> None:
    credential = new_credential()
    sheet = _sheet(setup)
    long = replace(sheet, setup=replace(sheet.setup, title={"en": "A very long title " * 100}))
    with pytest.raises(errors.Unusable, match="letters E-1 to E-1: a text is too long") as refused:
        pages(long, [Letter("E-1", credential)])
    assert credential[:5] not in f"{refused.value!r}{refused.value.hint}"


def test_a_character_that_no_font_has_is_refused() -> None:
    require_glyphs([("it", "Ayşe شیرین گؤی")], None)
    with pytest.raises(errors.Unusable, match=r"the address of a voter: no font has U\+5317") as refused:
        require_glyphs([("the address of a voter", "北")], None)
    assert "北" not in str(refused.value)


@pytest.mark.long
def test_letters_come_in_files_of_a_size_in_their_order(setup: Setup) -> None:
    letters = [Letter(f"E-{n}", new_credential()) for n in range(5)]
    made = list(chunks(_sheet(setup), letters, size=2))
    assert [count for _, count in made] == [2, 2, 1]
    names = [text for pdf, count in made for page in range(count) for _, y, text in _texts(pdf, page) if y < 105]
    assert names == [f"For: {letter.voter}" for letter in letters]


@pytest.mark.long
def test_several_processes_make_the_same_order(setup: Setup) -> None:
    letters = [Letter(f"E-{n}", new_credential()) for n in range(7)]
    made = list(chunks(_sheet(setup), letters, jobs=2, size=2))
    names = [text for pdf, count in made for page in range(count) for _, y, text in _texts(pdf, page) if y < 105]
    assert names == [f"For: {letter.voter}" for letter in letters]


def test_no_secret_in_what_a_letter_shows_of_itself() -> None:
    letter = Letter("E-1", new_credential(), pin="01234567")
    assert not [part for part in (*letter.credential.split("-"), "01234567") if part in repr(letter)]


@pytest.mark.parametrize(("text", "way"), [("Ayşe", "ltr"), ("12 شیرین", "rtl"), ("12", "ltr"), ("«عربي»", "rtl")])
def test_a_line_goes_as_its_first_letter_does(text: str, way: str) -> None:
    assert direction_of(text) == way


# --- who gets them ---------------------------------------------------------------------------------------------------------


def test_people_are_read_with_the_columns_that_there_are() -> None:
    text = 'voter,name,address,language\nE-1,Ayşe,"Gül 12\n12345 Şehir",tr\nE-2,,,\nE-3,Bo,One | Two,en\n'
    people = read_people(text.encode("utf-8-sig"), ["en", "tr"])
    assert people["E-1"] == Person(("Ayşe", "Gül 12", "12345 Şehir"), "tr")
    assert people["E-2"] == Person()
    assert people["E-3"].lines == ("Bo", "One", "Two")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expected rows"),
        ("voter\n", "expected rows"),
        ("name\nAyşe\n", "expected rows"),
        ("voter,secret\n1,x\n", "expected rows"),
        ("voter,name\n1,a\n1,b\n", "row 2: the same voter"),
        ("voter,name\n,a\n", "row 1: no voter"),
        ("voter,name\n1\n", "row 1: too many columns, or too few"),
        ("voter,name\n1,a\n2,a,b\n", "row 2: too many columns, or too few"),
        ("voter,language\n1,xx\n", "row 1: a language"),
        ("voter,address\n1,a|b|c|d|e|f|g\n", "row 1: an address of more than"),
        (f"voter,name\n1,{'x' * 61}\n", "row 1: an address of more than"),
        ("voter,name\n1,a\x07b\n", "row 1: a character"),
        ('voter,name\n1,"a\n', "not a CSV"),
    ],
)
def test_people_who_cannot_be_read(text: str, words: str) -> None:
    with pytest.raises(errors.Unusable, match=words):
        read_people(text.encode(), ["en"])


def test_the_fonts_are_those_that_the_script_makes() -> None:
    folder = Path(__file__).resolve().parents[1] / "src" / "sanduq" / "booth" / "fonts"
    assert sorted(path.name for path in folder.iterdir()) == [
        "OFL.txt",
        "README.md",
        "vazirmatn-bold.ttf",
        "vazirmatn-regular.ttf",
    ]
