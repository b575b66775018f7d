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
SANDUQ_BACKUPS             the folder with backups: ``doctor`` looks how old the newest one is
SANDUQ_ROLL_LOOKUP         a file with 50 random characters or more, under which entries of a register are looked up
SANDUQ_ENGINE              python or rust; without it the fastest that is installed
=========================  =================================================================================================

There are no sessions, no cookies, no accounts and no log of requests: nothing here knows an address of a voter.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from sanduq_web.environment import (  # noqa: F401  # Django takes what is in capitals here as a setting
    LANGUAGE_CODE,
    LANGUAGES,
    LANGUAGES_BIDI,
    LOGGING,
    SANDUQ_LANGUAGES,
    database,
    smtp,
)


def step(text: str) -> tuple[int, int]:
    """Minutes and ballots of ``minutes/ballots``; 0/0 publishes at once, which is for rehearsals."""
    minutes, slash, ballots = text.partition("/")
    if not (slash and minutes.isdecimal() and ballots.isdecimal()):
        raise ImproperlyConfigured(f"SANDUQ_STEP is {text!r}; expected minutes/ballots, as in 10/20")
    return int(minutes), int(ballots)


HERE = Path(__file__).resolve().parent
SECRET_KEY = secrets.token_urlsafe(50)  # nothing is signed with it that outlives this process
DEBUG = False
DATABASES = {"default": database("SANDUQ_DATABASE", "sqlite:///sanduq-web.db")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ALLOWED_HOSTS = [name for name in os.environ.get("SANDUQ_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if name]

SANDUQ_BOX_KEYS = [Path(name) for name in os.environ.get("SANDUQ_BOX_KEY", "").split(os.pathsep) if name]
SANDUQ_BOOTH = os.environ.get("SANDUQ_BOOTH", "http://localhost:8080").rstrip("/")
SANDUQ_STEP = step(os.environ.get("SANDUQ_STEP", "10/20"))
SANDUQ_ENGINE = os.environ.get("SANDUQ_ENGINE") or None
SANDUQ_BACKUPS = os.environ.get("SANDUQ_BACKUPS", "")
SANDUQ_ROLL_LOOKUP = Path(os.environ["SANDUQ_ROLL_LOOKUP"]) if os.environ.get("SANDUQ_ROLL_LOOKUP") else None
SANDUQ_HTTPS = os.environ.get("SANDUQ_HTTPS") == "1"

SANDUQ_SMTP = os.environ.get("SANDUQ_SMTP", "")
SANDUQ_MAIL_FROM = os.environ.get("SANDUQ_MAIL_FROM", "")
EMAIL_TIMEOUT = 10
if SANDUQ_SMTP:
    globals().update(smtp("SANDUQ_SMTP", SANDUQ_SMTP))

INSTALLED_APPS = [f"sanduq_web.{word}" for word in ("roll", "question", "box", "count", "watch", "disc")]
MIDDLEWARE = [
    "sanduq_web.measure.measured",
    "sanduq_web.middleware.headers",
    "sanduq_web.middleware.cross_origin",
    "sanduq_web.middleware.problems",
    "sanduq_web.middleware.language",
]
SILENCED_SYSTEM_CHECKS = [
    # `headers` above sets all that Django's two would; the proxy leads from HTTP to HTTPS.
    "security.W001",
    "security.W002",
    "security.W003",  # no cookie is sent to anybody, so there is nothing that another site could use
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
# Documents of an application: in memory until they are sealed, never in a file; a request that is larger has none.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 7 << 20
DATA_UPLOAD_MAX_NUMBER_FILES = 5

LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
