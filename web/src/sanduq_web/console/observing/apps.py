"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObservingConfig(AppConfig):
    """It has no tables of its own: what is written here is the vote site's (``watch``)."""

    name = "sanduq_web.console.observing"
    label = "observing"

    def ready(self) -> None:
        """Its parts and steps, and the docket that learns the anchor when a vote is frozen."""
        from django.db.models.signals import post_save

        from sanduq_web.console.observing.api import link, steps
        from sanduq_web.console.office.models import Role, Vote
        from sanduq_web.console.screens import PARTS, STEPS, Part

        watching = (Role.OBSERVER, Role.COMMISSION, Role.SUPERVISOR)
        PARTS.extend(
            [
                Part("dashboard", _("Areas"), watching, order=60),
                Part("incidents", _("Incidents"), watching, order=62),
                Part("statements", _("Statements"), watching, order=64),
                Part("observers", _("Observers"), watching, order=66),
            ]
        )
        STEPS.extend((600 + number, step) for number, step in enumerate(steps))
        post_save.connect(link, sender=Vote, dispatch_uid="docket")
