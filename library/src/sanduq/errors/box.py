"""What is refused in chapter 5 of the specification: box."""

from sanduq.errors.base import Refused


class BoxNotOpen(Refused):
    """The box takes no ballots now."""

    step = "5.1"


class BallotSuperseded(Refused):
    """A later ballot of the same credential is already in the box."""

    step = "5.2"


class ReceiptInvalid(Refused):
    """The receipt is not one of this box for this ballot."""

    step = "5.3"


class BoxSuspended(BoxNotOpen):
    """The supervisor has suspended the vote."""

    step = "5.4"
