"""What the log may say: a fault of ours, never a request. A path tells the area, and a log has times: together, a voter's."""

from __future__ import annotations

import logging


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


def briefly(error: Exception) -> str:
    """What went wrong, without what it went wrong with: PostgreSQL tells values of rows from its second line on."""
    return str(error).partition("\n")[0][:300]
