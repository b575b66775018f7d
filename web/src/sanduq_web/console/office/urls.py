"""Addresses of the office."""

from django.urls import path

from sanduq_web.console.office import login, views

urlpatterns = [
    path("login/", login.come_in, name="login"),
    path("second/", login.second, name="second"),
    path("enrol/", login.enrol, name="enrol"),
    path("invitation/", login.take_up, name="invitation"),
    path("logout/", login.go, name="logout"),
    path("account/", login.own, name="own"),
    path("", views.votes, name="votes"),
    path("operator/", views.make, name="operator"),
    path("operator/<uuid:of>/", views.begin_commission, name="begin"),
    path("votes/<uuid:vote>/", views.overview, name="overview"),
    path("votes/<uuid:vote>/people/", views.who, name="people"),
    path("votes/<uuid:vote>/acts/", views.acts_of, name="acts"),
    path("votes/<uuid:vote>/acts.jsonl", views.acts_file, name="acts-file"),
    path("votes/<uuid:vote>/proposals/<int:number>/", views.second_person, name="proposal"),
]
