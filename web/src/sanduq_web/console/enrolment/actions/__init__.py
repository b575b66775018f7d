"""Verbs of the register."""

from sanduq_web.console.enrolment.actions.deciding import agree, dispute, give_opinion
from sanduq_web.console.enrolment.actions.destroying import check_destroyable, destroy, is_due
from sanduq_web.console.enrolment.actions.files import (
    into_force,
    open_register,
    receive,
    register,
    set_destruction,
    throw_away,
)
from sanduq_web.console.enrolment.actions.handing_over import (
    ask_for_export,
    bring_list,
    give_reserve,
    remove_list,
    second_reserve,
    take_back_reserve,
)
from sanduq_web.console.enrolment.actions.opening import close_registration, set_recipients, show_registration

__all__ = [
    "agree", "ask_for_export", "bring_list", "check_destroyable", "close_registration", "destroy", "dispute", "give_opinion",
    "give_reserve", "into_force", "is_due", "open_register", "receive", "register", "remove_list", "second_reserve",
    "set_destruction", "set_recipients", "show_registration", "take_back_reserve", "throw_away",
]  # fmt: skip
