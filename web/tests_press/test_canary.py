"""An address that somebody typed is nowhere but in a ciphertext: not in the database's bytes, a log, a page, the desk."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from newsroom import article, section
from sanduq_web.press.models import Comment, CommentState, Enquiry
from sanduq_web.press.talk import actions
from smtp import Mailbox
from talking import CANARY, COMMENT, fields, send

PAGES = ["/en/", "/en/news/", "/en/search/?q=lake", "/en/enquiries/", "/en/subscribe/sent/"]
DESK = [
    "/desk/", "/desk/talk/comments/", "/desk/snippets/press/enquiry/", "/desk/reports/site-history/", "/desk/snippets/",
]  # fmt: skip


def test_an_address_is_nowhere(
    site: Any, moderators: Any, desk: Any, letters: Any, mailbox: Mailbox, editor: Client, tmp_path: Path,
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], settings: Any,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    client = Client(raise_request_exception=False, REMOTE_ADDR="203.0.113.77")
    page = article(section("en"))
    typed = {f"/en/comments/{page.pk}/": COMMENT, "/en/enquiries/": {"subject": "a", "text": "b", "email": CANARY}}
    typed["/en/subscribe/"] = {"email": CANARY}
    for address, what in typed.items():
        assert send(client, address, **what).status_code in (200, 303)
        # Slips, an answer that is wrong, a reload: each renders the form again.
        client.post(address, fields(client.get(address)) | what | {"captcha_answer": "x"})
        client.post(address, fields(client.get(address)) | what | {"another": "1"})
        client.post(address, fields(client.get(address)) | what, headers={"Origin": "https://other.example"})
    # A fault of ours, while an address is in hand.
    settings.SANDUQ_PRESS_DESK = [*settings.SANDUQ_PRESS_DESK]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sanduq_web.press.talk.sealing.pyrage.encrypt", _fails)
        assert send(client, "/en/enquiries/", **typed["/en/enquiries/"]).status_code == 500
    for comment in Comment.objects.all():
        actions.decide(comment, CommentState.SHOWN)
    seen = [client.get(address).content for address in [*PAGES, page.url]]
    inside = [*DESK, f"/desk/snippets/press/enquiry/edit/{Enquiry.objects.get().pk}/", f"/desk/pages/{page.pk}/edit/"]
    seen += [editor.get(address, follow=True).content for address in inside]
    call_command("dumpdata", output=str(tmp_path / "dump.json"))
    seen += [(tmp_path / "dump.json").read_bytes(), _database(), caplog.text.encode()]
    seen += [text.encode() for text in capfd.readouterr()]
    secrets = [CANARY.encode(), CANARY.partition("@")[0].encode(), b"203.0.113.77"]
    assert [(number, secret) for number, raw in enumerate(seen) for secret in secrets if secret in raw] == []
    assert b"I remember." in seen[len(PAGES)]


def _database() -> bytes:
    """All that is in it: on SQLite the bytes of the file, on PostgreSQL the rows of all tables."""
    if connection.vendor == "sqlite":
        return bytes(connection.connection.serialize())
    with connection.cursor() as cursor:
        found = []
        for name in connection.introspection.table_names():
            cursor.execute(f'SELECT CAST(t AS text) FROM "{name}" AS t')
            found += cursor.fetchall()
    return repr(found).encode()


def _fails(*given: Any) -> bytes:
    raise RuntimeError("a fault")
