"""The app."""

from django.apps import AppConfig


class PressConfig(AppConfig):
    """Pages, bylines, pictures, letters, comments."""

    name = "sanduq_web.press"
    label = "press"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What Django and Wagtail look for when all models are there."""
        from sanduq_web.press.talk import checks, desk  # noqa: F401
