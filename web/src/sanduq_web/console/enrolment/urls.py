"""Addresses of the register."""

from django.urls import path

from sanduq_web.console.enrolment import views

urlpatterns = [
    path("votes/<uuid:vote>/roll/", views.register, name="roll"),
    path("votes/<uuid:vote>/roll/files/<int:number>/", views.load, name="roll-load"),
    path("votes/<uuid:vote>/roll/files/<int:number>/problems.csv", views.faults, name="roll-faults"),
    path("votes/<uuid:vote>/roll/entries/", views.entries, name="roll-entries"),
    path("votes/<uuid:vote>/roll/entries/<int:number>/", views.entry, name="roll-entry"),
]
