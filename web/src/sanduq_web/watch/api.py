"""What pages and the console ask of what was written: observers, incidents, statements, complaints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from sanduq.algebra.numbers import sha256_hex
from sanduq.question.setup import canonical
from sanduq_web.watch.actions.dockets import Writer
from sanduq_web.watch.actions.observing import OBSERVER, may_read
from sanduq_web.watch.models import (
    Accreditation,
    Complaint,
    Decision,
    Docket,
    Entry,
    Evidence,
    Incident,
    Statement,
    Status,
    Visibility,
)

_ALL: Final = slice(None)


def docket(anchor: str) -> Docket | None:
    """The docket of a frozen vote; None if nobody has begun one."""
    return Docket.objects.filter(referendum_id=anchor).first()


def observers(found: Docket) -> list[Accreditation]:
    """The public list: who is accredited and agrees to be named, by organisation."""
    rows = Accreditation.objects.filter(docket=found, agrees=True, state=Accreditation.State.ACCREDITED)
    return sorted(rows, key=lambda row: (row.organisation.casefold(), row.number))


# --- incidents ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class IncidentTold:
    """An incident with what was written behind it. ``overdue``: nobody has answered in time."""

    incident: Incident
    entries: list[Entry]
    files: list[Evidence]
    overdue: bool


def is_overdue(incident: Incident, now: str) -> bool:
    """Open after its due date; what the commission cannot read is owed no answer."""
    standing = incident.standing
    return standing.status == Status.OPEN and standing.due < now and standing.visibility != Visibility.OBSERVERS


def incident_rows(found: Docket, now: str, who: Writer | None, only: str = "") -> QuerySet[Incident]:
    """Those that are for this reader (None: for everybody), the newest first; ``only`` of a status, or overdue ones."""
    rows = Incident.objects.filter(docket=found).select_related("standing").order_by("-number")
    if who is None:
        rows = rows.filter(standing__visibility=Visibility.PUBLIC)
    elif who.role != OBSERVER:
        rows = rows.exclude(~Q(post=who.post), standing__visibility=Visibility.OBSERVERS)
    if only == "overdue":
        rows = rows.filter(standing__status=Status.OPEN, standing__due__lt=now)
        return rows.exclude(standing__visibility=Visibility.OBSERVERS)
    return rows.filter(standing__status=only) if only else rows


def incidents(found: Docket, now: str, who: Writer | None, only: str = "", page: slice = _ALL) -> list[IncidentTold]:
    """The same, with what was written behind them."""
    shown = [row for row in incident_rows(found, now, who, only)[page] if who is None or may_read(row, who)]
    entries: dict[int, list[Entry]] = {}
    for entry in Entry.objects.filter(incident__in=[row.pk for row in shown]).order_by("number"):
        entries.setdefault(entry.incident_id, []).append(entry)
    files: dict[int, list[Evidence]] = {}
    for file in Evidence.objects.filter(incident__in=[row.pk for row in shown]).order_by("number"):
        files.setdefault(file.incident_id, []).append(file)
    return [IncidentTold(row, entries.get(row.pk, []), files.get(row.pk, []), is_overdue(row, now)) for row in shown]


def incident(found: Docket, now: str, who: Writer, number: int) -> IncidentTold | None:
    """One, if it is for this reader."""
    row = Incident.objects.filter(docket=found, number=number).select_related("standing").first()
    if row is None or not may_read(row, who):
        return None
    entries = list(Entry.objects.filter(incident=row).order_by("number"))
    return IncidentTold(row, entries, list(Evidence.objects.filter(incident=row).order_by("number")), is_overdue(row, now))


# --- statements --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StatementTold:
    """A statement, with its supplements in their order."""

    number: int
    author: str
    post: int
    versions: list[Statement]

    @property
    def first(self) -> Statement:
        """As it was made."""
        return self.versions[0]


def statements(found: Docket, post: int | None = None) -> list[StatementTold]:
    """All, in the order in which they were made; or those of one post."""
    rows: dict[int, list[Statement]] = {}
    query = Statement.objects.filter(docket=found) if post is None else Statement.objects.filter(docket=found, post=post)
    for row in query.order_by("number", "version"):
        rows.setdefault(row.number, []).append(row)
    return [StatementTold(number, each[0].author, each[0].post, each) for number, each in rows.items()]


# --- complaints --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A complaint or an appeal, as the register has it: the decision, and appeals against that, if there are any.

    ``final``: nothing more can be decided about it.
    """

    complaint: Complaint
    decision: Decision | None
    appeals: list[int]
    overdue: bool
    final: bool


def register(found: Docket, now: str, page: slice = _ALL, *, undecided: bool = False) -> list[Case]:
    """All complaints and appeals, the newest first; or those that are not decided."""
    rows = _complaints(found).order_by("-number")
    return _cases(found, list((rows.filter(decision=None) if undecided else rows)[page]), now)


def case(found: Docket, number: int, now: str) -> Case | None:
    """One of them."""
    return next(iter(_cases(found, list(_complaints(found).filter(number=number)), now)), None)


def _complaints(found: Docket) -> QuerySet[Complaint]:
    return Complaint.objects.filter(docket=found).select_related("decision", "against__complaint")


def undecided(found: Docket, now: str, *, appeals: bool) -> tuple[int, int]:
    """How many wait for a decision, and how many of these are overdue."""
    rows = Complaint.objects.filter(docket=found, decision=None, against__isnull=not appeals)
    return rows.count(), rows.filter(due__lt=now).count()


def _cases(found: Docket, rows: list[Complaint], now: str) -> list[Case]:
    appeals: dict[int, list[Complaint]] = {}
    query = Complaint.objects.filter(docket=found, against__complaint__in=[row.pk for row in rows])
    for row in query.select_related("decision", "against").order_by("number"):
        appeals.setdefault(row.against.complaint_id if row.against else 0, []).append(row)
    told = []
    for row in rows:
        decision = getattr(row, "decision", None)
        over = appeals.get(row.pk, [])
        pending = any(getattr(each, "decision", None) is None for each in over)
        final = decision is not None and decision.appeal_until < now and not pending
        overdue = decision is None and row.due < now
        told.append(Case(row, decision, [each.number for each in over], overdue, final))
    return told


def by_code(found: Docket, code_hash: str, now: str) -> Case | None:
    """The complaint whose code has this hash."""
    row = Complaint.objects.filter(docket=found, code_hash=code_hash).values_list("number", flat=True).first()
    return None if row is None else case(found, row, now)


def version(anchor: str) -> str:
    """Changes with anything of it that is public."""
    found = docket(anchor)
    if found is None:
        return ""
    told = [
        list(Accreditation.objects.filter(docket=found).order_by("pk").values_list("pk", "agrees", "state", "time")),
        [[row.incident.pk, len(row.entries), len(row.files)] for row in incidents(found, "", None)],
        list(Statement.objects.filter(docket=found).order_by("pk").values_list("sha256", flat=True)),
        list(Complaint.objects.filter(docket=found).order_by("pk").values_list("sha256", flat=True)),
        list(Decision.objects.filter(complaint__docket=found).order_by("pk").values_list("sha256", flat=True)),
        found.complaints_until,
    ]
    return sha256_hex(canonical(told))
