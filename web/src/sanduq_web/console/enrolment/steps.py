"""What comes next, as far as the register is concerned."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sanduq_web.console.enrolment.models import Register
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Role
from sanduq_web.console.screens import Step


def register(desk: Desk) -> Step | None:
    """A day of destruction, then a register."""
    found = Register.objects.filter(pk=desk.of.pk).first()
    if desk.role is Role.COMMISSION:
        return Step(_("Say when people's data are destroyed"), found is not None and found.destroy_on is not None, "roll")
    if desk.role is Role.REGISTRAR:
        return Step(_("Bring the register in"), found is not None and found.generation > 0, "roll")
    return None
