"""What the settings of both sites share: how a database and a mail server are named, the languages, what is logged."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from django.conf import locale
from django.core.exceptions import ImproperlyConfigured


def database(variable: str, default: str) -> dict[str, Any]:
    """Django's entry for the database that an environment variable names. A commit that is acknowledged is on the disk."""
    parts = urlsplit(os.environ.get(variable) or default)
    if parts.scheme == "sqlite":
        path = unquote(parts.path.removeprefix("/")) if parts.netloc == "" else ""
        options = {
            # The writer takes the lock when it begins, so two never find out later that they waited for each other.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
            "timeout": 20,
        }
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path or urlsplit(default).path.removeprefix("/"),
            "OPTIONS": options,
        }
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.removeprefix("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            # Ballots go as they are, not as text within a statement that must be parsed.
            "OPTIONS": {"options": "-c synchronous_commit=on", "server_side_binding": True},
        }
    raise ImproperlyConfigured(f"{variable} begins with {parts.scheme!r}; expected sqlite:///… or postgres://…")


def secret(variable: str) -> str:
    """The secret in the file that an environment variable names; a new one where it names none."""
    path = os.environ.get(variable, "")
    if not path:
        return secrets.token_urlsafe(50)
    found = Path(path).read_text(encoding="utf-8").strip()
    if len(found) < 50:
        raise ImproperlyConfigured(f"{variable}: {path} holds {len(found)} characters; expected 50 or more")
    return found


def smtp(variable: str, url: str) -> dict[str, Any]:
    """Django's settings for a mail server's address. Mail is encrypted on its way, unless the server is this machine."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured(f"{variable} begins with {parts.scheme!r}; expected smtps://… or smtp://…")
    return {
        "EMAIL_HOST": unquote(parts.hostname),
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and parts.hostname not in ("localhost", "127.0.0.1", "::1"),
    }


# --- languages ---------------------------------------------------------------------------------------------------------


class Language(NamedTuple):
    """A language of the pages: a line below, and a catalogue in ``locale/`` (docs/look-up/languages.md)."""

    code: str
    name: str
    """Its own name, as its readers look for it."""
    direction: Literal["ltr", "rtl"]
    calendar: Literal["gregorian", "solar-hijri"] = "gregorian"
    """By which dates are told beside the Gregorian one."""
    reviewed: bool = False
    """Whether a native reader has reviewed the texts; else each page says at its foot that nobody has."""


SANDUQ_LANGUAGES = [
    Language("en", "English", "ltr"),
    Language("az", "Azərbaycanca", "ltr"),
    Language("azb", "تۆرکجه", "rtl", "solar-hijri"),
    Language("fa", "فارسی", "rtl", "solar-hijri"),
    Language("ar", "العربية", "rtl"),
    Language("tr", "Türkçe", "ltr"),
]
LANGUAGE_CODE = SANDUQ_LANGUAGES[0].code
LANGUAGES = [(code, name) for code, name, *_ in SANDUQ_LANGUAGES]
LANGUAGES_BIDI = [each.code for each in SANDUQ_LANGUAGES if each.direction == "rtl"]
# Django takes Azerbaijani for right-to-left, and does not know the one in Arabic script.
locale.LANG_INFO.update(
    {
        code: {"bidi": direction == "rtl", "code": code, "name": name, "name_local": name}
        for code, name, direction, *_ in SANDUQ_LANGUAGES
    }
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "sanduq_web.faults.Briefly", "format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Paths of requests say what somebody looked for, or where somebody votes; they are not kept.
    "filters": {
        "without_request": {"()": "sanduq_web.faults.WithoutRequest"},
        "without_address": {"()": "sanduq_web.faults.WithoutAddress"},
    },
    "loggers": {
        "django.request": {"level": "ERROR", "filters": ["without_request"]},
        "django.security": {"level": "CRITICAL"},
        "waitress": {"filters": ["without_address"]},
    },
}
