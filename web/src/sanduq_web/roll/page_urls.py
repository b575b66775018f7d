"""Pages, in every language."""

from django.urls import path

from sanduq_web.roll.views import registering

urlpatterns = [
    path("register/<uuid:registration>/", registering.apply_page, name="register"),
    path("register/<uuid:registration>/look-up/", registering.look_up, name="register-look-up"),
    path("register/<uuid:registration>/object/", registering.object_page, name="register-object"),
]
