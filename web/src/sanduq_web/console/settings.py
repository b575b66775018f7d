"""Settings of the console: each comes from one environment variable, and has a default with which one machine runs.

=========================  =================================================================================================
SANDUQ_DATABASE            the vote site's database: the console's tables stand beside its own
SANDUQ_CONSOLE_SECRET      a file with 50 random characters or more, for sessions; without it they end with the process
SANDUQ_CONSOLE_HOSTS       names under which the console is reached, separated by commas
SANDUQ_CONSOLE_HTTPS       1 where a proxy before us speaks HTTPS: then cookies go over nothing else
SANDUQ_CONSOLE_ADDRESS     its origin as people type it, such as https://console.example: stands in invitations
SANDUQ_CONSOLE_TRUSTEE     the folder booth/dist-trustee of ``scripts/booth.sh trustee``: makes keys in the browser
SANDUQ_CONSOLE_FILES       the folder of what is uploaded: rolls, evidence, documents (default: ``sanduq-console-files`` here)
SANDUQ_CONSOLE_ROLL_KEY    a key, made by ``sanduq-console roll-key``, under which registers stand; without it there is none
=========================  =================================================================================================

What the vote site's settings name (SANDUQ_BOX_KEY, SANDUQ_STEP, SANDUQ_BOOTH, SANDUQ_SMTP …) holds here, too.
"""

from __future__ import annotations

import os
from pathlib import Path

from sanduq_web.environment import secret
from sanduq_web.settings import *  # noqa: F403  # the same database, languages, keys
from sanduq_web.settings import HERE, INSTALLED_APPS

SECRET_KEY = secret("SANDUQ_CONSOLE_SECRET")
ALLOWED_HOSTS = [name for name in os.environ.get("SANDUQ_CONSOLE_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if name]
SANDUQ_CONSOLE_HTTPS = os.environ.get("SANDUQ_CONSOLE_HTTPS") == "1"
SANDUQ_HTTPS = SANDUQ_CONSOLE_HTTPS
SANDUQ_CONSOLE_ADDRESS = os.environ.get("SANDUQ_CONSOLE_ADDRESS", "http://localhost:8003").rstrip("/")
SANDUQ_CONSOLE_TRUSTEE = Path(os.environ["SANDUQ_CONSOLE_TRUSTEE"]) if "SANDUQ_CONSOLE_TRUSTEE" in os.environ else None
SANDUQ_CONSOLE_FILES = Path(os.environ.get("SANDUQ_CONSOLE_FILES", "sanduq-console-files"))
SANDUQ_CONSOLE_ROLL_KEY = Path(os.environ["SANDUQ_CONSOLE_ROLL_KEY"]) if os.environ.get("SANDUQ_CONSOLE_ROLL_KEY") else None

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "sanduq_web.console.office",
    "sanduq_web.console.drafting",
    "sanduq_web.console.ceremony",
    "sanduq_web.console.counting",
    "sanduq_web.console.enrolment",
    "sanduq_web.console.observing",
    "sanduq_web.console.complaints",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
]
MIDDLEWARE = [
    "sanduq_web.console.middleware.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "sanduq_web.console.middleware.door",
]
SILENCED_SYSTEM_CHECKS = [
    # `headers` sets all that Django's two would; the proxy leads from HTTP to HTTPS.
    "security.W001",
    "security.W002",
]
ROOT_URLCONF = "sanduq_web.console.urls"
WSGI_APPLICATION = "sanduq_web.console.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "console" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "sanduq_web.pages.context",
                "sanduq_web.console.screens.context",
            ],
            "builtins": ["sanduq_web.pages", "sanduq_web.console.screens"],
        },
    }
]
LOGIN_URL = "login"

SESSION_COOKIE_NAME = "__Host-console" if SANDUQ_CONSOLE_HTTPS else "console"
CSRF_COOKIE_NAME = "__Host-csrf" if SANDUQ_CONSOLE_HTTPS else "csrf"
SESSION_COOKIE_AGE = 8 * 3600
SANDUQ_CONSOLE_IDLE = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SANDUQ_CONSOLE_HTTPS
CSRF_FAILURE_VIEW = "sanduq_web.console.screens.forged"
# The proxy speaks HTTPS, and HTTP with us: what a browser calls our origin is not what we would.
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in ALLOWED_HOSTS if name != "*"] if SANDUQ_CONSOLE_HTTPS else []
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
OTP_TOTP_ISSUER = "sanduq"
OTP_TOTP_THROTTLE_FACTOR = 1

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20  # what is larger goes to the disk as it comes
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 400
FILE_UPLOAD_PERMISSIONS = 0o600
