"""What this app adds to the console."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanduq_web.console.ceremony.board import board
from sanduq_web.console.ceremony.models import Kind
from sanduq_web.console.drafting import freezing
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Role, Vote
from sanduq_web.console.screens import ANYBODY, PARTS, STEPS, Part, Step


def _step(desk: Desk) -> Step:
    found = board(desk.of)
    where = "trustee" if desk.role is Role.TRUSTEE else "ceremony"
    if found is None:
        return Step(_("The trustees' ceremony"), done=False, name=where)
    tried = all(each is not None for each in found.of_all(Kind.TRIAL))
    return Step(_("The trustees' ceremony"), bool(found.ceremony.trustees) and tried, where, found.step)


def trustees_of(vote: Vote) -> bytes | None:
    """The keys, when all trustees have tried theirs."""
    found = board(vote)
    if found is None or not found.ceremony.trustees or any(each is None for each in found.of_all(Kind.TRIAL)):
        return None
    return bytes(found.ceremony.trustees)


def join() -> None:
    """Called when the app is loaded."""
    PARTS.append(Part("ceremony", gettext_lazy("Keys"), ANYBODY, 20))
    PARTS.append(Part("trustee", gettext_lazy("Your key"), (Role.TRUSTEE,), 21))
    STEPS.append((30, _step))
    freezing.TRUSTEES.append(trustees_of)
