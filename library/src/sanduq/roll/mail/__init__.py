"""Credential mail: texts from the commission's templates, a journal that survives a kill, and the pace (no network here)."""

from sanduq.roll.mail.journal import Journal, State, Told, opened
from sanduq.roll.mail.sending import Answer, Lost, Pace, Queued, Transport, send_all
from sanduq.roll.mail.template import Address, Template, check_address, compose, read_sender, read_template

__all__ = [
    "Address",
    "Answer",
    "Journal",
    "Lost",
    "Pace",
    "Queued",
    "State",
    "Template",
    "Told",
    "Transport",
    "check_address",
    "compose",
    "opened",
    "read_sender",
    "read_template",
    "send_all",
]
