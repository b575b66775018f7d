"""The second proofs that stand beside an archive (spec 7.17)."""

from __future__ import annotations

from sanduq import errors
from sanduq.box.record import Record
from sanduq.count.binding import Binding, Bindings, read_file
from sanduq.count.report import ArchiveReport
from sanduq.question.setup import CountingArea


def check_bindings(record: Record, area: CountingArea, report: ArchiveReport) -> int:
    """Every decryption in the archive has its second proof, if the setup asks for them; those that are there are right (7.17).

    Gives the number of decryptions that have one.
    """
    proofs = read_bindings_of(record, area)
    done = report.decryptions
    if record.setup.bindings:
        missing = sorted(set(done) - set(proofs))
        errors.require(errors.BindingInvalid, not missing, "no proof", got=f"trustees {missing}")
    # Before the decryptions stand in the archive their proofs may be there already: they are written first.
    extra = sorted(set(proofs) - set(done)) if done else []
    errors.require(errors.BindingInvalid, not extra, "a proof of no decryption", got=f"trustees {extra}")
    keys = report.trustees.keys
    for owner in sorted(set(done) & set(proofs)):
        try:
            Binding(report.election, report.sums, keys[owner - 1]).check(done[owner], proofs[owner])
        except errors.Refused as refusal:
            raise refusal.within(f"trustee {owner}") from None
    return len(set(done) & set(proofs))


def read_bindings_of(record: Record, area: CountingArea) -> dict[int, Bindings]:
    """The second proofs that stand beside an area's archive, by owner."""
    data = record.proofs_bytes(area)
    try:
        return {} if data is None else read_file(data)
    except errors.Refused as refusal:
        raise refusal.within("second proofs") from None
