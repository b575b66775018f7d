"""See :mod:`sanduq_web.roll`."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app of this word."""

    name = "sanduq_web.roll"
    label = "roll"
