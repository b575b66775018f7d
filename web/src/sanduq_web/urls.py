"""Where everything is."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

API = "api/v1/referendums/<anchor:anchor>"

urlpatterns = [
    path("api/v1/", include("sanduq_web.question.urls")),
    path("api/v1/", include("sanduq_web.roll.urls")),
    path("api/v1/", include("sanduq_web.box.urls")),
    path("api/v1/", include("sanduq_web.count.urls")),
    path("", include("sanduq_web.watch.urls")),
    *i18n_patterns(
        path("", include("sanduq_web.roll.page_urls")),
        path("", include("sanduq_web.watch.page_urls")),
        path("", include("sanduq_web.count.page_urls")),
    ),
]
