"""What others ask of the box. What is not public yet is told to nobody but who has a ballot's tracker; the export is the
operator's.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any, Final

from django.db.models import Exists, F, Max, OuterRef, QuerySet

from sanduq import errors
from sanduq.box import Receipt, check_receipt
from sanduq.box.journal import Act, Line, read_journal
from sanduq_web.box import models
from sanduq_web.box.models import Archive, Authentication, Ballot, Chunk, Fingerprint, Restoration
from sanduq_web.question.api import Frozen, Place
from sanduq_web.roll.api import bounds

_AT_ONCE: Final = 256
PHASES: Final[Mapping[Act, str]] = {
    Act.FROZEN: "frozen",
    Act.OPENED: "open",
    Act.SUSPENDED: "suspended",
    Act.RESUMED: "open",
    Act.CLOSED: "closed",
    Act.SUMMED: "counting",
    Act.COUNTED: "counting",
    Act.DECIDED: "decided",
}
_TRACKER: Final = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]\Z")  # of 32 bytes: the last two bits are zero


def journal(anchor: str) -> list[Line]:
    """The acts so far."""
    return list(_read_journal(journal_bytes(anchor)))


@lru_cache(maxsize=64)
def _read_journal(text: bytes) -> tuple[Line, ...]:
    """A journal names the head of every area, so each text is read once."""
    return tuple(read_journal(text))


def journal_bytes(anchor: str) -> bytes:
    """The journal's exact text."""
    texts = models.Line.objects.filter(referendum_id=anchor).order_by("height").values_list("text", flat=True)
    return b"".join(bytes(text) + b"\n" for text in texts)


def phase(anchor: str) -> str:
    """frozen, open, closed, counting or decided: by the journal."""
    return PHASES[journal(anchor)[-1].act]


def restorations(anchor: str) -> list[Restoration]:
    """When the box was put back from a backup, the last one first; all of it is public."""
    return list(Restoration.objects.filter(referendum_id=anchor).order_by("-pk"))


def is_held(anchor: str) -> bool:
    """Whether the box was put back from a backup and is not yet let go on: then it takes nothing and does nothing by itself."""
    return Archive.objects.filter(area__referendum_id=anchor, held=True).exists()


def authentication(anchor: str) -> str:
    """What the box asks for beside the credential: none, pin or email."""
    kinds = Authentication.objects.filter(referendum_id=anchor).values_list("kind", flat=True)
    return kinds.first() or Authentication.Kind.NONE.value


# --- archives --------------------------------------------------------------------------------------------------------------


def pieces(archive: int, start: int, stop: int) -> Iterator[bytes]:
    """The bytes of an archive from ``start`` to ``stop``, piece by piece; no query holds on to the database meanwhile."""
    rows = Chunk.objects.filter(archive_id=archive)
    first = rows.filter(start__lte=start).order_by("-start").values_list("start", flat=True).first() or 0
    while start < stop:
        found = list(rows.filter(start__gte=first, start__lt=stop).order_by("start").values_list("start", "content")[:_AT_ONCE])
        if not found:
            raise errors.Truncated("rows of this archive are missing", expected=f"{stop} bytes", got=f"{start} bytes")
        for at, content in found:
            piece = bytes(content)[start - at : stop - at]
            start += len(piece)
            first = at + len(content)
            yield piece


class ArchiveFile(io.RawIOBase):
    """A whole archive, or its public part, as a file for the library's readers."""

    def __init__(self, archive: int, size: int) -> None:
        self._archive = archive
        self._size = size
        self._position = 0
        self._pieces: Iterator[bytes] = iter(())
        self._rest = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go somewhere; what was fetched ahead is dropped."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = base + offset
        self._rest = b""
        self._pieces = pieces(self._archive, self._position, self._size)
        return self._position

    def tell(self) -> int:
        """Where we are."""
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as a piece goes."""
        if not self._rest:
            if self._position == 0:
                self._pieces = pieces(self._archive, 0, self._size)
            self._rest = next(self._pieces, b"")
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        self._position += count
        return count


@dataclass(frozen=True)
class Public:
    """What is public of an area's archive."""

    place: Place
    height: int
    size: int
    ballots: int
    voters: int
    step_minutes: int
    step_ballots: int


