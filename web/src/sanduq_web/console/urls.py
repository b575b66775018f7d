"""Where everything is. Each part of the console brings the addresses of its screens."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from sanduq_web.console.screens import sheet
from sanduq_web.pages import font, icon, style

urlpatterns = [
    path("style.css", style, name="style"),
    path("console.css", sheet, name="sheet"),
    path("fonts/<str:name>", font, name="font"),
    path("favicon.ico", icon, name="icon"),
    *i18n_patterns(
        path("", include("sanduq_web.console.office.urls")),
        path("", include("sanduq_web.console.drafting.urls")),
        path("", include("sanduq_web.console.ceremony.urls")),
        path("", include("sanduq_web.console.counting.urls")),
        path("", include("sanduq_web.console.enrolment.urls")),
        path("", include("sanduq_web.console.observing.urls")),
        path("", include("sanduq_web.console.complaints.urls")),
    ),
]
