"""The election of one counting area: its questions, its key, its uuid, as the protocol writes them (spec 2.a; BS §Elections,
§Questions).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sanduq import errors
from sanduq.algebra.group import FixedBase, Point
from sanduq.algebra.numbers import sha256_b64, sha256_hex
from sanduq.archive import json
from sanduq.archive.values import read_point
from sanduq.roll import check_uuid

VERSION: Final = 1
GROUP: Final = "Ed25519"
MAX_QUESTIONS: Final = 50
MAX_ANSWERS: Final = 250
MAX_CHOICES: Final = MAX_ANSWERS + 1
MAX_CHOSEN: Final = 1000
_form = json.Form(errors.ElectionMalformed)


@dataclass(frozen=True)
class Question:
    """A homomorphic question: ``min`` to ``max`` of the answers, or blank where that is allowed.

    ``blank`` is None where the election's text does not have the field (it means the same as False).
    """

    question: str
    answers: tuple[str, ...]
    min: int = 1
    max: int = 1
    blank: bool | None = None

    @property
    def choices(self) -> int:
        """How many ciphertexts an answer has: one per answer, and one before them for "blank"."""
        return len(self.answers) + bool(self.blank)

    @property
    def overall_proofs(self) -> int:
        """How many disjuncts the overall proof has."""
        return self.max - self.min + 1 + bool(self.blank)

    def to_json(self) -> dict[str, Any]:
        """The JSON value, fields in their order."""
        blank = {} if self.blank is None else {"blank": self.blank}
        return {"answers": list(self.answers)} | blank | {"min": self.min, "max": self.max, "question": self.question}


@dataclass(frozen=True)
class Election:
    """What a voter's ballot is bound to. ``raw`` is the exact text, whose hash every ballot names."""

    raw: bytes
    uuid: str
    name: str
    description: str
    public_key: Point
    questions: tuple[Question, ...]
    administrator: str | None = None
    credential_authority: str | None = None
    language: tuple[str, str] | None = None

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the text, in 64 digits."""
        return sha256_hex(self.raw)

    @cached_property
    def fingerprint(self) -> str:
        """φ: SHA-256 of the text, in base64 without padding."""
        return sha256_b64(self.raw)

    @cached_property
    def y(self) -> FixedBase:
        """The public key with a table for many powers."""
        return FixedBase(self.public_key)


def _read_question(value: Any) -> Question:
    if isinstance(value, dict) and "type" in value:
        kind = str(value["type"])[:40]
        raise errors.UnsupportedQuestion(f"a question of type {kind!r}", expected="homomorphic questions")
    fields = _form.fields(value, ("answers", "min", "max", "question"), ("blank",))
    question = Question(
        _form.text(fields["question"], "question"),
        _form.items(fields["answers"], "answer", lambda item: _form.text(item, "answer")),
        _form.number(fields["min"], "min"),
        _form.number(fields["max"], "max"),
        _form.boolean(fields["blank"], "blank") if "blank" in fields else None,
    )
    check_bounds(question)
    return question


def check_bounds(question: Question) -> None:
    """The question can be answered, and its proofs stay short (2.5)."""
    low, high, count = question.min, question.max, len(question.answers)
    errors.require(errors.QuestionBounds, 1 <= count <= MAX_ANSWERS, "answers", expected=f"1 to {MAX_ANSWERS}", got=count)
    errors.require(errors.QuestionBounds, low <= high, "min is above max", got=f"{low} to {high}")
    errors.require(errors.QuestionBounds, low <= count, "min is above the number of answers", expected=count, got=low)
    errors.require(errors.QuestionBounds, high <= MAX_CHOSEN, "max", expected=f"at most {MAX_CHOSEN}", got=high)


def _read_language(value: Any) -> tuple[str, str]:
    if not (isinstance(value, list) and len(value) == 2 and value[1] in ("ltr", "rtl")):
        _form.fail("language", value)
    return _form.text(value[0], "language"), value[1]


def read_election(data: bytes) -> Election:
    """The election in ``data`` (2.1 to 2.6, 0.2)."""
    value = json.read(data)
    if not isinstance(value, dict):
        _form.fail_kind("election", value)
    version, group = value.get("version"), value.get("group")
    if version != VERSION or isinstance(version, bool):
        raise errors.UnsupportedVersion(expected=VERSION, got=version)
    if group != GROUP:
        raise errors.UnsupportedGroup(expected=GROUP, got=group)
    needed = ("version", "description", "name", "group", "public_key", "questions", "uuid")
    _form.fields(value, needed, ("administrator", "credential_authority", "language"))
    questions = _form.items(value["questions"], "question", _read_question)
    errors.require(errors.QuestionBounds, 1 <= len(questions) <= MAX_QUESTIONS, "questions", got=len(questions))
    election = Election(
        data,
        check_uuid(_form.text(value["uuid"], "uuid")),
        _form.text(value["name"], "name"),
        _form.text(value["description"], "description"),
        read_point(_form, value["public_key"], "public_key"),
        questions,
        _form.text(value["administrator"], "administrator") if "administrator" in value else None,
        _form.text(value["credential_authority"], "credential_authority") if "credential_authority" in value else None,
        _read_language(value["language"]) if "language" in value else None,
    )
    errors.require(errors.NotCanonical, _to_bytes(election) == data)
    errors.require(errors.ElectionKeyIdentity, not election.public_key.is_identity)
    return election


def make_election(
    uuid: str,
    name: str,
    description: str,
    public_key: Point,
    questions: tuple[Question, ...],
    *,
    administrator: str | None = None,
    credential_authority: str | None = None,
    language: tuple[str, str] | None = None,
) -> Election:
    """An election with its canonical text; checked as if it came from elsewhere."""
    draft = Election(b"", uuid, name, description, public_key, questions, administrator, credential_authority, language)
    return read_election(_to_bytes(draft))


def _to_bytes(election: Election) -> bytes:
    value: dict[str, Any] = {
        "version": VERSION,
        "description": election.description,
        "name": election.name,
        "group": GROUP,
        "public_key": election.public_key.hex,
        "questions": [question.to_json() for question in election.questions],
        "uuid": election.uuid,
    }
    if election.administrator is not None:
        value["administrator"] = election.administrator
    if election.credential_authority is not None:
        value["credential_authority"] = election.credential_authority
    if election.language is not None:
        value["language"] = list(election.language)
    return json.write(value).encode()
