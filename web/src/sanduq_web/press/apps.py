"""The app."""

from django.apps import AppConfig


class PressConfig(AppConfig):
    """Pages, bylines, pictures, letters, comments."""

    name = "sanduq_web.press"
    label = "press"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What is kept of people and of pages, and what is not; what Django and Wagtail look for."""
        from sanduq_web.press import kept, nonce, search
        from sanduq_web.press.desk import forms, signals
        from sanduq_web.press.models import ArticlePage, PublicationPage
        from sanduq_web.press.talk import checks, desk  # noqa: F401

        kept.connect()
        signals.connect()
        search.connect()
        nonce.for_choosers()
        ArticlePage.base_form_class = forms.ArticleForm
        PublicationPage.base_form_class = forms.PublicationForm
