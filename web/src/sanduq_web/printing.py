"""Pages as PDF, by WeasyPrint, which needs the system's Pango: where that is missing, everything else works.

A long page takes many seconds of a processor, so it is made by a process of its own (:mod:`sanduq_web.printer`), which never
holds up this one and is given none of its secrets.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from sanduq_web import printer

SECONDS: Final = 240
"""How long a PDF may take, on a machine that has other things to do."""
_PASSED_ON: Final = ("PATH", "HOME", "PYTHONPATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME", "XDG_DATA_DIRS")


class Missing(Exception):
    """WeasyPrint, or a library of the system that it needs, is not here; says which."""


class Failed(Exception):
    """The process that was to make a PDF did not; says how it ended."""


def _environment() -> Mapping[str, str]:
    """What the printer is told: where programs and fonts are, nothing else. One seed, so one page has one PDF."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return passed | {"LANG": "C.UTF-8", "PYTHONHASHSEED": "0"}


def _run(html: str, *arguments: str) -> bytes:
    command = [sys.executable, "-P", "-m", printer.__name__, *arguments]
    try:
        done = subprocess.run(  # noqa: S603  # our own module
            command, input=html.encode(), capture_output=True, env=_environment(), timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"took more than {SECONDS} s") from None
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
    if done.returncode == printer.MISSING:
        raise Missing(*said)
    # What it said may quote the page; how it ended says enough.
    raise Failed(f"ended with {done.returncode}")


@lru_cache(maxsize=1)
def version() -> str:
    """Which WeasyPrint is here; :class:`Missing` if none is, which is asked anew each time."""
    return _run("", "--version").decode()


def can_print() -> bool:
    """Whether PDFs can be made on this machine."""
    return _can_print()


@lru_cache(maxsize=1)
def _can_print() -> bool:
    try:
        version()
    except (Missing, Failed):
        return False
    return True


def render(html: str) -> bytes:
    """The PDF of a whole page; :class:`Missing` or :class:`Failed`."""
    return _run(html)


def render_sizes(html: str, sheets: Sequence[str]) -> list[bytes]:
    """The PDFs of a whole page, one with each sheet; fonts and pictures are in the page as data. Raises as :func:`render`."""
    answer = _run(json.dumps({"html": html, "sheets": list(sheets)}), "--sizes")
    made = []
    while answer:
        size = int.from_bytes(answer[:8], "big")
        made.append(answer[8 : 8 + size])
        answer = answer[8 + size :]
    if len(made) != len(sheets):
        raise Failed("ended early")
    return made


def forget() -> None:
    """What is known of this machine, for tests."""
    version.cache_clear()
    _can_print.cache_clear()
