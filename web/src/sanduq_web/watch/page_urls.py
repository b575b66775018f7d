"""Pages, in every language."""

from django.urls import path

from sanduq_web.watch.views import pages

urlpatterns = [
    path("", pages.index, name="index"),
    path("<anchor:anchor>/", pages.one, name="referendum"),
    path("<anchor:anchor>/check/", pages.check, name="check"),
    path("<anchor:anchor>/watch/", pages.watch, name="watch"),
]
