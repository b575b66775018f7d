"""Applications and objections as officers read them."""

from __future__ import annotations

import json
from typing import Any, Final

from sanduq import errors
from sanduq_web.console.enrolment import keys
from sanduq_web.console.enrolment.models import Opinion
from sanduq_web.console.office.models import Vote
from sanduq_web.roll.models import Case, Document

PAGE: Final = 100


def case_of(vote: Vote, number: int, *, lock: bool = False) -> Case:
    """A case of a vote. Raises :class:`sanduq.errors.Unusable` where there is none."""
    query = Case.objects.filter(registration__uuid=vote.pk, number=number)
    found = (query.select_for_update(of=("self",)) if lock else query).first()
    if found is None:
        raise errors.Unusable("there is no such case")
    return found


def texts_of(case: Case) -> dict[str, Any]:
    """What somebody wrote. Raises :class:`sanduq.errors.Unusable` where it is sealed to another key."""
    return dict(json.loads(keys.open_sealed(bytes(case.sealed))))


def cases(vote: Vote, decided: bool, after: int) -> list[Case]:
    """A page of cases by number, and one more if there are more."""
    query = Case.objects.filter(registration__uuid=vote.pk, number__gt=after)
    query = query.exclude(decided="") if decided else query.filter(decided="")
    return list(query.defer("sealed").order_by("number")[: PAGE + 1])


def documents(case: Case) -> list[int]:
    """The keys of its documents."""
    return list(Document.objects.filter(case=case).order_by("pk").values_list("pk", flat=True))


def opinions(case: Case) -> list[Opinion]:
    """All opinions on a case, the oldest first."""
    return list(Opinion.objects.filter(case=case).select_related("by__officer", "second__officer").order_by("pk"))
