"""Paths of the API under ``/api/v1/``."""

from django.urls import path

from sanduq_web.box import views

urlpatterns = [
    path("referendums/<anchor:anchor>", views.state),
    path("referendums/<anchor:anchor>/areas/<str:code>/ballots", views.cast),
    path("referendums/<anchor:anchor>/areas/<str:code>/cast/", views.last),
    path("referendums/<anchor:anchor>/areas/<str:code>/cast/<str:prefix>", views.last),
    path("referendums/<anchor:anchor>/ballots/find", views.find),
]
