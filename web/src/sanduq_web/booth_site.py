"""The booth's own origin: its built files and nothing else. No cookie, no database, no log of requests, no third party.

The files are read once, so what is handed out is what was hashed at the start. Any other server of files will do as well, with
the headers of ``booth/README.md``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from sanduq import errors

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_LARGEST: Final = 16 << 20
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; worker-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; connect-src 'self' {api}"
)
_HEADERS: Final = (
    ("Cache-Control", "no-cache"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)

Start = Callable[[str, list[tuple[str, str]]], object]


def booth_site(folder: Path, api: str) -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    """A WSGI application for a built booth that speaks to the vote site at ``api`` (scheme, host, port).

    Raises :class:`errors.Unusable` for a folder without a booth, and for an ``api`` that is more than an origin.
    """
    files = _read(folder)
    files["config.json"] = json.dumps({"api": _origin(api)}).encode()
    headers = [*_HEADERS, ("Content-Security-Policy", _POLICY.format(api=_origin(api)))]

    def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        name = str(environ.get("PATH_INFO", "")).lstrip("/") or "index.html"
        content, method = files.get(name), environ.get("REQUEST_METHOD")
        if method not in ("GET", "HEAD"):
            status, content, kind = "405 Method Not Allowed", b"", "text/plain"
        elif content is None:
            status, content, kind = "404 Not Found", b"there is no such file\n", "text/plain"
        else:
            status, kind = "200 OK", _TYPES.get(Path(name).suffix, "application/octet-stream")
        start(status, [*headers, ("Content-Type", kind), ("Content-Length", str(len(content)))])
        return [content] if method == "GET" else []

    return application


def _read(folder: Path) -> dict[str, bytes]:
    if not (folder / "index.html").is_file():
        raise errors.Unusable(f"{folder}: no built booth", hint="scripts/booth.sh build makes booth/dist")
    paths = [path for path in folder.rglob("*") if path.is_file()]
    if sum(path.stat().st_size for path in paths) > _LARGEST:
        raise errors.Unusable(f"{folder}: more than {_LARGEST >> 20} MiB: not a built booth")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _origin(api: str) -> str:
    parts = urlsplit(api)
    try:
        port = parts.port
    except ValueError:
        port = -1
    plain = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or not plain
        or port == -1
        or set(parts.netloc) & set(" ;,'\"")
    ):
        raise errors.Unusable(f"not the origin of a vote site: {api}", hint="https://vote.example")
    return f"{parts.scheme}://{parts.netloc}"
