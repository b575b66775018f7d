"""Taking a ballot: verified, appended, durable, and only then acknowledged (spec 5.a; docs/decisions/0013).

Requests of one area that come while a batch is being worked on wait together and are the next batch: screened by the engine at
once, appended in one transaction, each told its own verdict. So a commit, which is what costs, is shared by as many as wait for
it, and nobody waits for a timer. What the engine does not accept is judged afterwards, in the request's own thread: bad ballots
do not make good ones wait.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import BoundedSemaphore, Event, Lock
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction

from sanduq import errors
from sanduq.algebra.numbers import sha256_b64, sha256_hex
from sanduq.archive.events import Kind
from sanduq.archive.writer import Head
from sanduq.box import Intake, Receipt, Taken
from sanduq.box import Place as Stands
from sanduq.engine import BallotEngine, choose
from sanduq_web import clock
from sanduq_web.box.actions.asking import Said, require_pin
from sanduq_web.box.actions.codes import require_code
from sanduq_web.box.actions.forgetting import forget_tries
from sanduq_web.box.actions.keys import key_of
from sanduq_web.box.actions.limits import NEW_BALLOTS
from sanduq_web.box.actions.phases import follow_calendar
from sanduq_web.box.actions.publishing import publish_due
from sanduq_web.box.api import authentication, is_held
from sanduq_web.box.models import Archive, Authentication, Ballot, Chunk, Line
from sanduq_web.faults import briefly
from sanduq_web.problems import Busy, Problem
from sanduq_web.question.api import Frozen, Place
from sanduq_web.roll.api import on_roll

BATCH: Final = 256
_CHUNK: Final = f"INSERT INTO {Chunk._meta.db_table} (archive_id, start, content)"
_BALLOT: Final = f"INSERT INTO {Ballot._meta.db_table} (archive_id, height, payload, credential, event, first)"
_log = logging.getLogger("sanduq_web.box")
_opened: Final[set[str]] = set()
"""The referendums whose opening is known to stand in the journal: it is never taken out again."""
Verdict = Taken | errors.Refused | Problem
_AGAIN: Final = "nothing was changed; a ballot that was acknowledged stays where it is"


@lru_cache(maxsize=4096)
def engine_of(place: Place) -> BallotEngine:
    """The engine for an area's ballots."""
    return choose(settings.SANDUQ_ENGINE).ballots(place.election)


@dataclass
class Rows:
    """What the database knows of the credentials of a batch (:class:`sanduq.box.Known`)."""

    roll: set[str]
    places: dict[str, Stands]
    last: dict[str, str]
    heights: dict[str, list[int]]

    @classmethod
    def of(cls, archive: Archive, roll: set[str]) -> Rows:
        """Every ballot of these credentials, in their order."""
        rows = Rows(roll, {}, {}, {credential: [] for credential in roll})
        keys = [bytes.fromhex(credential) for credential in roll]
        found = Ballot.objects.filter(archive=archive, credential__in=keys).order_by("height")
        for credential, payload, height, event in found.values_list("credential", "payload", "height", "event"):
            name = bytes(payload).hex()
            rows.places[name] = Stands(height, bytes(event).hex())
            rows.last[bytes(credential).hex()] = name
            rows.heights[bytes(credential).hex()].append(height)
        return rows

    def on_roll(self, credential: str) -> bool:
        """See :class:`sanduq.box.Known`."""
        return credential in self.roll

    def place(self, payload: str) -> Stands | None:
        """See :class:`sanduq.box.Known`."""
        return self.places.get(payload)

    def latest(self, credential: str) -> str | None:
        """See :class:`sanduq.box.Known`."""
        return self.last.get(credential)


def require_time(frozen: Frozen, now: str) -> None:
    """It is the time to vote (5.1)."""
    calendar = frozen.setup.calendar
    if now < calendar.opens:
        raise errors.BoxNotOpen("the vote has not begun", expected=f"from {calendar.opens}", got=now)
    if now >= calendar.closes:
        raise errors.BoxNotOpen("the time to vote is over", expected=f"before {calendar.closes}", got=now)


def _held() -> Busy:
    return Busy("this box was put back from a backup and takes no ballots yet; keep yours", retry_after=300)


def require_opened(frozen: Frozen, now: str) -> None:
    """The opening stands in the journal before the first ballot does: whoever comes first writes it (8.11)."""
    if frozen.anchor in _opened:
        return
    if not Line.objects.filter(referendum_id=frozen.anchor, height=1).exists():
        if is_held(frozen.anchor):
            raise _held()
        follow_calendar(frozen, now)
    _opened.add(frozen.anchor)


