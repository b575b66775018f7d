"""All texts are in UTF-8, whatever a request says of itself."""

from __future__ import annotations

from typing import Any


def only_utf8(application: Any) -> Any:
    """Take the charset out of a request's type, for a WSGI application.

    One that is no text's (``hex``) fails where nothing of ours answers yet: without our headers, and with its address in the
    server's log.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        given = environ.get("CONTENT_TYPE", "")
        if "charset" in given.lower():
            environ["CONTENT_TYPE"] = given.partition(";")[0]
        return application(environ, start_response)

    return answer
