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
        from sanduq_web.console.enrolment import deeds, steps

        screens.PARTS.append(screens.Part("roll", _("Roll"), order=40))
        screens.STEPS.append((400, steps.register))
        deeds.register_all()
