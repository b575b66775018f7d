"""What is refused in chapter 7 of the specification: count."""

from sanduq.errors.base import Refused


class CountWrong(Refused):
    """The number of counted ballots is wrong."""

    step = "7.1"


class WeightWrong(Refused):
    """The total weight of the counted ballots is wrong."""

    step = "7.2"


class EncryptedSumWrong(Refused):
    """The encrypted tally is not the product of the ballots that count."""

    step = "7.3"


class DecryptionMalformed(Refused):
    """A partial decryption cannot be read, or has another shape than the tally."""

    step = "7.4"


class DecryptionOwner(Refused):
    """A partial decryption belongs to no trustee."""

    step = "7.5"


class DecryptionTwice(Refused):
    """A trustee has decrypted twice."""

    step = "7.6"


class DecryptionProofInvalid(Refused):
    """The proof of a partial decryption is wrong."""

    step = "7.7"


class DecryptionsMissing(Refused):
    """There are fewer partial decryptions than the key needs."""

    step = "7.8"


class ResultMalformed(Refused):
    """The result cannot be read, or has another shape than the questions."""

    step = "7.9"


class ResultWrong(Refused):
    """The result is not what the decryptions give."""

    step = "7.10"


class TallyMalformed(Refused):
    """The encrypted tally cannot be read, or has another shape than the questions."""

    step = "7.11"


class BelowMinimum(Refused):
    """Too few ballots to be counted without betraying them."""

    step = "7.12"


class AlreadyDecrypted(Refused):
    """This trustee has decrypted another encrypted sum of this election before."""

    step = "7.13"


class HeadMismatch(Refused):
    """The archive is not the one that the other trustees have."""

    step = "7.14"


class NotInSetup(Refused):
    """The election is not one of the anchored setup."""

    step = "7.15"


class DecryptionsDisagree(Refused):
    """A trustee's decryption does not fit those of the others."""

    step = "7.16"


class BindingInvalid(Refused):
    """A decryption has no proof that binds the sum it is of, or a wrong one."""

    step = "7.17"


class TestMissing(Refused):
    """The vote is open, and the trustees have not decrypted the test sum that the setup reserves."""

    step = "7.18"


class TestWrong(Refused):
    """The test sum is not the one that follows from the setup."""

    step = "7.19"


class TestTrustee(Refused):
    """A trustee has not decrypted the test sum."""

    step = "7.20"
