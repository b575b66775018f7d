"""What the screens of this part ask, and what it says of what comes next."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from sanduq_web import clock
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Role, Vote
from sanduq_web.console.screens import Step
from sanduq_web.question.api import Frozen, referendum
from sanduq_web.watch import api
from sanduq_web.watch.actions.dockets import Writer, docket_of
from sanduq_web.watch.models import Accreditation, Docket


def docket(vote: Vote) -> Docket:
    """The docket of a vote."""
    return docket_of(vote.pk, vote.referendum_id)


def writer(desk: Desk) -> Writer:
    """Who writes."""
    return Writer(desk.post.pk, desk.role.value)


def frozen_of(vote: Vote) -> Frozen | None:
    """The referendum, once the setup is frozen."""
    return None if vote.referendum_id is None else referendum(vote.referendum_id)


def link(instance: Vote, **more: Any) -> None:
    """Called when a vote is saved: the docket that there is learns the anchor."""
    if instance.referendum_id is not None and Docket.objects.filter(pk=instance.pk, referendum=None).exists():
        docket_of(instance.pk, instance.referendum_id)


# --- what comes next ---------------------------------------------------------------------------------------------------------


def _introduce(desk: Desk) -> Step | None:
    if desk.role is not Role.OBSERVER:
        return None
    done = Accreditation.objects.filter(post=desk.post.pk).exclude(organisation="").exists()
    return Step(_("Say whom you observe for, and whether the public may read it"), done, "observers")


def _accredit(desk: Desk) -> Step | None:
    if desk.role is not Role.COMMISSION:
        return None
    waiting = Accreditation.objects.filter(docket=desk.of.pk, state=Accreditation.State.ASKED).count()
    return Step(_("Accredit observers"), done=False, name="observers", note=str(waiting)) if waiting else None


def _answer(desk: Desk) -> Step | None:
    if desk.role is not Role.COMMISSION:
        return None
    of = (docket(desk.of), clock.now(), writer(desk))
    rows, late = api.incident_rows(*of, "open").count(), api.incident_rows(*of, "overdue").count()
    if not rows:
        return None
    note = _("%(late)s overdue") % {"late": late} if late else str(rows)
    return Step(_("Answer incidents"), done=False, name="incidents", note=note)


steps: Final = (_introduce, _accredit, _answer)
