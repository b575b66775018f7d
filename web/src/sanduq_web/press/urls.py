"""Addresses: the desk on its own path; everything else is readers', under the language."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from sanduq_web.press import cosigning, pages, views

urlpatterns = [
    path("look/<str:name>", pages.look, name="look"),
    path("media/<path:name>", views.media),
    path("static/<path:name>", views.static),
    path("documents/", include(document_urls)),
    path("captcha/", include("captcha.urls")),
    path(settings.DESK_PATH, include(admin_urls)),
    *i18n_patterns(
        path("search/", views.search, name="search"),
        path("co-sign/<uuid:letter_id>/", cosigning.sign, name="co-sign"),
        path("co-sign/<uuid:letter_id>/letter.json", cosigning.letter_file, name="letter-file"),
        path("co-sign/<uuid:letter_id>/letter-signed.json", cosigning.signed_file, name="letter-signed-file"),
        path("", include(wagtail_urls)),
    ),
]
