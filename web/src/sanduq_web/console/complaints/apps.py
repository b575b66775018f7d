"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    """Its one table has drafts of decisions; complaints and decisions are the vote site's (``watch``)."""

    name = "sanduq_web.console.complaints"
    label = "complaints"

    def ready(self) -> None:
        """Its part, its steps, its deeds."""
        from sanduq_web.console.complaints import actions as _deeds  # noqa: F401  # they register themselves
        from sanduq_web.console.complaints.api import steps
        from sanduq_web.console.office.models import Role
        from sanduq_web.console.screens import PARTS, STEPS, Part

        PARTS.append(Part("complaints", _("Complaints"), (Role.OBSERVER, Role.COMMISSION, Role.SUPERVISOR), order=68))
        STEPS.extend((620 + number, step) for number, step in enumerate(steps))
