"""An edition to hand on: an archive (zip), a disc image, and the sums of both."""

from __future__ import annotations

import argparse
import hashlib
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sanduq_web.disc import About, about, image
from sanduq_web.disc.contents import Member, members
from sanduq_web.disc.tools import program

NAME: Final = "pack"
HELP: Final = "a signed edition as edition-N-DATE.zip, .iso and .sha256"
_PACKED: Final = frozenset({".epub", ".jpeg", ".jpg", ".pdf", ".png", ".webp", ".whl", ".woff2", ".zim", ".zip"})
"""What is compressed already."""


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("edition", type=Path, help="the folder of a signed edition")
    parser.add_argument("folder", type=Path, metavar="OUTDIR", help="where the three files go")
    image.add_size(parser)


def run(options: argparse.Namespace, say: Callable[[str], None]) -> None:
    for path in pack(options.edition, options.folder, options.size):
        say(f"{path}: {path.stat().st_size} bytes")


def pack(edition: Path, folder: Path, limit: int | None = None) -> list[Path]:
    """Write archive, image and their sums; the files. ``limit`` is the image's, in bytes. Raises as :func:`image.build`."""
    told = about(edition)
    stem = f"edition-{told.number}-{told.date.isoformat()}"
    program("xorriso", "xorriso", "disc images are made with it")
    folder.mkdir(parents=True, exist_ok=True)
    archive, disc, sums = files = [folder / f"{stem}.{ending}" for ending in ("zip", "iso", "sha256")]
    for each in files:
        image.require_new(each, edition)
    image.build(edition, disc, limit)
    _zip(edition, archive, told, stem)
    sums.write_text("".join(f"{_sha256(each)}  {each.name}\n" for each in sorted((archive, disc))), "utf-8")
    return files


def _zip(edition: Path, archive: Path, told: About, stem: str) -> None:
    """The archive, with one folder in it. Times are the edition's (in UTC, to two seconds), modes and order fixed; the same
    zlib then gives the same bytes."""
    partial = archive.with_name(f"{archive.name}.partial")
    try:
        with zipfile.ZipFile(partial, "w") as out:
            for each in members(edition):
                with each.source.open("rb") as source, out.open(_entry(each, told, stem), "w") as into:
                    shutil.copyfileobj(source, into, 1 << 20)
        partial.replace(archive)
    finally:
        partial.unlink(missing_ok=True)


def _entry(member: Member, told: About, stem: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(f"{stem}/{member.path}", time.gmtime(told.epoch)[:6])
    entry.create_system = 3  # Unix, on every system
    entry.external_attr = 0o100644 << 16
    entry.compress_type = zipfile.ZIP_STORED if member.source.suffix in _PACKED else zipfile.ZIP_DEFLATED
    entry.file_size = member.size  # so that large files get large fields from the start
    return entry


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
