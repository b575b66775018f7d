"""What editors upload: nothing of who made it, where and with what; and what is no picture or document is refused."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile
from PIL import Image
from pypdf import PdfReader
from wagtail.models import Collection

import papers
from newsroom import article, member, picture, section
from papers import PERSON
from sanduq import errors
from sanduq_web.press.models import PressDocument, PressImage
from sanduq_web.press.uploads import clean_document, clean_picture
from sanduq_web.press.uploads.jpegs import quiet_jpegs

PICTURES = {"photo.jpg": "JPEG", "photo.png": "PNG", "photo.webp": "WEBP"}
DOCUMENTS = {"paper.pdf": papers.pdf, "paper.docx": papers.docx, "paper.xlsx": papers.xlsx, "paper.odt": papers.odt}


def everything(raw: bytes) -> bytes:
    """A file's bytes, and those of all its parts."""
    if not raw.startswith(b"PK"):
        return raw
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = [name.encode() + everything(archive.read(name)) for name in archive.namelist()]
    return raw + b"".join(parts)


def told_by_exiftool(path: Path) -> str:
    """All that exiftool finds."""
    return subprocess.run(["exiftool", "-a", "-u", "-g1", str(path)], check=True, capture_output=True, text=True).stdout


def refused(raw: bytes, name: str) -> str:
    """How a document is refused."""
    with pytest.raises(errors.Refused) as caught:
        clean_document(raw, name)
    assert PERSON not in str(caught.value)
    return str(caught.value)


@pytest.mark.django_db
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_tells_nothing(name: str, media: Path) -> None:
    raw = papers.picture(PICTURES[name])
    assert PERSON.encode() in raw
    image = PressImage.objects.create(title="A lake", credit="x", file=ContentFile(raw, name=f"{PERSON}-{name}"))
    image.get_rendition("max-40x40|format-jpeg")
    stored = [path for path in media.rglob("*") if path.is_file()]
    assert len(stored) == 2
    for path in stored:
        assert PERSON not in path.name
        assert "photo" not in path.name
        assert b"Canary" not in path.read_bytes()
        told = told_by_exiftool(path)
        assert not any(word in told for word in ("GPS", "Canary", "Artist", "Make", "XMP", "Comment", "Author", "[IFD0]"))


def test_a_picture_stands_upright_and_looks_the_same() -> None:
    clean, ending = clean_picture(papers.picture())
    with Image.open(io.BytesIO(clean)) as seen:
        # Lying on its side by its EXIF: 64 × 48 becomes 48 × 64, its blue half is above.
        assert (ending, seen.size, len(seen.getexif())) == ("jpg", (48, 64), 0)
        red, _, blue = seen.getpixel((24, 4))  # type: ignore[misc]
        assert blue > 150 > red


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "no picture"),
        (b"GIF89a/*<script>alert(1)</script>*/=1", "no picture"),
        (papers.picture()[:400], "no picture"),
        (papers.moving(), "moves"),
        (papers.huge(), "far too many pixels"),
        (papers.picture(size=(8000, 6000)), "8000 × 6000 pixels"),
        (b"\0" * (11 << 20), "11 MiB"),
    ],
    ids=["nothing", "svg", "script", "cut", "moving", "100-megapixels", "48-megapixels", "too-large"],
)
def test_what_is_no_picture(raw: bytes, why: str) -> None:
    with pytest.raises(errors.Refused, match=why):
        clean_picture(raw)


def test_nothing_is_carried_behind_a_picture() -> None:
    clean, _ = clean_picture(papers.picture() + b"PK\x03\x04 <script>alert(1)</script>")
    assert b"script" not in clean


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_tells_nothing(name: str, tmp_path: Path) -> None:
    raw = DOCUMENTS[name]()
    assert b"Canary" in everything(raw) or name.endswith("pdf")
    clean, ending = clean_document(raw, name)
    path = tmp_path / f"x.{ending}"
    path.write_bytes(clean)
    assert not any(word in everything(clean) for word in (b"Canary", b"SECRET", b"rsid", b"2026-01-01"))
    told = told_by_exiftool(path)
    assert not any(word in told for word in ("Canary", "Author", "Creator", "Producer", "Title", "Last Modified By"))


def test_the_text_of_a_document_stays_in_its_order() -> None:
    with zipfile.ZipFile(io.BytesIO(clean_document(papers.docx(), "a.docx")[0])) as archive:
        text = archive.read("word/document.xml").decode()
        assert [text.index(word) for word in ("one ", "two ", "three")] == sorted(
            text.index(w) for w in ("one ", "two ", "three")
        )
        assert "<w:b/>" in text
        assert "comments.xml" not in archive.read("[Content_Types].xml").decode()
        links = archive.read("word/_rels/document.xml.rels").decode()
        assert ("comments" in links, "dotx" in links, "image1.jpeg" in links) == (False, False, True)
        assert b"Canary" not in archive.read("word/media/image1.jpeg")
    with zipfile.ZipFile(io.BytesIO(clean_document(papers.odt(), "a.odt")[0])) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert "one two three" in archive.read("content.xml").decode()
        assert "meta.xml" not in archive.read("META-INF/manifest.xml").decode()
    book = openpyxl.load_workbook(io.BytesIO(clean_document(papers.xlsx(), "a.xlsx")[0]))
    assert book.active["A1"].value == "level"
    assert book.active["A1"].comment is None


