"""Files for tests of uploads: each has the name of a person, and where and when it was made, wherever its format has room."""

# ruff: noqa: E501  # lines of XML

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NumberObject, StreamObject, TextStringObject
from pypdf.generic import NameObject as N
from weasyprint import HTML

PERSON = "Canary Person"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_WML = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture with a place, a camera's owner, a comment, XMP."""
    seen = Image.new("RGB", size, (200, 40, 40))
    seen.paste((20, 40, 200), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x010F], exif[0x013B], exif[0x0112] = PERSON, PERSON, 6
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 4.0, 12.0), 3: "E", 4: (46.0, 17.0, 45.0)})
    out = io.BytesIO()
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><creator>{PERSON}</creator></x:xmpmeta>'.encode()
    if kind == "PNG":
        about = PngImagePlugin.PngInfo()
        about.add_text("Author", PERSON)
        about.add_itxt("XML:com.adobe.xmp", xmp.decode())
        seen.save(out, "PNG", pnginfo=about, exif=exif)
    elif kind == "WEBP":
        seen.save(out, "WEBP", xmp=xmp, exif=exif)
    else:
        seen.save(out, "JPEG", exif=exif, comment=PERSON.encode(), xmp=xmp)
    return out.getvalue()


def moving() -> bytes:
    """A GIF of two frames."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), shade) for shade in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def huge() -> bytes:
    """A PNG of 100 megapixels, in a few kilobytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    lines = zlib.compress(b"\0" * (10_000 // 8 + 1) * 10_000, 9)
    head = struct.pack(">IIBBBBB", 10_000, 10_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def pdf() -> bytes:
    """A PDF with an author, in its properties and in XMP."""
    head = f'<title>{PERSON}</title><meta name="author" content="{PERSON}"><meta name="generator" content="{PERSON}">'
    raw: bytes = HTML(string=f"<html lang=en><head>{head}</head><body><p>The lake is lower.</body></html>").write_pdf(
        pdf_variant="pdf/ua-1"
    )
    return raw


def pdf_of_a_photo(photo: bytes) -> bytes:
    """A PDF in which a photograph is as the camera made it, and a script and a file ride along."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    image, drawn = StreamObject(), StreamObject()
    image._data, drawn._data = photo, b"q 100 0 0 100 10 10 cm /P Do Q"
    image.update({N("/Type"): N("/XObject"), N("/Subtype"): N("/Image"), N("/ColorSpace"): N("/DeviceRGB"),
                  N("/Width"): NumberObject(64), N("/Height"): NumberObject(48), N("/BitsPerComponent"): NumberObject(8),
                  N("/Filter"): N("/DCTDecode")})  # fmt: skip
    pictures = DictionaryObject({N("/P"): writer._add_object(image)})
    page[N("/Resources")] = DictionaryObject({N("/XObject"): pictures})
    page[N("/Contents")] = writer._add_object(drawn)
    writer.add_attachment("canary.txt", PERSON.encode())
    script = DictionaryObject({N("/S"): N("/JavaScript"), N("/JS"): TextStringObject(PERSON)})
    writer._root_object[N("/OpenAction")] = script
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def packed(parts: dict[str, str | bytes]) -> bytes:
    """An archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


def docx() -> bytes:
    """A DOCX with tracked changes, a comment, people, properties, a picture from a telephone."""
    by = f'w:author="{PERSON}" w:date="2026-01-01T00:00:00Z"'
    text = (
        f'<w:p w:rsidR="00AB12CD"><w:commentRangeStart w:id="0"/><w:r><w:t>one </w:t></w:r>'
        f'<w:ins w:id="1" {by}><w:r><w:t>two </w:t></w:r></w:ins><w:del w:id="2" {by}><w:r><w:delText>SECRET</w:delText></w:r></w:del>'
        f'<w:r><w:rPr><w:b/><w:rPrChange w:id="9" {by}><w:rPr/></w:rPrChange></w:rPr><w:t>three</w:t></w:r>'
        f'<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r></w:p>'
    )
    main = f"{_WML}.document.main+xml"
    comment = f'<w:comments {_W}><w:comment w:id="0" {by} w:initials="CP"><w:p><w:r><w:t>SECRET</w:t></w:r></w:p></w:comment></w:comments>'
    core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="jpeg" ContentType="image/jpeg"/><Override PartName="/word/document.xml" ContentType="{main}"/>'
            f'<Override PartName="/word/comments.xml" ContentType="{_WML}.comments+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{_R}"><Relationship Id="a" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="b" Type="{core}" Target="docProps/core.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{_R}">'
            f'<Relationship Id="a" Type="{_OFFICE}/comments" Target="comments.xml"/>'
            f'<Relationship Id="b" Type="{_OFFICE}/image" Target="media/image1.jpeg"/>'
            f'<Relationship Id="c" Type="{_OFFICE}/attachedTemplate" Target="file:///C:/Users/{PERSON}/x.dotx" TargetMode="External"/>'
            "</Relationships>",
            "word/document.xml": f"<w:document {_W}><!-- {PERSON} --><w:body>{text}</w:body></w:document>",
            "word/comments.xml": comment,
            "word/people.xml": f"<people>{PERSON}</people>",
            "word/media/image1.jpeg": picture(),
            "docProps/core.xml": f"<p><creator>{PERSON}</creator></p>",
            "docProps/thumbnail.jpeg": picture(),
        }
    )


def xlsx() -> bytes:
    """An XLSX with an author, a comment and the path of its maker's machine."""
    import openpyxl
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = PERSON
    book.active["A1"], book.active["A1"].comment = "level", Comment("SECRET", PERSON)
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    path = f'<x15ac:absPath xmlns:x15ac="urn:x" url="C:\\Users\\{PERSON}\\"/><sheets>'.encode()
    parts["xl/workbook.xml"] = bytes(parts["xl/workbook.xml"]).replace(b"<sheets>", path)  # type: ignore[arg-type]
    return packed(parts)


def odt() -> bytes:
    """An ODT with an author, a tracked change, an annotation and a field that tells the author."""
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "text", "meta", "manifest")
    )
    spaces += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    by = f"<dc:creator>{PERSON}</dc:creator><dc:date>2026-01-01T00:00:00</dc:date>"
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": f'<manifest:manifest {spaces}><manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry manifest:full-path="content.xml" '
            'manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
            "content.xml": f"<office:document-content {spaces}><office:body><office:text><text:tracked-changes>"
            f'<text:changed-region text:id="c"><text:deletion><office:change-info>{by}</office:change-info><text:p>SECRET</text:p>'
            "</text:deletion></text:changed-region></text:tracked-changes><text:p>one <office:annotation>"
            f"{by}<text:p>SECRET</text:p></office:annotation>two <text:author-name>{PERSON}</text:author-name>three</text:p>"
            "</office:text></office:body></office:document-content>",
            "meta.xml": f"<office:document-meta {spaces}><office:meta>{by}</office:meta></office:document-meta>",
        }
    )