def public(frozen: Frozen) -> list[Public]:
    """Of every area, in the setup's order."""
    rows = {row.pk: row for row in Archive.objects.filter(area__referendum_id=frozen.anchor)}
    return [_public(place, rows[place.id]) for place in frozen.places.values()]


def public_of(place: Place) -> Public:
    """Of one area."""
    return _public(place, Archive.objects.get(pk=place.id))


def _public(place: Place, row: Archive) -> Public:
    return Public(
        place, row.public_height, row.public_size, row.public_ballots, row.public_voters, row.step_minutes, row.step_ballots
    )


def whole_size(place: Place) -> int:
    """How many bytes an archive has, public or not."""
    return Archive.objects.values_list("size", flat=True).get(pk=place.id)


# --- fingerprints ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """An archive at one moment at which it was published."""

    code: str
    height: int
    head: str
    size: int
    sha256: str
    ballots: int
    voters: int
    time: str


def steps(frozen: Frozen, place: Place) -> list[Step]:
    """Every moment at which more of an area was published; those whose hash is made."""
    return _steps(frozen, Fingerprint.objects.filter(archive_id=place.id).exclude(sha256=""))


def _steps(frozen: Frozen, rows: QuerySet[Fingerprint]) -> list[Step]:
    codes = {each.id: code for code, each in frozen.places.items()}
    fields = ("archive_id", "height", "head", "size", "sha256", "ballots", "voters", "time")
    return [Step(codes[archive], *rest) for archive, *rest in rows.order_by("archive_id", "height").values_list(*fields)]


def fingerprints(frozen: Frozen) -> dict[str, dict[str, Any]]:
    """What ``fingerprints.json`` says (spec 5.d): the last moment of every area."""
    made = Fingerprint.objects.filter(archive__area__referendum_id=frozen.anchor).exclude(sha256="")
    newest = made.order_by().values("archive_id").annotate(newest=Max("pk")).values("newest")
    last = {step.code: step for step in _steps(frozen, Fingerprint.objects.filter(pk__in=newest))}
    return {
        code: {"uuid": place.area.uuid, "height": step.height, "head": step.head, "size": step.size, "sha256": step.sha256}
        for code, place in frozen.places.items()
        for step in (last[code],)
    }


