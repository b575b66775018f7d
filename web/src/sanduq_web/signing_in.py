"""Coming in, on both sites that have accounts: the second factor, codes for emergencies, how long a session lives."""

from __future__ import annotations

import io
import time
from typing import Any, Final, NamedTuple

import segno
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django_otp import devices_for_user
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

_CODES: Final = 10
_BEGUN: Final = "begun"
_SEEN: Final = "seen"
_MINUTE: Final = 60


@transaction.atomic
def with_code(user: Any, code: str) -> Any:
    """The device of a user for which a code is right and was not used before; None else. Wrong ones make the next wait."""
    # By its form a code is for one kind of device: a wrong one does not make the other kind wait, too.
    kind = TOTPDevice if code.isdigit() and len(code) == 6 else StaticDevice
    for device in devices_for_user(user, for_verify=True):
        if isinstance(device, kind) and device.verify_token(code.lower()):
            return device
    return None


def new_codes(user: Any) -> list[str]:
    """Ten codes for emergencies, each good once, in place of those there were."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="emergency", confirmed=True)
    codes = [device.token_set.model.random_token() for _each in range(_CODES)]
    for code in codes:
        device.token_set.create(token=code)
    return codes


class Shown(NamedTuple):
    """A telephone's secret as it is shown at enrolment: a picture (SVG), in groups of letters, as an address."""

    qr: SafeString
    secret: str
    url: str


def shown(device: TOTPDevice) -> Shown:
    """The secret of a device that is not confirmed yet."""
    out = io.BytesIO()
    segno.make(device.config_url, error="m").save(out, kind="svg", scale=5, xmldecl=False, svgns=False, omitsize=True)
    secret = device.config_url.partition("secret=")[2].partition("&")[0]
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return Shown(mark_safe(out.getvalue().decode()), groups, device.config_url)  # noqa: S308  # made here, of base32


def begin(request: HttpRequest) -> None:
    """From now on the session's time runs."""
    request.session[_BEGUN] = request.session[_SEEN] = int(time.time())


def is_over(request: HttpRequest, idle: int, *, by_itself: bool = False) -> bool:
    """Whether a session is too old, or nobody was there for ``idle`` seconds; what a page asks for by itself is nobody."""
    now, session = int(time.time()), request.session
    begun, seen = session.setdefault(_BEGUN, now), session.setdefault(_SEEN, now)
    if now - begun > settings.SESSION_COOKIE_AGE or now - seen > idle:
        return True
    if not by_itself and now - seen > _MINUTE:
        session[_SEEN] = now
    return False
