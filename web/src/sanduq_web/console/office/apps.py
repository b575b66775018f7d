"""The app."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Its tables begin with ``office_``."""

    name = "sanduq_web.console.office"
    label = "office"

    def ready(self) -> None:
        """Its deeds."""
        from sanduq_web.console.office import posts

        posts.join()
