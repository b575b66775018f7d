"""Does the ballot of a receipt stand where the box said? (spec 5.3)"""

from __future__ import annotations

from pathlib import Path

from sanduq import errors
from sanduq.algebra.numbers import sha256_b64
from sanduq.archive.events import Kind
from sanduq.archive.reader import ArchiveReader
from sanduq.booth.ballot import read_ballot
from sanduq.box.receipt import Receipt
from sanduq.question.election import Election, read_election


def find_receipt(path: Path, receipt: Receipt) -> bool:
    """Refuse unless the archive has the ballot at that height with that event; gives whether a later one of its credential
    counts.
    """
    election: Election | None = None
    credential: str | None = None
    later = False
    with path.open("rb") as file:
        for entry in ArchiveReader(file, stop_at_tail=True):
            if entry.event.kind is Kind.SETUP:
                election = read_election(entry.data[0])
            if entry.event.kind is not Kind.BALLOT or election is None:
                continue
            if entry.event.height == receipt.height:
                got = (entry.hash, sha256_b64(entry.data[0]))
                expected = (receipt.event, receipt.tracker)
                errors.require(
                    errors.ReceiptInvalid, got == expected, "another ballot stands there", expected=expected, got=got
                )
                credential = read_ballot(entry.data[0], election).credential
            elif credential is not None:
                later = later or credential.encode() in entry.data[0][:400]
    if credential is None:
        raise errors.ReceiptInvalid("there is no ballot at this height", got=receipt.height)
    return later
