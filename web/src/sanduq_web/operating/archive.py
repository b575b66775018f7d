"""The file of a backup: a ZIP with the database as its own tools write it, and a manifest that says what must be in it.

``database``       SQLite: the file; PostgreSQL: what ``pg_dump --format=custom`` wrote
``manifest.json``  when and of what it was made, the SHA-256 of ``database``, and where every area's archive ended

It holds all that the database holds: also what is not public yet, and PINs and addresses while the vote is open.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from sanduq import errors

ENDING: Final = ".sanduq-backup"
_FORMAT: Final = "sanduq-backup/1"
_DATABASE, _MANIFEST = "database", "manifest.json"
_LARGEST_MANIFEST: Final = 64 << 20
PIECE: Final = 1 << 20


class BackupRefused(errors.Refused):
    """This backup is damaged, or is not what its manifest says."""


@dataclass(frozen=True)
class Stood:
    """Where an area's archive ended: its last event's number and hash, its bytes; how many ballots the index knew."""

    uuid: str
    height: int
    head: str
    size: int
    public: int
    ballots: int


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. ``referendums`` has the areas by anchor and code; ``migrations`` the names by app."""

    made: str
    program: str
    vendor: str
    migrations: Mapping[str, list[str]]
    referendums: Mapping[str, Mapping[str, Stood]]
    sha256: str = ""
    size: int = 0
    format: str = field(default=_FORMAT)

    def text(self) -> bytes:
        """As it stands in the file."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


def _read_manifest(text: bytes) -> Manifest:
    try:
        found: dict[str, Any] = json.loads(text)
        if found["format"] != _FORMAT:
            raise BackupRefused("this form of backup is not known", expected=_FORMAT, got=str(found["format"])[:40])
        areas = {
            anchor: {code: Stood(**stood) for code, stood in each.items()} for anchor, each in found.pop("referendums").items()
        }
        return Manifest(**found, referendums=areas)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupRefused(f"the manifest cannot be read: {type(error).__name__}") from None


@contextmanager
def _new(path: Path) -> Iterator[IO[bytes]]:
    """A new file for its owner alone that has its name when it is whole; an older one of that name is never written over."""
    if path.exists():
        raise errors.Unusable(f"{path} is there already", hint="a backup is a new file: put the time into its name")
    partial = path.with_name(f"{path.name}.partial")
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(partial, path)
    finally:
        partial.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write(path: Path, dump: Callable[[IO[bytes]], Manifest]) -> Manifest:
    """Write a backup; ``dump`` writes the database into what it is given, and says what it wrote."""
    with _new(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as pack:
        with pack.open(_DATABASE, "w", force_zip64=True) as member:
            counted = _Counted(member)
            found = dump(counted)  # type: ignore[arg-type]  # all that is asked of it is write
        values = {name: getattr(found, name) for name in ("made", "program", "vendor", "migrations", "referendums")}
        whole = Manifest(**values, sha256=counted.digest.hexdigest(), size=counted.size)
        pack.writestr(_MANIFEST, whole.text())
    return whole


class _Counted:
    """Hashes what is written through it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """As of a file."""
        self.digest.update(data)
        self.size += len(data)
        return self._file.write(data)


def manifest_of(path: Path) -> Manifest:
    """What a backup says of itself; its contents are not looked at."""
    with _opened(path) as pack:
        return _manifest(pack)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as pack:
            if sorted(pack.namelist()) != [_DATABASE, _MANIFEST]:
                raise BackupRefused("this is no backup of sanduq-web")
            yield pack
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise BackupRefused(f"the file is damaged: {error}") from None


def _manifest(pack: zipfile.ZipFile) -> Manifest:
    with pack.open(_MANIFEST) as member:
        return _read_manifest(member.read(_LARGEST_MANIFEST))


def pieces(path: Path) -> Iterator[bytes]:
    """The database's bytes; at the end refused if they are not those that the manifest names. Read it to its end first."""
    with _opened(path) as pack:
        said, digest, size = _manifest(pack), hashlib.sha256(), 0
        with pack.open(_DATABASE) as member:
            while piece := member.read(PIECE):
                digest.update(piece)
                size += len(piece)
                if size > said.size:
                    break
                yield piece
        if (digest.hexdigest(), size) != (said.sha256, said.size):
            raise BackupRefused(
                "the database in it is not the one that was saved", expected=said.sha256, got=digest.hexdigest()
            )


def sha256_of(path: Path) -> str:
    """The SHA-256 of the whole file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
