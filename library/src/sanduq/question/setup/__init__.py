"""The setup of a referendum, frozen before opening (spec 2.b): its types, its canonical text, its strict reader."""

from sanduq.question.setup.information import Information, Side, check_information, hidden_in, joined, paragraphs
from sanduq.question.setup.reading import check_policy, check_supervisor, read_setup, read_time
from sanduq.question.setup.types import (
    BELOW_MINIMUM,
    FORMAT,
    TEST_NAME,
    Answer,
    Asked,
    Calendar,
    CountingArea,
    Setup,
    Supervisor,
    Texts,
    TrusteePolicy,
    canonical,
    names_of,
    require_canonical,
    setup_value,
)

__all__ = [
    "BELOW_MINIMUM",
    "FORMAT",
    "TEST_NAME",
    "Answer",
    "Asked",
    "Calendar",
    "CountingArea",
    "Information",
    "Setup",
    "Side",
    "Supervisor",
    "Texts",
    "TrusteePolicy",
    "canonical",
    "check_information",
    "check_policy",
    "check_supervisor",
    "hidden_in",
    "joined",
    "names_of",
    "paragraphs",
    "read_setup",
    "read_time",
    "require_canonical",
    "setup_value",
]
