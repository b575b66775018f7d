"""A record within an edition: verified before it goes in, its archives compressed, and how to verify it beside it.

The copy is a record like any other (spec 5.d): ``sanduq watch verify`` reads it as it lies there.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, cast

from sanduq import errors
from sanduq.archive.packed import is_there, open_archive, pack, packed_path
from sanduq.box.record import Fingerprint, Record
from sanduq.disc.paths import check_path
from sanduq.engine import choose
from sanduq.question.setup import CountingArea
from sanduq.watch.record import verify_record
from sanduq_web.disc import RECORD, SHORT, readme, record_folder

NAME: Final = "record"
HELP: Final = "a record into an edition, verified and compressed, with how to verify it"
_ANCHOR: Final = re.compile(r"[0-9a-f]{64}\Z")
_SHORT: Final = re.compile(f"[0-9a-f]{{{SHORT}}}\\Z")
_WORTH_PROCESSES: Final = 8_000_000
_BLOCK: Final = 1 << 20


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of this part."""
    parser.add_argument("edition", type=Path, help="the folder of an edition")
    parser.add_argument("--record", type=Path, required=True, help="the folder of a record, as it is published")
    parser.add_argument("--anchor", required=True, help="the announced SHA-256 of the setup")


def run(options: argparse.Namespace, say: Callable[[str], None]) -> None:
    """Put the record in, and say where it is."""
    made = put(options.edition, options.record, options.anchor.strip().lower())
    before = sum(each.stat().st_size for each in options.record.rglob("*") if each.is_file())
    after = sum(each.stat().st_size for each in made.rglob("*") if each.is_file())
    say(f"record   {made}: {before} bytes became {after}")
    say(f"verify   sanduq watch verify {made} --anchor {options.anchor.strip().lower()}")


def put(edition: Path, path: Path, anchor: str) -> Path:
    """Copy a record into an edition; gives its folder there, which was not there before.

    Everything is verified first, so it refuses (:class:`sanduq.errors.Refused`) what an observer would refuse. Raises
    :class:`sanduq.errors.Unusable` for what is no anchor, no edition or no record; for one that is there already; for
    links; and while the vote is open: of such a record nobody can see whether it holds what the site does not show yet.
    """
    if not _ANCHOR.match(anchor):
        raise errors.Unusable(f"--anchor {anchor}: expected 64 digits from 0 to 9 and a to f")
    if not edition.is_dir():
        raise errors.Unusable(f"{edition}: there is no such edition")
    target = record_folder(edition, anchor)
    if target.exists():
        raise errors.Unusable(f"{target} is there already", hint="an edition is made anew each time")
    record = Record(path)
    _require_own_files(path)
    archives = [record.archive(area) for area in record.setup.areas]
    size = sum(each.stat().st_size for each in archives if each.is_file())
    jobs = (os.cpu_count() or 1) if size > _WORTH_PROCESSES else 1
    report = verify_record(record, choose(None), anchor, jobs=jobs)
    if report.phase in ("open", "suspended"):
        raise errors.Unusable("the vote is open: its record can hold ballots that are not public yet", hint="after the close")
    begun = target.with_name(f".{target.name}.partial")
    shutil.rmtree(begun, ignore_errors=True)
    try:
        _copy(record, begun, target.relative_to(edition).as_posix())
        begun.rename(target)
    finally:
        shutil.rmtree(begun, ignore_errors=True)
    _tell(edition)
    return target


def _require_own_files(path: Path) -> None:
    """A link could bring in any file of this machine."""
    for each in (path, *path.rglob("*")):
        if each.is_symlink() or not (each.is_dir() or each.is_file()):
            raise errors.Unusable(f"{each}: a record has plain files and folders only")


def _copy(record: Record, begun: Path, name: str) -> None:
    fingerprints = record.fingerprints()
    for area in record.setup.areas:
        out = packed_path(begun / "areas" / area.code / f"{area.uuid}.bel")
        check_path(f"{name}/{out.relative_to(begun).as_posix()}")
        out.parent.mkdir(parents=True)
        with open_archive(record.archive(area)) as file, out.open("xb") as copy:
            copy.writelines(pack(cast("BinaryIO", _Hashed(file, fingerprints[area.code], area))))
        proofs = record.proofs_bytes(area)
        if proofs is not None:
            out.with_name(f"{area.uuid}.proofs").write_bytes(proofs)
    _copy_test(record, begun, name)
    for source in (record.journal_path, record.fingerprints_path):
        (begun / source.name).write_bytes(source.read_bytes())
    (begun / record.setup_path.name).write_bytes(record.setup_bytes)


def _copy_test(record: Record, begun: Path, name: str) -> None:
    """The test sum, if there is one. (It has no fingerprint: the journal names its head.)"""
    path = record.test_path
    if path is None or not is_there(path):
        return
    out = packed_path(begun / "test" / path.name)
    check_path(f"{name}/{out.relative_to(begun).as_posix()}")
    out.parent.mkdir()
    with open_archive(path) as file, out.open("xb") as copy:
        copy.writelines(pack(file))
    proofs = path.with_suffix(".proofs")
    if proofs.is_file():
        out.with_name(proofs.name).write_bytes(proofs.read_bytes())


class _Hashed:
    """A file that must be what its fingerprint says: to the end, and as it was when it was verified."""

    def __init__(self, file: BinaryIO, expected: Fingerprint, area: CountingArea) -> None:
        self._file, self._expected, self._area = file, expected, area
        self._digest, self._size = hashlib.sha256(), 0

    def read(self, count: int = _BLOCK) -> bytes:
        """The next bytes; at the end they are compared."""
        block = self._file.read(count)
        self._digest.update(block)
        self._size += len(block)
        if not block:
            got, expected = (self._size, self._digest.hexdigest()), (self._expected.size, self._expected.sha256)
            if got != expected:
                hint = "export or download the record anew"
                raise errors.Unusable(f"area {self._area.code}: the fingerprints are of another moment", hint=hint)
        return block


def _tell(edition: Path) -> None:
    """How to verify all records of an edition, beside them."""
    folders = sorted(each for each in (edition / RECORD).iterdir() if _SHORT.match(each.name))
    packed = min(folders[0].glob("areas/*/*.gz")).relative_to(edition)
    names = [each.relative_to(edition).as_posix() for each in folders]
    readme.write(edition / RECORD, "disc/record.html", {"folders": names, "packed": packed.as_posix(), "archive": packed.stem})
