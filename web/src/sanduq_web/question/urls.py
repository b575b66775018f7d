"""Paths of the API under ``/api/v1/``."""

from django.urls import path, register_converter

from sanduq_web.question import views


class Anchor:
    """64 lower-case hexadecimal digits."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(Anchor, "anchor")

urlpatterns = [
    path("openapi.yaml", views.description, name="openapi"),
    path("referendums", views.all_of_them),
    path("referendums/<anchor:anchor>/setup.json", views.setup),
    path("referendums/<anchor:anchor>/trustees.json", views.trustees),
    path("referendums/<anchor:anchor>/areas/<str:code>/election.json", views.election),
]
