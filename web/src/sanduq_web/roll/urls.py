"""Paths of the API under ``/api/v1/``."""

from django.urls import path

from sanduq_web.roll.views import lists

urlpatterns = [
    path("referendums/<anchor:anchor>/areas/<str:code>/roll/", lists.roll),
    path("referendums/<anchor:anchor>/areas/<str:code>/roll/<str:prefix>", lists.roll),
]
