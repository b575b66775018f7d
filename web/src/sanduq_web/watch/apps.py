"""See :mod:`sanduq_web.watch`."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app of this word."""

    name = "sanduq_web.watch"
    label = "watch"
