"""Books of an edition: what comes into them and what never does, how they are bound, the same bytes each time."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import segno
from PIL import Image
from pypdf import PdfReader

from sanduq import errors
from sanduq.disc import as_groups, as_words, fingerprint
from sanduq_web import command, printing
from sanduq_web.disc import about
from sanduq_web.disc.books import booklet, epub, make, picture
from sanduq_web.disc.books.compose import Book, compose, keys_of, plans
from sanduq_web.disc.books.cover import qr
from sanduq_web.disc.books.page import for_epub, for_print, sheet
from small_edition import HEADLINES, KEY, PICTURE, article, chapter, edition, page, publication, put
from small_edition import picture as jpeg

needs_pango = pytest.mark.skipif(not printing.can_print(), reason="WeasyPrint or the system's Pango is not here")
FORMATS = {".epub", "-a5.pdf", "-a4.pdf", "-booklet.pdf"}
CANARY = "canary-3f1c"


def composed(folder: Path, name: str = "news", **options: Any) -> Book:
    """A book of the first language that has one with this name."""
    told = about(folder)
    chosen = next(each for each in plans(folder, told, options.get("since"), options.get("most", 60)) if each.name == name)
    return compose(folder, told, chosen, keys_of(folder))


def text_of(raw: bytes) -> str:
    return "\n".join(each.extract_text() for each in PdfReader(io.BytesIO(raw)).pages)


@pytest.fixture(scope="module")
def persian(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, make.Made]:
    """An edition in Persian with its books; and the cache."""
    base = tmp_path_factory.mktemp("persian")
    folder = edition(base / "edition", ("fa",))
    return folder, base / "cache", make.make_books(folder, base / "cache")


# --- what is in a book ----------------------------------------------------------------------------------------------------


def test_the_news_has_articles_and_letters_the_newest_first(tmp_path: Path) -> None:
    folder = edition(tmp_path / "e")
    put(folder, "en/news/old/index.html", page("en", article("Older", "2026-11-18T10:00:00Z")))
    assert [part.title for part in composed(folder).parts] == ["For a ferry", "The lake rises", "Older"]
    assert [part.title for part in composed(folder, most=1).parts] == ["For a ferry"]
    assert [part.title for part in composed(folder, since=date(2026, 11, 19)).parts] == ["For a ferry", "The lake rises"]
    assert [each.name for each in plans(folder, about(folder), date(2027, 1, 1), 60)] == ["bridge"]


def test_a_letter_comes_with_its_signatures_and_without_what_needs_the_site(tmp_path: Path) -> None:
    letter = composed(edition(tmp_path / "e")).parts[0].html
    for words in ("The Ferry Company", "Rowing Circle", "8ad1 2ea5", 'href="#p1-signatures"', 'id="p1-signatures"'):
        assert words in letter
    for words in ("Sign this letter", "Other languages"):
        assert words not in letter


def test_an_article_keeps_table_and_picture_and_loses_the_frame(tmp_path: Path) -> None:
    book = composed(edition(tmp_path / "e"))
    html = book.parts[1].html
    assert '<th scope="col">Kind</th>' in html
    assert "<caption>Birds</caption>" in html
    assert 'alt="A lake" width="60" height="40"' in html
    assert "Short address" not in html
    assert "Related" not in for_print(book)
    assert jpeg() in [raw for _, raw in book.pictures.found.values()]


def test_a_publication_has_its_chapters_in_order_and_links_between_them(tmp_path: Path) -> None:
    book = composed(edition(tmp_path / "e"), "bridge")
    assert [(part.place, part.title) for part in book.parts] == [("p1", "The lake rises"), ("p2", "Boats"), ("p3", "After")]
    assert '<a href="#p3">on</a>' in book.parts[1].html
    assert book.authors == ("Harbour desk",)
    assert "Second edition" in book.issued
    assert 'alt="The cover"' in book.cover
    assert book.address == "https://press.example/en/publications/bridge/"


def test_headings_leave_no_level_out(tmp_path: Path) -> None:
    folder = edition(tmp_path / "e")
    put(
        folder,
        "en/publications/bridge/boats/index.html",
        page("en", chapter("Boats", "<h4>a</h4><h6>b</h6><h2>c</h2><h1>d</h1>")),
    )
    html = composed(folder, "bridge").parts[1].html
    assert [html.index(each) for each in ("<h2>a", "<h3>b", "<h2>c")] == sorted(
        html.index(each) for each in ("<h2>a", "<h3>b", "<h2>c")
    )


def test_two_publications_of_one_name_are_two_books(tmp_path: Path) -> None:
    folder = edition(tmp_path / "e")
    put(folder, "en/other/bridge/index.html", page("en", publication("Another")))
    put(folder, "en/other/news/index.html", page("en", publication("Named so")))
    names = [each.name for each in plans(folder, about(folder), None, 60)]
    assert len(names) == len(set(names)) == 4


@pytest.mark.parametrize("language", ["en", "fa", "azb"])
def test_the_cover_says_edition_date_address_and_key(tmp_path: Path, language: str) -> None:
    book = composed(edition(tmp_path / "e", (language,)))
    printed = for_print(book)
    digits = fingerprint(KEY.public.public)
    for words in (as_words(digits), as_groups(digits), KEY.id, f"https://press.example/{language}/", "VERIFY.html"):
        assert words in printed
    day = {"en": "22 November 2026", "fa": "۲۲ نوامبر ۲۰۲۶ (۱ آذر ۱۴۰۵)", "azb": "۲۲ نوامبر ۲۰۲۶ (۱ آذر ۱۴۰۵)"}
    assert f"{book.edition} · {day[language]}" in printed
    assert {"en": "Edition 3", "fa": "شمارهٔ ۳", "azb": "۳ نؤمره‌لی بوراخیلیش"}[language] == book.edition


def test_without_keys_it_says_so(tmp_path: Path) -> None:
    folder = edition(tmp_path / "e")
    (folder / "KEYS").unlink()
    assert "No key was known" in for_print(composed(folder))


@pytest.mark.parametrize("payload", ["https://press.example/fa/", fingerprint(KEY.public.public)])
def test_codes_hold_what_they_say(payload: str) -> None:
    code = segno.make(payload, error="m", micro=False)
    shown = Image.open(io.BytesIO(qr(payload))).convert("1")
    for row, line in enumerate(code.matrix):
        assert [shown.getpixel((32 + 8 * column, 32 + 8 * row)) == 0 for column in range(len(line))] == [
            bool(each) for each in line
        ]


# --- what never comes in --------------------------------------------------------------------------------------------------

HOSTILE = [
    f'<script>alert("{CANARY}")</script>',
    f'<p onclick="{CANARY}" style="background:url(http://x/{CANARY})">t</p>',
    f'<a href="javascript:{CANARY}">t</a>',
    f'<a href=" java&#10;script:{CANARY}">t</a>',
    f'<a href="data:text/html,{CANARY}">t</a>',
    f'<img src="https://tracker.example/{CANARY}.png" alt="t">',
    f'<img src="//tracker.example/{CANARY}.png" alt="t">',
    f'<img src="file:///etc/{CANARY}" alt="t">',
    f'<img src="data:image/svg+xml,{CANARY}" alt="t">',
    f'<iframe src="{CANARY}"></iframe><object data="{CANARY}"></object><embed src="{CANARY}">',
    f'<svg><image href="http://x/{CANARY}"/></svg><math><annotation>{CANARY}</annotation></math>',
    f'<link rel="stylesheet" href="http://x/{CANARY}"><style>@import "{CANARY}";</style><base href="http://{CANARY}/">',
    f'<video src="{CANARY}"></video><audio src="{CANARY}"></audio><picture><source srcset="{CANARY}"></picture>',
    f'<form action="http://{CANARY}/"><input name="{CANARY}"></form><!-- {CANARY} -->',
    f'<p id="{CANARY} &quot;" class="{CANARY}" lang="{CANARY}">t</p>',
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE)
def test_nothing_that_loads_or_runs_comes_in(tmp_path: Path, body: str) -> None:
    folder = edition(tmp_path / "e")
    put(folder, "en/news/lake/index.html", page("en", article("Title", "2026-11-21T10:00:00Z", body)))
    book = composed(folder)
    for html in (for_print(book), for_epub(book)):
        assert CANARY not in html
    assert not (printed := for_epub(book)).count("<script") + printed.count("javascript:")


def test_a_title_is_a_text(tmp_path: Path) -> None:
    folder = edition(tmp_path / "e")
    title = '&lt;script&gt;alert(1)&lt;/script&gt; *a* $x$ [b](c) "d" & \\e'
    put(folder, "en/publications/bridge/index.html", page("en", publication(title)))
    book = composed(folder, "bridge")
    assert book.title == '<script>alert(1)</script> *a* $x$ [b](c) "d" & \\e'
    with zipfile.ZipFile(io.BytesIO(epub.make(book, epub.source(book)))) as found:
        for name in found.namelist():
            if name.endswith(("html", "opf", "ncx")):
                assert b"<script" not in found.read(name)
        assert b"*a* $x$ [b](c)" in found.read("EPUB/content.opf")


@pytest.mark.parametrize("src", ["../../../../secret.jpg", "../../../../../outside.jpg", "../../../media/images/link.jpg"])
def test_a_picture_out_of_the_folder_is_refused(tmp_path: Path, src: str) -> None:
    folder = edition(tmp_path / "e")
    for file in (folder / "secret.jpg", tmp_path / "outside.jpg"):
        file.write_bytes(jpeg("red"))
    (folder / "press" / "media" / "images" / "link.jpg").symlink_to(tmp_path / "outside.jpg")
    put(folder, "en/news/lake/index.html", page("en", article("T", "2026-11-21T10:00:00Z", f'<img src="{src}" alt="t">')))
    with pytest.raises(errors.Unusable, match="leads out of the edition"):
        composed(folder)


def test_a_page_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = edition(tmp_path / "e")
    (tmp_path / "other.html").write_text(page("en", article("T", "2026-11-21T10:00:00Z")))
    (folder / "press" / "en" / "news" / "more.html").symlink_to(tmp_path / "other.html")
    with pytest.raises(errors.Unusable, match="leads out"):
        composed(folder)
    (folder / "press" / "en" / "news" / "more.html").unlink()
    put(folder, "en/publications/bridge/index.html", page("en", publication("T", {"../../../../../other": "x"})))
    with pytest.raises(errors.Unusable):
        composed(folder, "bridge")


def test_a_picture_that_is_not_there_is_told(tmp_path: Path) -> None:
    folder = edition(tmp_path / "e")
    put(
        folder,
        "en/news/lake/index.html",
        page("en", article("T", "2026-11-21T10:00:00Z", PICTURE.replace("lake.jpg", "no.jpg"))),
    )
    assert "[Picture that is not in this book: A lake]" in composed(folder).parts[0].html


@needs_pango
def test_the_printer_reaches_neither_network_nor_disk(tmp_path: Path) -> None:
    asked: list[str] = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    secret = tmp_path / "red.png"
    Image.new("RGB", (9, 9), "red").save(secret)
    with HTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{server.server_port}"
        html = (
            f'<html lang="en"><head><title>t</title><link rel="stylesheet" href="{origin}/a.css">'
            f'<style>@import url("{origin}/b.css");'
            f'@font-face {{ font-family: x; src: url("{origin}/c.woff2") }} p {{ font-family: x }}</style></head><body><p>t</p>'
            f'<img src="{origin}/d.png" alt="d"><img src="{secret.as_uri()}" alt="e"></body></html>'
        )
        (made,) = printing.render_sizes(html, [f'@page {{ size: A5; background: url("{origin}/e.png") }}'])
        server.shutdown()
    assert asked == []
    assert not PdfReader(io.BytesIO(made)).pages[0].images


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
        assert "۲۲ نوامبر" in text
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
        assert {info.date_time for info in found.infolist()} == {(2026, 11, 22, 20, 21, 26)}
        described = found.read("EPUB/content.opf").decode()
        for words in (
            'page-progression-direction="rtl"',
            "<dc:language>fa</dc:language>",
            book.identifier,
            HEADLINES["fa"],
            "2026-11-22T20:21:26Z",
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


# --- the order of pages ---------------------------------------------------------------------------------------------------


def read_in_order(pages: int, is_rtl: bool) -> list[int | None]:
    """Pages as they follow each other in what was printed on both sides, folded, and put into each other."""
    order: list[int | None] = []
    printed = booklet.sides(pages, is_rtl)
    for gathering in booklet.gatherings(pages):
        sheets = [(printed.pop(0), printed.pop(0)) for _ in range(len(gathering) // 4)]
        # Flipped on the short edge, what lies right in front lies left behind. The first half of a folded gathering
        # is, from the outside: of each sheet the front's half on the reader's leading side, then the back's.
        lead, trail = (0, 1) if is_rtl else (1, 0)
        order += [page for front, back in sheets for page in (front[lead], back[trail])]
        order += [page for front, back in reversed(sheets) for page in (back[lead], front[trail])]
    assert not printed
    return order


@pytest.mark.parametrize("is_rtl", [False, True])
@pytest.mark.parametrize("pages", [1, 3, 4, 5, 8, 15, 16, 79, 80, 81, 97, 160, 333])
def test_a_folded_booklet_is_read_in_order(pages: int, is_rtl: bool) -> None:
    order = read_in_order(pages, is_rtl)
    assert len(order) == 4 * -(-pages // 4)
    assert order == [*range(pages), *[None] * (len(order) - pages)]


def test_the_first_sheet_has_the_cover_outside() -> None:
    assert booklet.sides(8, False) == [(7, 0), (1, 6), (5, 2), (3, 4)]
    assert booklet.sides(8, True) == [(0, 7), (6, 1), (2, 5), (4, 3)]
    assert booklet.sides(6, False) == [(None, 0), (1, None), (5, 2), (3, 4)]


@pytest.mark.parametrize(("pages", "sheets"), [(80, [20]), (81, [7, 7, 7]), (96, [8, 8, 8]), (100, [7, 6, 6, 6])])
def test_many_pages_are_several_gatherings(pages: int, sheets: list[int]) -> None:
    assert [len(each) // 4 for each in booklet.gatherings(pages)] == sheets


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


@pytest.mark.parametrize("change", ["text", "picture", "key", "number"])
def test_what_has_changed_does_not(tmp_path: Path, change: str) -> None:
    folder = edition(tmp_path / "e", ("fa",))
    before = composed(folder, "bridge")
    if change == "text":
        put(folder, "fa/publications/bridge/after/index.html", page("fa", chapter("After", "<p>Other.</p>")))
    elif change == "picture":
        (folder / "press" / "media" / "images" / "lake.jpg").write_bytes(jpeg("navy"))
    elif change == "key":
        (folder / "KEYS").unlink()
    else:
        told = (folder / "EDITION.json").read_text()
        (folder / "EDITION.json").write_text(told.replace('"edition": 3', '"edition": 4'))
    after = composed(folder, "bridge")
    assert make._mark(before, for_print(before), epub.source(before)) != make._mark(after, for_print(after), epub.source(after))


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
