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
