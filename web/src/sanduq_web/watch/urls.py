"""Paths of the public record."""

from django.urls import path

from sanduq_web import pages
from sanduq_web.watch.views import record as views

RECORD = "records/<anchor:anchor>"

urlpatterns = [
    path("style.css", pages.style, name="style"),
    path("fonts/<str:name>", pages.font, name="font"),
    path("favicon.ico", pages.icon, name="icon"),
    path(f"{RECORD}.txt", views.files, name="files"),
    path(f"{RECORD}/", views.folder, name="record"),
    path(f"{RECORD}/setup.json", views.setup, name="setup"),
    path(f"{RECORD}/journal.jsonl", views.journal, name="journal"),
    path(f"{RECORD}/fingerprints.json", views.fingerprints, name="fingerprints"),
    path(f"{RECORD}/areas/", views.areas),
    path(f"{RECORD}/areas/<str:code>/", views.area),
    path(f"{RECORD}/areas/<str:code>/<str:uuid>.<str:kind>", views.archive, name="archive"),
    path("steps/<anchor:anchor>/<str:code>.json", views.steps, name="steps"),
]
