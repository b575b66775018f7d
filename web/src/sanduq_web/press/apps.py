"""The app."""

from django.apps import AppConfig


class PressConfig(AppConfig):
    """Pages, bylines, pictures, letters, comments."""

    name = "sanduq_web.press"
    label = "press"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What is kept of people, and what is not."""
        from sanduq_web.press import nonce
        from sanduq_web.press.desk import forms, signals
        from sanduq_web.press.models import ArticlePage

        signals.connect()
        nonce.for_choosers()
        ArticlePage.base_form_class = forms.ArticleForm
