"""Whether a folder is the edition that its signers signed (spec 10.e)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sanduq import errors
from sanduq.disc import keyring, minisign, sums
from sanduq.disc.keyring import KeyEntry, Reached
from sanduq.disc.minisign import Edition, EditionKey, check_signature, read_edition, read_signature
from sanduq.disc.paths import KEYS, SIGNATURE, SUMS, is_left_behind
from sanduq.disc.sums import Entry, Progress, Sums, entries, hash_file, is_apart, read_sums


class Verdict(StrEnum):
    """What a reader is told. The first that fits counts, from the worst on."""

    BAD = "bad"
    """Something is changed, extra, or not signed by who is said to have signed it."""
    UNCONFIRMED = "unconfirmed"
    """All of it fits together, but no key that the reader trusts has signed it: anybody could have made it."""
    INCOMPLETE = "incomplete"
    """What is there is as it was signed; files are missing. A part of an edition, packed anew."""
    GOOD = "good"
    """All of the edition, and nothing else."""


@dataclass(frozen=True)
class Signed:
    """One signature's file, and what was found.

    ``key`` is None if nobody knows it; ``way`` leads from a key that the reader trusts to this one, and is empty if none does.
    """

    name: str
    key_id: str = ""
    key: EditionKey | None = None
    way: tuple[EditionKey, ...] = ()
    edition: Edition | None = None
    refusal: errors.Refused | None = None


@dataclass(frozen=True)
class Report:
    """What was found in a folder. ``wrong`` are refusals of the sums, the keys or the signatures; the lists hold paths."""

    signed: tuple[Signed, ...] = ()
    files: int = 0
    size: int = 0
    changed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    left_behind: tuple[str, ...] = ()
    wrong: tuple[errors.Refused, ...] = field(default=())

    @property
    def edition(self) -> Edition | None:
        """The edition that trusted signatures name."""
        return next((each.edition for each in self.signed if each.way and each.edition), None)

    @property
    def refusal(self) -> errors.Refused | None:
        """The worst that is wrong (10.1 to 10.17); None if the verdict is good."""
        if self.wrong:
            return self.wrong[0]
        for refusal, paths in ((errors.FileChanged, self.changed), (errors.FileExtra, self.extra)):
            if paths:
                return refusal(got=_some(paths))
        if self.edition is None:
            return errors.EditionUnsigned(
                got=", ".join(f"{each.name} by {each.key_id}" for each in self.signed) or "no signature"
            )
        return errors.FileMissing(got=_some(self.missing)) if self.missing else None

    @property
    def verdict(self) -> Verdict:
        """In a word."""
        if self.wrong or self.changed or self.extra or not self.signed:
            return Verdict.BAD
        if self.edition is None:
            return Verdict.UNCONFIRMED
        return Verdict.INCOMPLETE if self.missing else Verdict.GOOD


def _some(paths: tuple[str, ...]) -> str:
    return paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"


def verify(
    folder: Path,
    keys: Iterable[EditionKey] = (),
    fingerprints: Iterable[str] = (),
    progress: Progress = lambda done, total: None,
) -> Report:
    """Judge a folder against its own SHA256SUMS, and the signatures of that against keys that the reader trusts.

    ``keys`` and ``fingerprints`` (40 digits) are the reader's own, got by another way. Nothing is raised about the folder's
    content; memory is bounded by the sums, not by the files. ``progress`` is called with bytes done and bytes in all.
    """
    found: dict[str, Entry] = {}
    for each in entries(folder):
        # Some systems hand names over in another form of Unicode than they were given. A taken name keeps its own.
        name = unicodedata.normalize("NFC", each.path)
        found[each.path if name in found else name] = each
    wrong: list[errors.Refused] = []
    listed = Sums({})
    data = b""
    try:
        data = _read(folder, found, SUMS, sums.LARGEST, errors.SumsMalformed)
        listed = read_sums(data)
    except errors.Refused as refusal:
        return Report(wrong=(refusal.within(SUMS),))
    known: tuple[KeyEntry, ...] = ()
    reached: Reached = {key: (key,) for key in keys}
    try:
        if KEYS in found:
            known = keyring.read_keys(_read(folder, found, KEYS, keyring.LARGEST, errors.MinisignMalformed))
            reached = keyring.follow(known, reached, fingerprints)
    except errors.Refused as refusal:
        wrong.append(refusal.within(KEYS))
    signed = _signatures(folder, found, data, reached, known)
    wrong += [each.refusal.within(each.name) for each in signed if each.refusal]
    wrong += _differing(signed)
    return _files(folder, found, listed, Report(signed, wrong=tuple(wrong)), progress)


def _read(folder: Path, found: Mapping[str, Entry], name: str, largest: int, refusal: type[errors.Refused]) -> bytes:
    """A small file of the folder, which must be there and no link."""
    if name not in found or not found[name].plain or found[name].size > largest:
        raise refusal(expected=f"a file of at most {largest} bytes", got="none" if name not in found else None)
    return (folder / found[name].path).read_bytes()


def _signatures(
    folder: Path, found: Mapping[str, Entry], data: bytes, reached: Reached, known: tuple[KeyEntry, ...]
) -> tuple[Signed, ...]:
    # The first signer's name is the shortest; a name with an id comes after it.
    names = sorted((path for path in found if SIGNATURE.match(path)), key=lambda path: (len(path), path))
    offered = dict.fromkeys([*reached, *(each.key for each in known)])
    signed = []
    for name in names:
        try:
            given = read_signature(_read(folder, found, name, minisign.LARGEST, errors.MinisignMalformed))
            signed.append(_judge(name, given, data, reached, [key for key in offered if key.id == given.key_id]))
        except errors.Refused as refusal:
            signed.append(Signed(name, refusal=refusal))
    return tuple(signed)


def _judge(name: str, given: minisign.Signature, data: bytes, reached: Reached, keys: list[EditionKey]) -> Signed:
    """One signature, by one of the keys that have its id: a key that is trusted comes before others."""
    named = SIGNATURE.match(name)
    expected = (named[1] if named else None) or given.key_id
    errors.require(errors.SignatureOtherKey, given.key_id == expected, expected=expected, got=given.key_id)
    if not keys:
        return Signed(name, given.key_id)
    refusal: errors.Refused | None = None
    for key in keys:
        try:
            check_signature(given, key, data)
            return Signed(name, given.key_id, key, reached.get(key, ()), read_edition(given.comment))
        except errors.Refused as caught:
            refusal = refusal or caught
    return Signed(name, given.key_id, keys[0], refusal=refusal)


def _differing(signed: tuple[Signed, ...]) -> list[errors.Refused]:
    """Trusted signers that name two editions (10.12)."""
    said = dict.fromkeys(each.edition.comment for each in signed if each.way and each.edition)
    return [errors.EditionComment("two are named", got=" and ".join(said))] if len(said) > 1 else []


def _hash(path: Path) -> str | None:
    """What a disc does not give any more is not what was signed, either."""
    try:
        return hash_file(path)
    except OSError:
        return None


def _files(folder: Path, found: Mapping[str, Entry], listed: Sums, report: Report, progress: Progress) -> Report:
    """The report with what became of each file."""
    there = [path for path in listed.files if path in found]
    total, done = sum(found[path].size for path in there), 0
    changed = []
    for path in there:
        if not found[path].plain or _hash(folder / found[path].path) != listed.files[path]:
            changed.append(path)
        done += found[path].size
        progress(done, total)
    unlisted = sorted(path for path in found if path not in listed.files and not is_apart(path))
    return Report(
        report.signed,
        len(there),
        total,
        tuple(changed),
        tuple(path for path in unlisted if not is_left_behind(path)),
        tuple(path for path in listed.files if path not in found),
        tuple(path for path in unlisted if is_left_behind(path)),
        report.wrong,
    )
