"""What is refused in chapter 10 of the specification: disc."""

from sanduq.errors.base import Refused


class SumsMalformed(Refused):
    """This is no SHA256SUMS of the form expected."""

    step = "10.1"


class SumsPath(Refused):
    """A file has a name that an edition may not have."""

    step = "10.2"


class SumsOrder(Refused):
    """The paths do not stand in the order of their bytes, or one stands twice."""

    step = "10.3"


class SumsCollision(Refused):
    """Two names are one on some disks."""

    step = "10.4"


class MinisignMalformed(Refused):
    """This is no key or signature of minisign's form."""

    step = "10.5"


class SignaturePrehashed(Refused):
    """The signature is of minisign's prehashed form."""

    step = "10.6"


class EditionKeyInvalid(Refused):
    """The key is no point of the curve, or not written in the one way."""

    step = "10.7"


class EditionKeySmallOrder(Refused):
    """The key has a component of small order: one signature could stand under many texts."""

    step = "10.8"


class SignatureOtherKey(Refused):
    """The signature names another key."""

    step = "10.9"


class EditionSignatureInvalid(Refused):
    """The signature is not one of this key under these sums."""

    step = "10.10"


class EditionCommentInvalid(Refused):
    """The trusted comment is not the one that was signed."""

    step = "10.11"


class EditionComment(Refused):
    """The trusted comment does not name one edition."""

    step = "10.12"


class RenewalInvalid(Refused):
    """The new key is not signed by the older one."""

    step = "10.13"


class FileChanged(Refused):
    """A file is not the one that was signed."""

    step = "10.14"


class FileExtra(Refused):
    """A file is there that nobody has signed."""

    step = "10.15"


class EditionUnsigned(Refused):
    """No key that you trust has signed the edition."""

    step = "10.16"


class FileMissing(Refused):
    """A file that was signed is not there."""

    step = "10.17"


class DiscKeyMalformed(Refused):
    """This is no secret key for editions, or the passphrase is another one."""

    step = "10.18"
