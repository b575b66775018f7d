"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnrolmentConfig(AppConfig):
    """Its tables begin with ``enrolment_``."""

    name = "sanduq_web.console.enrolment"
    label = "enrolment"

    def ready(self) -> None:
        """Its part of the navigation, what comes next, its deeds."""
        from sanduq_web.console import screens
        from sanduq_web.console.drafting import freezing
        from sanduq_web.console.enrolment import areas, deeds, steps
        from sanduq_web.console.enrolment.actions import close_registration
        from sanduq_web.console.enrolment.api import rolls_of

        screens.PARTS.append(screens.Part("roll", _("Roll"), order=15))
        screens.STEPS.append((20, steps.register))
        areas.SOURCES.append(areas.of_draft)
        freezing.ROLLS.append(rolls_of)
        freezing.FOLLOWS.append(close_registration)
        deeds.register_all()
