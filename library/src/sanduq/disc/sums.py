"""``SHA256SUMS``: the hash of every file of an edition, as ``sha256sum`` writes and checks it (spec 10.a)."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sanduq import errors
from sanduq.disc.paths import SIGNATURE, SUMS, Names, check_path, is_left_behind

LARGEST: Final = 1 << 24
"""Bytes of SHA256SUMS: some 150 000 files."""
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([^\n]+)\Z")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Sums:
    """Path to SHA-256, in the order of the paths' bytes."""

    files: Mapping[str, str]

    def to_bytes(self) -> bytes:
        """The file, which ``sha256sum -c`` reads."""
        return "".join(f"{digest}  {path}\n" for path, digest in self.files.items()).encode()


def read_sums(data: bytes) -> Sums:
    """The sums from the bytes of their file. There is one way to write them: lines end in one line feed, hashes are in small
    letters, paths stand in order."""
    if not 0 < len(data) <= LARGEST:
        raise errors.SumsMalformed(expected=f"1 to {LARGEST} bytes", got=len(data))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise errors.SumsMalformed("not UTF-8", got=f"byte {error.start}") from None
    if not text.endswith("\n"):
        raise errors.SumsMalformed("the last line has no end")
    files: dict[str, str] = {}
    names, before = Names(), b""
    for number, line in enumerate(text[:-1].split("\n"), 1):
        try:
            digest, path = _read_line(line)
            errors.require(errors.SumsOrder, before < path.encode(), got=path)
            names.add(path)
        except errors.Refused as refusal:
            raise refusal.within(f"line {number}") from None
        before = path.encode()
        files[path] = digest
    return Sums(files)


def _read_line(line: str) -> tuple[str, str]:
    found = _LINE.match(line)
    if not found:
        raise errors.SumsMalformed(expected="64 digits in small letters, two spaces, a path", got=line)
    check_path(found[2])
    return found[1], found[2]


@dataclass(frozen=True)
class Entry:
    """What stands at a path of a folder. ``plain`` is false of links, devices and other things that are no files."""

    path: str
    size: int
    plain: bool


def entries(folder: Path) -> Iterator[Entry]:
    """What is in a folder and below it, in no order; nothing is followed out of it."""
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        with os.scandir(folder / prefix) as found:
            for each in found:
                path = prefix + each.name
                if each.is_dir(follow_symlinks=False):
                    # Some of those may be entered by nobody but the system.
                    if is_left_behind(f"{path}/"):
                        yield Entry(f"{path}/", 0, plain=False)
                    else:
                        waiting.append(f"{path}/")
                    continue
                about = each.stat(follow_symlinks=False)
                yield Entry(path, about.st_size, plain=stat.S_ISREG(about.st_mode))


def sum_folder(folder: Path, progress: Progress = lambda done, total: None) -> Sums:
    """The sums of a folder's files, all but SHA256SUMS and its signatures; refuses what an edition may not have (10.2, 10.4).

    ``progress`` is called with bytes done and bytes in all.
    """
    found = [each for each in entries(folder) if not is_apart(each.path) and not is_left_behind(each.path)]
    found.sort(key=lambda each: os.fsencode(each.path))
    names = Names(str.casefold)  # stricter than the reader: see ascii_folded
    for each in found:
        check_path(each.path)
        names.add(each.path)
        errors.require(
            errors.SumsPath, each.plain, "it is a link or no file", got=each.path, hint="put a copy of the file in its place"
        )
    if not found:
        raise errors.SumsMalformed("the folder is empty", got=folder)
    files: dict[str, str] = {}
    done, total = 0, sum(each.size for each in found)
    for each in found:
        files[each.path] = hash_file(folder / each.path)
        done += each.size
        progress(done, total)
    made = Sums(files)
    read_sums(made.to_bytes())
    return made


def is_apart(path: str) -> bool:
    """Whether this is SHA256SUMS or one of its signatures."""
    return path == SUMS or bool(SIGNATURE.match(path))


def hash_file(path: Path) -> str:
    """A file's SHA-256, read piece by piece. What became a link in the meantime is not followed."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb", buffering=0) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
