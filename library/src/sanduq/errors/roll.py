"""What is refused in chapter 1 of the specification: roll."""

from sanduq.errors.base import Refused


class RollMalformed(Refused):
    """The public list is not a list of public credentials with or without weights."""

    step = "1.1"


class RollDuplicate(Refused):
    """A public credential stands on the list twice."""

    step = "1.2"


class RollKeyIdentity(Refused):
    """A public credential is the identity: anybody can sign for it."""

    step = "1.3"


class RollWeight(Refused):
    """A weight is out of range, or only some voters have one."""

    step = "1.4"


class CertificateMalformed(Refused):
    """The certificate of the credentials cannot be read."""

    step = "1.5"


class CertificateMismatch(Refused):
    """The certificate of the credentials is for another election or another list."""

    step = "1.6"


class CertificateInvalid(Refused):
    """The signature under the certificate of the credentials is wrong."""

    step = "1.7"


class CredentialMalformed(Refused):
    """This is no credential."""

    step = "1.8"


class ReservesMalformed(Refused):
    """The register of reserve credentials is not made of lines of its form."""

    step = "1.9"


class ReservesChain(Refused):
    """A line of the register of reserve credentials does not follow from the one before."""

    step = "1.10"


class ReserveUnknown(Refused):
    """The register of reserve credentials gives out what is no reserve, or twice, or for what is not on the list."""

    step = "1.11"


class ReserveUsed(Refused):
    """A ballot is in the box by a reserve credential that was given to nobody."""

    step = "1.12"
