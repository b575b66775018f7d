"""How much comes in: limited for the site and for one client, whose address is nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory

from sanduq_web.press.models import Comment, Tally
from sanduq_web.press.talk import limits
from sanduq_web.press.talk.limits import MEMORY, Rate
from talking import COMMENT, an_article, fields, solved

pytestmark = pytest.mark.long

CLIENT = "203.0.113.77"


@pytest.fixture
def form(site: Any, moderators: Any, now: Any) -> str:
    """The address of a form."""
    return f"/en/comments/{an_article().pk}/"


def _post(form: str, address: str = CLIENT, **more: Any) -> Any:
    client = Client(REMOTE_ADDR=address)
    return client.post(form, solved(client.get(form), **COMMENT), **more)


@pytest.fixture
def rates(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Few of everything."""

    def become(site: int = 100, client: int = 100, page: int = 100) -> None:
        monkeypatch.setitem(limits.RATES, "comment", Rate(site, client, page))

    return become


def test_one_client_in_an_hour(form: str, rates: Any, now: Any) -> None:
    rates(client=2)
    assert [_post(form).status_code for _time in range(3)] == [303, 303, 429]
    assert _post(form, "203.0.113.78").status_code == 303
    now.to("2030-05-01T07:00:00Z")
    assert _post(form).status_code == 303


def test_what_was_written_stays_and_the_form_is_good_later(form: str, rates: Any, now: Any, reader: Client) -> None:
    rates(site=1)
    _post(form)
    answer = _post(form)
    assert (answer.status_code, "Too many have been sent" in answer.text) == (429, True)
    assert fields(answer)["text"].replace("\r", "") == COMMENT["text"]
    now.to("2030-05-01T07:00:00Z")
    sent = solved(reader.post(form, fields(answer) | {"another": "1"}))
    assert reader.post(form, sent).status_code == 303


def test_the_whole_site_in_an_hour(form: str, rates: Any) -> None:
    rates(site=2)
    assert [_post(form, f"203.0.113.{number}").status_code for number in range(3)] == [303, 303, 429]
    assert Comment.objects.count() == 2


def test_one_page_in_a_day(form: str, rates: Any, now: Any) -> None:
    rates(page=1)
    assert _post(form).status_code == 303
    now.to("2030-05-01T23:59:59Z")
    assert _post(form).status_code == 429
    now.to("2030-05-02T00:00:00Z")
    assert _post(form).status_code == 303


def test_a_refusal_of_one_limit_counts_in_no_other(form: str, rates: Any) -> None:
    rates(page=1)
    for _time in range(3):
        _post(form)
    assert sorted(Tally.objects.values_list("count", flat=True)) == [1, 1]


def test_neighbours_in_ipv6_are_one(db: None, now: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    make = RequestFactory()
    same = {limits.client_of(make.get("/", REMOTE_ADDR=f"2001:db8:1:2::{last}")) for last in ("1", "ffff", "a:b")}
    assert same == {"2001:db8:1:2::/64"}


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.9", "172.20.0.2", "fd00::1", "", "unix:"])
def test_behind_a_proxy_or_an_onion_service_nobody_is_counted_alone(form: str, rates: Any, address: str) -> None:
    rates(client=1, site=3)
    assert [_post(form, address).status_code for _time in range(4)] == [303, 303, 303, 429]


def test_a_header_makes_nobody_another(form: str, rates: Any) -> None:
    rates(client=1)
    assert _post(form).status_code == 303
    assert _post(form, headers={"X-Forwarded-For": "198.51.100.7"}).status_code == 429


def test_memory_holds_hashes_under_a_key_of_the_hour(db: None, now: Any) -> None:
    MEMORY.spend("comment", CLIENT, 5)
    first = (MEMORY._key, list(MEMORY._counts))
    now.to("2030-05-01T07:00:00Z")
    MEMORY.spend("comment", CLIENT, 5)
    second = (MEMORY._key, list(MEMORY._counts))
    assert first[0] != second[0]
    assert len(second[1]) == 1
    assert first[1] != second[1]
    assert CLIENT.encode() not in b"".join([*first[1], *second[1]])


def test_counts_that_are_over_go(form: str, now: Any) -> None:
    _post(form)
    now.to("2030-05-03T06:30:00Z")
    _post(form)
    assert {tally.begins.day for tally in Tally.objects.all()} == {3}
    assert Tally.objects.count() == 2


def test_words_are_rarer_than_pictures(form: str, monkeypatch: pytest.MonkeyPatch, reader: Client) -> None:
    monkeypatch.setitem(limits.RATES, "words", Rate(1, 100))
    statuses = []
    for _time in range(2):
        page = reader.post(form, fields(reader.get(form)) | COMMENT | {"words": "1"})
        statuses.append(reader.post(form, solved(page)).status_code)
    assert statuses == [303, 429]
    assert _post(form).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://other.example"},
        {"Origin": "http://testserver.other.example"},
        {"Origin": "http://testserver:8080"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    ],
)
def test_forms_of_other_sites_are_refused(form: str, headers: dict[str, str]) -> None:
    assert _post(form, headers=headers).status_code == 403
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}, {"Origin": "null"}, {"Sec-Fetch-Site": "none"}],
)
def test_our_own_are_not(form: str, headers: dict[str, str]) -> None:
    assert _post(form, headers=headers).status_code == 303


def test_nothing_large_is_read(form: str, reader: Client) -> None:
    answer = reader.post(form, solved(reader.get(form), **(COMMENT | {"text": "a" * 70_000})))
    assert (answer.status_code, Comment.objects.count()) == (413, 0)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods(form: str, reader: Client, method: str) -> None:
    assert getattr(reader, method)(form).status_code == 405


def test_forms_are_kept_by_no_cache_and_set_no_cookie(form: str, reader: Client) -> None:
    answer = reader.get(form)
    assert (answer["Cache-Control"], dict(answer.cookies)) == ("no-store", {})
