"""See :mod:`sanduq_web.disc`."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app of this word: it has no tables, only words in six languages."""

    name = "sanduq_web.disc"
    label = "disc"
