"""Reading and writing ``.bel`` archives: records, events, JSON, the chain. What the records mean is the business of the
words.
"""

from sanduq.archive.events import Event, Kind, Owned, SetupData, Sized
from sanduq.archive.reader import ArchiveReader, Entry
from sanduq.archive.writer import (
    Head,
    append,
    create,
    cut_unfinished_tail,
    event_records,
    head_of,
    locked,
    replace,
    setup_records,
)

__all__ = [
    "ArchiveReader",
    "Entry",
    "Event",
    "Head",
    "Kind",
    "Owned",
    "SetupData",
    "Sized",
    "append",
    "create",
    "cut_unfinished_tail",
    "event_records",
    "head_of",
    "locked",
    "replace",
    "setup_records",
]
