"""Books as files: PDF, EPUB, booklet; the same bytes each time; the cache; refusals."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from sanduq import errors
from sanduq_web import command, printing
from sanduq_web.disc import about
from sanduq_web.disc.books import epub, make, picture
from sanduq_web.disc.books.compose import Book, plans
from sanduq_web.disc.books.page import for_print, sheet
from small_edition import HEADLINES, chapter, composed, edition, page, put
from small_edition import picture as jpeg

needs_pango = pytest.mark.skipif(not printing.can_print(), reason="WeasyPrint or the system's Pango is not here")
FORMATS = {".epub", "-a5.pdf", "-a4.pdf", "-booklet.pdf"}


def text_of(raw: bytes) -> str:
    return "\n".join(each.extract_text() for each in PdfReader(io.BytesIO(raw)).pages)


@pytest.fixture(scope="module")
def persian(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, make.Made]:
    """An edition in Persian with its books; and the cache."""
    base = tmp_path_factory.mktemp("persian")
    folder = edition(base / "edition", ("fa",))
    return folder, base / "cache", make.make_books(folder, base / "cache")


# --- the files ------------------------------------------------------------------------------------------------------------


@needs_pango
def test_every_book_has_four_files_and_a_row(persian: tuple[Path, Path, make.Made]) -> None:
    folder, _, made = persian
    assert (made.books, made.cached, made.files) == (2, 0, 9)
    rows = json.loads((folder / "books" / "BOOKS.json").read_text("utf-8"))
    assert [(row["language"], row["name"]) for row in rows] == [("fa", "news"), ("fa", "bridge")]
    for row in rows:
        assert {each["path"].removeprefix(f"books/fa/{row['name']}") for each in row["files"]} == FORMATS
        for each in row["files"]:
            assert (folder / each["path"]).stat().st_size == each["bytes"]
    assert not list(folder.glob("*.partial"))


@needs_pango
def test_a_pdf_has_text_tags_language_title_and_bookmarks(persian: tuple[Path, Path, make.Made]) -> None:
    for size, width in (("a5", 419.5), ("a4", 595.3)):
        raw = (persian[0] / "books" / "fa" / f"bridge-{size}.pdf").read_bytes()
        reader = PdfReader(io.BytesIO(raw))
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "fa"
        assert HEADLINES["fa"] in str(reader.metadata and reader.metadata.title)
        assert float(reader.pages[0].mediabox.width) == pytest.approx(width, abs=0.2)
        text = " ".join(text_of(raw).split())
        assert HEADLINES["fa"] in text
        assert "۱۵ نوامبر" in text
        marks = [str(each["/Title"]) for each in reader.outline if not isinstance(each, list)]
        assert {HEADLINES["fa"], "Boats", "After"} <= set(marks)
        assert "۴" in reader.pages[3].extract_text()
        assert b"pdfuaid" in raw or "pdfuaid" in str(reader.xmp_metadata and reader.xmp_metadata.stream.get_data())


@needs_pango
def test_the_booklet_is_bound_on_the_right(persian: tuple[Path, Path, make.Made]) -> None:
    pages = PdfReader(persian[0] / "books" / "fa" / "bridge-a5.pdf").pages
    folded = PdfReader(persian[0] / "books" / "fa" / "bridge-booklet.pdf")
    assert len(folded.pages) == 2 * -(-len(pages) // 4)
    first = folded.pages[0]
    assert (round(first.mediabox.width), round(first.mediabox.height)) == (842, 595)
    # The cover lies on the left half of the first side: what opens to the right.
    drawn = first.get_contents().get_data().decode()
    forms = first["/Resources"]["/XObject"]
    cover = next(
        line
        for line in drawn.splitlines()
        if forms["/P" + line.split("/P")[1][0]].get_data() == pages[0].get_contents().get_data()
    )
    assert " 0.00 0 cm" in cover
    assert folded.trailer["/Root"]["/ViewerPreferences"]["/Duplex"] == "/DuplexFlipShortEdge"
    assert folded.trailer["/Root"]["/ViewerPreferences"]["/Direction"] == "/R2L"


def test_an_epub_says_language_direction_and_identifier_and_needs_nothing_else(tmp_path: Path) -> None:
    folder = edition(tmp_path / "e", ("fa",))
    book = composed(folder, "bridge")
    made = epub.make(book, epub.source(book))
    with zipfile.ZipFile(io.BytesIO(made)) as found:
        names = found.namelist()
        assert (names[0], found.infolist()[0].compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert {info.date_time for info in found.infolist()} == {(2026, 11, 15, 0, 0, 0)}
        described = found.read("EPUB/content.opf").decode()
        for words in (
            'page-progression-direction="rtl"',
            "<dc:language>fa</dc:language>",
            book.identifier,
            HEADLINES["fa"],
            "2026-11-15T00:00:00Z",
        ):
            assert words in described
        texts = {name: found.read(name).decode() for name in names if name.startswith("EPUB/text/")}
        assert len(texts) == 5  # cover, three parts, leaf of keys
        for text in texts.values():
            assert 'lang="fa"' in text
            assert 'dir="rtl"' in text
            assert 'src="http' not in text
        assert Image.open(io.BytesIO(found.read("EPUB/media/cover.png"))).size == (600, 800)
    again = composed(folder, "bridge")
    assert epub.make(again, epub.source(again)) == made
    shutil.copytree(folder, tmp_path / "elsewhere")
    moved = composed(tmp_path / "elsewhere", "bridge")
    assert (moved.identifier, epub.source(moved), picture.cover(moved)) == (
        book.identifier,
        epub.source(book),
        picture.cover(book),
    )


# --- making them again; refusals ------------------------------------------------------------------------------------------


@needs_pango
def test_what_has_not_changed_comes_from_the_cache(persian: tuple[Path, Path, make.Made], tmp_path: Path) -> None:
    folder, cache, _ = persian
    again = tmp_path / "again"
    shutil.copytree(folder, again)
    said: list[str] = []
    made = make.make_books(again, cache, tell=said.append)
    assert (made.cached, sorted(said)) == (2, ["fa/bridge (as before)", "fa/news (as before)"])
    for path in (folder / "books").rglob("*.*"):
        assert (again / path.relative_to(folder)).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("change", ["text", "picture", "key"])
def test_what_has_changed_does_not(tmp_path: Path, change: str) -> None:
    folder = edition(tmp_path / "e", ("fa",))
    before = composed(folder, "bridge")
    if change == "text":
        put(folder, "fa/publications/bridge/after/index.html", page("fa", chapter("After", "<p>Other.</p>")))
    elif change == "picture":
        (folder / "press" / "media" / "images" / "lake.jpg").write_bytes(jpeg("navy"))
    else:
        (folder / "KEYS").unlink()
    assert mark(before) != mark(composed(folder, "bridge"))


def mark(book: Book) -> str:
    return make._mark(book, for_print(book), epub.source(book))


def test_a_publication_is_the_same_in_the_next_edition_and_the_news_are_not(tmp_path: Path) -> None:
    folder = edition(tmp_path / "e", ("fa",))
    before = [mark(composed(folder, name)) for name in ("bridge", "news")]
    told = (folder / "EDITION.json").read_text().replace('"edition": 3', '"edition": 4').replace("2026-11-22", "2026-11-29")
    (folder / "EDITION.json").write_text(told)
    after = [mark(composed(folder, name)) for name in ("bridge", "news")]
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False]


def test_what_is_no_edition_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(["disc", "books", str(tmp_path)]) == 2
    assert "this is no edition" in (said := capsys.readouterr().err)
    assert "hint:" in said


def test_a_language_is_never_a_path(tmp_path: Path) -> None:
    folder = edition(tmp_path / "e")
    told = (folder / "EDITION.json").read_text()
    (folder / "EDITION.json").write_text(told.replace('"en"', '"../.."'))
    with pytest.raises(errors.Unusable, match="language"):
        list(plans(folder, about(folder), None, 60))


@pytest.mark.parametrize("missing", ["pandoc", "pango"])
def test_a_missing_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    folder = edition(tmp_path / "e")
    (folder / "books").mkdir()
    (folder / "books" / "old").touch()

    def gone() -> str:
        raise printing.Missing("cannot load library 'libpango-1.0-0'")

    if missing == "pango":
        monkeypatch.setattr(printing, "version", gone)
    else:
        monkeypatch.setattr("pypandoc.get_pandoc_path", lambda: (_ for _ in ()).throw(OSError("No pandoc was found")))
        epub.pandoc.cache_clear()
        epub.version.cache_clear()
    with pytest.raises(errors.Unusable, match=r"pandoc is missing|libpango") as refusal:
        make.make_books(folder)
    assert refusal.value.hint
    assert (folder / "books" / "old").exists()
    epub.pandoc.cache_clear()
    epub.version.cache_clear()


@needs_pango
def test_after_a_refusal_the_old_books_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = edition(tmp_path / "e")
    (folder / "books").mkdir()
    (folder / "books" / "old").touch()

    def fails(html: str, sheets: list[str]) -> list[bytes]:
        raise printing.Failed("took more than 240 s")

    monkeypatch.setattr(printing, "render_sizes", fails)
    with pytest.raises(errors.Unusable, match="its PDF took more than 240 s"):
        make.make_books(folder)
    assert [path.name for path in folder.glob("books*")] == ["books"]
    assert (folder / "books" / "old").exists()


# --- the whole, in three languages ----------------------------------------------------------------------------------------


@pytest.mark.long
@needs_pango
def test_two_times_are_the_same_and_epubcheck_is_content(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        folder = edition(tmp_path / name, ("en", "azb", "fa"))
        make.make_books(folder)
        made.append({path.relative_to(folder): path.read_bytes() for path in (folder / "books").rglob("*.*")})
    assert made[0] == made[1]
    assert len(made[0]) == 25
    java, checker = shutil.which("java"), Path("/usr/bin/epubcheck")
    if java is None or not checker.exists():
        pytest.skip("epubcheck is not here: apt-get install epubcheck")
    for path in sorted((tmp_path / "one" / "books").rglob("*.epub")):
        done = subprocess.run(
            [java, "-jar", str(checker.resolve()), "--failonwarnings", str(path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
@needs_pango
@pytest.mark.parametrize("language", ["en", "azb"])
def test_numbers_of_pages_have_the_digits_of_the_language(tmp_path: Path, language: str) -> None:
    book = composed(edition(tmp_path / "e", (language,)), "bridge")
    (made,) = printing.render_sizes(for_print(book), [sheet("a5")])
    fourth = PdfReader(io.BytesIO(made)).pages[3].extract_text()
    assert ({"en": "4", "azb": "۴"}[language] in fourth, {"en": "۴", "azb": "4"}[language] in fourth) == (True, False)
