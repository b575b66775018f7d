"""The booth's origin: the built files with strict headers, and nothing beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sanduq import errors
from sanduq_web.booth_site import booth_site

API = "http://localhost:8000"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html>")
    (built / "config.json").write_text('{"api":"http://elsewhere.example"}')
    (built / "assets" / "x.js").write_text("1")
    (tmp_path / "secret").write_text("secret")
    return built


def _get(folder: Path, path: str, method: str = "GET", **environ: str) -> tuple[str, dict[str, str], bytes]:
    said: list[tuple[str, list[tuple[str, str]]]] = []
    site = booth_site(folder, API)
    body = b"".join(site({"PATH_INFO": path, "REQUEST_METHOD": method, **environ}, lambda *got: said.append(got)))
    ((status, headers),) = said
    assert len(headers) == len(dict(headers))
    return status, dict(headers), body


@pytest.mark.parametrize(
    ("path", "kind", "body"),
    [
        ("/", "text/html; charset=utf-8", b"<!doctype html>"),
        ("/index.html", "text/html; charset=utf-8", b"<!doctype html>"),
        ("/assets/x.js", "text/javascript; charset=utf-8", b"1"),
    ],
)
def test_the_files(folder: Path, path: str, kind: str, body: bytes) -> None:
    status, headers, got = _get(folder, path)
    assert (status, headers["Content-Type"], got) == ("200 OK", kind, body)
    assert _get(folder, path, "HEAD")[2] == b""


def test_the_configuration_is_the_server_s_own(folder: Path) -> None:
    assert json.loads(_get(folder, "/config.json")[2]) == {"api": API}


@pytest.mark.parametrize("path", ["/", "/assets/x.js", "/nothing"])
def test_headers_stand_on_everything_and_there_is_no_cookie(folder: Path, path: str) -> None:
    _, headers, _ = _get(folder, path, HTTP_COOKIE="a=b")
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert (policy["script-src"], policy["connect-src"]) == ("'self'", f"'self' {API}")
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize(
    "path", ["/../secret", "/assets/../../secret", "//secret", "/assets", "/assets/", "/%2e%2e/secret", "/x"]
)
def test_nothing_else_is_there(folder: Path, path: str) -> None:
    assert _get(folder, path)[0] == "404 Not Found"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", ""])
def test_nothing_can_be_sent(folder: Path, method: str) -> None:
    assert _get(folder, "/", method)[0] == "405 Method Not Allowed"


@pytest.mark.parametrize(
    "api",
    [
        "",
        "localhost",
        "ftp://x.example",
        "http://",
        "http://x.example/path",
        "http://x.example?q",
        "http://a:b@x.example",
        "http://x.example:port",
        "http://x.example; script-src *",
        "http://x.example#f",
    ],
)
def test_an_api_that_is_no_origin(folder: Path, api: str) -> None:
    with pytest.raises(errors.Unusable, match="not the origin of a vote site"):
        booth_site(folder, api)


def test_a_folder_without_a_booth(tmp_path: Path) -> None:
    with pytest.raises(errors.Unusable, match="no built booth"):
        booth_site(tmp_path, API)
