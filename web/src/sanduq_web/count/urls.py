"""Pages, in every language."""

from django.urls import path

from sanduq_web.count import views

urlpatterns = [
    path("<anchor:anchor>/result/", views.result, name="result"),
    path("<anchor:anchor>/result.csv", views.tidy, name="result-csv"),
]
