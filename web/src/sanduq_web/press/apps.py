"""The app."""

from django.apps import AppConfig


class PressConfig(AppConfig):
    """Pages, bylines, pictures, letters, comments."""

    name = "sanduq_web.press"
    label = "press"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Pages that are kept are forgotten when something is written."""
        from sanduq_web.press import kept

        kept.connect()
