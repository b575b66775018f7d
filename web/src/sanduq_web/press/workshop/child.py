"""A process of the workshop: what it is told of this one, and what it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from sanduq_web import dates
from sanduq_web.disc.build import end
from sanduq_web.press.models.editions import MOST_LOG

_GRACE: Final = 15.0
_NOT_PASSED_ON: Final = frozenset({"SANDUQ_PRESS_SECRET", "SANDUQ_SMTP", "SANDUQ_DATABASE", "SANDUQ_BOX_KEY"})
"""What making pages needs not: the press site's secret, and what is the vote site's where both have one environment."""
_MAIL: Final = "SANDUQ_PRESS_SMTP"
_NOT_SHOWN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def environment() -> dict[str, str]:
    """That of the process. It makes pages, so it knows the database; whether mail can be sent, but not with which password."""
    given = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}
    if given.get(_MAIL):
        parts = urlsplit(given[_MAIL])
        given[_MAIL] = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return given | {"SANDUQ_PRESS_MEDIA": str(Path(settings.MEDIA_ROOT).resolve()), "PYTHONUNBUFFERED": "1"}


@contextmanager
def running(command: Sequence[str], log: Path, lock: int | None) -> Iterator[subprocess.Popen[bytes]]:
    """The process, with its words at the end of a file; after the block, neither it nor what it began goes on."""
    with log.open("ab") as into:
        process = subprocess.Popen(  # noqa: S603  # our own command
            command, env=environment(), stdin=subprocess.DEVNULL, stdout=into, stderr=subprocess.STDOUT,
            start_new_session=True, pass_fds=() if lock is None else (lock,),
        )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            end(process, _GRACE)


def end_of(log: Path) -> str:
    """The last words of a log, however long it is."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 4 * MOST_LOG))
            return plain(file.read(4 * MOST_LOG).decode(errors="replace"))
    except OSError as error:
        return f"{log}: {error.strerror}\n"


def plain(text: str) -> str:
    """The end of a text, without what steers terminals or turns directions."""
    return _NOT_SHOWN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))[-MOST_LOG:]


def free(folder: Path) -> str:
    """How much the disk of a folder still takes."""
    return dates.size(shutil.disk_usage(folder).free, "en")
