"""What comes into the books of an edition, and what never does."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
import segno
from PIL import Image
from pypdf import PdfReader

from sanduq import errors
from sanduq.disc import as_groups, as_words, fingerprint
from sanduq_web import printing
from sanduq_web.disc import about
from sanduq_web.disc.books import epub, picture
from sanduq_web.disc.books.compose import plans
from sanduq_web.disc.books.cover import qr
from sanduq_web.disc.books.page import for_epub, for_print
from small_edition import KEY, PICTURE, article, chapter, composed, edition, page, publication, put
from small_edition import picture as jpeg

needs_pango = pytest.mark.skipif(not printing.can_print(), reason="WeasyPrint or the system's Pango is not here")
CANARY = "canary-3f1c"


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


@pytest.mark.long
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


def test_links_within_a_page_lead_to_places_that_are_there(tmp_path: Path) -> None:
    folder = edition(tmp_path / "e")
    body = (
        '<p><a href="#one">1</a> <a href="#two">2</a> <a href="#gone">3</a> <a href="#out">4</a></p>'
        '<section id="one"><h2>a</h2></section>'
        '<section id="two"><h2 id="title">b</h2></section><div id="out">c</div>'
    )
    put(folder, "en/publications/bridge/boats/index.html", page("en", chapter("Boats", body)))
    html = composed(folder, "bridge").parts[1].html
    assert '<a href="#p2-one">1</a> <a href="#p2-title">2</a> <span>3</span> 4' in html
    assert 'id="p2-one"' in html
    assert 'id="p2-title"' in html


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


def test_a_picture_that_is_none_is_no_harm(tmp_path: Path) -> None:
    folder = edition(tmp_path / "e")
    (folder / "press" / "media" / "images" / "lake.jpg").write_bytes(jpeg()[:200])
    assert picture.cover(composed(folder, "bridge")).startswith(b"\x89PNG")
    (folder / "press" / "media" / "images" / "lake.jpg").write_bytes(f"<svg>{CANARY}</svg>".encode())
    assert "[Picture that is not in this book: The cover]" in for_print(composed(folder, "bridge"))


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    folder = edition(tmp_path / "e")
    put(folder, "en/news/lake/index.html", page("en", article("T", "2026-02-31")))
    with pytest.raises(errors.Unusable, match="is no day"):
        composed(folder)


def test_a_picture_that_is_not_there_is_told(tmp_path: Path) -> None:
    folder = edition(tmp_path / "e")
    put(
        folder,
        "en/news/lake/index.html",
        page("en", article("T", "2026-11-21T10:00:00Z", PICTURE.replace("lake.jpg", "no.jpg"))),
    )
    assert "[Picture that is not in this book: A lake]" in composed(folder).parts[0].html


@pytest.mark.long
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
