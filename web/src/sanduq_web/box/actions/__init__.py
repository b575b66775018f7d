"""What the box does: keeps archives, takes ballots, follows the calendar, publishes in steps."""

from sanduq_web.box.actions.asking import Said
from sanduq_web.box.actions.authentication import choose, keep_addresses, keep_pins
from sanduq_web.box.actions.casting import cast
from sanduq_web.box.actions.forgetting import forget_old
from sanduq_web.box.actions.holding import check_published, hold_all, resume
from sanduq_web.box.actions.keeping import extend, extend_journal, keep
from sanduq_web.box.actions.keys import key_of
from sanduq_web.box.actions.phases import close_vote, follow_calendar, open_vote
from sanduq_web.box.actions.publishing import complete_fingerprints, publish_all

__all__ = [
    "Said",
    "cast",
    "check_published",
    "choose",
    "close_vote",
    "complete_fingerprints",
    "extend",
    "extend_journal",
    "follow_calendar",
    "forget_old",
    "hold_all",
    "keep",
    "keep_addresses",
    "keep_pins",
    "key_of",
    "open_vote",
    "publish_all",
    "resume",
]
