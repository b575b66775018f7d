"""What is refused in chapter 0 of the specification: foundations."""

from sanduq.errors.base import Refused


class MalformedJson(Refused):
    """Not JSON of the form expected."""

    step = "0.1"


class NotCanonical(Refused):
    """Written again from its values, the text differs."""

    step = "0.2"


class ScalarNotReduced(Refused):
    """A number modulo q is q or more."""

    step = "0.3"


class PointInvalid(Refused):
    """The digits are no point of the curve."""

    step = "0.4"


class PointOutsideGroup(Refused):
    """A point has a component of small order."""

    step = "0.5"


class Truncated(Refused):
    """The file ends in the middle of something."""

    step = "0.6"


class TarHeader(Refused):
    """A record's header or padding is not the one form that the format gives."""

    step = "0.7"


class RecordName(Refused):
    """A record's name has none of the known forms."""

    step = "0.8"


class ArchiveHeader(Refused):
    """The archive's first record is wrong, or a later record bears another time."""

    step = "0.9"


class RecordOversize(Refused):
    """A record is longer than its place allows."""

    step = "0.10"


class RecordHash(Refused):
    """A record's name is not the SHA-256 of its content."""

    step = "0.11"


class EventParent(Refused):
    """An event's parent is not the event before it."""

    step = "0.12"


class EventHeight(Refused):
    """An event's height is not one more than that of the event before."""

    step = "0.13"


class EventPayload(Refused):
    """An event brings other records than its kind does, or names other ones."""

    step = "0.14"


class EventOrder(Refused):
    """An event stands where it may not stand."""

    step = "0.15"
