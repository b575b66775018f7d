"""What is refused in chapter 9 of the specification: press."""

from sanduq.errors.base import Refused


class LetterMalformed(Refused):
    """This is no letter of the form expected."""

    step = "9.1"


class PressNotCanonical(Refused):
    """Written again from its values, the file differs."""

    step = "9.2"


class LetterText(Refused):
    """A text of the letter is empty, too long, or not plain."""

    step = "9.3"


class LetterMarkup(Refused):
    """A paragraph has markup that a letter may not have."""

    step = "9.4"


class CosignatureMalformed(Refused):
    """This is no signature of the form expected."""

    step = "9.5"


class CosignerText(Refused):
    """The name or the office of who signs is empty, too long, or not plain."""

    step = "9.6"


class CosignerKeyInvalid(Refused):
    """The key is no point of the curve, or not written in the one way."""

    step = "9.7"


class CosignerKeySmallOrder(Refused):
    """The key has a component of small order: one signature could stand under many texts."""

    step = "9.8"


class CosignatureOtherText(Refused):
    """The signature is of another text than this one."""

    step = "9.9"


class CosignatureInvalid(Refused):
    """The signature is not one of this key."""

    step = "9.10"


class CosignerTwice(Refused):
    """The same key has signed the letter twice."""

    step = "9.11"


class CosignerMissing(Refused):
    """A key that was asked for has not signed."""

    step = "9.12"


class PressKeyMalformed(Refused):
    """This is no secret key for letters."""

    step = "9.13"
