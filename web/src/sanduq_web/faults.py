"""What the log may say: a fault of ours, never a request. A path tells the area, and a log has times: together, a voter's."""

from __future__ import annotations

import logging
import traceback
from typing import Any


class WithoutRequest(logging.Filter):
    """Of what Django logs about a request only a fault's traceback is kept; refusals, and answers that we meant, are not."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is kept; what it says of the request is taken out."""
        if record.exc_info is None:
            return False
        record.msg, record.args = "an error of ours", ()
        record.__dict__.pop("request", None)
        return True


class WithoutAddress(logging.Filter):
    """Of what the server logs about a fault the traceback is kept, and not the address that somebody asked for."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always kept; what it says of a fault is taken out."""
        if record.exc_info is not None:
            record.msg, record.args = "an error of ours", ()
        return True


class Briefly(logging.Formatter):
    """Of a fault the way to it and its kind, never its own words: these may quote what somebody has sent, or a row."""

    def formatException(self, ei: Any) -> str:  # noqa: N802  # the name is logging's
        """Each exception of the chain, the first cause first."""
        told: list[str] = []
        error, seen = ei[1], set[int]()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            said = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
            told.insert(0, f"{''.join(traceback.format_tb(error.__traceback__))}{type(error).__qualname__}{said}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(told)


def briefly(error: Exception) -> str:
    """What went wrong, without what it went wrong with: PostgreSQL tells values of rows from its second line on."""
    return str(error).partition("\n")[0][:300]
