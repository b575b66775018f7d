"""What the registrar does with two persons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from sanduq import errors
from sanduq_web.console.enrolment import actions, working
from sanduq_web.console.enrolment.actions import opening
from sanduq_web.console.enrolment.areas import areas_of
from sanduq_web.console.enrolment.models import AreaCount, Load, LoadState, Register
from sanduq_web.console.office.deeds import Deed, Payload, register
from sanduq_web.console.office.models import Role, Vote


def payload_of(load: Load) -> dict[str, Any]:
    """What two persons agree on: a file, by its hash, and what was counted in it."""
    return {"load": load.pk, "sha256": load.sha256, "entries": load.entries, "weight": load.weight}


def _load(vote: Vote, payload: Payload) -> Load:
    load = Load.objects.filter(pk=int(payload.get("load", 0)), register_id=vote.pk, state=LoadState.CHECKED).first()
    if load is None or payload_of(load) != dict(payload):
        raise errors.Unusable("there is no such file that was checked", hint="it was thrown away, or is in force")
    return load


def _check(vote: Vote, payload: Payload) -> None:
    load = _load(vote, payload)
    actions.open_register(vote)
    known = areas_of(vote)
    for each in AreaCount.objects.filter(register_id=vote.pk, generation=load.pk):
        area = known.get(each.area)
        if area is None:
            raise errors.Unusable(f"the draft has no area {each.area} any more", hint="upload the register anew")
        if area.electorate is not None and each.entries > area.electorate:
            raise errors.Unusable(
                f"area {each.area}: {each.entries} entries, and the draft says {area.electorate} electors",
                hint="correct the draft or the register: a list may not be longer than its electorate",
            )


def _do(vote: Vote, payload: Payload, now: str) -> Mapping[str, Any]:
    load = actions.into_force(vote, int(payload["load"]))
    return {"areas": AreaCount.objects.filter(register_id=vote.pk, generation=load.pk).count()} | payload_of(load)


def _tell(vote: Vote, payload: Payload) -> list[str]:
    found = Register.objects.filter(pk=vote.pk).first()
    lines = [
        _("A register of %(entries)s entries, all weights together %(weight)s.") % payload,
        _("SHA-256 of the file: %(sha256)s") % payload,
    ]
    if found is not None and found.generation:
        lines.append(_("It takes the place of the one that is in force, which is deleted."))
    return lines


def _check_recipients(vote: Vote, payload: Payload) -> None:
    opening.recipients_in(" ".join(map(str, payload.get("recipients", []))))
    actions.open_register(vote)


def _set_recipients(vote: Vote, payload: Payload, now: str) -> Mapping[str, Any]:
    actions.set_recipients(vote, opening.recipients_in(" ".join(payload["recipients"])))
    return {"recipients": list(payload["recipients"])}


def _tell_recipients(vote: Vote, payload: Payload) -> list[str]:
    lines = [_("From now on all that leaves is sealed to these keys, and whoever has one of them reads it:")]
    return lines + [str(each) for each in payload["recipients"]]


def _check_destruction(vote: Vote, payload: Payload) -> None:
    actions.check_destroyable(vote)
    if vote.referendum_id is None and not payload.get("before_freezing"):
        raise errors.Unusable("the vote is not frozen: without its register it cannot be", hint="say that this is meant")


def _destroy(vote: Vote, payload: Payload, now: str) -> Mapping[str, Any]:
    actions.check_destroyable(vote)
    working.add("destroy", vote.pk, 0)
    return {}


def _tell_destruction(vote: Vote, payload: Payload) -> list[str]:
    lines = [_("Names, addresses, applications, objections and documents are deleted, and what people can look up.")]
    return [*lines, _("Counts by area and public lists stay. Reserves cannot be given out after it.")]


def register_all() -> None:
    """Called when the app is loaded: in no language yet."""
    from django.utils.translation import gettext_lazy as _

    title = _("Set the registrar's keys")
    register(Deed("roll-recipients", title, Role.REGISTRAR, _check_recipients, _set_recipients, _tell_recipients))
    title = _("Destroy all data of people")
    register(Deed("register-destroyed", title, Role.REGISTRAR, _check_destruction, _destroy, _tell_destruction))
    register(Deed("register-in-force", _("Bring a register into force"), Role.REGISTRAR, _check, _do, _tell))
