"""Office files: taken apart, and put together from the parts that are known, without what names people.

Debian's mat2 (0.13.3) was tried and is not used for them: its XLSX lack a part without which nothing opens them, in DOCX it
moves tracked insertions to the end of the text, and authors of changed formats and of an ODT's comments stay [tried 2026-11].
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from xml.dom import Node

from defusedxml import DefusedXmlException, minidom  # type: ignore[import-untyped]

from sanduq import errors
from sanduq_web.press.uploads.fields import SETTLE, leads_nowhere_else, local
from sanduq_web.press.uploads.pictures import clean_picture

_MEMBERS: Final = 2000
_ONE: Final = 32 << 20
_ALL: Final = 96 << 20
_NODES: Final = 1_000_000  # tags and attributes: as a tree they take some 400 bytes each
_WHEN: Final = (1980, 1, 1, 0, 0, 0)

_MAIN: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
_ODT: Final = b"application/vnd.oasis.opendocument.text"
_PICTURES: Final = re.compile(r"(?:word/media|xl/media|Pictures)/[\w.-]+\.(?:jpe?g|png|gif|webp)", re.IGNORECASE)
# What is known to be text, form or numbers. All else (properties, comments, people, thumbnails, printers, macros, embedded
# files, custom data) is left out.
_KEPT: Final = {
    "docx": re.compile(
        r"\[Content_Types\]\.xml|_rels/\.rels|word/_rels/[\w.]+\.rels|word/theme/theme\d+\.xml|word/charts/chart\d+\.xml"
        r"|word/(?:document|styles|numbering|fontTable|settings|footnotes|endnotes|header\d*|footer\d*)\.xml"
    ),
    "xlsx": re.compile(
        r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels|xl/(?:workbook|styles|sharedStrings)\.xml"
        r"|xl/worksheets/(?:_rels/)?sheet\d+\.xml(?:\.rels)?|xl/theme/theme\d+\.xml|xl/tables/table\d+\.xml"
        r"|xl/(?:drawings|charts)/(?:_rels/)?(?:drawing|chart)\d+\.xml(?:\.rels)?"
    ),
    "odt": re.compile(r"mimetype|content\.xml|styles\.xml|META-INF/manifest\.xml"),
}
# Elements (without their prefix) that go with all that is in them: deletions, comments, properties, whoever last did what.
_GONE: Final = {
    "docx": "del moveFrom rPrChange pPrChange tblPrChange trPrChange tcPrChange sectPrChange tblGridChange "
    "numberingChange tblPrExChange cellIns cellDel cellMerge moveFromRangeStart moveFromRangeEnd moveToRangeStart "
    "moveToRangeEnd commentRangeStart commentRangeEnd commentReference annotationRef rsids rsid docVars attachedTemplate "
    "binData mailMerge documentProtection writeProtection proofErr permStart permEnd docId chartTrackingRefBased docVar",
    "xlsx": "absPath fileSharing legacyDrawing revisionPtr documentId webPublishing pivotCaches externalReferences "
    "fileRecoveryPr workbookProtection sheetProtection extLst",
    "odt": "tracked-changes change change-start change-end annotation annotation-end creator initial-creator printed-by "
    "author-name author-initials sender-firstname sender-lastname sender-initials sender-title sender-position sender-email "
    "sender-phone-private sender-phone-work sender-fax sender-company sender-street sender-city sender-country "
    "sender-postal-code sender-state-or-province user-defined file-name template-name forms scripts "
    "event-listeners binary-data dde-connection-decls dde-source section-source table-source plugin applet floating-frame "
    "object object-ole",
}  # fmt: skip
_UNWRAPPED: Final = {"docx": "ins moveTo smartTag customXml", "xlsx": "", "odt": ""}
_NAMING: Final = re.compile(
    r"(?:\w+:)?(?:rsid\w*|author|initials|userId|providerId|userName|lastModifiedBy|paraId|textId|uid|codeName|descr"
    r"|saved-by|creator|rsid|paragraph-rsid|title|alt)$"
)
# Pictures carry the name of the file that they were: some programs want the attribute, but none the name.
_PICTURE_NAMED: Final = {"docPr": "name", "cNvPr": "name", "frame": "draw:name"}


def clean_office(raw: bytes, ending: str) -> bytes:
    """A DOCX, XLSX or ODT with its text and form, and nothing of who wrote it, when, with what.

    Raises :class:`sanduq.errors.Refused`, with what to do, for a file that is none, is encrypted, or unpacks to too much.
    """
    parts = _parts(raw, ending)
    kept = {}
    if sum(part.count(b"<") + part.count(b"=") for name, part in parts.items() if _KEPT[ending].fullmatch(name)) > _NODES:
        raise errors.Refused("the file has more parts than is taken", hint="split it, or save it as PDF or CSV")
    for name, content in parts.items():
        if _PICTURES.fullmatch(name):
            kept[name] = _picture(name, content)
        elif _KEPT[ending].fullmatch(name):
            kept[name] = content if name == "mimetype" else _part(name, content, ending)
    for name in [each for each in kept if each.endswith((".rels", "[Content_Types].xml", "manifest.xml"))]:
        kept[name] = _edited(name, kept[name], partial(_without_dangling, name=name, kept=set(kept)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in kept.items():
            about = zipfile.ZipInfo(name, _WHEN)
            about.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(about, content)
    return out.getvalue()


def _parts(raw: bytes, ending: str) -> dict[str, bytes]:
    """All parts, checked for how much they are before they are unpacked."""
    other = errors.Refused(f"the file is no {ending.upper()}", hint="save it again in that format; a new name is not enough")
    if not raw.startswith(b"PK\x03\x04"):
        raise other
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            if len(members) > _MEMBERS or sum(each.file_size for each in members) > _ALL:
                raise errors.Refused("the file unpacks to more than is taken", hint="leave pictures out, or save it as PDF")
            if len({each.filename for each in members}) != len(members) or any(each.flag_bits & 1 for each in members):
                raise errors.Refused("the file is encrypted, or has a part twice", hint="save it again without a password")
            found = {each.filename: _read(archive, each) for each in members}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise other from error
    if ending == "odt":
        right = found.get("mimetype") == _ODT and "content.xml" in found
    else:
        right = _MAIN[ending].encode() in found.get("[Content_Types].xml", b"")
    if not right:
        raise other
    return found


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    # The size that the archive tells may be a lie: no more is read than it says, and not more than one part may have.
    with archive.open(member) as opened:
        content = opened.read(_ONE + 1)
    if len(content) > _ONE:
        raise errors.Refused("a part of the file unpacks to more than is taken", hint="leave pictures out, or save it as PDF")
    return content


def _picture(name: str, content: bytes) -> bytes:
    clean, ending = clean_picture(content)
    # Its name stays, as the text points at it; programs go by the bytes where they differ, and so do we.
    return clean if ending else content


def _part(name: str, content: bytes, ending: str) -> bytes:
    gone, unwrapped = set(_GONE[ending].split()), set(_UNWRAPPED[ending].split())

    def change(tree: Any) -> None:
        SETTLE[ending](tree.documentElement)
        _without_people(tree.documentElement, gone, unwrapped)

    return _edited(name, content, change)


def _edited(name: str, content: bytes, change: Callable[[Any], None]) -> bytes:
    try:
        tree = minidom.parseString(content, forbid_dtd=True)
        change(tree)
        return bytes(tree.toxml(encoding="UTF-8"))
    # (RecursionError is one of them: nested so deeply that nobody has written it.)
    except (DefusedXmlException, ValueError, Exception) as error:
        raise errors.Refused(f"the part {name} of the file is broken", hint="save it again, or save it as PDF") from error


def _without_people(element: Any, gone: set[str], unwrapped: set[str]) -> None:
    for name in list(element.attributes.keys()):
        if _NAMING.match(name):
            element.removeAttribute(name)
    if element.hasAttribute(_PICTURE_NAMED.get(local(element), "-")):
        element.setAttribute(_PICTURE_NAMED[local(element)], "")
    child = element.firstChild
    while child is not None:
        after = child.nextSibling
        if child.nodeType in (Node.COMMENT_NODE, Node.PROCESSING_INSTRUCTION_NODE) or (
            child.nodeType == Node.ELEMENT_NODE and local(child) in gone
        ):
            element.removeChild(child)
        elif child.nodeType == Node.ELEMENT_NODE and local(child) in unwrapped:
            first = child.firstChild
            while child.firstChild is not None:
                element.insertBefore(child.firstChild, child)
            element.removeChild(child)
            after = first or after
        elif child.nodeType == Node.ELEMENT_NODE:
            _without_people(child, gone, unwrapped)
        child = after


def _without_dangling(tree: Any, *, name: str, kept: set[str]) -> None:
    """Nothing points at a part that was left out; programs call such files broken."""
    folder = name.rpartition("/")[0].removesuffix("_rels").rstrip("/")
    for element in list(tree.documentElement.childNodes):
        if element.nodeType != Node.ELEMENT_NODE:
            continue
        target = (
            element.getAttribute("Target") or element.getAttribute("PartName") or element.getAttribute("manifest:full-path")
        )
        outside = element.getAttribute("TargetMode") == "External"
        if outside and element.getAttribute("Type").endswith("/hyperlink"):
            element.setAttribute("Target", target if leads_nowhere_else(target) else "#")
        elif outside:
            tree.documentElement.removeChild(element)  # a picture or template that would be fetched when it is opened
        elif not outside and target and target != "/" and _whole(folder, target) not in kept:
            tree.documentElement.removeChild(element)


def _whole(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    steps: list[str] = folder.split("/") if folder and folder != "META-INF" else []
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)
