"""The app."""

from django.apps import AppConfig


class PressConfig(AppConfig):
    """Pages, bylines, pictures, letters, comments."""

    name = "sanduq_web.press"
    label = "press"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Pages that are kept are forgotten when something is written; and what Django and Wagtail look for."""
        from sanduq_web.press import kept
        from sanduq_web.press.talk import checks, desk  # noqa: F401

        kept.connect()
