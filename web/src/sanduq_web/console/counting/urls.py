"""Addresses of the vote's course."""

from django.urls import path

from sanduq_web.console.counting import views

urlpatterns = [
    path("votes/<uuid:vote>/running/", views.running, name="running"),
    path("votes/<uuid:vote>/record/certificate.txt", views.certificate, name="certificate"),
]
