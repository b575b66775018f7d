"""The record: the folder that holds a whole referendum (spec 5.d).

::

    record/
    ├── setup.json                 frozen; its SHA-256 is the anchor
    ├── areas/<code>/<uuid>.bel    one archive for each counting area; <uuid>.bel.gz in its place where a record is carried
    ├── areas/<code>/<uuid>.proofs the trustees' second proofs (7.17)
    ├── areas/<code>/<uuid>.hints  optional, never trusted
    ├── test/<uuid>.bel, .proofs   the test sum (7.h), if the setup reserves one
    ├── journal.jsonl              the acts with their times
    └── fingerprints.json          heads and hashes of the archives

This module knows where things are and writes them; whether a record is right is said by ``watch``.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive import json
from sanduq.archive.reader import ArchiveReader
from sanduq.archive.writer import create, replace, setup_records, sync_folder
from sanduq.box.journal import LONGEST, VOTING, Act, Countersignature, Line, read_journal, write_act
from sanduq.box.supervision import check_line
from sanduq.keys.trustees import Trustees
from sanduq.question.setup import CountingArea, Setup, canonical, read_setup
from sanduq.roll import Roll

_LARGEST_PROOFS: Final = 1 << 26
_LARGEST_SETUP: Final = 1 << 26
_LEFT_OVER: Final = (".*.partial", "areas/*/.*.partial", "test/.*.partial")
_form = json.Form(errors.FingerprintMismatch)


@dataclass(frozen=True)
class Fingerprint:
    """An archive at one moment: height and hash of its last event, its size in bytes and their SHA-256."""

    uuid: str
    height: int
    head: str
    size: int
    sha256: str


class Record:
    """A record's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.journal_path = path / "journal.jsonl"
        self.setup_path = path / "setup.json"
        self.fingerprints_path = path / "fingerprints.json"
        if not self.setup_path.is_file():
            raise errors.Unusable(f"{path} is no record: there is no setup.json in it")

    @cached_property
    def setup_bytes(self) -> bytes:
        """The exact text of the setup."""
        return _read(self.setup_path, _LARGEST_SETUP, errors.SetupMalformed)

    @cached_property
    def setup(self) -> Setup:
        """The setup, read and checked."""
        return read_setup(self.setup_bytes)

    def area(self, code: str) -> CountingArea:
        """An area by its code."""
        for area in self.setup.areas:
            if area.code == code:
                return area
        raise errors.Unusable(f"the record has no area {code!r}")

    def archive(self, area: CountingArea) -> Path:
        """Where an area's archive is, or that of the test sum: what stands for its area has no code."""
        folder = self.path / "areas" / area.code if area.code else self.path / "test"
        return folder / f"{area.uuid}.bel"

    @property
    def test_path(self) -> Path | None:
        """Where the archive of the test sum is, if the setup reserves one."""
        uuid = self.setup.test_uuid
        return None if uuid is None else self.path / "test" / f"{uuid}.bel"

    def proofs_path(self, area: CountingArea) -> Path:
        """Where the second proofs of an area's decryptions are."""
        return self.archive(area).with_suffix(".proofs")

    def proofs_bytes(self, area: CountingArea) -> bytes | None:
        """Their text, if there are any."""
        path = self.proofs_path(area)
        return _read(path, _LARGEST_PROOFS, errors.MalformedJson) if path.exists() else None

    def journal(self) -> list[Line]:
        """The acts so far."""
        return read_journal(_read(self.journal_path, LONGEST, errors.JournalMalformed))

    def has_done(self, act: Act) -> bool:
        """Whether an act stands in the journal."""
        return any(line.act is act for line in self.journal())

    def write_act(
        self, act: Act, time: str, details: Mapping[str, Any], countersignature: Countersignature | None = None
    ) -> Line:
        """Append an act to the journal, with the supervisor's signature where it needs one (8.16, 8.17)."""
        return write_act(self.journal_path, act, time, details, countersignature, lambda line: check_line(self.setup, line))

    @contextmanager
    def gate(self, *, alone: bool = False) -> Iterator[None]:
        """Held while a ballot is taken; ``alone``, by what must see no ballot taken meanwhile."""
        with self.setup_path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield

    def require_voting(self, now: str) -> None:
        """Refuse (5.1, 5.4) unless ballots are taken now, by the journal."""
        last = self.last_line()
        if last is not None and last.act is Act.SUSPENDED:
            raise errors.BoxSuspended(expected="until it is resumed", got=f"suspended at {last.time}")
        self.require_last(Act.RESUMED if last is not None and last.act is Act.RESUMED else Act.OPENED, now)

    def require_last(self, act: Act, now: str) -> None:
        """Refuse (5.1, 8.10) unless ``act`` is the last thing that was done, and not after ``now``.

        An unfinished last line was never acknowledged: it does not count, and the next act cuts it off.
        """
        last = self.last_line()
        if last is None or last.act is not act:
            got = f"it is {last.act.value}" if last else "it is not even frozen"
            refusal = errors.BoxNotOpen if act in (Act.FROZEN, *VOTING) else errors.JournalOrder
            raise refusal(f"this can be done when the referendum is {act.value}", got=got)
        if now < last.time:
            raise errors.JournalOrder("time runs backwards", expected=f"{last.time} or later", got=now)

    def last_line(self) -> Line | None:
        """The last whole line of the journal."""
        data = _read(self.journal_path, LONGEST, errors.JournalMalformed)
        lines = read_journal(data[: data.rfind(b"\n") + 1])
        return lines[-1] if lines else None

    def fingerprint(self, area: CountingArea) -> Fingerprint:
        """The fingerprint of an archive as it is now, on the boundary of its last whole event."""
        path = self.archive(area)
        with path.open("rb") as file:
            reader = ArchiveReader(file, stop_at_tail=True, check_hashes=False)
            for _ in reader:
                pass
        digest = hashlib.sha256()
        with path.open("rb") as file:
            left = reader.end
            while left:
                block = file.read(min(left, 1 << 20))
                digest.update(block)
                left -= len(block)
        return Fingerprint(area.uuid, reader.height, reader.head or "", reader.end, digest.hexdigest())

    def write_fingerprints(self, known: Iterable[Fingerprint] | None = None) -> dict[str, Fingerprint]:
        """Write ``fingerprints.json`` anew; ``known`` are fingerprints made already."""
        found = {fingerprint.uuid: fingerprint for fingerprint in known or ()}
        fingerprints = {area.code: found.get(area.uuid) or self.fingerprint(area) for area in self.setup.areas}
        value = {code: vars(fingerprint) for code, fingerprint in fingerprints.items()}
        for left in [path for where in _LEFT_OVER for path in self.path.glob(where)]:
            if is_left_over(left):
                left.unlink(missing_ok=True)
        replace(self.fingerprints_path, canonical(value), mode=0o644)
        return fingerprints

    def fingerprints(self) -> dict[str, Fingerprint]:
        """What ``fingerprints.json`` says, by area."""
        value = json.read(_read(self.fingerprints_path, _LARGEST_SETUP, errors.FingerprintMismatch))
        if not isinstance(value, dict):
            _form.fail_kind("fingerprints", value)
        return {code: _read_fingerprint(item) for code, item in value.items()}


