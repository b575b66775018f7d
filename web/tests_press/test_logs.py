"""No address of anybody: neither in a log, however much is logged, nor in the database."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from newsroom import approved, article, member, section, submitted, written

ADDRESS = "203.0.113.77"
AGENT = "CanaryBrowser/1.0"
FROM = {"REMOTE_ADDR": ADDRESS, "HTTP_X_FORWARDED_FOR": f"{ADDRESS}, 10.0.0.1", "HTTP_X_REAL_IP": ADDRESS,
        "HTTP_FORWARDED": f"for={ADDRESS}", "HTTP_USER_AGENT": AGENT, "HTTP_REFERER": "http://canary.example/"}  # fmt: skip
CANARIES = (ADDRESS, AGENT, "canary.example")


@pytest.fixture
def everything() -> Iterator[io.StringIO]:
    """All that any logger says, at the lowest level."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s %(exc_info)s %(pathname)s"))
    names = ["", *[name for name in logging.root.manager.loggerDict if not name.startswith(("asyncio", "PIL"))]]
    loggers = [logging.getLogger(name) for name in names]
    before = [(each.level, each.propagate) for each in loggers]
    logging.root.addHandler(handler)
    for each in loggers:
        each.setLevel(logging.DEBUG)
        each.propagate = True
    yield heard
    logging.root.removeHandler(handler)
    for each, (level, propagate) in zip(loggers, before, strict=True):
        each.setLevel(level)
        each.propagate = propagate


def database() -> str:
    """Every value of every table."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_neither_readers_nor_editors_leave_an_address(site: Any, everything: io.StringIO) -> None:
    here = section("en")
    page = article(here)
    reader = Client(**FROM)  # type: ignore[arg-type]
    for address in (
        "/en/",
        page.get_url(),
        "/en/search/?q=secret-word",
        "/en/nothing/",
        "/media/images/x.jpg",
        "/documents/1/x.pdf",
    ):
        reader.get(address)
    reader.post("/desk/login/", {"username": "Ada", "password": "wrong"})
    reader.post("/en/", b"\xff", content_type="multipart/form-data; boundary=x")
    reader.get("/en/", headers={"host": "evil.example"})
    ada, bob = member("Ada", "editor", ["en"]), member("Bob", "approver", ["en"])
    for editor in (ada, bob):
        editor.defaults.update(FROM)
    draft = written(ada, here)
    submitted(ada, draft)
    approved(bob, draft)
    ada.get("/desk/users/")
    ada.post("/desk/alone/1/", {"reason": "x"})
    strict = Client(enforce_csrf_checks=True, **FROM)  # type: ignore[arg-type]
    strict.post("/desk/login/", {"username": "Ada", "password": "wrong"})
    kept = database()
    assert "The lake rises" in kept
    assert not any(each in kept for each in CANARIES)
    said = everything.getvalue()
    assert said
    assert not any(each in said for each in CANARIES)


def test_what_is_logged_as_set_has_no_path(site: Any, capfd: pytest.CaptureFixture[str]) -> None:
    reader = Client(**FROM, raise_request_exception=False)  # type: ignore[arg-type]
    for address in ("/en/secret-path/", "/documents/1/secret-path.pdf", "/desk/secret-path/"):
        reader.get(address)
    reader.get("/en/secret-path/", headers={"host": "evil.example"})
    out, err = capfd.readouterr()
    assert "secret-path" not in out + err
    assert not any(each in out + err for each in CANARIES)
