"""Addresses of the ceremony. What the trustees' page asks for lies below its own address."""

from django.urls import path

from sanduq_web.console.ceremony import views

urlpatterns = [
    path("votes/<uuid:vote>/ceremony/", views.overview, name="ceremony"),
    path("votes/<uuid:vote>/ceremony/<slug:kind>.jsons", views.messages_file, name="ceremony-messages"),
    path("votes/<uuid:vote>/ceremony/trustees.json", views.trustees_file, name="ceremony-trustees"),
    path("votes/<uuid:vote>/trustee/", views.own, name="trustee"),
    path("votes/<uuid:vote>/trustee/page/", views.page, name="trustee-page"),
    path("votes/<uuid:vote>/trustee/input.json", views.input_file, name="trustee-input"),
    path("votes/<uuid:vote>/trustee/page/ceremony/state", views.state, name="ceremony-state"),
    path("votes/<uuid:vote>/trustee/page/ceremony/message", views.message, name="ceremony-message"),
    path("votes/<uuid:vote>/trustee/page/record/<path:name>", views.record_file, name="trustee-record"),
]
