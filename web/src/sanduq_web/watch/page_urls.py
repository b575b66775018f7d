"""Pages, in every language."""

from django.urls import path

from sanduq_web.watch.views import learn, pack, pages, referendum

urlpatterns = [
    path("", pages.index, name="index"),
    path("learn/", learn.index, name="learn"),
    path("learn/<str:name>", learn.guide, name="guide"),
    path("<anchor:anchor>/", referendum.one, name="referendum"),
    path("<anchor:anchor>/check/", pages.check, name="check"),
    path("<anchor:anchor>/watch/", pages.watch, name="watch"),
    path("<anchor:anchor>/observers.pdf", pack.pack, name="observers"),
]
