"""What the Venice Commission asks of a question and its rule, as far as a program can see it.

(Revised Code of Good Practice on Referendums, CDL-AD(2022)015.) Each remark names the part of the code. None of them stops
anything: a commission may have reasons, and gives them in its decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from sanduq.question.rule import Choice, Linked, Proposal
from sanduq.rehearse.plan import Plan
from sanduq_web import clock

LONG_QUESTION: Final = 300
"""Characters of a question beyond which a reader has to be asked whether it is clear."""
UNEQUAL: Final = 2
"""One answer is this many times as long as another: it looks as if one of them were the proper one."""
AHEAD: Final = timedelta(days=14)
"""The texts are with the voters at least so long before the vote."""
FEWEST_TRUSTEES: Final = 3


@dataclass(frozen=True)
class Remark:
    """Something to be looked at; ``good`` where the code is followed."""

    part: str
    text: str
    good: bool


def remarks(plan: Plan, now: str) -> list[Remark]:
    """All remarks on a draft."""
    return [*_questions(plan), *_rule(plan), *_information(plan, now), *_secrecy(plan)]


def _questions(plan: Plan) -> list[Remark]:
    found = []
    for question in plan.questions:
        name = question.text[plan.languages[0]]
        yes_no = len(question.answers) == 2 and question.blank
        found.append(Remark("I.3.1.c", _("“%s”: answered by one of two answers, or blank") % name, yes_no))
        longest = max(len(question.text[each]) for each in plan.languages)
        clear = _("“%(name)s”: %(count)d characters at most; a clear question has few") % {"name": name, "count": longest}
        found.append(Remark("I.3.1.c", clear, longest <= LONG_QUESTION))
        for language in plan.languages:
            lengths = [len(each.text[language]) for each in question.answers]
            if max(lengths) > UNEQUAL * max(1, min(lengths)) and max(lengths) > 12:
                told = _("“%(name)s”, %(language)s: one answer is much longer than another") % {
                    "name": name,
                    "language": language,
                }
                found.append(Remark("I.3.1.c", told, good=False))
    return found


def _rule(plan: Plan) -> list[Remark]:
    found = []
    for item in plan.rule.items:
        parts = item.proposals if isinstance(item, Linked) else (item,)
        turnout = any(each.turnout is not None for each in parts)
        approval = any(each.approval is not None for each in parts if isinstance(each, Proposal))
        found.append(Remark("III.7.a", _("“%s”: no turnout quorum") % item.id, not turnout))
        found.append(Remark("III.7.b", _("“%s”: no approval quorum") % item.id, not approval))
        if isinstance(item, Choice):
            told = _("“%s”: more than two texts at the same time, and only one of them chosen") % item.id
            found.append(Remark("III.3", told, good=False))
    return found


def _information(plan: Plan, now: str) -> list[Remark]:
    there = plan.information is not None
    found = [Remark("I.3.1.d", _("A neutral explanation, and both sides in equal space"), there)]
    early = clock.moment(now) + AHEAD <= clock.moment(plan.calendar.opens)
    found.append(Remark("I.3.1.d", _("The texts are frozen two weeks or more before the vote opens"), early))
    return found


def _secrecy(plan: Plan) -> list[Remark]:
    trustees = plan.trustees
    several = trustees.count + trustees.mandatory >= FEWEST_TRUSTEES
    found = [Remark("I.4", _("Three trustees or more: no two people alone can decrypt"), several)]
    lost = trustees.threshold is not None
    found.append(Remark("I.4", _("A threshold: one lost key does not lose the count"), lost))
    found.append(Remark("I.4", _("Areas with few ballots are not counted alone"), plan.minimum > 1))
    return found
