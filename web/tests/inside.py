"""What lies in files, also in files within files: archives, books, papers, disc images; and whether words stand there."""

from __future__ import annotations

import base64
import bz2
import gzip
import hashlib
import io
import lzma
import re
import struct
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from fontTools.ttLib import TTFont
from libzim.reader import Archive
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import IndirectObject, StreamObject

_DEEPEST = 6


def inside(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder and all that is in it, each with a name that tells the way: names of files count, too."""
    seen: set[bytes] = set()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        yield f"{name} (name)", name.encode()
        if path.is_file():
            yield from opened(name, path.read_bytes(), seen)


def opened(name: str, raw: bytes, seen: set[bytes] | None = None, deep: int = 0) -> Iterator[tuple[str, bytes]]:
    """A file, and what is in it; what was seen already, such as in an archive and beside it, is not seen again."""
    assert deep < _DEEPEST, name
    seen = set() if seen is None else seen
    mark = hashlib.sha256(raw).digest()
    if mark in seen:
        return
    seen.add(mark)
    yield name, raw
    for part, held in _parts(raw):
        yield f"{name} / {part} (name)", part.encode()
        yield from opened(f"{name} / {part}", held, seen, deep + 1)


def _parts(raw: bytes) -> Iterator[tuple[str, bytes]]:
    if raw.startswith(b"PK\x03\x04"):
        yield from _zip(raw)
    elif raw.startswith(b"\x1f\x8b"):
        yield "time", _time(struct.unpack("<I", raw[4:8])[0])
        yield "gz", gzip.decompress(raw)
    elif raw.startswith(b"\xfd7zXZ"):
        yield "xz", lzma.decompress(raw)
    elif raw.startswith(b"BZh"):
        yield "bz2", bz2.decompress(raw)
    elif raw.startswith(b"%PDF"):
        yield from _pdf(raw)
    elif raw.startswith(b"ZIM\x04"):
        yield from _zim(raw)
    elif raw[0x8001:0x8006] == b"CD001":
        yield from _iso(raw)
    elif raw.startswith((b"\x89PNG", b"\xff\xd8", b"RIFF", b"GIF8")):
        yield from _picture(raw)
    elif raw.startswith(b"wOF2"):
        yield "names", "\n".join(each.toUnicode() for each in TTFont(io.BytesIO(raw))["name"].names).encode()
    else:
        yield from _data_links(raw)


def _time(seconds: int) -> bytes:
    return datetime.fromtimestamp(seconds, UTC).isoformat()[:19].encode()


def _zip(raw: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        yield "comment", archive.comment
        for each in archive.infolist():
            yield f"{each.filename} (about)", each.comment + each.extra
            yield f"{each.filename} (time)", datetime(*each.date_time).isoformat().encode()  # noqa: DTZ001  # as it is told
            yield each.filename, archive.read(each)


def _pdf(raw: bytes) -> Iterator[tuple[str, bytes]]:
    reader = PdfReader(io.BytesIO(raw))
    # What pypdf leaves in place: all objects, with streams taken apart.
    for number in range(1, int(reader.trailer["/Size"])):
        held = reader.get_object(IndirectObject(number, 0, reader))
        if isinstance(held, StreamObject):
            try:
                yield f"stream {number}", held.get_data()
            except (NotImplementedError, zlib.error):
                yield f"stream {number}", held._data
        yield f"object {number}", str(held).encode("utf-8", "surrogateescape")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(raw)
        file.flush()
        for command in (["pdftotext", file.name, "-"], ["pdfinfo", "-meta", file.name]):
            yield command[0], subprocess.run(command, check=True, capture_output=True).stdout
    yield "about", repr((reader.metadata, reader.trailer)).encode()


def _zim(raw: bytes) -> Iterator[tuple[str, bytes]]:
    with tempfile.NamedTemporaryFile(suffix=".zim") as file:
        file.write(raw)
        file.flush()
        archive = Archive(Path(file.name))
        for key in archive.metadata_keys:
            yield f"M/{key}", archive.get_metadata(key)
        for place in range(archive.all_entry_count):
            entry = archive._get_entry_by_id(place)
            yield f"{entry.path} (title)", entry.title.encode()
            if not entry.is_redirect:
                yield entry.path, bytes(entry.get_item().content)


def _iso(raw: bytes) -> Iterator[tuple[str, bytes]]:
    yield "volume", raw[0x8000:0x10000]
    with tempfile.TemporaryDirectory() as folder:
        image, out = Path(folder, "image.iso"), Path(folder, "out")
        image.write_bytes(raw)
        command = ["xorriso", "-osirrox", "on", "-indev", str(image), "-extract", "/", str(out)]
        subprocess.run(command, check=True, capture_output=True)
        subprocess.run(["chmod", "-R", "u+w", str(out)], check=True)
        for path in sorted(out.rglob("*")):
            yield f"{path.relative_to(out)} (time)", _time(int(path.stat().st_mtime))
            yield path.relative_to(out).as_posix(), path.read_bytes() if path.is_file() else b""


def _picture(raw: bytes) -> Iterator[tuple[str, bytes]]:
    with Image.open(io.BytesIO(raw)) as image:
        image.load()
        yield "about", repr((image.info, dict(image.getexif()), getattr(image, "text", {}))).encode()


def _data_links(raw: bytes) -> Iterator[tuple[str, bytes]]:
    for number, match in enumerate(re.finditer(rb"data:[a-z0-9/+.;=-]*;base64,([A-Za-z0-9+/=]{8,})", raw)):
        try:
            yield f"data {number}", base64.b64decode(match[1] + b"==")
        except ValueError:
            continue


def written(word: str) -> set[bytes]:
    """In what forms a word could stand: in small letters, since what is searched is made small, too."""
    plain = word.encode()
    forms = {plain, word.encode("utf-16-be"), word.encode("utf-16-le"), quote(word, safe="").encode(), plain.hex().encode()}
    forms |= {word.encode("unicode_escape"), "".join(f"&#{ord(one)};" for one in word).encode()}
    return {each.lower() for each in forms}


def written_in_base64(word: str) -> set[bytes]:
    """The middle of it at each of three places within a longer text; its case counts."""
    plain = word.encode()
    found = set()
    for before in range(3):
        coded = base64.b64encode(bytes(before) + plain)
        found.add(coded[(0, 2, 3)[before] : len(coded) - (4 if len(bytes(before) + plain) % 3 else 0)])
    return found


def found(parts: Iterable[tuple[str, bytes]], words: Iterable[str]) -> list[str]:
    """Which words stand where: ``name: word``."""
    loose = {form: word for word in words for form in written(word)}
    exact = {form: word for word in loose.values() for form in written_in_base64(word)}
    told = set()
    for name, raw in parts:
        small = raw.lower()
        told |= {f"{name}: {word}" for form, word in loose.items() if form in small}
        told |= {f"{name}: {word}" for form, word in exact.items() if form in raw}
    return sorted(told)


_TIME = re.compile(rb"(?<![0-9])(20[0-9]{2})-?([01][0-9])-?([0-3][0-9])[T _]?([0-2][0-9]):?([0-5][0-9]):?([0-5][0-9])(?![0-9])")


def times(raw: bytes) -> Iterator[datetime]:
    """All moments that are told, as ISO 8601 and PDF write them (in UTC), and in seconds of 1970."""
    for match in _TIME.finditer(raw):
        with suppress(ValueError):
            yield datetime(*(int(each) for each in match.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
    for match in re.finditer(rb"(?<![0-9])1[5-9][0-9]{8}(?:[0-9]{3})?(?![0-9])", raw):
        yield datetime.fromtimestamp(int(match[0][:10]), UTC)
