"""Forms of readers who have no cookie that could tell one site's form from another's."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

_OWN: Final = ("same-origin", "none")


def from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that another site sent this form.

    An Origin "null" says nothing: browsers send it for our own forms too where a page tells no referrer. Then Sec-Fetch-Site
    decides, if there is one.
    """
    fetch = request.headers.get("Sec-Fetch-Site")
    if fetch is not None:
        return fetch not in _OWN
    origin = request.headers.get("Origin", "null")
    return origin != "null" and origin.partition("://")[2] != request.get_host()
