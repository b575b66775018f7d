"""Addresses: the desk on its own path; everything else is readers', under the language."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from wagtail.admin import urls as admin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.urls import serve_pattern

from sanduq_web.press import bringing, cosigning, pages, views
from sanduq_web.press.desk import doors, login
from sanduq_web.press.desk import views as desk
from sanduq_web.press.edition import taking
from sanduq_web.press.talk import views as talk

# In place of Wagtail's own, which stand behind them.
desk_urlpatterns = [
    path("login/", login.LoginView.as_view(), name="wagtailadmin_login"),
    path("second/", login.SecondView.as_view(), name="press_second"),
    path("enrol/", login.EnrolView.as_view(), name="press_enrol"),
    path("account/", require_admin_access(desk.OwnAccountView.as_view())),
    re_path(r"^(images|documents)/multiple/(.*)$", desk.one_at_a_time),
    path("choose-page/<int:parent_page_id>/", require_admin_access(doors.below)),
    path("translation/submit/page/<int:page_id>/", require_admin_access(doors.translate)),
    path("tag-autocomplete/", require_admin_access(doors.topics)),
    path("tag-autocomplete/<slug:app_name>/<slug:model_name>/", require_admin_access(doors.topics)),
    path("bulk/<str:app_label>/<str:model_name>/<str:action>/", require_admin_access(doors.bulk)),
    *[re_path(f"^{each}", require_admin_access(doors.closed)) for each in doors.UNUSED],
]

urlpatterns = [
    path("a/<str:code>.svg", views.short_qr, name="short-qr"),
    path("a/<str:code>", views.short, name="short"),
    path("robots.txt", views.robots),
    path("sitemap.xml", views.site_map),
    path("look/<str:name>", pages.look, name="look"),
    path("editions/<str:name>", views.edition, name="edition"),
    path("media/<path:name>", views.media),
    path("static/<path:name>", views.static),
    re_path(r"^documents/([0-9]+)/(.*)$", views.document, name="wagtaildocs_serve"),
    path("captcha/<str:key>.png", talk.picture, name="captcha"),
    path(settings.DESK_PATH, include(desk_urlpatterns)),
    path(settings.DESK_PATH, include(admin_urls)),
    *i18n_patterns(
        path("search/", views.look_for, name="search"),
        path("search/words.js", views.words, name="search-words"),
        path("take-along/", taking.take_along, name="take-along"),
        path("feed.xml", views.feed, name="feed"),
        path("sitemap.xml", views.language_map),
        path("topics/<str:topic>/", views.topic, name="topic"),
        path("topics/<str:topic>/feed.xml", views.topic_feed, name="topic-feed"),
        path("<slug:section>/feed.xml", views.section_feed, name="section-feed"),
        path("", include("sanduq_web.press.talk.urls")),
        path("come-back/", bringing.come_back, name="come-back"),
        path("co-sign/<uuid:letter_id>/", cosigning.sign, name="co-sign"),
        path("co-sign/<uuid:letter_id>/letter.json", cosigning.letter_file, name="letter-file"),
        path("co-sign/<uuid:letter_id>/letter-signed.json", cosigning.signed_file, name="letter-signed-file"),
        # Not all of Wagtail's: it has a log-in for readers, with neither a second factor nor a limit of tries.
        re_path(serve_pattern, views.page, name="wagtail_serve"),
    ),
]

handler404 = "sanduq_web.press.views.missing"
