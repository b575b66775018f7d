"""Addresses of readers' forms, under the language."""

from django.urls import path

from sanduq_web.press.talk import views

urlpatterns = [
    path("comments/<int:page>/", views.comment, name="comment"),
    path("comments/<int:page>/sent/", views.comment_sent, name="comment_sent"),
    path("comments/report/<int:number>/", views.report, name="report"),
    path("comments/report/<int:number>/sent/", views.report_sent, name="report_sent"),
    path("enquiries/", views.enquiries, name="enquiries"),
    path("enquiries/answer/", views.enquiry_answer, name="enquiry_answer"),
    path("subscribe/", views.subscribe, name="subscribe"),
    path("subscribe/sent/", views.subscribe_sent, name="subscribe_sent"),
    path("subscribe/confirm/<str:secret>/", views.confirm, name="confirm"),
    path("subscribe/leave/<str:secret>/", views.leave, name="leave"),
]
