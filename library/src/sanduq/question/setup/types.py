"""The setup of a referendum: what is fixed before opening, and whose SHA-256 is the *anchor* (spec 2.b).

``setup.json`` is canonical JSON (compact, keys sorted, UTF-8, whole numbers). Its SHA-256 is the ``description`` of every
area's election, so every ballot is bound to every translation, to the rule and to the list of areas. From the setup and the
trustees' key the text of each election follows to the byte (:meth:`Setup.election`): the verifier makes it anew and compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Protocol

from sanduq import errors
from sanduq.algebra.group import Point
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive import json
from sanduq.question.areas import Parent
from sanduq.question.election import Election, Question, make_election
from sanduq.question.rule import Level, QuestionShape, Rule
from sanduq.question.setup.information import Information

FORMAT: Final = "sanduq-setup-1"
BELOW_MINIMUM: Final = ("uncounted", "repeat")
"""What follows where an area has too few ballots: it stays uncounted and the rest decides, or nothing is decided until it
voted again.
"""

TEST_NAME: Final = "test sum"
"""What stands where the election of an area has its name, in the election of the test sum (7.h)."""

Texts = Mapping[str, str]
"""A text in every language, by language."""


@dataclass(frozen=True)
class Answer:
    """One answer that can be chosen."""

    id: str
    text: Texts


@dataclass(frozen=True)
class Asked:
    """One question with its answers, in every language."""

    id: str
    text: Texts
    answers: tuple[Answer, ...]
    blank: bool
    min: int = 1
    max: int = 1

    @property
    def shape(self) -> QuestionShape:
        """What the rule of decision needs to know."""
        return QuestionShape(self.id, tuple(answer.id for answer in self.answers), self.blank)

    def in_language(self, language: str) -> Question:
        """The question of an election, in one language."""
        answers = tuple(answer.text[language] for answer in self.answers)
        return Question(self.text[language], answers, self.min, self.max, True if self.blank else None)


class _Place(Protocol):
    @property
    def code(self) -> str: ...

    @property
    def name(self) -> str: ...


def names_of(
    questions: Iterable[Asked], rule: Rule, areas: Iterable[_Place], regions: Iterable[_Place], language: str
) -> dict[str, str]:
    """Texts by ``question``, ``question/answer`` and ``/code``: of regions if these are what the rule weighs, else of areas."""
    names: dict[str, str] = {}
    for question in questions:
        names[question.id] = question.text[language]
        names |= {f"{question.id}/{answer.id}": answer.text[language] for answer in question.answers}
    weighed = regions if rule.area_weights is not None and rule.area_weights.level is Level.PARENTS else areas
    return names | {f"/{place.code}": place.name for place in weighed}


@dataclass(frozen=True)
class CountingArea:
    """One counting area: one election, one archive. ``language`` is that of its election's text."""

    code: str
    name: str
    parent: str | None
    electorate: int
    language: str
    uuid: str
    roll_sha256: str


@dataclass(frozen=True)
class TrusteePolicy:
    """How the key is held: ``threshold`` of ``size`` trustees, beside ``mandatory`` ones that must all take part."""

    mandatory: int
    size: int
    threshold: int


@dataclass(frozen=True)
class Calendar:
    """When the vote opens and closes, in UTC (``2026-05-01T06:00:00Z``)."""

    opens: str
    closes: str


@dataclass(frozen=True)
class Supervisor:
    """Who countersigns freezing, opening, closing and the certificate, and may suspend: the name in every language, and the
    Ed25519 public key (RFC 8032) in 64 digits."""

    name: Texts
    key: str


