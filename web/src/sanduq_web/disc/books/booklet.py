"""A booklet: A5 pages two by two on A4 across, so that printed sheets, folded in the middle, lie in their order.

Print on both sides, flip on the short edge. Few pages are one gathering, sheets laid into each other and stapled in the fold;
many are several gatherings, each folded alone, sewn or glued one behind the other.
"""

from __future__ import annotations

import io
from typing import Final

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, IndirectObject, NameObject, TextStringObject

ONE_GATHERING: Final = 80
"""Pages, 20 sheets: more do not fold into each other."""
GATHERING: Final = 32
"""Pages of each gathering of a thicker book, at most: 8 sheets."""
A4: Final = (841.89, 595.28)
"""Points, across."""
_HALF: Final = A4[0] / 2


def gatherings(pages: int) -> list[range]:
    """The pages (from 0) of each gathering: as many as can be divided by four, the last ones perhaps blank."""
    count = -(-pages // 4)  # in sheets
    many = 1 if pages <= ONE_GATHERING else -(-count // (GATHERING // 4))
    found, start = [], 0
    for number in range(many):
        sheets = count // many + (number < count % many)
        found.append(range(start, start + 4 * sheets))
        start += 4 * sheets
    return found


def sides(pages: int, is_rtl: bool) -> list[tuple[int | None, int | None]]:
    """Which page (from 0) lies on the left and which on the right of each side of paper; None is blank.

    Sides come as a printer takes them: front and back of the first sheet, the outermost of the first gathering, then of the
    next one within.
    """
    found: list[tuple[int | None, int | None]] = []
    for gathering in gatherings(pages):
        first, last = gathering[0], gathering[-1]
        while first < last:
            front, back = (last, first), (first + 1, last - 1)
            for left, right in (front, back):
                pair = (right, left) if is_rtl else (left, right)
                found.append((pair[0] if pair[0] < pages else None, pair[1] if pair[1] < pages else None))
            first, last = first + 2, last - 2
    return found


def impose(pdf: bytes, is_rtl: bool, title: str, language: str) -> bytes:
    """The booklet of a PDF of A5 pages. Its pages are pictures of pages: who reads on a screen takes the A5 itself."""
    reader, writer = PdfReader(io.BytesIO(pdf)), PdfWriter()
    forms = [_form(page, writer) for page in reader.pages]
    for side in sides(len(forms), is_rtl):
        halves = [(offset, forms[number]) for offset, number in zip((0.0, _HALF), side, strict=True) if number is not None]
        _lay(writer.add_blank_page(*A4), halves, writer)
    writer.metadata = None
    writer.add_metadata({"/Title": title})
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject(language)
    wishes = {"/Duplex": "/DuplexFlipShortEdge", "/PrintScaling": "/None", "/Direction": "/R2L" if is_rtl else "/L2R"}
    root[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject(name): NameObject(value) for name, value in wishes.items()}
    )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _form(page: PageObject, writer: PdfWriter) -> IndirectObject:
    """A page as a picture: what is drawn on it, without what only a screen needs (links, tags)."""
    form = DecodedStreamObject()
    contents = page.get_contents()
    form.set_data(contents.get_data() if contents is not None else b"")
    drawn = form.flate_encode()
    drawn[NameObject("/Type")] = NameObject("/XObject")
    drawn[NameObject("/Subtype")] = NameObject("/Form")
    drawn[NameObject("/BBox")] = page.mediabox
    drawn[NameObject("/Resources")] = page.raw_get("/Resources").clone(writer)
    return writer._add_object(drawn)  # pypdf has no other way to add one


def _lay(sheet: PageObject, halves: list[tuple[float, IndirectObject]], writer: PdfWriter) -> None:
    drawing = DecodedStreamObject()
    drawing.set_data(
        "".join(f"q 1 0 0 1 {offset:.2f} 0 cm /P{number} Do Q\n" for number, (offset, _) in enumerate(halves)).encode()
    )
    sheet[NameObject("/Contents")] = writer._add_object(drawing)
    pictures = DictionaryObject({NameObject(f"/P{number}"): form for number, (_, form) in enumerate(halves)})
    sheet[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): pictures})
