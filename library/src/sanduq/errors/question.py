"""What is refused in chapter 2 of the specification: question."""

from sanduq.errors.base import Refused


class ElectionMalformed(Refused):
    """The election is not of the form of version 1."""

    step = "2.1"


class UnsupportedVersion(Refused):
    """The election is of another version of the protocol."""

    step = "2.2"


class UnsupportedGroup(Refused):
    """The election is over another group than Ed25519."""

    step = "2.3"


class UnsupportedQuestion(Refused):
    """A question is of a kind that sanduq does not speak."""

    step = "2.4"


class QuestionBounds(Refused):
    """A question's bounds make no sense."""

    step = "2.5"


class UuidInvalid(Refused):
    """A uuid is not 14 or more characters of base58."""

    step = "2.6"


class SetupMalformed(Refused):
    """The setup cannot be read."""

    step = "2.7"


class SetupNotCanonical(Refused):
    """The setup is not canonical JSON."""

    step = "2.8"


class SetupAreas(Refused):
    """The setup's areas contradict each other."""

    step = "2.9"


class SetupTexts(Refused):
    """A text is missing in one of the languages."""

    step = "2.10"


class RuleInvalid(Refused):
    """The rule of decision does not fit the questions or the areas."""

    step = "2.11"


class SetupInformation(Refused):
    """The information beside the question is too long, not plain, or gives its sides unequal space."""

    step = "2.12"


class SupervisorKeyInvalid(Refused):
    """The supervisor's key is no key that only one can sign with, or is the box's."""

    step = "2.13"


class TestUuid(Refused):
    """The uuid that is reserved for the test sum is one of an area."""

    step = "2.14"
