"""Opening a registration to the public, and to whom what people write is sealed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.conf import settings
from django.db import transaction

from sanduq import errors
from sanduq.question.setup import hidden_in
from sanduq_web.console.enrolment import keys
from sanduq_web.console.enrolment.actions.files import open_register
from sanduq_web.console.enrolment.areas import areas_of
from sanduq_web.console.office.actions import write_down
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Vote
from sanduq_web.roll import actions as roll

_MOST_RECIPIENTS: Final = 4


def recipients_in(text: str) -> list[str]:
    """Age recipients, divided by white space. Raises :class:`sanduq.errors.Unusable`."""
    found = [keys.recipient(each) for each in text.split()]
    if not 1 <= len(set(found)) == len(found) <= _MOST_RECIPIENTS:
        raise errors.Unusable(f"expected 1 to {_MOST_RECIPIENTS} different age recipients")
    return found


def set_recipients(vote: Vote, found: list[str]) -> None:
    """From now on what leaves is sealed to these, within the caller's transaction."""
    register = open_register(vote)
    register.recipients = " ".join(found)
    register.save()
    roll.set_recipients(vote.pk, keys.own_recipient(), register.recipients)


@transaction.atomic
def show_registration(
    desk: Desk, names: Mapping[str, str], needs: Mapping[str, str], days: Mapping[str, date | None], shown: bool
) -> None:
    """The commission says what the public pages show, and until when. ``days``: applies_from, applies_until, objects_until."""
    register = open_register(desk.of)
    areas = areas_of(desk.of)
    if shown:
        if not register.recipients or register.destroy_on is None:
            raise errors.Unusable(
                "nothing may come in yet", hint="first the day of destruction, and the registrar's recipients"
            )
        if not names or not areas:
            raise errors.Unusable("expected a name in one language at least, and areas in the draft")
    for text in [*names.values(), *needs.values()]:
        if hidden_in(text.replace("\r\n", "\n")) is not None:
            raise errors.Unusable("a text has a character that cannot be seen")
    begins, ends, objects = (days.get(name) for name in ("applies_from", "applies_until", "objects_until"))
    if (begins is None) != (ends is None) or (begins and ends and begins > ends):
        raise errors.Unusable("applications: expected a first and a last day, in this order")
    last = max((day for day in (ends, objects) if day), default=None)
    if last and register.destroy_on and last >= register.destroy_on:
        raise errors.Unusable("people's data are destroyed before the last day on which something comes in")
    known = {code for code, _name in settings.LANGUAGES}
    roll.set_areas(desk.of.pk, [(each.code, each.name) for each in areas.values()])
    roll.show(
        desk.of.pk, {k: v for k, v in names.items() if k in known and v}, {k: v for k, v in needs.items() if v}, days, shown
    )
    told = {name: day.isoformat() if day else None for name, day in days.items()}
    write_down(desk, "registration-shown" if shown else "registration-hidden", told)


def close_registration(vote: Vote) -> None:
    """Nothing comes in any more: whoever freezes a vote calls this, within that transaction. Decisions stay to be seen."""
    roll.close(vote.pk)
