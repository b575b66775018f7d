"""What is refused in chapter 4 of the specification: booth."""

from sanduq.errors.base import Refused


class BallotOversize(Refused):
    """The ballot is longer than the questions allow."""

    step = "4.1"


class BallotMalformed(Refused):
    """The ballot cannot be read."""

    step = "4.2"


class BallotNotCanonical(Refused):
    """Written again from its values, the ballot differs."""

    step = "4.3"


class BallotOtherElection(Refused):
    """The ballot names another election."""

    step = "4.4"


class BallotOtherQuestions(Refused):
    """The ballot was made for another text of the election."""

    step = "4.5"


class CredentialUnknown(Refused):
    """The ballot's credential is not on the public list."""

    step = "4.6"


class BallotReplayed(Refused):
    """The very same ballot is already in the box."""

    step = "4.7"


class BallotShape(Refused):
    """The number of answers, choices or proofs is not what the questions say."""

    step = "4.8"


class AlphaIdentity(Refused):
    """A choice is encrypted without randomness: everybody can read it."""

    step = "4.9"


class AlphaRepeated(Refused):
    """Two choices share their randomness: everybody can compare them."""

    step = "4.10"


class IndividualProofInvalid(Refused):
    """The proof that a choice is 0 or 1 is wrong."""

    step = "4.11"


class OverallProofInvalid(Refused):
    """The proof that the choices are within the question's bounds is wrong."""

    step = "4.12"


class BlankProofInvalid(Refused):
    """The proof about the blank vote is wrong."""

    step = "4.13"


class SignatureHashInvalid(Refused):
    """The signed hash is not the hash of the ballot."""

    step = "4.14"


class SignatureInvalid(Refused):
    """The ballot's signature is wrong."""

    step = "4.15"


class ChallengeMismatch(Refused):
    """The challenged ballot does not contain what it says."""

    step = "4.16"


class SealSpent(Refused):
    """The sealed ballot was used already."""

    step = "4.17"


class ChoiceInvalid(Refused):
    """The choices are not allowed by the question."""

    step = "4.18"
