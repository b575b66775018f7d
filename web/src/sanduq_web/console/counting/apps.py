"""The app. It has no tables: all of it stands in the record."""

from django.apps import AppConfig


class CountingConfig(AppConfig):
    """Its part of the navigation, its steps and its deeds."""

    name = "sanduq_web.console.counting"
    label = "counting"

    def ready(self) -> None:
        """Join the console."""
        from sanduq_web.console.counting import parts

        parts.join()
