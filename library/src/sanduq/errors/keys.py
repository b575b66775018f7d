"""What is refused in chapter 3 of the specification: keys."""

from sanduq.errors.base import Refused


class TrusteesMalformed(Refused):
    """The trustees cannot be read."""

    step = "3.1"


class NoTrustees(Refused):
    """There is no trustee at all: anybody can decrypt."""

    step = "3.2"


class TrusteeKeyIdentity(Refused):
    """A trustee's key, or a coefficient, is the identity: it protects nothing."""

    step = "3.3"


class TrusteeTwice(Refused):
    """The same key stands twice among the trustees."""

    step = "3.4"


class KeyProofInvalid(Refused):
    """A trustee's proof of knowledge of the secret key is wrong."""

    step = "3.5"


class ThresholdInvalid(Refused):
    """The threshold or the number of its parts does not fit."""

    step = "3.6"


class CertContext(Refused):
    """A trustee's certificate is for another group, size, threshold or index."""

    step = "3.7"


class CertSignature(Refused):
    """The signature of a trustee's certificate is wrong."""

    step = "3.8"


class CoefficientsSignature(Refused):
    """The signature under a trustee's coefficients is wrong."""

    step = "3.9"


class CertsSignature(Refused):
    """A trustee's signature under all certificates is wrong."""

    step = "3.10"


class VerificationKeyWrong(Refused):
    """A trustee's verification key is not what the coefficients give."""

    step = "3.11"


class VerificationKeySignature(Refused):
    """The signature of a trustee's verification key is wrong."""

    step = "3.12"


class ElectionKeyWrong(Refused):
    """The election's key is not the product of the trustees' keys."""

    step = "3.13"


class ElectionKeyIdentity(Refused):
    """The election's key is the identity: nothing is encrypted."""

    step = "3.14"


class SecretShareWrong(Refused):
    """A share sent by a trustee does not fit its public coefficients."""

    step = "3.15"


class MessageRefused(Refused):
    """An encrypted message cannot be opened, or is not signed by its sender for this recipient."""

    step = "3.16"


class CommitmentMismatch(Refused):
    """The coefficients are not those whose hash was exchanged first."""

    step = "3.17"


class SecretKeyMismatch(Refused):
    """A secret key does not belong to the public key at hand."""

    step = "3.18"


class TrusteePolicy(Refused):
    """The trustees do not fit the policy of the setup."""

    step = "3.19"
