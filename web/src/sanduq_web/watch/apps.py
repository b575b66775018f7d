"""See :mod:`sanduq_web.watch`."""

from django.apps import AppConfig


class Config(AppConfig):
    """The app of this word."""

    name = "sanduq_web.watch"
    label = "watch"

    def ready(self) -> None:
        """What observers say stands under each result."""
        from sanduq_web.count.views.pages import BESIDE
        from sanduq_web.watch.views.written import beside_result

        BESIDE.append(beside_result)
