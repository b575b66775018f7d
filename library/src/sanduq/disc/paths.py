"""Names of an edition's files: the same on every disk and in every program (spec 10.a)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from sanduq import errors

SUMS: Final = "SHA256SUMS"
KEYS: Final = "KEYS"
LONGEST: Final = 240
"""Characters of a path: Windows opens no path of more than 260 with its drive and folder."""
SIGNATURE: Final = re.compile(r"SHA256SUMS(?:\.([0-9A-F]{16}))?\.minisig\Z")
HIDDEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Controls, breaks of lines, turned directions, and bytes of names that are not UTF-8."""
_NOT_EVERYWHERE: Final = re.compile(r'[\\<>:"|?*]|^ |[ .]$')
"""What FAT and exFAT do not hold, or hold in another way."""
_LEFT_BEHIND: Final = re.compile(
    r"(System Volume Information|\$RECYCLE\.BIN|\.Trash-[0-9]+|\.Trashes|\.Spotlight-V100|\.fseventsd|lost\+found)/"
)


def check_path(path: str) -> None:
    """Refuse (10.2) a path that is not relative, not in one writing, not plain, or that some disks do not hold."""
    errors.require(errors.SumsPath, 0 < len(path) <= LONGEST, expected=f"1 to {LONGEST} characters", got=path)
    errors.require(errors.SumsPath, not HIDDEN.search(path), "it has a character that is not shown", got=path)
    errors.require(errors.SumsPath, unicodedata.normalize("NFC", path) == path, "it is not in Unicode's form NFC", got=path)
    for part in path.split("/"):
        errors.require(errors.SumsPath, part not in ("", ".", ".."), "it leads elsewhere", expected="a/relative/path", got=path)
        errors.require(errors.SumsPath, not _NOT_EVERYWHERE.search(part), "not every disk can hold it", got=path)
    reserved = ascii_folded(path).startswith(SUMS.lower())
    errors.require(errors.SumsPath, not reserved, "it is that of the sums or of a signature", got=path)
    errors.require(errors.SumsPath, not is_left_behind(path), "systems leave such files behind", got=path)


def is_left_behind(path: str) -> bool:
    """Whether systems put such a file on a stick unasked. Nothing that was signed leads there; it is shown, and not judged."""
    return bool(_LEFT_BEHIND.match(path)) or path.rpartition("/")[2] == ".DS_Store"


def ascii_folded(path: str) -> str:
    """With small letters for A to Z alone: what other letters become differs from one version of Unicode to the next."""
    return path.translate(_SMALL)


_SMALL: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


class Names:
    """The names so far, of files and of their folders: none may be another's, whatever the size of its letters (10.4)."""

    def __init__(self, fold: Callable[[str], str] = ascii_folded) -> None:
        self._fold = fold
        self._known: dict[str, str] = {}

    def add(self, path: str) -> None:
        """Enter a file's path."""
        parts = path.split("/")
        for end in range(1, len(parts) + 1):
            # A folder ends in a slash, so that no file has its name.
            name = "/".join(parts[:end]) + ("/" if end < len(parts) else "")
            folded = self._fold(name).rstrip("/")
            known = self._known.get(folded)
            free = known is None or (known == name and name.endswith("/"))
            errors.require(errors.SumsCollision, free, f"rename one of them: {known}", got=path)
            self._known[folded] = name
