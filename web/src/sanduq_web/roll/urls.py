"""Paths of the API under ``/api/v1/``."""

from django.urls import path

from sanduq_web.roll import views

urlpatterns = [
    path("referendums/<anchor:anchor>/areas/<str:code>/roll/", views.roll),
    path("referendums/<anchor:anchor>/areas/<str:code>/roll/<str:prefix>", views.roll),
]
