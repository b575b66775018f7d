"""What a trustee refuses to decrypt (spec 7.d): a trustee must never become an oracle that opens one ballot.

The same trustees hold the key of all areas, and a decryption factor is good for whatever ciphertext it was made from. Whoever
could have an "encrypted tally" of his own making decrypted could put a single voter's ciphertext into it. So before a
trustee's key touches anything, the archive has been verified whole (``watch`` does that and calls this), and then:

* the election must be one of the anchored setup (7.15),
* its head must be the one that the other trustees have (7.14): all decrypt the same,
* enough ballots must be in the sum, or none at all (7.12): a sum of few votes betrays them,
* and for one uuid only one encrypted sum is ever decrypted (7.13). That is remembered durably, beside the key, *before* the
  decryption leaves the trustee's hands.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sanduq import errors
from sanduq.archive import json
from sanduq.archive.writer import sync_folder, write_durably

_form = json.Form(errors.MalformedJson)


@dataclass(frozen=True)
class Request:
    """What a trustee is asked to decrypt: facts of an archive that was verified up to its encrypted tally."""

    uuid: str
    head: str
    counted: int
    tally_sha256: str


class Memory:
    """The encrypted sums that a trustee has decrypted, in a file beside the key (one JSON object a line)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def remember(self, *requests: Request) -> None:
        """Refuse another sum of the same election than before (7.13); else write them down, durably: all of them, or none."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            data = file.read()
            whole = data[: data.rfind(b"\n") + 1]
            known = self._known(whole)
            fresh = []
            for request in requests:
                before, tally = known.get(request.uuid), request.tally_sha256
                if before is None:
                    fresh.append(json.write({"uuid": request.uuid, "tally": tally}).encode() + b"\n")
                elif before != tally:
                    refusal = errors.AlreadyDecrypted(expected=before, got=tally)
                    raise refusal.within(f"election {request.uuid}")
            if len(whole) < len(data):
                os.ftruncate(file.fileno(), len(whole))
            if fresh:
                write_durably(file, b"".join(fresh))
        sync_folder(self.path.parent)

    def _known(self, data: bytes) -> dict[str, str]:
        """What was decrypted before. An unfinished last line is not in ``data``: nothing was given out for it."""
        known = {}
        for number, line in enumerate(data.split(b"\n")[:-1], 1):
            try:
                fields = _form.fields(json.read(line), ("uuid", "tally"))
                known[_form.text(fields["uuid"], "uuid")] = _form.hash(fields["tally"], "tally")
            except errors.Refused as refusal:
                raise refusal.within(f"{self.path.name}, line {number}: what was decrypted before") from None
        return known


def check_heads(request: Request, heads: Sequence[Mapping[str, str]]) -> None:
    """Every other trustee who told its heads has this archive (7.14)."""
    if not heads:
        raise errors.HeadMismatch("no other trustee's heads are given", hint="exchange the files of `sanduq count heads` first")
    for number, theirs in enumerate(heads, 1):
        got = theirs.get(request.uuid)
        try:
            errors.require(errors.HeadMismatch, got == request.head, expected=request.head, got=got)
        except errors.Refused as refusal:
            raise refusal.within(f"heads file {number}") from None


def check_minimum(request: Request, minimum: int) -> None:
    """Enough ballots, or none (7.12)."""
    enough = request.counted == 0 or request.counted >= minimum
    errors.require(errors.BelowMinimum, enough, expected=f"at least {minimum}", got=request.counted)


def read_heads(data: bytes) -> dict[str, str]:
    """A file of heads: uuid → hash of the archive's last event."""
    value = json.read(data)
    if not isinstance(value, dict):
        _form.fail_kind("heads", value)
    return {uuid: _form.hash(head, "head") for uuid, head in value.items()}
