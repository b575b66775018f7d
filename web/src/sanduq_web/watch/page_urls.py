"""Pages, in every language."""

from django.urls import path

from sanduq_web.watch.views import complaints, learn, pack, pages, referendum, written

urlpatterns = [
    path("", pages.index, name="index"),
    path("learn/", learn.index, name="learn"),
    path("learn/<str:name>", learn.guide, name="guide"),
    path("<anchor:anchor>/", referendum.one, name="referendum"),
    path("<anchor:anchor>/check/", pages.check, name="check"),
    path("<anchor:anchor>/watch/", pages.watch, name="watch"),
    path("<anchor:anchor>/observers.pdf", pack.pack, name="observers-pack"),
    path("<anchor:anchor>/observers/", written.observers, name="observers"),
    path("<anchor:anchor>/incidents/", written.incidents, name="incidents"),
    path("<anchor:anchor>/statements/", written.statements, name="statements"),
    path("<anchor:anchor>/complaints/", complaints.register, name="complaints"),
    path("<anchor:anchor>/complaints/lodge/", complaints.form, name="lodge"),
    path("<anchor:anchor>/complaints/answer/", complaints.answer, name="complaint-answer"),
    path("<anchor:anchor>/complaints/<int:number>/", complaints.one, name="complaint"),
]
