"""A disc image of an edition: ISO 9660 level 3 with Rock Ridge and Joliet, the same bytes from every copy of the same edition.

Linux and macOS read the names of Rock Ridge, Windows those of Joliet (UTF-16, 103 units). xorriso shortens what does not fit;
here it is refused, as a shortened name is no file of the edition. Owners, modes and times are fixed; files lie in the order of
their paths (without weights xorriso orders them by inode).
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC
from pathlib import Path
from typing import Final

from sanduq import errors
from sanduq_web.disc import About, about
from sanduq_web.disc.contents import Member, apart, members, require_whole, weights
from sanduq_web.disc.tools import call, program

NAME: Final = "image"
HELP: Final = "a disc image (ISO 9660) of a signed edition"
SIZES: Final[dict[str, int | None]] = {"cd": 360_000 * 2048, "dvd": 4_700_000_000, "stick": None}
"""Bytes; a CD of 80 minutes has 360 000 sectors."""
_SECTOR: Final = 2048
_JOLIET: Final = 103
_JOLIET_FORBIDDEN: Final = frozenset("*/:;?\\")
_LARGEST: Final = (1 << 32) - 1
_TOLD: Final = 5
"""Names that an error lists."""


def size(text: str) -> int | None:
    """The bytes of ``--size``; None for no limit."""
    if text in SIZES:
        return SIZES[text]
    if not (text.isdecimal() and 0 < int(text) < 1 << 50):
        raise argparse.ArgumentTypeError(f"one of {', '.join(SIZES)}, or a number of bytes")
    return int(text)


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("edition", type=Path, help="the folder of a signed edition")
    parser.add_argument("image", type=Path, metavar="OUT.iso")
    add_size(parser)
    parser.add_argument(
        "--without", action="append", default=[], metavar="FOLDER",
        help="leave a folder out, such as zim; the disc is then incomplete for whoever checks it, not bad; repeatable",
    )  # fmt: skip


def add_size(parser: argparse.ArgumentParser) -> None:
    """The option of how much the disc holds."""
    parser.add_argument(
        "--size", type=size, default=None, metavar="cd|dvd|stick|BYTES", help="refuse what does not fit (default: no limit)"
    )


def run(options: argparse.Namespace, say: Callable[[str], None]) -> None:
    bytes_ = build(options.edition, options.image, options.size, options.without)
    say(f"{options.image}: {bytes_} bytes")


def build(edition: Path, image: Path, limit: int | None = None, without: Iterable[str] = ()) -> int:
    """Write the image of an edition; its bytes.

    Raises :class:`sanduq.errors.Refused` for an edition that readers would find bad, :class:`sanduq.errors.Unusable` for one
    that does not fit, for names and files that not every system reads from a disc, and if the file is there already.
    """
    told = about(edition)
    xorriso = program("xorriso", "xorriso", "disc images are made with it")
    require_new(image, edition)
    found = members(edition, without)
    check_names(found)
    _check_fit(sum(-(-each.size // _SECTOR) * _SECTOR for each in found), limit, found)  # at least; before all is hashed
    require_whole(edition)
    partial = image.with_name(f"{image.name}.partial")
    with tempfile.TemporaryDirectory(prefix="sanduq-disc-") as spare:
        command = [
            xorriso,
            "-no_rc",
            "-as",
            "mkisofs",
            "-quiet",
            *_options(told),
            *_lists(found, Path(spare)),
            "-o",
            str(partial),
        ]
        epoch = str(told.epoch)
        sectors = call([*command, "-print-size"], SOURCE_DATE_EPOCH=epoch).split()
        _check_fit(int(sectors[-1]) * _SECTOR, limit, found)
        try:
            partial.unlink(missing_ok=True)
            call(command, SOURCE_DATE_EPOCH=epoch)
            partial.replace(image)
        finally:
            partial.unlink(missing_ok=True)
    return image.stat().st_size


def require_new(file: Path, edition: Path) -> None:
    """Refuse to write over a file, and into the edition, which would be bad from then on."""
    if file.exists():
        raise errors.Unusable(f"{file} is there already")
    if file.resolve().is_relative_to(edition.resolve()):
        raise errors.Unusable(f"{file} is within the edition", hint="write beside it")
    if not file.parent.is_dir():
        raise errors.Unusable(f"{file.parent}: no such folder")


def check_names(found: Iterable[Member]) -> None:
    """Refuse names that Joliet would shorten or change, and files that are too large for one piece on a disc."""
    bad = sorted({part for each in found for part in each.path.split("/") if not _fits_joliet(part)})
    if bad:
        names = ", ".join(bad[:_TOLD]) + (f" and {len(bad) - _TOLD} more" if len(bad) > _TOLD else "")
        signs = " ".join(sorted(_JOLIET_FORBIDDEN))
        hint = f"rename them: at most {_JOLIET} characters (some count as two), without any of {signs}"
        raise errors.Unusable(f"Windows does not show these names as they are on a disc: {names}", hint=hint)
    large = [each.path for each in found if each.size > _LARGEST]
    if large:
        hint = "leave its folder out with --without, and carry it on a stick that is not FAT"
        raise errors.Unusable(f"of 4 GiB and more, which not every system reads from a disc: {', '.join(large)}", hint=hint)


def _fits_joliet(name: str) -> bool:
    return len(name.encode("utf-16-be")) <= 2 * _JOLIET and not _JOLIET_FORBIDDEN & set(name)


def _check_fit(needed: int, limit: int | None, found: Iterable[Member]) -> None:
    if limit is not None and needed > limit:
        heavy = ", ".join(f"{folder} {weight}" for folder, weight in weights(found).items())
        hint = "leave folders out, such as --without zim: the rest still verifies, as incomplete"
        raise errors.Unusable(f"{needed} bytes do not fit into {limit}; folders: {heavy}", hint=hint)


def _options(told: About) -> list[str]:
    stamp = told.moment.astimezone(UTC).strftime("%Y%m%d%H%M%S00")
    fixed = {"-volid": f"SANDUQ_{told.number}", "-p": "SANDUQ", "-publisher": "SANDUQ", "-A": "SANDUQ", "-sysid": "LINUX"}
    return [
        "-iso-level", "3", "-R", "-J", "-joliet-long", "-joliet-utf16", "-input-charset", "utf-8", "-output-charset", "utf-8",
        "-uid", "0", "-gid", "0", "-file-mode", "0444", "-dir-mode", "0555",
        f"--modification-date={stamp}", "--set_all_file_dates", stamp, *(word for pair in fixed.items() for word in pair),
    ]  # fmt: skip


def _lists(found: Iterable[Member], spare: Path) -> list[str]:
    """What goes where, and in which order, as files for xorriso: a command line has an end."""
    (spare / "files").mkdir()
    single = apart(found, spare / "files")
    places = (f"/{_escaped(each.path)}={_escaped(str(each.source.resolve()))}\n" for each in single)
    (spare / "places").write_text("".join(places), "utf-8")
    (spare / "order").write_text("".join(f"{-order} /{each.path}\n" for order, each in enumerate(single)), "utf-8")
    return ["-graft-points", "--sort-weight-list", str(spare / "order"), "-path-list", str(spare / "places")]


def _escaped(path: str) -> str:
    return path.replace("\\", "\\\\").replace("=", "\\=")
