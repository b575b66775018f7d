"""What all tests share: a referendum with two areas, imported; the time, which tests set."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from rig import FROZEN, OPENS, Rig, count, make_rig
from sanduq_web import clock
from sanduq_web.box import actions
from sanduq_web.box.actions import casting, keys, limits, publishing
from sanduq_web.count.views import protocol
from sanduq_web.environment import smtp
from sanduq_web.question import api as question
from sanduq_web.question.api import Frozen
from sanduq_web.records import export_record, import_record
from sanduq_web.roll import api as roll
from second import Booth, addresses_file, import_with, pins_file
from smtp import Mailbox, mail_server


@dataclass
class Now:
    """The time; tests move it."""

    time: str = OPENS

    def to(self, time: str) -> None:
        self.time = time

    def at(self, hours: str) -> None:
        """A time of the day of the vote: ``06:30``."""
        self.time = f"2030-05-01T{hours}:00Z" if len(hours) == 5 else f"2030-05-01T{hours}Z"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Threads need a database in a file."""
    if "sqlite3" in settings.DATABASES["default"]["ENGINE"]:
        folder = tempfile.mkdtemp(prefix="sanduq-web-")
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(Path(folder) / "test.db")


@pytest.fixture(scope="session", autouse=True)
def live_servers_static_files() -> None:
    """Django's live server wants to serve static files, of which we have none."""
    settings.STATIC_URL = "/static/"


@pytest.fixture(autouse=True)
def now() -> Iterator[Now]:
    found = Now()
    with clock.testing_only_at(lambda: found.time):
        yield found


@pytest.fixture(autouse=True)
def as_after_a_restart() -> None:
    """Nothing is remembered from one test to the next."""
    for cached in (question.referendum, roll.listed, casting.gate_of, casting.engine_of, keys._keys):
        cached.cache_clear()
    publishing._digests.clear()
    casting._opened.clear()
    limits.NEW_BALLOTS.forget()
    casting._kinds.clear()
    protocol._kept.clear()
    translation.activate("en")


@pytest.fixture(scope="session")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Rig:
    """Two areas: A with twelve voters, B with five."""
    return make_rig(tmp_path_factory.mktemp("rig") / "record", {"A": 12, "B": 5})


@pytest.fixture
def frozen(rig: Rig, settings: object) -> Frozen:
    """The referendum, imported; publication in steps of 10 minutes and 3 ballots. Ask for a database beside it."""
    settings.SANDUQ_BOX_KEYS = [rig.key_file]  # type: ignore[attr-defined]
    import_record(rig.path, FROZEN, rig.anchor, (10, 3))
    return question.referendum(rig.anchor)


class Api:
    """The API of one referendum."""

    def __init__(self, client: Client, rig: Rig) -> None:
        self.client = client
        self.rig = rig
        self.base = f"/api/v1/referendums/{rig.anchor}"

    def get(self, path: str = "", **headers: str):  # type: ignore[no-untyped-def]
        return self.client.get(self.base + path, headers=headers)

    def cast(self, raw: bytes, code: str = "A"):  # type: ignore[no-untyped-def]
        return self.client.post(f"{self.base}/areas/{code}/ballots", raw, content_type="application/json")

    def find(self, tracker: object):  # type: ignore[no-untyped-def]
        return self.client.post(f"{self.base}/ballots/find", {"tracker": tracker}, content_type="application/json")


@pytest.fixture
def api(rig: Rig, frozen: Frozen) -> Api:
    return Api(Client(), rig)


@pytest.fixture
def opened(api: Api) -> Api:
    """The vote is open, as of the calendar."""
    assert api.get().json()["phase"] == "open"
    return api


@pytest.fixture
def pins(rig: Rig, settings: object, tmp_path: Path) -> Booth:
    settings.SANDUQ_BOX_KEYS = [rig.key_file]  # type: ignore[attr-defined]
    import_with(rig, "pin")
    actions.keep_pins([pins_file(rig, tmp_path, "A")])
    return Booth(Api(Client(), rig), rig)


@pytest.fixture
def mailbox(settings: object) -> Iterator[Mailbox]:
    with mail_server() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
        settings.SANDUQ_SMTP, settings.SANDUQ_MAIL_FROM = box.url, "box@vote.example"  # type: ignore[attr-defined]
        for name, value in smtp("SANDUQ_SMTP", box.url).items():
            setattr(settings, name, value)
        yield box


@pytest.fixture
def mails(rig: Rig, settings: object, tmp_path: Path, mailbox: Mailbox) -> Booth:
    settings.SANDUQ_BOX_KEYS = [rig.key_file]  # type: ignore[attr-defined]
    import_with(rig, "email")
    actions.keep_addresses([addresses_file(rig, tmp_path, "A", leave_out=2)])
    return Booth(Api(Client(), rig), rig)


@pytest.fixture
def decided(opened: Api, rig: Rig, frozen: Frozen, now: Now, tmp_path: Path) -> Frozen:
    for code in ("A", "B"):
        for raw in rig.ballots[code]:
            opened.cast(raw, code)
    now.at("18:00")
    opened.get()
    export_record(rig.anchor, tmp_path / "record")
    count(rig, tmp_path / "record", "2030-05-01T20:00:00Z")
    import_record(tmp_path / "record", clock.now(), rig.anchor)
    return frozen
