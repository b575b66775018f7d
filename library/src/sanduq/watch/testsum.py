"""Verify the test sum of a record: it is the one of the setup, and every trustee has decrypted it (spec 7.h)."""

from __future__ import annotations

from sanduq import errors
from sanduq.archive.packed import is_there, open_archive
from sanduq.box.record import Record
from sanduq.count.report import ArchiveReport
from sanduq.count.testsum import area_of_test, check_is_test, missing_trustees
from sanduq.engine import Engine
from sanduq.watch.archive import verify_archive
from sanduq.watch.bindings import check_bindings

PLACE = "test sum"


def verify_test(record: Record, engine: Engine) -> ArchiveReport:
    """Verify the archive of the test, and that it is the one that follows from the setup (7.17, 7.19)."""
    area = area_of_test(record.setup, engine)
    try:
        with open_archive(record.archive(area)) as file:
            report = verify_archive(file, engine)
        check_is_test(record.setup, report, engine)
        check_bindings(record, area, report)
    except errors.Refused as refusal:
        raise refusal.within(PLACE) from None
    return report


def check_decrypted(report: ArchiveReport) -> None:
    """Every trustee has decrypted the test, and it has its result (7.20, 7.18)."""
    missing = missing_trustees(report.trustees, report.decryptions)
    errors.require(errors.TestTrustee, not missing, got="trustee " + ", ".join(missing))
    errors.require(errors.TestMissing, report.result is not None, expected="the result", got=report.phase)


def check_test(record: Record, engine: Engine, *, needed: bool) -> str | None:
    """Verify the test sum, if the setup reserves one; gives its head if it is complete, which it has to be if it is ``needed``.

    Before the opening it may be missing, or begun.
    """
    if record.setup.test_uuid is None:
        return None
    if not is_there(record.archive(area_of_test(record.setup, engine))):
        errors.require(errors.TestMissing, not needed, expected=f"test/{record.setup.test_uuid}.bel")
        return None
    report = verify_test(record, engine)
    if needed:
        check_decrypted(report)
    complete = report.result is not None and not missing_trustees(report.trustees, report.decryptions)
    return report.head if complete else None


def complete_test(record: Record, engine: Engine) -> str | None:
    """The head of the test sum, for the opening: it must be complete now (7.18 to 7.20); None where the setup reserves none."""
    return check_test(record, engine, needed=True)
