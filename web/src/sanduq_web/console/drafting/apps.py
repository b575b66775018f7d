"""The app."""

from django.apps import AppConfig


class DraftingConfig(AppConfig):
    """Its tables begin with ``drafting_``."""

    name = "sanduq_web.console.drafting"
    label = "drafting"

    def ready(self) -> None:
        """Its parts of the navigation, its steps, its deeds."""
        from sanduq_web.console.drafting import parts

        parts.join()