@dataclass(frozen=True)
class Setup:
    """Everything that is frozen. ``languages`` maps each language to its direction, the first one leading. ``bindings`` says
    that every partial decryption needs a proof that binds its whole statement (7.17). ``test_uuid`` is reserved for the test
    sum that the trustees decrypt before the opening (7.h)."""

    title: Texts
    languages: Mapping[str, str]
    questions: tuple[Asked, ...]
    rule: Rule
    calendar: Calendar
    minimum_ballots: int
    below_minimum: str
    commission: str
    registrar: str
    trustees: TrusteePolicy
    trustees_sha256: str
    box_key: str
    booth_sha256: str | None
    bindings: bool
    regions: tuple[Parent, ...]
    areas: tuple[CountingArea, ...]
    information: Information | None = None
    supervisor: Supervisor | None = None
    test_uuid: str | None = None

    def to_bytes(self) -> bytes:
        """The canonical text."""
        return canonical(setup_value(self))

    @cached_property
    def anchor(self) -> str:
        """SHA-256 of the text, in 64 digits: printed in the gazette, shown in the booth."""
        return sha256_hex(self.to_bytes())

    @cached_property
    def by_uuid(self) -> dict[str, CountingArea]:
        """The areas by their elections' uuids."""
        return {area.uuid: area for area in self.areas}

    @property
    def shapes(self) -> tuple[QuestionShape, ...]:
        """The questions without their texts."""
        return tuple(question.shape for question in self.questions)

    def names(self, language: str) -> dict[str, str]:
        """The texts by which ``sanduq.question.rule.describe`` calls questions, answers and areas."""
        return names_of(self.questions, self.rule, self.areas, self.regions, language)

    def election(self, area: CountingArea, public_key: Point) -> Election:
        """The election of an area, to the byte."""
        language = area.language
        return make_election(
            area.uuid,
            f"{self.title[language]} — {area.name}",
            self.anchor,
            public_key,
            tuple(question.in_language(language) for question in self.questions),
            administrator=self.commission,
            credential_authority=self.registrar,
            language=(language, self.languages[language]),
        )


def canonical(value: Any) -> bytes:
    """Canonical JSON of sanduq's own files: compact, keys sorted, UTF-8."""
    return json.write(_sorted(value)).encode()


def require_canonical(data: bytes, value: Any, refusal: type[errors.Refused]) -> None:
    """Refuse ``data`` unless it is the canonical JSON of ``value``."""
    json.require_canonical(data, _sorted(value), refusal)


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, (list, tuple)) else value


def setup_value(setup: Setup) -> dict[str, Any]:
    """The JSON value of a setup."""
    questions = [
        {
            "id": question.id,
            "text": dict(question.text),
            "answers": [{"id": answer.id, "text": dict(answer.text)} for answer in question.answers],
            "blank": question.blank,
            "min": question.min,
            "max": question.max,
        }
        for question in setup.questions
    ]
    policy = setup.trustees
    # Left out where there is none, so that older setups stay as they are.
    optional: dict[str, Any] = {} if setup.information is None else {"information": setup.information.to_json()}
    if setup.supervisor is not None:
        optional["supervisor"] = {"name": dict(setup.supervisor.name), "key": setup.supervisor.key}
    if setup.test_uuid is not None:
        optional["test_uuid"] = setup.test_uuid
    return optional | {
        "format": FORMAT,
        "title": dict(setup.title),
        # A list, because the order of languages says which one leads.
        "languages": [[language, direction] for language, direction in setup.languages.items()],
        "questions": questions,
        "rule": setup.rule.to_json(),
        "calendar": {"opens": setup.calendar.opens, "closes": setup.calendar.closes},
        "minimum_ballots": setup.minimum_ballots,
        "below_minimum": setup.below_minimum,
        "commission": setup.commission,
        "registrar": setup.registrar,
        "trustees": {"mandatory": policy.mandatory, "size": policy.size, "threshold": policy.threshold},
        "trustees_sha256": setup.trustees_sha256,
        "box_key": setup.box_key,
        "booth_sha256": setup.booth_sha256,
        "bindings": setup.bindings,
        "regions": [{"code": r.code, "name": r.name, "parent": r.parent} for r in setup.regions],
        "areas": [_area_value(area) for area in setup.areas],
    }


def _area_value(area: CountingArea) -> dict[str, Any]:
    return {
        "code": area.code,
        "name": area.name,
        "parent": area.parent,
        "electorate": area.electorate,
        "language": area.language,
        "uuid": area.uuid,
        "roll_sha256": area.roll_sha256,
    }
