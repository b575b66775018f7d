"""What this app adds to the console."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanduq.box.journal import Act
from sanduq_web.console.counting import deeds
from sanduq_web.console.office.api import Desk
from sanduq_web.console.screens import ANYBODY, PARTS, STEPS, Part, Step

_ORDER = (Act.FROZEN, Act.OPENED, Act.CLOSED, Act.SUMMED, Act.COUNTED, Act.DECIDED)


def _done(desk: Desk, act: Act) -> bool:
    """Whether an act, or a later one, stands in the record's journal."""
    last = deeds.last_act(desk.of)
    known = {each: number for number, each in enumerate(_ORDER)}
    # A suspension comes between the opening and the closing.
    return last is not None and known.get(last, known[Act.OPENED]) >= known[act]


def join() -> None:
    """Called when the app is loaded."""
    PARTS.append(Part("running", gettext_lazy("Vote and count"), ANYBODY, 40))
    STEPS.append((60, lambda desk: Step(_("The vote opens"), _done(desk, Act.OPENED), "running")))
    STEPS.append((70, lambda desk: Step(_("The vote closes"), _done(desk, Act.CLOSED), "running")))
    STEPS.append((80, lambda desk: Step(_("The sums, encrypted"), _done(desk, Act.SUMMED), "running")))
    STEPS.append((90, lambda desk: Step(_("The trustees decrypt the sums"), _done(desk, Act.COUNTED), "ceremony")))
    STEPS.append((99, lambda desk: Step(_("The result, and what it decides"), _done(desk, Act.DECIDED), "running")))
    deeds.join()