def _take(intake: Intake, rows: Rows, public: int, raw: bytes, credential: str) -> Taken:
    """One ballot; an allowance is spent where it would cost the record something.

    One that is public gets its receipt until a later one of its credential is public, too (5.2): everybody may send
    it, and must not see by the answer at which minute its voter votes again.
    """
    payload = sha256_hex(raw)
    stands = rows.place(payload)
    if stands is None:
        if rows.on_roll(credential):
            NEW_BALLOTS.spend(credential, _AGAIN)
        return intake.take(raw, credential)
    if stands.height > public:
        return intake.take(raw, credential)
    if any(stands.height < height <= public for height in rows.heights[credential]):
        raise errors.BallotSuperseded(got=sha256_b64(raw))
    return Taken(raw, payload, credential, stands, b"")


def append(frozen: Frozen, place: Place, ballots: Sequence[tuple[bytes, str]], now: str) -> list[Verdict]:
    """Append ballots that an engine has accepted, in one durable transaction; each has its own verdict.

    The archive's row is locked, so processes and threads append one after the other. What is due to be published is
    published first: then it holds nothing that came after its time.
    """
    roll = on_roll(place.area.uuid, {credential for _, credential in ballots})
    verdicts: list[Verdict] = []
    with transaction.atomic():
        archive = Archive.objects.select_for_update().get(pk=place.id)
        if archive.held:
            return [_held() for _ in ballots]
        publish_due(archive, frozen, now)
        rows = Rows.of(archive, roll)
        intake = Intake(Head(archive.head, archive.height, Kind(archive.kind), archive.time), rows)
        for raw, credential in ballots:
            try:
                verdicts.append(_take(intake, rows, archive.public_height, raw, credential))
            except (errors.Refused, Problem) as refusal:
                verdicts.append(refusal)
        _write(archive, intake.head, rows, [each for each in verdicts if isinstance(each, Taken) and each.content])
    return verdicts


def _write(archive: Archive, head: Head, rows: Rows, taken: Sequence[Taken]) -> None:
    if taken:
        content = b"".join(each.content for each in taken)
        _insert(archive, taken, set(rows.last), content)
        archive.size += len(content)
        archive.head, archive.height, archive.kind = head.hash or "", head.height, Kind.BALLOT.value
    archive.save(force_update=True)


def _insert(archive: Archive, taken: Sequence[Taken], seen: set[str], content: bytes) -> None:
    """The rows of new ballots, in two plain statements: as objects of models they took a third of a batch's time."""
    values: list[int | bytes | bool] = []
    for each in taken:
        payload, credential, event = (bytes.fromhex(text) for text in (each.payload, each.credential, each.place.event))
        values += [archive.pk, each.place.height, payload, credential, event, each.credential not in seen]
        seen.add(each.credential)
    rows = ",".join(["(%s,%s,%s,%s,%s,%s)"] * len(taken))
    with connection.cursor() as cursor:
        cursor.execute(f"{_CHUNK} VALUES (%s,%s,%s)", [archive.pk, archive.size, content])
        cursor.execute(f"{_BALLOT} VALUES {rows}", values)


# --- group commit ----------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class _Ticket:
    """A request that waits to be served, or to lead. ``verdict`` stays None if the engine did not accept the ballot."""

    raw: bytes
    verdict: Verdict | None = None
    served: bool = False
    awake: Event = field(default_factory=Event)


@dataclass
class Gate:
    """Where the requests of one area wait. One leads: it serves all that wait by then, itself among them, and wakes
    them when it is done, and with them the one that leads next."""

    frozen: Frozen
    place: Place
    _waiting: list[_Ticket] = field(default_factory=list)
    _led: bool = False
    _lock: Lock = field(default_factory=Lock)

    def cast(self, raw: bytes) -> Verdict | None:
        """The verdict on one ballot, when it is durable; None if the engine did not accept it."""
        ticket = _Ticket(raw)
        with self._lock:
            self._waiting.append(ticket)
            follows, self._led = self._led, True
        if follows:
            ticket.awake.wait()
        if not ticket.served:
            self._lead()
        return ticket.verdict

    def _lead(self) -> None:
        with self._lock:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        try:
            self._serve(batch)
        finally:
            for ticket in batch:
                ticket.served = True
            with self._lock:
                self._led = bool(self._waiting)
                # The next leader came first among those that wait, so it is in the batch that it takes.
                woken = [*batch, *self._waiting[:1]]
            for ticket in woken:
                ticket.awake.set()

    def _serve(self, batch: Sequence[_Ticket]) -> None:
        accepted: list[_Ticket] = []
        try:
            screened = engine_of(self.place).screen([ticket.raw for ticket in batch])
            pairs = [(ticket, credential) for ticket, credential in zip(batch, screened, strict=True) if credential]
            accepted = [ticket for ticket, _ in pairs]
            if pairs:
                now = clock.now()
                require_time(self.frozen, now)
                require_opened(self.frozen, now)
                verdicts = append(self.frozen, self.place, [(ticket.raw, credential) for ticket, credential in pairs], now)
                for ticket, verdict in zip(accepted, verdicts, strict=True):
                    ticket.verdict = verdict
        except (errors.Refused, Problem) as refusal:
            self._tell_all(accepted, refusal)
        except DatabaseError as error:
            _log.error("area %s: the database refuses to write: %s", self.place.code, briefly(error))
            connections["default"].close_if_unusable_or_obsolete()
            self._tell_all(accepted, Busy("the box cannot write just now"))
        except Exception:
            self._tell_all(batch, Busy("the box has failed"))
            raise

    @staticmethod
    def _tell_all(tickets: Iterable[_Ticket], verdict: Verdict) -> None:
        for ticket in tickets:
            ticket.verdict = verdict


