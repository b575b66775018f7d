"""From a plan to the frozen setup: what is asked and what decides, joined with areas, rolls and keys (spec 2.b)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.question import setup as frozen
from sanduq.rehearse.plan import Plan, PlanArea, PlanQuestion
from sanduq.roll import BASE58

_RIGHT_TO_LEFT: Final = frozenset("ar arc azb ckb dv fa glk he ks lrc luz mzn nqo pnb prs ps sd syr ug ur yi".split())
"""Languages written from right to left, unless a script is named (``az-Arab``, ``ku-Latn``)."""
_RIGHT_TO_LEFT_SCRIPTS: Final = frozenset("Adlm Arab Hebr Mand Nkoo Rohg Syrc Thaa".split())


def direction(language: str) -> str:
    """``rtl`` or ``ltr``, from a language tag (BCP 47)."""
    first, *rest = language.split("-")
    scripts = [part for part in rest if len(part) == 4 and part.isalpha()]
    if scripts:
        return "rtl" if scripts[0].title() in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if first in _RIGHT_TO_LEFT else "ltr"


def asked_of(question: PlanQuestion) -> frozen.Asked:
    """A plan's question as it is frozen."""
    answers = tuple(frozen.Answer(answer.id, answer.text.to_json()) for answer in question.answers)
    return frozen.Asked(question.id, question.text.to_json(), answers, question.blank)


def _area(area: PlanArea, language: str, uuid: str, roll_sha256: str) -> frozen.CountingArea:
    own = area.language or language
    return frozen.CountingArea(area.code, area.name, area.parent, area.electorate, own, uuid, roll_sha256)


def policy_of_plan(plan: Plan) -> frozen.TrusteePolicy:
    """The plan's trustees: mandatory ones, or a threshold group with or without mandatory ones beside it."""
    trustees = plan.trustees
    if trustees.threshold is None:
        return frozen.TrusteePolicy(trustees.count, 0, 0)
    return frozen.TrusteePolicy(trustees.mandatory, trustees.count, trustees.threshold)


def _supervisor(plan: Plan, key: str | None) -> frozen.Supervisor | None:
    if (plan.supervisor is None) != (key is None):
        raise errors.Unusable(
            "the draft names a supervisor, and there is no key" if key is None else "the draft names no supervisor",
            hint="[supervisor] in the draft goes with --supervisor supervisor.pub",
        )
    return None if plan.supervisor is None or key is None else frozen.Supervisor(plan.supervisor.to_json(), key)


def _with_test(setup: frozen.Setup) -> frozen.Setup:
    """The setup with a uuid for the test sum, which follows from all the rest: another setup, another test (7.13)."""
    value = int(sha256_hex(f"sanduq-test-uuid|{setup.anchor}".encode()), 16)
    return replace(setup, test_uuid="".join(BASE58[value // 58**place % 58] for place in range(14)))


def make_setup(
    plan: Plan,
    policy: frozen.TrusteePolicy,
    trustees_sha256: str,
    box_key: str,
    booth_sha256: str | None,
    uuids: Mapping[str, str],
    roll_hashes: Mapping[str, str],
    *,
    supervisor_key: str | None = None,
    rehearsal: bool = False,
) -> frozen.Setup:
    """The setup, checked by being written and read. A rehearsal says so in its title, and whether its figures are scaled."""
    title = plan.title.to_json()
    if rehearsal:
        mark = "rehearsal" if plan.scale == 1 else f"rehearsal, figures scaled by {plan.scale}"
        title = {language: f"{text} ({mark})" for language, text in title.items()}
    setup = frozen.Setup(
        title=title,
        languages={language: direction(language) for language in plan.languages},
        questions=tuple(asked_of(question) for question in plan.questions),
        rule=plan.rule,
        calendar=frozen.Calendar(plan.calendar.opens, plan.calendar.closes),
        minimum_ballots=plan.minimum,
        below_minimum=plan.below_minimum,
        commission=plan.commission,
        registrar=plan.registrar,
        trustees=policy,
        trustees_sha256=trustees_sha256,
        box_key=box_key,
        booth_sha256=booth_sha256,
        bindings=plan.bindings,
        regions=plan.parents,
        information=plan.information,
        supervisor=_supervisor(plan, supervisor_key),
        areas=tuple(_area(area, plan.languages[0], uuids[area.code], roll_hashes[area.code]) for area in plan.areas),
    )
    return frozen.read_setup((_with_test(setup) if plan.test_sum else setup).to_bytes())
