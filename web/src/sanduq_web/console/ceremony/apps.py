"""The app."""

from django.apps import AppConfig


class CeremonyConfig(AppConfig):
    """Its tables begin with ``ceremony_``."""

    name = "sanduq_web.console.ceremony"
    label = "ceremony"

    def ready(self) -> None:
        """Its part of the navigation, its step, and the keys that freezing asks for."""
        from sanduq_web.console.ceremony import parts

        parts.join()
