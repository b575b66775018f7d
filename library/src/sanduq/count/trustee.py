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
from sanduq.question.setup import canonical

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


@dataclass(frozen=True)
class Heads:
    """What a trustee (its owner number) found on its own copy: the hash of the last event of each verified area, by uuid."""

    owner: int
    heads: Mapping[str, str]

    def to_bytes(self) -> bytes:
        """The file to exchange."""
        return canonical({"owner": self.owner, "heads": self.heads})


def check_heads(request: Request, owner: int, others: Sequence[Heads], needed: int) -> None:
    """As many other trustees as are needed beside this one (``owner``) have told their heads, and have this archive (7.14)."""
    owners = [theirs.owner for theirs in others]
    hint = "exchange the files of `sanduq count heads` first"
    if owner in owners:
        raise errors.HeadMismatch("a file of heads is this trustee's own", got=f"trustee {owner}", hint=hint)
    if len(set(owners)) != len(owners):
        raise errors.HeadMismatch("two files of heads are of the same trustee", got=sorted(owners), hint=hint)
    if len(owners) < needed - 1:
        raise errors.HeadMismatch("other trustees' heads", expected=f"{needed - 1} or more", got=len(owners), hint=hint)
    for theirs in others:
        got = theirs.heads.get(request.uuid)
        try:
            errors.require(errors.HeadMismatch, got == request.head, expected=request.head, got=got)
        except errors.Refused as refusal:
            raise refusal.within(f"heads of trustee {theirs.owner}") from None


def check_minimum(request: Request, minimum: int) -> None:
    """Enough ballots, or none (7.12)."""
    enough = request.counted == 0 or request.counted >= minimum
    errors.require(errors.BelowMinimum, enough, expected=f"at least {minimum}", got=request.counted)


def read_heads(data: bytes) -> Heads:
    """A file of heads."""
    fields = _form.fields(json.read(data), ("owner", "heads"))
    if not isinstance(fields["heads"], dict):
        _form.fail_kind("heads", fields["heads"])
    heads = {uuid: _form.hash(head, "head") for uuid, head in fields["heads"].items()}
    return Heads(_form.number(fields["owner"], "owner", 1), heads)