def test_the_text_of_a_pdf_stays() -> None:
    clean, _ = clean_document(papers.pdf(), "a.pdf")
    reader = PdfReader(io.BytesIO(clean))
    assert "The lake is lower." in reader.pages[0].extract_text()


@pytest.mark.parametrize("behind", [b"", papers.picture()], ids=["photo", "a-second-photo-behind-it"])
def test_photographs_in_a_pdf_tell_nothing(behind: bytes, tmp_path: Path) -> None:
    raw = papers.pdf_of_a_photo(papers.picture() + behind)
    assert b"Canary" in raw
    path = tmp_path / "x.pdf"
    path.write_bytes(clean_document(raw, "a.pdf")[0])
    clean = path.read_bytes()
    assert not any(word in clean for word in (b"Canary", b"Exif", b"JavaScript", b"EmbeddedFile"))
    [seen] = PdfReader(path).pages[0].images
    photo = seen.image.convert("RGB")
    assert photo.size == (64, 48)
    assert photo.getpixel((8, 24))[2] > 150 > photo.getpixel((8, 24))[0]  # blue on the left, as before
    told = subprocess.run(["exiftool", "-ee3", "-a", "-u", str(path)], check=True, capture_output=True, text=True).stdout
    assert not any(word in told for word in ("GPS", "Artist", "Comment", "Make"))


def test_a_pdf_whose_photographs_cannot_be_read_through_is_refused() -> None:
    head = b"<< /Length 8 0 R\n   /Filter /DCTDecode\n>>\nstream\n"
    for photo in (b"\xff\xd8\xff\xe1\xff\xff" + b"x" * 20, b"\xff\xd8 Canary", b"\xff\xd8\xff\xda\x00\x02 without an end"):
        with pytest.raises(errors.Refused, match="pictures that cannot be cleaned"):
            quiet_jpegs(head + photo + b"\nendstream\n8 0 obj\n   %d\nendobj" % len(photo))


