"""See :mod:`sanduq_web.box`."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app of this word."""

    name = "sanduq_web.box"
    label = "box"
