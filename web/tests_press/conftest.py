"""What the press site's tests share: a site in several languages with an article in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.test import Client
from django.utils import translation
from wagtail.models import Page, Site

from newsroom import LANGUAGES, member
from sanduq_web import clock
from sanduq_web.environment import smtp
from sanduq_web.press.actions import make_site
from sanduq_web.press.talk.limits import MEMORY
from smtp import Mailbox, mail_server
from talking import keys


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    """Files of each test in a folder of its own."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    # Passwords are hashed slowly on purpose, which no test is about.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return tmp_path / "media"


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Neither a language nor a cached page of the test before."""
    translation.activate(settings.LANGUAGE_CODE)
    cache.clear()
    caches["pages"].clear()
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The site that all tests begin with, made once."""
    with django_db_blocker.unblock():
        make_site("The Lake Courier", "testserver", 80, LANGUAGES)


@pytest.fixture
def site(db: None) -> Any:
    """A site in all six languages; made anew where a test in a browser has emptied the database."""
    found = Site.objects.filter(hostname="testserver", port=80).first()
    return found or make_site("The Lake Courier", "testserver", 80, LANGUAGES)


@pytest.fixture
def no_site(db: None) -> None:
    """An empty database."""
    Site.objects.all().delete()
    for each in Page.objects.filter(depth=2):
        each.specific.delete()


@pytest.fixture
def reader() -> Client:
    """Somebody who reads."""
    return Client()


@dataclass
class Now:
    """The time; tests move it."""

    time: str = "2030-05-01T06:30:00Z"

    def to(self, time: str) -> None:
        self.time = time


@pytest.fixture
def now() -> Iterator[Now]:
    """A day in May."""
    found = Now()
    with clock.testing_only_at(lambda: found.time):
        yield found


@pytest.fixture(autouse=True)
def nobody_was_counted() -> None:
    """As after a restart."""
    MEMORY.forget()


@pytest.fixture
def moderators(settings: Any) -> Any:
    """The identity of whoever reads the addresses of comments."""
    identity, settings.SANDUQ_PRESS_MODERATORS = keys()
    return identity


@pytest.fixture
def desk(settings: Any) -> Any:
    """The identity of the enquiry desk."""
    identity, settings.SANDUQ_PRESS_DESK = keys()
    return identity


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A mail server, which the site uses."""
    with mail_server() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.SANDUQ_PRESS_SMTP, settings.SANDUQ_PRESS_MAIL_FROM = box.url, "letters@press.example"
        for name, value in smtp("SANDUQ_PRESS_SMTP", box.url).items():
            setattr(settings, name, value)
        yield box


@pytest.fixture
def letters(settings: Any, mailbox: Mailbox) -> Any:
    """The identity of whoever sends the letters."""
    identity, settings.SANDUQ_PRESS_LIST = keys()
    return identity


@pytest.fixture
def editor(site: Any) -> Client:
    """Somebody who may do everything at the desk."""
    return member("editor", "administrator", [])
