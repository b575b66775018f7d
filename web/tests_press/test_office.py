"""Office files: what programs put in by themselves tells nobody's name and folder, and fetches nothing when it is opened."""

# ruff: noqa: E501  # lines of XML

from __future__ import annotations

import io
import re
import zipfile

import pytest

import papers
from papers import PERSON
from sanduq import errors
from sanduq_web.press.uploads import clean_document

_WML = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SML = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def part(raw: bytes, name: str, part_name: str) -> str:
    """A part of a document, after it was cleaned."""
    with zipfile.ZipFile(io.BytesIO(clean_document(raw, name)[0])) as archive:
        return archive.read(part_name).decode()


def docx(body: str, links: str = "") -> bytes:
    """A DOCX with this in its text."""
    spaces = 'xmlns:w="w" xmlns:pic="pic" xmlns:wp="wp" xmlns:v="v" xmlns:o="o" xmlns:r="r"'
    return papers.packed(
        {
            "[Content_Types].xml": f"<Types>{_WML}</Types>",
            "word/document.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": f"<Relationships>{links}</Relationships>",
        }
    )


def field(instruction: str, result: str) -> str:
    """A field of a text, as programs write it."""
    steps = {step: f'<w:r><w:fldChar w:fldCharType="{step}"/></w:r>' for step in ("begin", "separate", "end")}
    told = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return f"<w:p>{steps['begin']}{told}{steps['separate']}<w:r><w:t>{result}</w:t></w:r>{steps['end']}</w:p>"


def odt(text: str) -> bytes:
    """An ODT with this in its text."""
    spaces = 'xmlns:office="o" xmlns:draw="d" xmlns:text="t" xmlns:xlink="x" xmlns:script="s"'
    return papers.packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {spaces}>{text}</office:document-content>",
            "Pictures/a.jpg": papers.picture(),
        }
    )


def xlsx(cells: str) -> bytes:
    """An XLSX with these cells."""
    return papers.packed(
        {"[Content_Types].xml": f"<Types>{_SML}</Types>", "xl/worksheets/sheet1.xml": f"<worksheet>{cells}</worksheet>"}
    )


@pytest.mark.parametrize(
    "body",
    [
        field(" AUTHOR  \\* MERGEFORMAT ", PERSON),
        field(' FILENAME \\p "x" ', f"C:\\Users\\{PERSON}\\text.docx"),
        field(" IF 1 = 1 ", f"<w:br/></w:t></w:r>{field(' USERNAME ', PERSON)}<w:r><w:t>"),
        f'<w:fldSimple w:instr=" LASTSAVEDBY "><w:r><w:t>{PERSON}</w:t></w:r></w:fldSimple>',
        f'<w:sdt><w:sdtPr><w:dataBinding w:xpath="/cp:coreProperties/dc:creator"/></w:sdtPr><w:sdtContent><w:r><w:t>{PERSON}</w:t></w:r></w:sdtContent></w:sdt>',
        f'<wp:docPr id="1" name="{PERSON}.jpg" title="{PERSON}"/><pic:cNvPr id="0" name="{PERSON}.jpg"/>',
        f'<v:shape alt="C:\\Users\\{PERSON}"><v:imagedata o:title="{PERSON}"/></v:shape>',
        field(f' HYPERLINK "file:///C:/Users/{PERSON}/x" ', "a link"),
        f"<w:binData>{PERSON}</w:binData>",
    ],
    ids=["author", "path", "within-another", "simple", "property", "picture", "drawing", "folder", "data"],
)
def test_a_text_does_not_name_whoever_made_it(body: str) -> None:
    raw = docx(f"<w:p><w:r><w:t>The lake is lower.</w:t></w:r></w:p>{body}")
    clean = part(raw, "a.docx", "word/document.xml")
    assert PERSON not in clean
    assert "The lake is lower." in clean


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (field(' INCLUDEPICTURE "https://third.example/x.png" \\d ', "what one saw"), "what one saw"),
        (field(' DDEAUTO c:\\\\x "third.example" ', "what one saw"), "what one saw"),
        ('<w:fldSimple w:instr="LINK Excel.Sheet third.example"><w:r><w:t>12</w:t></w:r></w:fldSimple>', "12"),
    ],
    ids=["picture", "program", "table"],
)
def test_a_text_fetches_nothing_and_keeps_what_one_saw(body: str, kept: str) -> None:
    clean = part(docx(body), "a.docx", "word/document.xml")
    assert "third.example" not in clean
    assert "fldChar" not in clean
    assert kept in clean


