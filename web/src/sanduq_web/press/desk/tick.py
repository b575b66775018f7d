"""What is done by the clock: scheduled texts appear and disappear, what has ended is forgotten."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import Final

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import close_old_connections, connections
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import UploadedFile

_log: Final = logging.getLogger(__name__)
_MINUTE: Final = 60
_CODE: Final = 30  # seconds for which a code of the second factor is shown
_CODES: Final = 4  # so many later, it is surely not taken any more
_TYPED_LASTS: Final = timedelta(hours=5)  # longer than a session


def tick() -> None:
    """All of it, now."""
    call_command("publish_scheduled", verbosity=0)
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    EditingSession.cleanup()
    # The last code's number is the time of a log-in; codes of that time are no longer taken.
    TOTPDevice.objects.filter(last_t__gte=0, last_t__lt=int(now.timestamp()) // _CODE - _CODES).update(last_t=-1)
    FormState.objects.filter(last_updated_at__lt=now - _TYPED_LASTS).delete()
    for left in UploadedFile.objects.all():
        left.file.delete(save=False)
        left.delete()


def _for_ever(stop: threading.Event) -> None:
    while not stop.wait(_MINUTE):
        close_old_connections()
        try:
            tick()
        except Exception:  # noqa: BLE001  # one that failed is tried again in a minute; a thread that ended would publish nothing any more
            _log.exception("what is due was not done")
        finally:
            connections.close_all()


def every_minute() -> threading.Event:
    """In a thread beside the server's; the event ends it."""
    stop = threading.Event()
    threading.Thread(target=_for_ever, args=(stop,), name="tick", daemon=True).start()
    return stop
