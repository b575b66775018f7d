"""What a stranger could do to the pages that are kept, and learn by how fast they come."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from letter_rig import letter, signature
from letter_rig import send as sign
from newsroom import member
from sanduq_web.press import store
from talking import CANARY, an_article, commented, send, shown


@pytest.fixture
def is_kept(site: Any, reader: Client) -> Any:
    """Whether the front page still comes without being made: anybody sees that by a watch."""
    reader.get("/en/")

    def answer() -> bool:
        with CaptureQueriesContext(connection) as asked:
            reader.get("/en/")
        return len(asked) == 1

    assert answer()
    return answer


@pytest.mark.parametrize("name", ["Ada", "Nobody"])
def test_how_fast_a_page_comes_tells_not_whether_there_is_an_account(site: Any, is_kept: Any, name: str) -> None:
    member("Ada", "editor", ["en"])
    is_kept()
    Client().post("/desk/login/", {"username": name, "password": "a guess"})
    assert is_kept()


def test_nor_whether_somebody_just_wrote(
    is_kept: Any, reader: Client, now: Any, moderators: Any, desk: Any, letters: Any
) -> None:
    page = an_article()
    said, asked = shown(page), letter()
    signed = signature(reader, asked)
    is_kept()
    commented(reader, page)
    assert is_kept()
    assert send(reader, f"/en/comments/report/{said.pk}/", reason="rude").status_code == 303
    assert send(reader, "/en/enquiries/", subject="Level", text="How high?", email="").status_code == 200
    assert send(reader, "/en/subscribe/", email=CANARY).status_code == 303
    assert sign(reader, asked, signed).status_code == 303
    assert is_kept()


@pytest.mark.long
def test_addresses_without_end_fill_no_memory(site: Any, reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    an_article()
    one = len(reader.get("/en/feed.xml").content)
    caches["pages"].clear()
    monkeypatch.setattr(store, "MOST", 8 * one)
    for number in range(30):
        assert reader.get(f"/en/feed.xml?page={number}").status_code == 200
        reader.get("/en/")
    held = caches["pages"]._cache  # type: ignore[attr-defined]
    assert one < sum(map(len, held.values())) <= 8 * one
    with CaptureQueriesContext(connection) as asked:
        reader.get("/en/")
    assert len(asked) == 1, "what others read stays"