@lru_cache(maxsize=4096)
def gate_of(frozen: Frozen, place: Place) -> Gate:
    """The gate of an area in this process."""
    return Gate(frozen, place)


# --- one ballot ------------------------------------------------------------------------------------------------------------

NOTHING: Final = Said()
_judges = BoundedSemaphore(8)
_judge = Lock()


def _judge_alone(place: Place, raw: bytes) -> errors.Refused:
    """Why a ballot is refused. It takes a hundred times as long as to accept one: one after the other, few wait."""
    if not _judges.acquire(blocking=False):
        raise Busy("this ballot is not accepted, and too many others wait to be told why", retry_after=5)
    try:
        with _judge:
            (verdict,) = engine_of(place).check([raw])
    finally:
        _judges.release()
    if isinstance(verdict, errors.Refused):
        return verdict
    raise errors.EnginesDisagree("a ballot was accepted that was not accepted just before")


# --- authentication beside the credential ----------------------------------------------------------------------------------

_kinds: Final[dict[str, str]] = {}
"""By referendum, what its box asks for: it is not changed after the opening."""


def _kind(frozen: Frozen) -> str:
    """What is asked for. The opening is written first: from then on the setting stands."""
    kind = _kinds.get(frozen.anchor)
    if kind is None:
        require_opened(frozen, clock.now())
        kind = _kinds[frozen.anchor] = authentication(frozen.anchor)
    return kind


def _ask(kind: str, place: Place, raw: bytes, said: Said) -> str | None:
    """Refuse a ballot, good by itself, that comes without what is asked for; gives its credential if something was asked.

    What is in the box already gets its receipt unasked, and what is refused anyway is refused by the gate.
    """
    (credential,) = engine_of(place).screen([raw])
    if credential is None:
        raise _judge_alone(place, raw)
    payload = sha256_hex(raw)
    if Ballot.objects.filter(archive_id=place.id, payload=bytes.fromhex(payload)).exists():
        return None
    if not on_roll(place.area.uuid, {credential}):
        return None
    if kind == Authentication.Kind.PIN:
        require_pin(place, credential, said)
    else:
        require_code(place, credential, payload, said)
    return credential


def _forget(place: Place, credential: str) -> None:
    """The ballot is in the box: if this fails, its voter must not be told that it is not."""
    try:
        forget_tries(place, credential)
    except DatabaseError as error:
        _log.error("area %s: a code was not deleted: %s", place.code, type(error).__name__)


def cast(frozen: Frozen, place: Place, raw: bytes, said: Said = NOTHING) -> tuple[Receipt, bool]:
    """Take one ballot: its signed receipt, and whether it is new; or its refusal."""
    expected, got = f"at most {place.largest} bytes", len(raw)
    errors.require(errors.BallotOversize, got <= place.largest, expected=expected, got=got)
    key = key_of(frozen)
    require_time(frozen, clock.now())
    asked = None
    try:
        kind = _kind(frozen)
        if kind != Authentication.Kind.NONE:
            asked = _ask(kind, place, raw, said)
    except DatabaseError as error:
        _log.error("area %s: the database does not answer: %s", place.code, type(error).__name__)
        raise Busy("the box cannot write just now") from None
    verdict = gate_of(frozen, place).cast(raw)
    if verdict is None:
        verdict = _judge_alone(place, raw)
    if not isinstance(verdict, Taken):
        raise verdict
    if asked is not None:
        _forget(place, asked)
    return key.sign(verdict.receipt(place.area.uuid)), bool(verdict.content)
