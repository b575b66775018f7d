"""See :mod:`sanduq_web.count`."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app of this word."""

    name = "sanduq_web.count"
    label = "count"
