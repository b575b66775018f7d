"""Settings of the press site: each comes from one environment variable, and has a default with which one machine runs.

=========================  =================================================================================================
SANDUQ_PRESS_DATABASE      ``sqlite:///path`` (default: ``sanduq-press.db`` here) or ``postgres://user:password@host:port/name``
SANDUQ_PRESS_MEDIA         the folder of pictures and documents (default: ``sanduq-press-media`` here)
SANDUQ_PRESS_SECRET        a file with 50 random characters or more, for sessions; without it they end with the process
SANDUQ_PRESS_HOSTS         names under which the site is reached, separated by commas
SANDUQ_PRESS_HTTPS         1 where a proxy before us speaks HTTPS: then browsers are told to insist on it
SANDUQ_PRESS_ONION         the site's onion address, ``http://….onion``, which is told in the header Onion-Location
SANDUQ_PRESS_VOTE          origin of the vote site whose public feed is shown, such as https://vote.example
SANDUQ_PRESS_EDITIONS      a folder with archives of editions, ``edition-13-2026-11-22.zip``: the front page offers the latest
SANDUQ_PRESS_WORKSHOP      a folder in which the desk makes editions (docs/do/make-an-edition.md); without it, it makes none
SANDUQ_PRESS_KEYS          the file KEYS of the editions, whose fingerprints are shown (default: that of the workshop's parts)
SANDUQ_PRESS_MIRRORS       other addresses of the same pages, separated by spaces
SANDUQ_PRESS_MODERATORS    age recipients (``age1…``), separated by spaces: who can read the e-mail addresses of comments
SANDUQ_PRESS_DESK          age recipients of the enquiry desk
SANDUQ_PRESS_LIST          age recipients of the list of subscribers: who sends the letters
SANDUQ_PRESS_SMTP          ``smtps://user:password@host:port``, or ``smtp://`` (STARTTLS), which sends to subscribers
SANDUQ_PRESS_MAIL_FROM     the address from which they come
=========================  =================================================================================================

Readers get no cookie and no session; there is no log of requests. Editors work under ``/desk/``, with a second factor.
"""

from __future__ import annotations

import os
from pathlib import Path

from sanduq_web.environment import (  # noqa: F401  # Django takes what is in capitals here as a setting
    LANGUAGE_CODE,
    LANGUAGES,
    LANGUAGES_BIDI,
    LOGGING,
    SANDUQ_LANGUAGES,
    database,
    secret,
    smtp,
)

