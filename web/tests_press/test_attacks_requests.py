"""Requests that no browser sends: each is refused in our words and with our headers, and no log tells its address."""

from __future__ import annotations

import io
import logging
from typing import Any
from urllib.parse import quote
from wsgiref.util import setup_testing_defaults

import pytest
from django.db import connection
from django.test import Client

from sanduq_web.press.wsgi import application
from talking import COMMENT, an_article, solved

HEX = "application/x-www-form-urlencoded; charset=hex"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "kind", [HEX, "multipart/form-data; boundary=a; charset=hex", "a/b;CHARSET*=utf-8''undefined", "a; charset=idna"]
)
def test_a_charset_that_is_none_breaks_nothing(site: Any, monkeypatch: Any, method: str, kind: str) -> None:
    # Each request of a real server may close the connection, in which PostgreSQL holds this test's rows.
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    told: list[Any] = []
    environ: Any = {
        "HTTP_HOST": "testserver",
        "REQUEST_METHOD": method,
        "PATH_INFO": "/en/enquiries/answer/",
        "QUERY_STRING": "q=a",
        "CONTENT_TYPE": kind,
    }
    setup_testing_defaults(environ)
    b"".join(application(environ, lambda status, headers, _=None: told.extend((status, dict(headers)))))
    assert told[0].partition(" ")[0] in ("200", "400", "422")
    assert told[1]["Referrer-Policy"] == "no-referrer"


def test_the_server_logs_faults_without_the_address() -> None:
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    server = logging.getLogger("waitress")
    server.addHandler(handler)
    try:
        raise OSError
    except OSError:
        server.exception("Exception while serving /en/what-she-reads/")
    server.warning("connection limit")
    server.removeHandler(handler)
    assert "what-she-reads" not in heard.getvalue()
    assert "OSError" in heard.getvalue() and "connection limit" in heard.getvalue()


@pytest.mark.parametrize("origin", ["http://[", "http://[x]/", "http://testserver@evil.example", "", "\u00ff"])
def test_an_origin_that_is_none_is_another_sites(site: Any, desk: Any, reader: Client, origin: str) -> None:
    assert reader.post("/en/enquiries/", {}, headers={"origin": origin}).status_code == 403


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "0", "-1"])
def test_a_number_that_no_page_has_is_not_there(site: Any, moderators: Any, reader: Client, number: str) -> None:
    page = an_article()
    for path in ("/en/comments/{}/", "/en/comments/{}/sent/", "/en/comments/report/{}/", "/a/{}", "/en/news/?page={}"):
        assert reader.get(path.format(number)).status_code == 404, path
    assert reader.get(f"/en/comments/{page.pk}/?to={number}").status_code == 200


def _as_postgresql(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Texts of PostgreSQL cannot hold NUL: whoever asks it for one gets an error."""
    assert "\0" not in str(params).replace("\\x00", "\0"), sql
    return execute(sql, params, many, context)


@pytest.mark.parametrize(
    "path",
    ["/\0", "/a/\0", "/en/\0/", "/en/\0/feed.xml", "/en/topics/\0/", "/en/topics/a\0/feed.xml", "/captcha/\0.png", "/media/\0"],
)
def test_a_path_with_nul_is_not_there(site: Any, reader: Client, path: str) -> None:
    with connection.execute_wrapper(_as_postgresql):
        assert reader.get(quote(path)).status_code == 404


def test_nor_does_a_field_with_nul_reach_the_database(site: Any, moderators: Any, now: Any, reader: Client) -> None:
    form = f"/en/comments/{an_article().pk}/"
    sent = solved(reader.get(form), **COMMENT)
    for name in sent:
        with connection.execute_wrapper(_as_postgresql):
            assert reader.post(form, sent | {name: "a\0"}).status_code in (303, 422), name
