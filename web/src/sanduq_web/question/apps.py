"""See :mod:`sanduq_web.question`."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app of this word."""

    name = "sanduq_web.question"
    label = "question"
