"""How much comes in, limited without keeping who sends it.

Two limits, for each kind of form:

- **the whole site's**, by the hour or day: counts in the database, of nobody in particular.
- **one client's, by the hour**: a count under a keyed hash of the address, in the memory of this process only. The key is
  random, never written, and forgotten with all counts when its hour is over. Where a proxy or an onion service stands before
  us all clients come from this machine or a private network: then nobody is counted, and only the site's limits hold.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections import Counter
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

from django.db.models import F
from django.http import HttpRequest

from sanduq_web import clock

_OURS: Final = [ipaddress.ip_network(each) for each in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
_OURS6: Final = [ipaddress.ip_network(each) for each in ("::1/128", "fc00::/7", "fe80::/10")]


class TooMany(Exception):
    """The limit of an hour or a day is reached."""


class Memory:
    """Counts of this hour, under hashes whose key lives as long as they."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._hour = -1
        self._key = b""
        self._counts: Counter[bytes] = Counter()

    def spend(self, kind: str, of: str, most: int) -> None:
        """One more; :class:`TooMany` if there were as many as there may be."""
        hour = clock.seconds(clock.now()) // 3600
        with self._lock:
            if hour != self._hour:
                self._hour, self._key = hour, secrets.token_bytes(32)
                self._counts.clear()
            name = hmac.digest(self._key, f"{kind} {of}".encode(), "sha256")
            if self._counts[name] >= most:
                raise TooMany
            self._counts[name] += 1

    def forget(self) -> None:
        """As after a restart."""
        with self._lock:
            self._hour = -1


MEMORY: Final = Memory()


def client_of(request: HttpRequest) -> str | None:
    """Whom to count a request for: an address, of IPv6 the network; nobody if it comes from a proxy of ours."""
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return None
    # One socket for both kinds shows IPv4 as a single network of IPv6, in which all readers would be one client.
    address = getattr(address, "ipv4_mapped", None) or address
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in net for net in _OURS6):
            return None
        return str(ipaddress.ip_network((address, 64), strict=False))
    return None if any(address in net for net in _OURS) else str(address)


def count(table: Any, name: str, begins: datetime, lasts: timedelta, most: int) -> None:
    """One more under a name of a time, in a table with ``name``, ``begins``, ``ends`` and ``count``, within the caller's
    transaction; :class:`TooMany` if there were as many as there may be.
    """
    table.objects.filter(ends__lte=begins).delete()
    table.objects.get_or_create(name=name, begins=begins, defaults={"ends": begins + lasts})
    if not table.objects.filter(name=name, begins=begins, count__lt=most).update(count=F("count") + 1):
        raise TooMany