BOMB = papers.packed({"[Content_Types].xml": "x", "word/document.xml": b"\0" * (97 << 20)})
HOSTILE: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "a.pdf", "empty"),
    "html": (b"<html><script>alert(1)</script>", "a.pdf", "no PDF"),
    "cut": (papers.pdf()[:500], "a.pdf", "no PDF"),
    "broken": (b"%PDF-1.7\n" + b"x" * 99 + b"%%EOF", "a.pdf", "cannot be cleaned"),
    "svg": (b"<svg/>", "a.svg", "documents end in"),
    "html-name": (b"<p>", "a.pdf.html", "documents end in"),
    "bomb": (BOMB, "a.docx", "unpacks to more"),
    "xlsx-as-docx": (papers.xlsx(), "a.docx", "no DOCX"),
    "pdf-as-docx": (papers.pdf(), "a.docx", "no DOCX"),
    "zip-behind-a-picture": (papers.picture() + papers.docx(), "a.docx", "no DOCX"),
    "macros": (
        papers.packed({"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}),
        "a.docx",
        "no DOCX",
    ),
    "entities": (
        papers.packed(
            {
                "[Content_Types].xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                "word/document.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            }
        ),
        "a.docx",
        "is broken",
    ),
    "latin-1": ("ş,ğ".encode("iso8859-9"), "a.csv", "no text in UTF-8"),
    "binary": (b"a\0b", "a.txt", "no plain text"),
    "too-large": (b"%PDF-" + b"0" * (21 << 20), "a.pdf", "at most 20"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_document(case: str) -> None:
    raw, name, why = HOSTILE[case]
    assert why in refused(raw, name)


def test_a_pdf_is_refused_where_it_cannot_be_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "mat2 is not installed" in refused(papers.pdf(), "a.pdf")


def test_a_table_keeps_its_letters() -> None:
    assert clean_document("\ufeffgöl,səviyyə\n".encode(), "a.CSV") == ("göl,səviyyə\n".encode(), "csv")


FORMS = [
    ("images/add/", "", {"description": "A lake.", "credit": "By a hand."}, PressImage),
    ("images/chooser/create/", "image-chooser-upload-", {"description": "A lake.", "credit": "By a hand."}, PressImage),
    ("documents/add/", "", {"title": "Levels"}, PressDocument),
    ("documents/chooser/create/", "document-chooser-upload-", {"title": "Levels"}, PressDocument),
]


@pytest.mark.parametrize(("address", "prefix", "fields", "model"), FORMS, ids=[each[0] for each in FORMS])
def test_every_form_cleans_names_anew_and_forgets_who_sent_it(
    site: Any, address: str, prefix: str, fields: dict[str, str], model: Any, media: Path
) -> None:
    editor = member("Ada", "editor", ["en"])
    raw = papers.picture() if model is PressImage else papers.docx()
    name = f"{PERSON}.jpg" if model is PressImage else f"{PERSON}.docx"
    given = {prefix + key: value for key, value in fields.items()}
    answer = editor.post(f"/desk/{address}", given | {f"{prefix}file": ContentFile(raw, name=name)})
    assert answer.status_code in (200, 302), answer.text
    [made] = model.objects.all()
    assert made.uploaded_by_user is None
    assert "Canary" not in f"{made.title} {made.file.name}"
    stored = [path for path in media.rglob("*") if path.is_file()]
    assert stored
    assert not any("Canary" in path.name or b"Canary" in everything(path.read_bytes()) for path in stored)


@pytest.mark.parametrize("left_out", ["description", "credit"])
@pytest.mark.parametrize(("address", "prefix"), [(each[0], each[1]) for each in FORMS[:2]])
def test_a_picture_needs_a_description_and_a_credit(site: Any, address: str, prefix: str, left_out: str) -> None:
    given = {f"{prefix}{key}": "x" for key in ("description", "credit") if key != left_out}
    editor = member("Ada", "editor", ["en"])
    answer = editor.post(f"/desk/{address}", given | {f"{prefix}file": ContentFile(papers.picture(), name="a.jpg")})
    assert answer.status_code == 200
    assert "This field is required" in answer.text
    assert PressImage.objects.count() == 0


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_nothing_comes_in_by_the_form_for_many(site: Any, kind: str) -> None:
    editor = member("Ada", "editor", ["en"])
    for address in (f"/desk/{kind}/multiple/add/", f"/desk/{kind}/multiple/1/"):
        answer = editor.post(address, {"files[]": ContentFile(papers.picture(), name="a.jpg"), "title": "a.jpg"})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/{kind}/add/")


def test_a_refused_file_is_told_in_the_form(site: Any, media: Path) -> None:
    editor = member("Ada", "editor", ["en"])
    answer = editor.post("/desk/documents/add/", {"title": "x", "file": ContentFile(b"<html>", name="a.pdf")})
    assert "The file is no PDF, or only a part of one: save or print it again as PDF." in answer.text
    assert not any(path.is_file() for path in media.rglob("*"))


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_a_stored_file_stays_what_it_is(site: Any, kind: str) -> None:
    editor, folder = member("Ada", "editor", ["en"]), Collection.objects.get(name="en")
    item: Any = picture(collection=folder) if kind == "images" else document(folder)
    before = item.file.name
    address = f"/desk/images/{item.pk}/" if kind == "images" else f"/desk/documents/edit/{item.pk}/"
    assert 'type="file"' not in editor.get(address).text
    given = {"title": "New", "description": "New", "credit": "New", "collection": folder.pk}
    for name, raw in (("a.jpg", papers.picture("PNG")), ("a.txt", b"another")):
        assert editor.post(address, given | {"file": ContentFile(raw, name=name)}).status_code == 302
    item.refresh_from_db()
    assert (item.file.name, item.title) == (before, "New")


def document(folder: Any) -> PressDocument:
    """A plain text."""
    return PressDocument.objects.create(title="Levels", file=ContentFile(b"12", "a.txt"), collection=folder)


def test_what_stands_on_a_published_page_is_neither_changed_nor_deleted(site: Any) -> None:
    here, editor = section("en"), member("Ada", "editor", ["en"])
    folder = Collection.objects.get(name="en")
    image, paper = picture(collection=folder), document(folder)
    page = article(here, body=[("figure", {"image": image, "caption": ""}), ("document", paper)])
    places = {f"/desk/images/{image.pk}/": image, f"/desk/documents/edit/{paper.pk}/": paper}
    given = {"title": "A lie", "description": "A lie", "credit": "A lie", "collection": folder.pk}
    for address in places:
        assert "nobody publishes alone" in editor.post(address, given).text
    for address in (f"/desk/images/{image.pk}/delete/", f"/desk/documents/delete/{paper.pk}/"):
        editor.post(address)
    editor.post(f"/desk/bulk/wagtailimages/image/delete/?id={image.pk}&next=/desk/")
    for item in places.values():
        item.refresh_from_db()
        assert item.credit != "A lie"
    page.unpublish()
    for address, item in places.items():
        assert editor.post(address, given).status_code == 302
        item.refresh_from_db()
        assert item.credit == "A lie"
