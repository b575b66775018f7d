"""The app."""

from django.apps import AppConfig


class PressConfig(AppConfig):
    """Pages, bylines, pictures, letters, comments."""

    name = "sanduq_web.press"
    label = "press"
    default_auto_field = "django.db.models.BigAutoField"
