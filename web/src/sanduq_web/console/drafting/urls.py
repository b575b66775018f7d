"""Addresses of the draft."""

from django.urls import path

from sanduq_web.console.drafting import views

urlpatterns = [
    path("votes/<uuid:vote>/draft/", views.overview, name="draft"),
    path("votes/<uuid:vote>/draft/texts/", views.texts, name="draft-texts"),
    path("votes/<uuid:vote>/draft/sides/", views.sides, name="draft-sides"),
    path("votes/<uuid:vote>/draft/areas/", views.areas, name="draft-areas"),
    path("votes/<uuid:vote>/draft/areas.csv", views.areas_file, name="draft-areas-file"),
    path("votes/<uuid:vote>/draft/rule/", views.rule, name="draft-rule"),
    path("votes/<uuid:vote>/draft/calendar/", views.calendar, name="draft-calendar"),
    path("votes/<uuid:vote>/draft/preview/", views.preview, name="draft-preview"),
    path("votes/<uuid:vote>/draft/freeze/", views.freeze, name="freeze"),
]
