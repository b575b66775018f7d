"""Pages, in every language."""

from django.urls import path

from sanduq_web.count.views import pages, protocol

urlpatterns = [
    path("<anchor:anchor>/result/", pages.result, name="result"),
    path("<anchor:anchor>/protocol.pdf", protocol.protocol, name="protocol"),
]
