"""Verbs of complaints: lodging an observer's, drafting, and the two deeds by which the commission decides.

A deed holds all decisions of a sitting. Who decides on an appeal had no part in the decision that it is against: the supervisor
where there is one, else two other members.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanduq import errors
from sanduq_web import clock
from sanduq_web.console.complaints.api import decides_appeals
from sanduq_web.console.complaints.models import Draft
from sanduq_web.console.observing.api import docket, frozen_of, writer
from sanduq_web.console.office.actions import propose, write_down
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.deeds import Deed, Payload, register
from sanduq_web.console.office.models import Post, Proposal, Role, Vote
from sanduq_web.watch.actions import complaining, dockets
from sanduq_web.watch.actions.complaining import Lodged, Ruling, check_ruling
from sanduq_web.watch.models import Complaint, Decision, Outcome

COMPLAINTS, APPEALS = "complaints-decided", "appeals-decided"
MOST: Final = 20
"""Decisions in one sitting: the second person reads every one."""
_FIELDS: Final = {"number", "outcome", "reasons", "language", "annuls"}


def _only(desk: Desk, *roles: Role) -> None:
    if desk.role not in roles:
        raise errors.Unusable(f"this is for: {', '.join(role.value for role in roles)}")


@transaction.atomic
def set_limits(desk: Desk, until: str, appeal_days: int, answer_days: int) -> None:
    """See :func:`sanduq_web.watch.actions.dockets.set_limits`."""
    _only(desk, Role.COMMISSION)
    dockets.set_limits(docket(desk.of), until, appeal_days, answer_days, clock.now())
    write_down(desk, "time-limits-set", {"complaints_until": until, "appeal_days": appeal_days, "answer_days": answer_days})


@transaction.atomic
def lodge(desk: Desk, told: Lodged) -> Complaint:
    """A complaint or an appeal of an observer."""
    _only(desk, Role.OBSERVER)
    made, _code = complaining.lodge(docket(desk.of), told, clock.now(), who=writer(desk))
    write_down(desk, "complaint-lodged", {"complaint": made.number, "sha256": made.sha256})
    return made


# --- drafts ------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def draft(desk: Desk, told: Ruling) -> Draft:
    """Keep a draft in the place of an earlier one; it is refused if it could not be decided so."""
    _only(desk, Role.COMMISSION)
    found = Complaint.objects.filter(docket=docket(desk.of), number=told.number).first()
    is_appeal = found is not None and found.against_id is not None
    if is_appeal and decides_appeals(desk.of) is not Role.COMMISSION:
        raise errors.Unusable("the supervisor decides on appeals")
    _complaint, ruling = check_ruling(docket(desk.of), told, on_appeal=is_appeal)
    values = asdict(ruling) | {"annuls": list(ruling.annuls), "by": desk.post}
    made, _new = Draft.objects.update_or_create(vote=desk.of, number=values.pop("number"), defaults=values)
    return made


def drafts(vote: Vote, *, on_appeal: bool) -> list[Draft]:
    """The drafts of complaints, or of appeals."""
    numbers = Complaint.objects.filter(docket=docket(vote), against__isnull=not on_appeal).values_list("number", flat=True)
    return list(Draft.objects.filter(vote=vote, number__in=list(numbers)).order_by("number"))


def propose_drafts(desk: Desk, numbers: Sequence[int], *, on_appeal: bool) -> Proposal:
    """Propose the drafts of these numbers to a second member."""
    found = [each for each in drafts(desk.of, on_appeal=on_appeal) if each.number in numbers]
    if not found:
        raise errors.Unusable("there is no such draft")
    rulings = [
        {
            "number": each.number,
            "outcome": each.outcome,
            "reasons": each.reasons,
            "language": each.language,
            "annuls": each.annuls,
        }
        for each in found
    ]
    return propose(desk, APPEALS if on_appeal else COMPLAINTS, {"rulings": rulings})


# --- deciding ----------------------------------------------------------------------------------------------------------------


def _read(payload: Payload) -> list[Ruling]:
    rows = payload.get("rulings")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST or set(payload) != {"rulings"}:
        raise errors.Unusable(f"expected 1 to {MOST} decisions")
    found = []
    for row in rows:
        if not isinstance(row, dict) or set(row) != _FIELDS or not isinstance(row["annuls"], list):
            raise errors.Unusable("this is no decision")
        if not isinstance(row["number"], int) or not all(isinstance(each, str) for each in row["annuls"]):
            raise errors.Unusable("this is no decision")
        outcome, reasons, language = (str(row[name]) for name in ("outcome", "reasons", "language"))
        found.append(Ruling(row["number"], outcome, reasons, language, tuple(row["annuls"])))
    if len({each.number for each in found}) != len(found):
        raise errors.Unusable("a complaint stands twice among the decisions")
    return found


def _check(vote: Vote, payload: Payload) -> None:
    for told in _read(payload):
        check_ruling(docket(vote), told, on_appeal=False)


def _check_appeals(vote: Vote, payload: Payload) -> None:
    if decides_appeals(vote) is not Role.COMMISSION:
        raise errors.Unusable("the supervisor decides on appeals")
    for told in _read(payload):
        check_ruling(docket(vote), told, on_appeal=True)


def _other(vote: Vote, payload: Payload, post: Post) -> None:
    """Refuse whoever decided what is appealed against, in whatever post."""
    for told in _read(payload):
        found = Complaint.objects.select_related("against").filter(docket=vote.pk, number=told.number).first()
        before = found.against.posts if found is not None and found.against is not None else []
        if Post.objects.filter(pk__in=before, officer=post.officer_id).exists():
            raise errors.Unusable("you decided what this appeal is against: two other members decide on it")


def _do(vote: Vote, payload: Payload, now: str) -> Mapping[str, Any]:
    return _decide(vote, COMPLAINTS, payload, now, on_appeal=False)


def _do_appeals(vote: Vote, payload: Payload, now: str) -> Mapping[str, Any]:
    return _decide(vote, APPEALS, payload, now, on_appeal=True)


def _decide(vote: Vote, name: str, payload: Payload, now: str, *, on_appeal: bool) -> Mapping[str, Any]:
    proposal = Proposal.objects.get(vote=vote, deed=name, done_at=None, withdrawn_at=None)
    posts = [post for post in (proposal.by_id, proposal.confirmed_by_id) if post is not None]
    told = []
    for ruling in _read(payload):
        made = complaining.decide(docket(vote), ruling, Role.COMMISSION.value, posts, now, on_appeal=on_appeal)
        told.append(_numbers(ruling.number, made))
        Draft.objects.filter(vote=vote, number=ruling.number).delete()
    return {"decisions": told}


def _numbers(number: int, made: Decision) -> dict[str, Any]:
    return {"complaint": number, "outcome": made.outcome, "annuls": made.annuls, "sha256": made.sha256}


def _tell(vote: Vote, payload: Payload) -> list[str]:
    frozen = frozen_of(vote)
    lines = []
    for told in _read(payload):
        lines.append(_("Complaint %(number)s: %(outcome)s") % {"number": told.number, "outcome": Outcome(told.outcome).label})
        lines.append(told.reasons)
        if told.annuls:
            names = [frozen.place(code).area.name if frozen else code for code in told.annuls]
            lines.append(_("The vote is annulled in: %(areas)s") % {"areas": ", ".join(names)})
    return lines


@transaction.atomic
def decide_appeal(desk: Desk, told: Ruling) -> Decision:
    """The supervisor decides on an appeal."""
    _only(desk, Role.SUPERVISOR)
    made = complaining.decide(docket(desk.of), told, desk.role.value, [desk.post.pk], clock.now(), on_appeal=True)
    Draft.objects.filter(vote=desk.of, number=told.number).delete()
    write_down(desk, "appeal-decided", _numbers(told.number, made))
    return made


register(Deed(COMPLAINTS, gettext_lazy("Decide complaints"), Role.COMMISSION, _check, _do, _tell))
register(Deed(APPEALS, gettext_lazy("Decide appeals"), Role.COMMISSION, _check_appeals, _do_appeals, _tell, _other))
