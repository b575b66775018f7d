"""Pages, in every language."""

from django.urls import path

from sanduq_web.watch.views import pages, referendum

urlpatterns = [
    path("", pages.index, name="index"),
    path("<anchor:anchor>/", referendum.one, name="referendum"),
    path("<anchor:anchor>/check/", pages.check, name="check"),
    path("<anchor:anchor>/watch/", pages.watch, name="watch"),
]
