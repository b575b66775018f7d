"""Freezing: the draft, the public lists and the trustees' keys become a setup, whose SHA-256 is the anchor.

Lists and keys come from other parts of the console, which enter themselves in :data:`ROLLS` and :data:`TRUSTEES`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sanduq import errors
from sanduq.box.record import create_record
from sanduq.engine import choose
from sanduq.keys.trustees import Trustees, check_trustees, read_trustees
from sanduq.question.setup import Setup, check_policy
from sanduq.rehearse.draft import make_setup, policy_of_plan
from sanduq.rehearse.plan import Plan
from sanduq.roll import Roll, read_roll
from sanduq.watch.record import policy_of
from sanduq_web import clock
from sanduq_web.box.actions.keys import read_key
from sanduq_web.console.drafting.api import draft, reading
from sanduq_web.console.office.deeds import Deed, Payload, register
from sanduq_web.console.office.models import Role, Vote
from sanduq_web.question.actions import fit
from sanduq_web.records import Extras, import_record

ROLLS: list[Callable[[Vote], Mapping[str, tuple[str, bytes]]]] = []
"""Gives, by the code of an area, the uuid of its election and its public list."""
TRUSTEES: list[Callable[[Vote], bytes | None]] = []
"""Gives the file trustees.json of a ceremony that is complete."""
FOLLOWS: list[Callable[[Vote], None]] = []
"""What other apps do in the same transaction, such as closing what is of no use any more."""
NAME: Final = "freeze"


def plan_of(vote: Vote) -> Plan:
    """The draft's plan. Raises :class:`sanduq.errors.Unusable` with its problems."""
    found = reading(draft(vote))
    if found.plan is None:
        raise errors.Unusable("the draft has problems", hint="; ".join(found.problems[:5]))
    return found.plan


def trustees_of(vote: Vote) -> Trustees:
    """The keys. Raises :class:`sanduq.errors.Unusable` where the ceremony is not complete."""
    for ask in TRUSTEES:
        if (text := ask(vote)) is not None:
            known = read_trustees(text)
            check_trustees(known)
            return known
    raise errors.Unusable("the trustees' ceremony is not complete", hint="all of them have to finish it first")


def rolls_of(vote: Vote, plan: Plan) -> dict[str, tuple[str, Roll]]:
    """The public lists of all areas, checked against the draft."""
    given: dict[str, tuple[str, bytes]] = {}
    for ask in ROLLS:
        given |= ask(vote)
    lacks = [area.code for area in plan.areas if area.code not in given]
    if lacks:
        raise errors.Unusable(
            f"{len(lacks)} areas have no public list: {', '.join(lacks[:10])}", hint="the registrar hands them in"
        )
    found = {}
    for area in plan.areas:
        uuid, text = given[area.code]
        roll = read_roll(text)
        # Whether votes have weights or not: what is counted must never be more than the electorate.
        if max(len(roll), roll.total_weight) > area.electorate:
            what = f"{len(roll)} credentials, together of weight {roll.total_weight},"
            raise errors.Unusable(f"area {area.code}: {what} for an electorate of {area.electorate}")
        found[area.code] = (uuid, roll)
    return found


def box_key() -> str:
    """The public key of this console's box. Raises :class:`sanduq.errors.Unusable` where there is not exactly one."""
    paths = settings.SANDUQ_BOX_KEYS
    if len(paths) != 1:
        raise errors.Unusable(f"SANDUQ_BOX_KEY names {len(paths)} keys; expected one", hint="its operator sets it")
    return read_key(paths[0]).public


def setup_of(vote: Vote, booth: str | None) -> tuple[Setup, Trustees, dict[str, tuple[str, Roll]]]:
    """What would be frozen now; the same bytes each time, as long as nothing is changed."""
    plan, known = plan_of(vote), trustees_of(vote)
    policy, wanted = policy_of(known), policy_of_plan(plan)
    check_policy(policy)
    if policy != wanted:
        texts = (f"{of.mandatory} mandatory, {of.threshold} of {of.size}" for of in (wanted, policy))
        raise errors.TrusteePolicy("the trustees are not those of the draft", expected=next(texts), got=next(texts))
    rolls = rolls_of(vote, plan)
    uuids = {code: uuid for code, (uuid, _roll) in rolls.items()}
    hashes = {code: roll.sha256 for code, (_uuid, roll) in rolls.items()}
    return make_setup(plan, policy, known.sha256, box_key(), booth, uuids, hashes), known, rolls


def _check(vote: Vote, payload: Payload) -> None:
    if Vote.objects.get(pk=vote.pk).referendum_id is not None:
        raise errors.Unusable("this vote is frozen")
    if draft(vote).revision != payload["revision"]:
        raise errors.Unusable("the draft was changed since this was proposed", hint="withdraw it, and propose it anew")
    setup, _known, _rolls = setup_of(vote, payload["booth"])
    if clock.now() >= setup.calendar.opens:
        raise errors.Unusable(f"the vote opens at {setup.calendar.opens}", hint="freeze before that, or change the calendar")
    if setup.anchor != payload["anchor"]:
        raise errors.Unusable("this is not the setup that was proposed", hint="withdraw it, and propose it anew")


def _do(vote: Vote, payload: Payload, now: str) -> dict[str, Any]:
    setup, known, rolls = setup_of(vote, payload["booth"])
    engine = choose(settings.SANDUQ_ENGINE)
    for _uuid, roll in rolls.values():
        engine.check_roll(roll)
    found = draft(vote)
    boundaries = bytes(found.boundaries) or None
    with tempfile.TemporaryDirectory(prefix="sanduq-freeze-") as folder:
        path = Path(folder) / "record"
        create_record(path, setup, known, lambda area: rolls[area.code][1], now, int(clock.moment(now).timestamp()))
        import_record(path, now, setup.anchor, extras=Extras(boundaries, found.credits or None))
    Vote.objects.filter(pk=vote.pk).update(referendum_id=setup.anchor)
    for follow in FOLLOWS:
        follow(vote)
    return {"anchor": setup.anchor}


def _tell(vote: Vote, payload: Payload) -> list[str]:
    plan = plan_of(vote)
    electorate = sum(area.electorate for area in plan.areas)
    told = [
        (_("The anchor"), payload["anchor"]),
        (_("Revision of the draft"), payload["revision"]),
        (_("Areas"), len(plan.areas)),
        (_("Electorate"), electorate),
    ]
    return [
        *(f"{name}: {value}" for name, value in told),
        *(f"{language}: {plan.title[language]}" for language in plan.languages),
        f"{plan.calendar.opens} – {plan.calendar.closes}",
    ]


def payload_now(vote: Vote, booth: str | None) -> dict[str, Any]:
    """What a proposal to freeze says: the anchor that will be."""
    setup, _known, _rolls = setup_of(vote, booth)
    return {"anchor": setup.anchor, "booth": booth, "revision": draft(vote).revision}


def unmatched(vote: Vote, setup: Setup) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes of the map that are no area, and areas that are not on the map; nothing where there is no map."""
    boundaries = bytes(draft(vote).boundaries)
    found = fit(boundaries, setup) if boundaries else None
    return (found.unknown, found.missing) if found else ((), ())


def join() -> None:
    """Make the deed known."""
    register(
        Deed(
            NAME, _("Freeze the vote: texts, areas, rule and keys do not change any more"), Role.COMMISSION, _check, _do, _tell
        )
    )
