"""Debian's Chromium, and a camera that sees the code of a letter."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import segno
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = os.environ.get("SANDUQ_CHROMIUM", "/usr/bin/chromium")
QUIET = [
    *["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-default-browser-check"],
    *["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-domain-reliability"],
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
OURS = {"127.0.0.1", "localhost"}
_WIDTH, _HEIGHT = 640, 480


@contextmanager
def chromium(folder: Path, on_camera: str) -> Iterator[Browser]:
    """One browser for all. Afterwards its own log of the network must name no other machine that a page of ours asked for."""
    log, film = folder / "network.json", folder / "camera.y4m"
    film.write_bytes(_film(on_camera))
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    arguments = [*QUIET, *camera, f"--log-net-log={log}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments, headless=True)
        try:
            yield browser
        finally:
            browser.close()
    asked = _hosts(log)
    assert asked == OURS, f"the browser asked {sorted(asked - OURS)}"


def _hosts(log: Path) -> set[str]:
    """The hosts that pages and workers asked for, by Chromium's log. What it asks for itself has no page as initiator."""
    found = set()
    for event in json.loads(log.read_text("utf-8"))["events"]:
        values = event.get("params", {})
        parts = urlsplit(str(values.get("url", "")))
        if parts.scheme in ("http", "https", "ws", "wss") and str(values.get("initiator", "")).startswith("http"):
            found.add(parts.hostname or "")
    return found


def _film(text: str) -> bytes:
    """Frames that show the code of a text, as in a letter: dark on light, with its margin."""
    rows = [list(row) for row in segno.make_qr(text, error="m").matrix_iter(scale=1, border=4)]
    scale = _HEIGHT // len(rows)
    left = (_WIDTH - scale * len(rows)) // 2
    light = bytearray([235]) * (_WIDTH * _HEIGHT)
    for y, row in enumerate(rows):
        line = b"".join((b"\x10" if dark else b"\xeb") * scale for dark in row)
        for repeat in range(scale):
            start = (y * scale + repeat) * _WIDTH + left
            light[start : start + len(line)] = line
    frame = b"FRAME\n" + bytes(light) + bytes([128]) * (_WIDTH * _HEIGHT // 2)
    return f"YUV4MPEG2 W{_WIDTH} H{_HEIGHT} F10:1 Ip A1:1 C420\n".encode() + 5 * frame
