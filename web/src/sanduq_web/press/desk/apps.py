"""Wagtail's screens of users, with our forms."""

from wagtail.users.apps import WagtailUsersAppConfig


class DeskUsersConfig(WagtailUsersAppConfig):
    """As Wagtail's, but accounts have no e-mail."""

    user_viewset = "sanduq_web.press.desk.users.AccountViewSet"