def is_left_over(path: Path) -> bool:
    """Whether a file is what a process was writing when it was killed: of no use, and removed by the next fingerprints."""
    return re.fullmatch(r"\.(fingerprints\.json|\w+\.(proofs|hints))\.\d+\.partial", path.name) is not None


def _read(path: Path, largest: int, refusal: type[errors.Refused]) -> bytes:
    """A file of the record, if it is there and not absurdly large."""
    if not path.is_file():
        raise refusal(f"there is no {path.name}")
    size = path.stat().st_size
    if size > largest:
        raise refusal(path.name, expected=f"at most {largest} bytes", got=f"{size} bytes")
    return path.read_bytes()


def _read_fingerprint(value: Any) -> Fingerprint:
    fields = _form.fields(value, ("uuid", "height", "head", "size", "sha256"))
    return Fingerprint(
        _form.text(fields["uuid"], "uuid"),
        _form.number(fields["height"], "height"),
        _form.hash(fields["head"], "head"),
        _form.number(fields["size"], "size", high=1 << 50),
        _form.hash(fields["sha256"], "sha256"),
    )


def create_record(
    path: Path, setup: Setup, trustees: Trustees, roll_of: Callable[[CountingArea], Roll], time: str, seconds: int
) -> Record:
    """Freeze: write a new record with an archive for every area, up to its Setup event.

    ``roll_of`` gives the public list of an area, ``time`` is now (UTC text) and ``seconds`` the same since 1970, for the
    archives' headers. The folder must be new or empty; ``setup.json`` is written last: a folder without it is one that was not
    finished, and no record. If the setup names a supervisor, the journal is left empty: the act is written when it is signed.
    """
    if path.exists() and any(path.iterdir()):
        raise errors.Unusable(f"{path} is not empty", hint="nothing was changed; name a new folder")
    try:
        _fill(path, setup, trustees, roll_of, time, seconds)
    except OSError:
        # A full disk: what was begun is of no use, and in the way of the next attempt.
        shutil.rmtree(path / "areas", ignore_errors=True)
        for name in ("journal.jsonl", "fingerprints.json"):
            (path / name).unlink(missing_ok=True)
        raise
    return Record(path)


def _fill(
    path: Path, setup: Setup, trustees: Trustees, roll_of: Callable[[CountingArea], Roll], time: str, seconds: int
) -> None:
    public_key = trustees.public_key
    fingerprints = {}
    for area in setup.areas:
        election = setup.election(area, public_key)
        content, head = setup_records(seconds, election.raw, trustees.to_bytes(), roll_of(area).to_bytes())
        folder = path / "areas" / area.code
        folder.mkdir(parents=True)
        create(folder / f"{area.uuid}.bel", content)
        fingerprint = Fingerprint(area.uuid, head.height, head.hash or "", len(content), sha256_hex(content))
        fingerprints[area.code] = vars(fingerprint)
    sync_folder(path / "areas")
    create(path / "journal.jsonl", b"")
    if setup.supervisor is None:
        write_act(path / "journal.jsonl", Act.FROZEN, time, {"anchor": setup.anchor})
    create(path / "fingerprints.json", canonical(fingerprints))
    create(path / "setup.json", setup.to_bytes())
    sync_folder(path.parent)
