"""Verbs of the roll: keeping a public list; and before there is one, taking in what people write, and deciding it."""

from sanduq_web.roll.actions.cases import MOST_BYTES, MOST_DOCUMENTS, Written, apply, decide, entered, forget_all, object_to
from sanduq_web.roll.actions.lists import keep, prefix_for
from sanduq_web.roll.actions.registrations import (
    add_look_ups,
    close,
    look_ups,
    registration,
    set_areas,
    set_destruction,
    set_recipients,
    show,
    strike,
    use_generation,
)

__all__ = [
    "MOST_BYTES", "MOST_DOCUMENTS", "Written", "add_look_ups", "apply", "close", "decide", "entered", "forget_all", "keep",
    "look_ups", "object_to", "prefix_for", "registration", "set_areas", "set_destruction", "set_recipients", "show", "strike",
    "use_generation",
]  # fmt: skip
