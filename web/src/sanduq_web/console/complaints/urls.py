"""Addresses of complaints."""

from django.urls import path

from sanduq_web.console.complaints import views

VOTE = "votes/<uuid:vote>/complaints"

urlpatterns = [
    path(f"{VOTE}/", views.register, name="complaints"),
    path(f"{VOTE}/limits/", views.limits, name="complaint-limits"),
    path(f"{VOTE}/new/", views.lodge, name="complaint-new"),
    path(f"{VOTE}/sitting/", views.sitting, name="sitting"),
    path(f"{VOTE}/<int:number>/", views.one, name="complaint"),
]