HERE = Path(__file__).resolve().parent
SECRET_KEY = secret("SANDUQ_PRESS_SECRET")
DEBUG = False
DATABASES = {"default": database("SANDUQ_PRESS_DATABASE", "sqlite:///sanduq-press.db")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ALLOWED_HOSTS = [name for name in os.environ.get("SANDUQ_PRESS_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if name]

SANDUQ_PRESS_HTTPS = os.environ.get("SANDUQ_PRESS_HTTPS") == "1"
SANDUQ_PRESS_ONION = os.environ.get("SANDUQ_PRESS_ONION", "").rstrip("/")
SANDUQ_PRESS_VOTE = os.environ.get("SANDUQ_PRESS_VOTE", "").rstrip("/")
SANDUQ_PRESS_EDITIONS = os.environ.get("SANDUQ_PRESS_EDITIONS", "")
SANDUQ_PRESS_WORKSHOP = os.environ.get("SANDUQ_PRESS_WORKSHOP", "")
SANDUQ_PRESS_KEYS = os.environ.get("SANDUQ_PRESS_KEYS", "")
SANDUQ_PRESS_MIRRORS = os.environ.get("SANDUQ_PRESS_MIRRORS", "").split()
SANDUQ_PRESS_MODERATORS = os.environ.get("SANDUQ_PRESS_MODERATORS", "").split()
SANDUQ_PRESS_DESK = os.environ.get("SANDUQ_PRESS_DESK", "").split()
SANDUQ_PRESS_LIST = os.environ.get("SANDUQ_PRESS_LIST", "").split()
SANDUQ_PRESS_SMTP = os.environ.get("SANDUQ_PRESS_SMTP", "")
SANDUQ_PRESS_MAIL_FROM = os.environ.get("SANDUQ_PRESS_MAIL_FROM", "")
EMAIL_TIMEOUT = 10
if SANDUQ_PRESS_SMTP:
    globals().update(smtp("SANDUQ_PRESS_SMTP", SANDUQ_PRESS_SMTP))

INSTALLED_APPS = [
    "sanduq_web.press",
    "sanduq_web.disc",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "sanduq_web.press.desk.apps.DeskUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "captcha",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "sanduq_web.press.middleware.headers",
    "sanduq_web.press.kept.kept",
    "sanduq_web.press.middleware.language",
    "django.middleware.csrf.CsrfViewMiddleware",
    "sanduq_web.press.middleware.staff",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",  # the innermost: before a language is added to a path
]
SILENCED_SYSTEM_CHECKS = [
    # `headers` above sets all that Django's two would, for readers and the desk apart; the proxy leads from HTTP to HTTPS.
    "security.W001",
    "security.W002",
]
ROOT_URLCONF = "sanduq_web.press.urls"
WSGI_APPLICATION = "sanduq_web.press.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sanduq_web.press.pages.context",
            ],
            "builtins": ["sanduq_web.press.pages"],
        },
    }
]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # What is deleted is overwritten, not only left out.
    DATABASES["default"]["OPTIONS"]["init_command"] += "; PRAGMA secure_delete=ON"
    # To open the file anew takes longer than to answer with a page that is kept.
    DATABASES["default"]["CONN_MAX_AGE"] = 600

# --- languages: a tree of pages for each ----------------------------------------------------------------------------------
LOCALE_PATHS = [HERE.parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("ar", "العربية"), ("fa", "فارسی"), ("tr", "Türkçe")]
WAGTAILADMIN_PERMITTED_TIME_ZONES = ["UTC"]

# --- files ----------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = os.environ.get("SANDUQ_PRESS_MEDIA", "sanduq-press-media")
WAGTAILIMAGES_IMAGE_MODEL = "press.PressImage"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpeg", "jpg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 << 20
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILDOCS_DOCUMENT_MODEL = "press.PressDocument"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "txt", "xlsx"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 << 20
WAGTAILIMAGES_IMAGE_FORM_BASE = "sanduq_web.press.uploads.forms.PictureForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "sanduq_web.press.uploads.forms.DocumentForm"
# What is sent stays in memory until it is cleaned; a larger one is not taken at all.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 24 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- editors --------------------------------------------------------------------------------------------------------------
DESK_PATH = "desk/"
WAGTAIL_SITE_NAME = "Desk"
WAGTAILADMIN_BASE_URL = ""
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILADMIN_COMMENTS_ENABLED = False  # who remarked what, on whose text
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False  # accounts have no e-mail: `sanduq-press account NAME --again`
WAGTAIL_FINISH_WORKFLOW_ACTION = "sanduq_web.press.desk.publishing.publish_approved"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_AUTOSAVE_INTERVAL = 5000
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_WORKFLOW_ENABLED = True
LOGIN_URL = f"/{DESK_PATH}login/"
SESSION_COOKIE_NAME = "desk"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"/{DESK_PATH}"
MESSAGE_STORAGE = "sanduq_web.press.desk.told.DeskMessages"
SESSION_COOKIE_AGE = 4 * 3600
SANDUQ_PRESS_IDLE = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SANDUQ_PRESS_HTTPS
# The proxy speaks HTTPS, and HTTP with us: what a browser calls our origin is not what we would.
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in ALLOWED_HOSTS if name != "*"] if SANDUQ_PRESS_HTTPS else []
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- pages that are kept (kept.py) ----------------------------------------------------------------------------------------
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"},
    "pages": {
        "BACKEND": "sanduq_web.press.store.Bounded",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}

# --- search, CAPTCHA ------------------------------------------------------------------------------------------------------
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "simple"}}
CAPTCHA_TIMEOUT = 5  # minutes