def test_page_numbers_and_links_to_the_web_stay() -> None:
    body = field(" PAGE ", "1") + field(' HYPERLINK "https://press.example/" ', "a link")
    links = f'<Relationship Id="a" Type="{_RELS}/hyperlink" TargetMode="External" Target="https://press.example/"/>'
    folder = f'<Relationship Id="b" Type="{_RELS}/hyperlink" TargetMode="External" Target="file:///C:/Users/{PERSON}/x.doc"/>'
    raw = docx(body, links + folder)
    assert part(raw, "a.docx", "word/document.xml").count("instrText>") == 4
    clean = part(raw, "a.docx", "word/_rels/document.xml.rels")
    assert re.findall('Target="([^"]*)"', clean) == ["https://press.example/", "#"]


@pytest.mark.parametrize(
    "text",
    [
        '<draw:frame draw:name="Canary"><draw:image xlink:href="https://third.example/x.png"/></draw:frame>',
        '<draw:frame><draw:image xlink:href="../../home/Canary/x.jpg"/></draw:frame>',
        "<draw:frame><draw:image><office:binary-data>Canary</office:binary-data></draw:image></draw:frame>",
        '<text:section><text:section-source xlink:href="https://third.example/x.odt"/></text:section>',
        '<text:a xlink:href="vnd.sun.star.script:third.example">a link</text:a>',
        '<office:event-listeners><script:event-listener xlink:href="third.example"/></office:event-listeners>',
    ],
    ids=["picture", "folder", "data", "section", "program", "event"],
)
def test_an_odt_fetches_and_starts_nothing(text: str) -> None:
    clean = part(odt(text), "a.odt", "content.xml")
    assert "third.example" not in clean
    assert "Canary" not in clean


def test_an_odt_keeps_its_pictures_and_links() -> None:
    text = '<draw:image xlink:href="Pictures/a.jpg"/><text:a xlink:href="https://press.example/">a link</text:a>'
    clean = part(odt(text), "a.odt", "content.xml")
    assert text in clean


def test_a_table_fetches_nothing_and_keeps_its_numbers() -> None:
    cells = (
        '<c><f>_xlfn.WEBSERVICE("https://third.example")</f><v>12</v></c><c><f>cmd|"/c third.example"!A1</f><v>13</v></c>'
        f'<c t="str"><f>CELL("filename")</f><v>C:\\Users\\{PERSON}</v></c><c><f>SUM(A1:A2)</f><v>25</v></c>'
    )
    clean = part(xlsx(cells), "a.xlsx", "xl/worksheets/sheet1.xml")
    assert "third.example" not in clean
    assert PERSON not in clean
    assert all(word in clean for word in ("<v>12</v>", "<v>13</v>", "<f>SUM(A1:A2)</f><v>25</v>"))


@pytest.mark.parametrize(
    ("body", "why"),
    [("<w:p>" * 20_000 + "</w:p>" * 20_000, "is broken"), ("<w:p/>" * 1_000_001, "more parts than is taken")],
    ids=["deep", "many"],
)
def test_what_would_fill_the_memory_is_refused(body: str, why: str) -> None:
    with pytest.raises(errors.Refused, match=why):
        clean_document(docx(body), "a.docx")
