"""What this app adds to the console: its part of the navigation, its lines of what comes next, its deed."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanduq import errors
from sanduq_web.console.drafting import freezing
from sanduq_web.console.drafting.api import draft, reading
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Role
from sanduq_web.console.screens import ANYBODY, PARTS, STEPS, Part, Step


def _drafted(desk: Desk) -> Step:
    found = draft(desk.of)
    problems = reading(found).problems
    note = "" if not problems else _("%d things are missing or wrong") % len(problems)
    return Step(_("The draft: texts, areas, rule, calendar"), bool(found.revision) and not problems, "draft", note)


def _frozen(desk: Desk) -> Step:
    done = desk.of.referendum_id is not None
    note = ""
    if not done and desk.role is Role.COMMISSION:
        try:
            freezing.setup_of(desk.of, None)
        except (errors.Refused, errors.Unusable) as refusal:
            note = str(refusal)
    return Step(_("Freezing: the anchor is published"), done, "freeze" if desk.role is Role.COMMISSION else "", note)


def join() -> None:
    """Called when the app is loaded."""
    PARTS.append(Part("draft", gettext_lazy("Draft"), ANYBODY, 10))
    STEPS.append((10, _drafted))
    STEPS.append((50, _frozen))
    freezing.join()
