"""Settings: each comes from one environment variable, and has a default with which one machine runs.

=========================  =================================================================================================
SANDUQ_DATABASE            ``sqlite:///path`` (default: ``sanduq-web.db`` here) or ``postgres://user:password@host:port/name``
SANDUQ_BOX_KEY             files with the boxes' secret keys, separated as in PATH
SANDUQ_HOSTS               names under which the site is reached, separated by commas
SANDUQ_BOOTH               the booth's origin, the one that may call the API from a browser
SANDUQ_HTTPS               1 where a proxy before us speaks HTTPS: then browsers are told to insist on it
SANDUQ_STEP                ``minutes/ballots``: in which steps the public stream advances, for areas imported from now on
SANDUQ_SMTP                ``smtps://user:password@host:port``, or ``smtp://`` (STARTTLS), which sends one-time codes
SANDUQ_MAIL_FROM           the address from which they come
SANDUQ_ENGINE              python or rust; without it the fastest that is installed
=========================  =================================================================================================

There are no sessions, no cookies, no accounts and no log of requests: nothing here knows an address of a voter.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from django.conf import locale
from django.core.exceptions import ImproperlyConfigured


def database(url: str) -> dict[str, Any]:
    """Django's entry for a database's address. Both are set so that a commit that is acknowledged is on the disk."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path.removeprefix("/")) if parts.netloc == "" else ""
        options = {
            # The writer takes the lock when it begins, so two never find out later that they waited for each other.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
            "timeout": 20,
        }
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": path or "sanduq-web.db", "OPTIONS": options}
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
    raise ImproperlyConfigured(f"SANDUQ_DATABASE begins with {parts.scheme!r}; expected sqlite:///… or postgres://…")


def step(text: str) -> tuple[int, int]:
    """Minutes and ballots of ``minutes/ballots``; 0/0 publishes at once, which is for rehearsals."""
    minutes, slash, ballots = text.partition("/")
    if not (slash and minutes.isdecimal() and ballots.isdecimal()):
        raise ImproperlyConfigured(f"SANDUQ_STEP is {text!r}; expected minutes/ballots, as in 10/20")
    return int(minutes), int(ballots)


def smtp(url: str) -> dict[str, Any]:
    """Django's settings for a mail server's address. Mail is encrypted on its way, unless the server is this machine."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured(f"SANDUQ_SMTP begins with {parts.scheme!r}; expected smtps://… or smtp://…")
    return {
        "EMAIL_HOST": unquote(parts.hostname),
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and parts.hostname not in ("localhost", "127.0.0.1", "::1"),
    }


HERE = Path(__file__).resolve().parent
SECRET_KEY = secrets.token_urlsafe(50)  # nothing is signed with it that outlives this process
DEBUG = False
DATABASES = {"default": database(os.environ.get("SANDUQ_DATABASE", "sqlite:///sanduq-web.db"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ALLOWED_HOSTS = [name for name in os.environ.get("SANDUQ_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if name]

SANDUQ_BOX_KEYS = [Path(name) for name in os.environ.get("SANDUQ_BOX_KEY", "").split(os.pathsep) if name]
SANDUQ_BOOTH = os.environ.get("SANDUQ_BOOTH", "http://localhost:8080").rstrip("/")
SANDUQ_STEP = step(os.environ.get("SANDUQ_STEP", "10/20"))
SANDUQ_ENGINE = os.environ.get("SANDUQ_ENGINE") or None
SANDUQ_HTTPS = os.environ.get("SANDUQ_HTTPS") == "1"

SANDUQ_SMTP = os.environ.get("SANDUQ_SMTP", "")
SANDUQ_MAIL_FROM = os.environ.get("SANDUQ_MAIL_FROM", "")
EMAIL_TIMEOUT = 10
if SANDUQ_SMTP:
    globals().update(smtp(SANDUQ_SMTP))

INSTALLED_APPS = [f"sanduq_web.{word}" for word in ("roll", "question", "box", "count", "watch")]
MIDDLEWARE = [
    "sanduq_web.middleware.headers",
    "sanduq_web.middleware.cross_origin",
    "sanduq_web.middleware.problems",
    "sanduq_web.middleware.language",
]
ROOT_URLCONF = "sanduq_web.urls"
WSGI_APPLICATION = "sanduq_web.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["sanduq_web.pages.context"], "builtins": ["sanduq_web.pages"]},
    }
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 16  # of forms; ballots are bounded by their own questions

# --- languages -----------------------------------------------------------------------------------------------------------


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
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Paths of requests say what somebody looked for, or where somebody votes; they are not kept.
    "filters": {"without_request": {"()": "sanduq_web.faults.WithoutRequest"}},
    "loggers": {
        "django.request": {"level": "ERROR", "filters": ["without_request"]},
        "django.security": {"level": "CRITICAL"},
    },
}
