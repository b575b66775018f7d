"""The hints that a box writes beside its archive (spec 0.e): accepting a ballot computes them anyway.

They save whoever verifies the archive most of the time, and are never trusted. So the box does not wait until they are on the
disk, and if they cannot be written it takes ballots all the same.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from sanduq.archive.hints import HEADER, HintsFile, header


class HintsTail:
    """The file of hints of an archive that ballots are appended to, for who holds the archive's lock.

    Opening it makes it fit: an archive that was cut back takes its last hints with it, ballots without hints get zeros, and a
    file that is none of this archive is begun anew. (The hints of the roll's keys are left to ``sanduq watch hints``: a box is
    to open at once.)
    """

    def __init__(self, path: Path, setup_event: str, record: int, ballots: int) -> None:
        self._record = record
        self._start = HEADER
        self._descriptor: int | None = None
        try:
            self._open(path, setup_event, ballots)
        except OSError:
            self.close()

    def _open(self, path: Path, setup_event: str, ballots: int) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        with os.fdopen(os.dup(self._descriptor), "rb") as file:
            found = HintsFile(file, setup_event, self._record)
        if found.problem is not None:
            beginning = header(setup_event, self._record)
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, beginning, 0)
            self._start = len(beginning)
        else:
            self._start = found.start
        # First to the whole records that are there, then with zeros up to the ballots that are.
        os.ftruncate(self._descriptor, self._start + min(found.count, ballots) * self._record)
        os.ftruncate(self._descriptor, self._start + ballots * self._record)

    def put(self, number: int, records: Sequence[bytes]) -> None:
        """The hints of ballots ``number`` (from 0), ``number + 1``, … of the archive; after a failure, none any more."""
        if self._descriptor is None:
            return
        try:
            rest, place = memoryview(b"".join(records)), self._start + number * self._record
            while rest:
                done = os.pwrite(self._descriptor, rest, place)
                rest, place = rest[done:], place + done
        except OSError:
            self.close()

    def close(self) -> None:
        """Let go of the file."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)
