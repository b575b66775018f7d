"""Addresses of observing."""

from django.urls import path

from sanduq_web.console.observing import views

VOTE = "votes/<uuid:vote>"

urlpatterns = [
    path(f"{VOTE}/areas/", views.dashboard, name="dashboard"),
    path(f"{VOTE}/areas.json", views.dashboard_file, name="dashboard-file"),
    path(f"{VOTE}/observers/", views.observers, name="observers"),
    path(f"{VOTE}/incidents/", views.incidents, name="incidents"),
    path(f"{VOTE}/incidents.csv", views.incidents_file, name="incidents-file"),
    path(f"{VOTE}/incidents/new/", views.report, name="incident-new"),
    path(f"{VOTE}/incidents/<int:number>/", views.one, name="incident"),
    path(f"{VOTE}/incidents/<int:number>/files/<int:file>/", views.evidence, name="evidence"),
    path(f"{VOTE}/statements/", views.statements, name="statements"),
    path(f"{VOTE}/statements/new/", views.state, name="statement-new"),
    path(f"{VOTE}/statements/<int:number>/", views.supplement, name="statement-supplement"),
]
