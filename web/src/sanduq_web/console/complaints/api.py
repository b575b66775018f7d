"""What the screens of this part ask."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from sanduq_web import clock
from sanduq_web.console.observing.api import docket, frozen_of
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Post, Role, Vote
from sanduq_web.console.screens import Step
from sanduq_web.watch import api
from sanduq_web.watch.api import Case


def has_supervisor(vote: Vote) -> bool:
    """Whether appeals are a supervisor's: the setup names one, or somebody has the post now.

    Where the setup names one, a commission that ends the post does not get the appeals: they wait for the next supervisor.
    """
    frozen = frozen_of(vote)
    if frozen is not None and frozen.setup.supervisor is not None:
        return True
    return Post.objects.filter(vote=vote, role=Role.SUPERVISOR, admitted=True, ended_at=None).exists()


def decides_appeals(vote: Vote) -> Role:
    """Whose appeals are."""
    return Role.SUPERVISOR if has_supervisor(vote) else Role.COMMISSION


def may_read(desk: Desk, case: Case) -> bool:
    """Whether this desk reads the text and the name of a complaint."""
    if desk.role in (Role.COMMISSION, Role.SUPERVISOR) or case.complaint.text_is_public:
        return True
    return case.complaint.post == desk.post.pk


def _limits(desk: Desk) -> Step | None:
    if desk.role is not Role.COMMISSION:
        return None
    return Step(_("Set the time limits of complaints and appeals"), bool(docket(desk.of).complaints_until), "complaint-limits")


def _decide(desk: Desk) -> Step | None:
    if desk.role is not Role.COMMISSION:
        return None
    return _waits(desk, _("Decide complaints"), appeals=False)


def _appeals(desk: Desk) -> Step | None:
    if desk.role is not decides_appeals(desk.of):
        return None
    return _waits(desk, _("Decide appeals"), appeals=True)


def _waits(desk: Desk, title: str, *, appeals: bool) -> Step | None:
    rows, late = api.undecided(docket(desk.of), clock.now(), appeals=appeals)
    note = _("%(late)s overdue") % {"late": late} if late else str(rows)
    return Step(title, done=False, name="complaints", note=note) if rows else None


steps: Final = (_limits, _decide, _appeals)
