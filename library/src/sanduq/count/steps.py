"""Writing the count into an archive: the encrypted sum, then decryptions and result (spec 7.e).

Each step starts from an :class:`ArchiveReport`, so what is counted was verified just before; and under the archive's lock it
is seen that the archive is still the one that was verified.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive.events import Kind, Owned, Sized
from sanduq.archive.writer import Head, append, cut_unfinished_tail, event_records, head_of, locked, write_durably
from sanduq.count.decryption import PartialDecryption, check_decryption
from sanduq.count.report import ArchiveReport
from sanduq.count.result import Result, check_result, combine, open_sums, result_bytes
from sanduq.count.tally import tally_bytes


@contextmanager
def _at_head(path: Path, report: ArchiveReport) -> Iterator[tuple[BinaryIO, Head]]:
    with locked(path) as file:
        reader, _ = cut_unfinished_tail(file)
        if reader.head != report.head:
            raise errors.HeadMismatch("the archive has changed since it was verified", expected=report.head, got=reader.head)
        yield file, head_of(reader)


def cut_back(path: Path) -> None:
    """Cut off what an interrupted step has left at an archive's end, so that the step can be taken again."""
    with locked(path) as file:
        cut_unfinished_tail(file)


def append_sum(path: Path, report: ArchiveReport) -> Head:
    """Append the encrypted sum of a closed archive."""
    if report.phase != "closed":
        raise errors.EventOrder("only a closed vote is summed", got=report.phase)
    tally = tally_bytes(report.sums)
    sized = Sized(report.counted, report.total_weight, sha256_hex(tally)).to_bytes()
    with _at_head(path, report) as (file, head):
        return append(file, head, Kind.ENCRYPTED_TALLY, [tally, sized])


def open_result(report: ArchiveReport, decryptions: Mapping[int, PartialDecryption]) -> Result:
    """Check the trustees' decryptions (by owner) and open the sums; writes nothing."""
    if report.phase != "counting":
        raise errors.EventOrder("only an encrypted sum without result is opened", got=report.phase)
    keys = report.trustees.keys
    for owner, decryption in decryptions.items():
        if not 1 <= owner <= len(keys):
            raise errors.DecryptionOwner(expected=f"1 to {len(keys)}", got=owner)
        try:
            check_decryption(decryption, report.sums, report.election, keys[owner - 1])
        except errors.Refused as refusal:
            raise refusal.within(f"trustee {owner}") from None
    factors = combine(report.trustees, {owner: decryption.factors for owner, decryption in decryptions.items()})
    result = open_sums(report.sums, factors, report.total_weight)
    check_result(result, report.sums, factors)
    return result


def append_result(path: Path, report: ArchiveReport, decryptions: Mapping[int, PartialDecryption]) -> tuple[Result, Head]:
    """:func:`open_result`, then append decryptions and result, all with one write.

    Of a write that was interrupted, whole decryptions may stand there already: they are not written twice.
    """
    result = open_result(report, decryptions)
    with _at_head(path, report) as (file, head):
        parts = []
        for owner in sorted(set(decryptions) - set(report.decryptions)):
            data = decryptions[owner].to_bytes()
            owned = Owned(owner, sha256_hex(data)).to_bytes()
            content, head = event_records(head, Kind.PARTIAL_DECRYPTION, [data, owned])
            parts.append(content)
        content, head = event_records(head, Kind.RESULT, [result_bytes(result)])
        write_durably(file, b"".join([*parts, content]))
    return result, head
