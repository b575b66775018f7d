"""Programs of the system that make editions: found, or named with the package that has them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sanduq import errors

_LAST: Final = 5
"""Lines of what a program says that are shown when it fails."""


def missing(what: str, use: str, install: str) -> errors.Unusable:
    """The error for something that is not installed: what it is for, and what to type."""
    return errors.Unusable(f"{what} is not installed, and {use}", hint=install)


def program(name: str, package: str, use: str) -> str:
    """The path of a program. Raises :class:`sanduq.errors.Unusable` with the package of Debian that has it."""
    found = shutil.which(name)
    if found is None:
        raise missing(name, use, f"apt-get install {package}")
    return found


def call(arguments: Sequence[str], **environment: str) -> str:
    """Run a program, without a shell; what it writes. In UTF-8 and UTC, whatever the caller's are, so that nothing depends on
    them. Raises :class:`sanduq.errors.Unusable` with its last words if it fails."""
    around = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", **environment}
    done = subprocess.run(  # noqa: S603  # no shell; our own options
        arguments, capture_output=True, check=False, env=around, encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL
    )
    if done.returncode:
        last = "\n".join(done.stderr.strip().splitlines()[-_LAST:])
        raise errors.Unusable(f"{Path(arguments[0]).name} failed ({done.returncode}): {last}")
    return done.stdout
