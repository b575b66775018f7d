"""What is refused in chapter 8 of the specification: watch."""

from sanduq.errors.base import Refused


class AnchorMismatch(Refused):
    """The setup is not the one that was announced."""

    step = "8.1"


class AreaMissing(Refused):
    """An area of the setup has no archive."""

    step = "8.2"


class AreaExtra(Refused):
    """There is an archive that the setup does not know."""

    step = "8.3"


class AreaTwice(Refused):
    """An area has more than one archive."""

    step = "8.4"


class AreaOtherSetup(Refused):
    """An area's election is not the one that the setup gives."""

    step = "8.5"


class AreaRoll(Refused):
    """An area's roll is not the one of the setup."""

    step = "8.6"


class AreaTrustees(Refused):
    """An area's trustees are not those of the setup."""

    step = "8.7"


class JournalMalformed(Refused):
    """The journal cannot be read."""

    step = "8.8"


class JournalChain(Refused):
    """The journal's chain is broken."""

    step = "8.9"


class JournalOrder(Refused):
    """The journal's acts are not in an order that the calendar allows."""

    step = "8.10"


class JournalMismatch(Refused):
    """The journal says something else than the archives."""

    step = "8.11"


class FingerprintMismatch(Refused):
    """The fingerprints are not those of the archives."""

    step = "8.12"


class RecordMalformed(Refused):
    """The record's folder holds something that does not belong there."""

    step = "8.13"


class NotFinal(Refused):
    """The record is not final yet."""

    step = "8.14"


class NotAnExtension(Refused):
    """The newer copy does not extend the older one."""

    step = "8.15"


class ActUnsigned(Refused):
    """An act that needs the supervisor's signature has none."""

    step = "8.16"


class ActSignature(Refused):
    """A signature under an act is not the supervisor's, or is of another act, place or time."""

    step = "8.17"


class SuspensionBroken(Refused):
    """An archive has grown while the vote was suspended."""

    step = "8.18"
