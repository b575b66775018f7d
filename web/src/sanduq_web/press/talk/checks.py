"""What the operator is told, and readers are not: which parts are closed for want of a key."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from sanduq_web.press.talk.sealing import recipients

_KEYS: Final = {
    "SANDUQ_PRESS_MODERATORS": "comments are closed",
    "SANDUQ_PRESS_DESK": "the enquiry desk takes no enquiries",
    "SANDUQ_PRESS_LIST": "nobody can subscribe",
}
_HINT: Final = "`sanduq-press key FILE`, on the machine of whoever is to read them, prints a recipient"


@checks.register("press")
def keys(app_configs: Any = None, **more: Any) -> list[checks.CheckMessage]:
    """Keys that are missing or none; a mail server that is missing."""
    found: list[checks.CheckMessage] = []
    for number, (name, means) in enumerate(_KEYS.items(), 1):
        try:
            if not recipients(getattr(settings, name), name):
                found.append(checks.Warning(f"{name} is not set: {means}", hint=_HINT, id=f"press.W00{number}"))
        except ImproperlyConfigured as error:
            found.append(checks.Error(f"{error}; {means}", hint=_HINT, id=f"press.E00{number}"))
    if settings.SANDUQ_PRESS_LIST and not (settings.SANDUQ_PRESS_SMTP and settings.SANDUQ_PRESS_MAIL_FROM):
        message = "SANDUQ_PRESS_LIST is set, but not both of SANDUQ_PRESS_SMTP and SANDUQ_PRESS_MAIL_FROM: nobody can subscribe"
        found.append(checks.Warning(message, id="press.W004"))
    return found
