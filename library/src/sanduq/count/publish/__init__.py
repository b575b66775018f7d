"""A result in the forms that others read: tidy CSV for journalists, NIST SP 1500-100 for machines (spec 7.g).

Everything here is pure and starts from what was verified: the setup, one :class:`~sanduq.count.outcome.AreaTally` for each
counting area, and the outcome. Nothing is decided here.
"""

from sanduq.count.publish.csvs import COLUMNS, tidy_csv, tidy_rows
from sanduq.count.publish.nist import STATUSES, nist_report

__all__ = ["COLUMNS", "STATUSES", "nist_report", "tidy_csv", "tidy_rows"]
