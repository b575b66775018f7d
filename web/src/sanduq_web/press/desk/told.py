"""What the desk tells after something was done: in a cookie that the browser sends to the desk only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class _DeskCookie(CookieStorage):
    """Django's goes with every page that is read, with the title of the draft that was saved."""

    def _update_cookie(self, encoded_data: Any, response: Any) -> None:
        super()._update_cookie(encoded_data, response)  # type: ignore[misc]
        response.cookies[self.cookie_name]["path"] = settings.SESSION_COOKIE_PATH


class DeskMessages(FallbackStorage):
    """As Django's, but for the path."""

    storage_classes = (_DeskCookie, SessionStorage)
