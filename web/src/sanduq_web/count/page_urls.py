"""Pages, in every language."""

from django.urls import path

from sanduq_web.count.views import pages

urlpatterns = [
    path("<anchor:anchor>/result/", pages.result, name="result"),
]
