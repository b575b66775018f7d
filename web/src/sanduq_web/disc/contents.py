"""What of an edition goes onto a disc or into an archive: what was signed, and nothing else."""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sanduq import errors
from sanduq.disc import Verdict, verify
from sanduq.disc.paths import is_left_behind
from sanduq.disc.sums import entries, is_apart


@dataclass(frozen=True)
class Member:
    """A file of an edition: its path within it, where it lies, its bytes."""

    path: str
    source: Path
    size: int


def members(edition: Path, without: Iterable[str] = ()) -> list[Member]:
    """The files of an edition in the order of their paths' bytes, but for some folders. What systems leave behind is no part.

    Raises :class:`sanduq.errors.Unusable` for a folder that is not there, or has no file.
    """
    left = [unicodedata.normalize("NFC", each.strip("/")) + "/" for each in without]
    found = [
        Member(unicodedata.normalize("NFC", entry.path), edition / entry.path, entry.size)
        for entry in entries(edition)
        if not is_left_behind(entry.path)
    ]
    for folder in left:
        if not any(each.path.startswith(folder) for each in found):
            raise errors.Unusable(f"--without {folder}: no folder of {edition}", hint="only whole folders are left out")
    rest = [each for each in found if not each.path.startswith(tuple(left))]
    return sorted(rest, key=lambda each: os.fsencode(each.path))


def require_whole(edition: Path) -> None:
    """Refuse an edition that readers would find bad: changed, with extra files, or not signed (spec 10.e)."""
    report = verify(edition)
    if report.verdict is Verdict.BAD and report.refusal is not None:
        refusal = report.refusal
        refusal.hint = refusal.hint or "make the sums and sign them when all else is made: sanduq disc sums, sanduq disc sign"
        raise refusal


def require_unsigned(edition: Path) -> None:
    """Refuse to add files to what is signed: it would be bad from then on."""
    signed = sorted(each.name for each in edition.iterdir() if is_apart(each.name))
    if signed:
        hint = f"first delete {' and '.join(signed)}; when all is made, sanduq disc sums and sanduq disc sign"
        raise errors.Unusable(f"{edition} has its sums already: what is added now makes it bad", hint=hint)


def weights(found: Iterable[Member]) -> dict[str, int]:
    """Bytes of each folder at the top of an edition, the heaviest first; files at the top count as none."""
    sizes: dict[str, int] = {}
    for each in found:
        folder, slash, _ = each.path.partition("/")
        if slash:
            sizes[folder] = sizes.get(folder, 0) + each.size
    return dict(sorted(sizes.items(), key=lambda item: (-item[1], item[0])))


def apart(found: Iterable[Member], spare: Path) -> list[Member]:
    """The same files, each with a source of its own: of a file that has two names, the second is copied into a spare folder.
    Whether an edition was copied with such links or without them must not show."""
    seen: set[tuple[int, int]] = set()
    single: list[Member] = []
    for each in found:
        about = each.source.stat()
        if about.st_nlink > 1:
            if (about.st_dev, about.st_ino) in seen:
                each = Member(each.path, Path(shutil.copyfile(each.source, spare / str(len(single)))), each.size)
            seen.add((about.st_dev, about.st_ino))
        single.append(each)
    return single
