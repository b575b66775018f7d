"""Complaints and appeals: lodged within their time limits by anybody, decided with reasons, by area annulled if need be.

Nobody's address is asked for: who lodges a complaint on the public site gets a code, and looks the answer up with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from sanduq import errors
from sanduq_web import clock, plain, references
from sanduq_web.count import actions as count
from sanduq_web.count import api as counted
from sanduq_web.problems import Problem
from sanduq_web.question.api import referendum
from sanduq_web.watch.actions.dockets import Writer, after, days_after, lock, require_area, sealed
from sanduq_web.watch.models import Complaint, Decision, Docket, Kind, Outcome

LONGEST: Final = 6000
LONGEST_REASONS: Final = 12_000
MOST_AN_HOUR: Final = 240
"""Of the public form, for a vote: who sends more fills the disk, and buries those who mean it."""
MOST_OF_A_POST: Final = 100
_HOUR: Final = 3600
_REFUSED: Final = (Outcome.DISMISSED.value, Outcome.INADMISSIBLE.value)


@dataclass(frozen=True)
class Lodged:
    """A complaint as somebody wrote it. ``against``: the number of the complaint whose decision is appealed against."""

    kind: str
    area: str
    text: str
    language: str
    name: str = ""
    name_is_public: bool = False
    text_is_public: bool = False
    against: int | None = None


@transaction.atomic
def lodge(docket: Docket, told: Lodged, now: str, *, who: Writer | None = None, token: str = "") -> tuple[Complaint, str]:
    """Take a complaint in; gives it, and the code with which a public one is looked up (made from the form's ``token``).

    The same form sent twice is one complaint. Raises :class:`sanduq.errors.Unusable` after the time limit, and a
    :class:`Problem` (429) where more come than are taken in an hour.
    """
    kept = lock(docket)
    code = references.of_token(token) if who is None else ""
    code_hash = references.hash_of(code, "complaint") if code else None
    if code_hash and (found := Complaint.objects.filter(docket=kept, code_hash=code_hash).first()):
        return found, code
    against = _appealed(kept, told.against, now)
    if against is None:
        require_open(kept, now)
    _require_few(kept, who, now)
    if told.kind not in Kind.values or told.language not in dict(settings.LANGUAGES):
        raise errors.Unusable("kind and language are of the lists")
    words = {
        "kind": told.kind,
        "area": require_area(kept, told.area),
        "text": plain.text(told.text, "complaint", LONGEST),
        "name": plain.line(told.name, "name", 120, needed=False),
        "language": told.language,
    }
    values: dict[str, Any] = {"number": after(Complaint.objects.filter(docket=kept)), "time": now}
    values |= {"name_is_public": told.name_is_public and bool(words["name"]), "text_is_public": told.text_is_public}
    values |= {"due": days_after(now, kept.answer_days)} | words
    seal = sealed(values | {"against": told.against})
    post = who.post if who else None
    return Complaint.objects.create(docket=kept, post=post, code_hash=code_hash, against=against, **values, **seal), code


def require_open(docket: Docket, now: str) -> None:
    """Refuse what comes before the commission has set a time limit, or after it."""
    if docket.referendum_id is None or not docket.complaints_until:
        raise errors.Unusable("complaints are not taken here: no time limit has been set")
    if now > docket.complaints_until:
        raise errors.Unusable(f"the time limit for complaints ended at {docket.complaints_until}; it is {now}")


def _appealed(docket: Docket, number: int | None, now: str) -> Decision | None:
    if number is None:
        return None
    query = Decision.objects.select_related("complaint")
    found: Decision | None = query.filter(complaint__docket=docket, complaint__number=number).first()
    if found is None:
        raise errors.Unusable("there is no decision on a complaint of this number")
    if found.complaint.against_id is not None:
        raise errors.Unusable("this was decided on appeal: there is none against it")
    if now > found.appeal_until:
        raise errors.Unusable(f"the time limit for an appeal ended at {found.appeal_until}; it is {now}")
    return found


def _require_few(docket: Docket, who: Writer | None, now: str) -> None:
    rows = Complaint.objects.filter(docket=docket)
    if who is not None:
        if rows.filter(post=who.post).count() >= MOST_OF_A_POST:
            raise errors.Unusable(f"one observer lodges at most {MOST_OF_A_POST} complaints")
        return
    hour_ago = clock.text(clock.seconds(now) - _HOUR)
    if rows.filter(post=None, time__gt=hour_ago).count() >= MOST_AN_HOUR:
        detail = f"more than {MOST_AN_HOUR} complaints came within an hour: send it again later, or lodge it on paper"
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, detail, retry_after=_HOUR // 4)


# --- decisions ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ruling:
    """What is decided on the complaint of a number. ``annuls``: codes of areas, in this case from now on."""

    number: int
    outcome: str
    reasons: str
    language: str
    annuls: Sequence[str] = ()


def case_of(complaint: Complaint) -> Complaint:
    """The complaint with which a case began."""
    return complaint if complaint.against is None else complaint.against.complaint


def check_ruling(docket: Docket, told: Ruling, *, on_appeal: bool) -> tuple[Complaint, Ruling]:
    """Refuse what cannot be decided now; gives the complaint, and the ruling in its plain form."""
    query = Complaint.objects.select_related("against__complaint")
    found = query.filter(docket=docket, number=told.number).first()
    if found is None or (found.against_id is not None) is not on_appeal:
        raise errors.Unusable("there is no such appeal" if on_appeal else "there is no such complaint")
    if Decision.objects.filter(complaint=found).exists():
        raise errors.Unusable(f"number {found.number} is decided")
    if docket.referendum_id is None:
        raise errors.Unusable("nothing is decided before the setup is frozen")
    if told.outcome not in Outcome.values or told.language not in dict(settings.LANGUAGES):
        raise errors.Unusable("outcome and language are of the lists")
    before = counted.annulled_in(docket.referendum_id, case_of(found).number)
    annuls = tuple(sorted(set(told.annuls)))
    if told.outcome in _REFUSED:
        if annuls and annuls != before:
            raise errors.Unusable(f"a complaint that is {told.outcome} changes nothing about the areas")
        annuls = before
    for code in annuls:
        require_area(docket, code)
    return found, Ruling(told.number, told.outcome, plain.text(told.reasons, "reasons", LONGEST_REASONS), told.language, annuls)


@transaction.atomic
def decide(docket: Docket, told: Ruling, by: str, posts: Sequence[int], now: str, *, on_appeal: bool = False) -> Decision:
    """Decide: what is annulled is left out of the second way in which the result is shown, from now on."""
    kept = lock(docket)
    found, ruling = check_ruling(kept, told, on_appeal=on_appeal)
    frozen = referendum(str(kept.referendum_id))
    values: dict[str, Any] = {"time": now, "outcome": ruling.outcome, "reasons": ruling.reasons, "language": ruling.language}
    values |= {"annuls": list(ruling.annuls), "by": by}
    values["appeal_until"] = "" if on_appeal else days_after(now, kept.appeal_days)
    seal = sealed(values | {"number": found.number}, salted=False)
    count.annul(frozen, case_of(found).number, ruling.annuls, now)
    return Decision.objects.create(complaint=found, posts=sorted(posts), **values, **seal)