@dataclass(eq=False)
class History:
    """How the public part of each area grew: by code the times and voters of its steps. ``version`` counts changes."""

    version: int = 0
    steps: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    heights: dict[int, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


def history(frozen: Frozen, now_public: list[Public]) -> History:
    """What was published when. Steps never change, so only those of areas that have grown since the last time are read."""
    known = known_history(frozen)
    with known.lock:
        grown = [each.place for each in now_public if known.heights.get(each.place.id) != each.height]
        if grown:
            since = min(known.steps[place.code][-1][0] if place.code in known.steps else "" for place in grown)
            codes = {place.id: place.code for place in grown}
            rows = Fingerprint.objects.filter(archive_id__in=codes, time__gte=since).order_by("archive_id", "height")
            for archive, height, time, voters in rows.values_list("archive_id", "height", "time", "voters"):
                if height > known.heights.get(archive, -1):
                    known.steps.setdefault(codes[archive], []).append((time, voters))
                    known.heights[archive] = height
            known.version += 1
    return known


@lru_cache(maxsize=64)
def known_history(frozen: Frozen) -> History:
    """What :func:`history` has read so far."""
    return History()


# --- one ballot ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """Where a ballot stands. ``public``: the public stream shows it. ``latest``: it shows no later one of its credential."""

    place: Place
    height: int
    event: str
    latest: bool
    public: bool


def find(frozen: Frozen, tracker: str) -> Found | None:
    """The ballot with this tracker (spec 0.b), if it is in the box.

    ``latest`` goes by what is public: trackers of published ballots are known to all, and who asks for all of them again and
    again must not see at which minute somebody voted once more.
    """
    if not _TRACKER.match(tracker):
        return None
    payload = base64.b64decode(tracker + "=")
    rows = Ballot.objects.filter(payload=payload, archive__area__referendum_id=frozen.anchor).select_related("archive__area")
    row = rows.first()
    if row is None:
        return None
    until = row.archive.public_height
    later = Ballot.objects.filter(archive=row.archive, credential=bytes(row.credential), height__gt=row.height)
    return Found(
        frozen.places[row.archive.area.code],
        row.height,
        bytes(row.event).hex(),
        not later.filter(height__lte=until).exists(),
        row.height <= until,
    )


@dataclass(frozen=True)
class PublicTracker:
    """A ballot that the public stream shows, as :func:`find` tells it: by the SHA-256 of its text (32 bytes)."""

    payload: bytes
    code: str
    height: int
    latest: bool


def public_trackers(frozen: Frozen, low: bytes, high: bytes) -> Iterator[PublicTracker]:
    """All from ``low`` up to and with ``high``, in the order of their bytes, and nothing that is not public yet."""
    until = F("archive__public_height")
    later = Ballot.objects.filter(
        archive=OuterRef("archive"),
        credential=OuterRef("credential"),
        height__gt=OuterRef("height"),
        height__lte=OuterRef("archive__public_height"),
    )
    rows = Ballot.objects.filter(archive__area__referendum_id=frozen.anchor, payload__gte=low, payload__lte=high)
    rows = rows.filter(height__lte=until).annotate(replaced=Exists(later)).order_by("payload", "archive_id")
    codes = {place.id: code for code, place in frozen.places.items()}
    for payload, archive, height, replaced in rows.values_list("payload", "archive_id", "height", "replaced").iterator():
        yield PublicTracker(bytes(payload), codes[archive], height, not replaced)


def published_until(anchor: str) -> str:
    """The time of the last thing that has become public: a line of the journal, or a step of an area."""
    steps = Fingerprint.objects.filter(archive__area__referendum_id=anchor).aggregate(last=Max("time"))["last"]
    return max(journal(anchor)[-1].time, steps or "")


def last_of_bucket(place: Place, prefix: str) -> tuple[int, list[dict[str, Any]]]:
    """The public height of an area, and of every credential in a bucket the last ballot up to there.

    Nothing that the public archive does not say; who asks for a bucket does not say for whose sake.
    """
    low, high = bounds(place.area.uuid, prefix)
    until = Archive.objects.values_list("public_height", flat=True).get(pk=place.id)
    rows = Ballot.objects.filter(archive_id=place.id, credential__gte=low, credential__lte=high, height__lte=until)
    last: dict[bytes, tuple[bytes, int]] = {}
    for credential, payload, height in rows.order_by("credential", "height").values_list("credential", "payload", "height"):
        last[bytes(credential)] = bytes(payload), height
    ballots = [
        {"credential": credential.hex(), "height": height, "tracker": base64.b64encode(payload).decode().rstrip("=")}
        for credential, (payload, height) in last.items()
    ]
    return until, ballots


def check(frozen: Frozen, receipt: Receipt) -> Found:
    """Refuse (5.3) a receipt that is not this box's, or whose ballot does not stand where it says."""
    check_receipt(receipt, frozen.setup.box_key)
    found = find(frozen, receipt.tracker)
    if found is None:
        raise errors.ReceiptInvalid("the box signed for a ballot that is not in it", hint="keep the receipt: it is proof")
    got = (found.place.area.uuid, found.height, found.event)
    expected = (receipt.uuid, receipt.height, receipt.event)
    errors.require(errors.ReceiptInvalid, got == expected, "the ballot stands elsewhere", expected=expected, got=got)
    return found
