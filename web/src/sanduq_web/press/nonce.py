"""A nonce for each answer of the desk. Widgets are rendered without a request, so it is kept beside them."""

from __future__ import annotations

import secrets
from contextvars import ContextVar
from typing import Final

_NONCE: Final[ContextVar[str]] = ContextVar("nonce", default="")


def new() -> str:
    """From here on, in this request."""
    made = secrets.token_urlsafe(18)
    _NONCE.set(made)
    return made


def current() -> str:
    """Of this request."""
    return _NONCE.get()
