"""An open letter: its types, its canonical text, its strict reader (spec 9.a)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive import json
from sanduq.press.markup import check_markup
from sanduq.question.setup import canonical, hidden_in, require_canonical

FORMAT: Final = "sanduq-press-letter"
VERSION: Final = 1
LARGEST: Final = 1 << 20
LINE: Final = 300
_LONGEST: Final = 100_000
_MOST_BLOCKS: Final = 1000
_MOST_ATTACHMENTS: Final = 100
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_form: Final = json.Form(errors.LetterMalformed)
_FIELDS: Final = ("addressee", "attachments", "body", "date", "format", "id", "language", "place", "title", "version")


@dataclass(frozen=True)
class Attached:
    """A document that belongs to the letter: its name and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph (restricted HTML) or a quote with its source (which may be empty)."""

    kind: str
    text: str
    source: str = ""

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        return {self.kind: {"source": self.source, "text": self.text} if self.kind == "quote" else self.text}


@dataclass(frozen=True)
class Letter:
    """What is signed. ``date`` is the letter's own, ``id`` a uuid: a translation is another letter."""

    id: str
    language: str
    title: str
    addressee: str
    place: str
    date: str
    body: tuple[Block, ...]
    attachments: tuple[Attached, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "id": self.id,
            "language": self.language,
            "title": self.title,
            "addressee": self.addressee,
            "place": self.place,
            "date": self.date,
            "body": [block.to_json() for block in self.body],
            "attachments": [{"name": each.name, "sha256": each.sha256} for each in self.attachments],
        }

    def to_bytes(self) -> bytes:
        """The file ``letter.json``."""
        return canonical(self.to_json())

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the file: what every signature names."""
        return sha256_hex(self.to_bytes())


def check_line(text: str, where: str, refusal: type[errors.Refused], *, empty: bool = False) -> None:
    """Refuse a text that is not one plain line without white space around it (9.3, 9.6)."""
    errors.require(refusal, empty or text != "", f"{where} is empty")
    errors.require(refusal, len(text) <= LINE, f"{where}: too long", expected=f"at most {LINE} characters", got=len(text))
    hidden = hidden_in(text)
    errors.require(refusal, hidden is None, f"{where}: a character that plain text does not have", got=hidden)
    one = "\n" not in text and text == text.strip()
    errors.require(refusal, one, where, expected="one line, without white space around it")


def check_date(text: str, where: str, form: json.Form) -> str:
    """A day as 2026-11-22."""
    try:
        if not _DATE.match(form.text(text, where)):
            raise ValueError
        date.fromisoformat(text)
    except ValueError:
        form.fail(where, text)
    return text


def _check_text(text: str, where: str) -> None:
    errors.require(errors.LetterText, text.strip() != "", f"{where} is empty")
    fits = len(text) <= _LONGEST
    errors.require(errors.LetterText, fits, f"{where}: too long", expected=f"at most {_LONGEST} characters", got=len(text))
    hidden = hidden_in(text)
    errors.require(errors.LetterText, hidden is None, f"{where}: a character that plain text does not have", got=hidden)


def _check_block(block: Block, where: str) -> None:
    if block.kind == "heading":
        check_line(block.text, where, errors.LetterText)
        return
    _check_text(block.text, where)
    if block.kind == "quote":
        check_line(block.source, f"{where}: source", errors.LetterText, empty=True)
        errors.require(errors.LetterText, block.text == block.text.strip(), where, expected="no white space around it")
        return
    errors.require(errors.LetterText, "\n" not in block.text, where, expected="<br> or a new paragraph instead of a line feed")
    check_markup(block.text, where)


def check_letter(letter: Letter) -> None:
    """Refuse a letter that nobody could read back: every form, every text (9.1, 9.3, 9.4)."""
    for name, value, form in (("id", letter.id, _ID), ("language", letter.language, _LANGUAGE)):
        if not form.match(value):
            _form.fail(name, value)
    check_date(letter.date, "date", _form)
    check_line(letter.title, "title", errors.LetterText)
    check_line(letter.addressee, "addressee", errors.LetterText)
    check_line(letter.place, "place", errors.LetterText, empty=True)
    errors.require(errors.LetterText, bool(letter.body), "the body is empty")
    for number, block in enumerate(letter.body, 1):
        _check_block(block, f"{block.kind} (block {number})")
    for number, each in enumerate(letter.attachments, 1):
        check_line(each.name, f"attachment {number}: name", errors.LetterText)
        _form.hash(each.sha256, f"attachment {number}: sha256")
    size = len(letter.to_bytes())
    errors.require(errors.LetterMalformed, size <= LARGEST, "too large", expected=f"at most {LARGEST} bytes", got=size)


def _read_block(value: Any) -> Block:
    if not isinstance(value, dict) or len(value) != 1:
        _form.fail("a block", value)
    kind, content = next(iter(value.items()))
    if kind not in ("heading", "paragraph", "quote"):
        raise errors.LetterMalformed("an unknown block", expected="heading, paragraph or quote", got=kind)
    if kind != "quote":
        return Block(kind, _form.text(content, kind))
    fields = _form.fields(content, ("source", "text"))
    return Block(kind, _form.text(fields["text"], "text"), _form.text(fields["source"], "source"))


def _read_attached(value: Any) -> Attached:
    fields = _form.fields(value, ("name", "sha256"))
    return Attached(_form.text(fields["name"], "name"), _form.hash(fields["sha256"], "sha256"))


def require_format(fields: dict[str, Any], name: str, refusal: type[errors.Refused]) -> None:
    """The file says that it is of this kind and version."""
    kind, version = fields["format"], fields["version"]
    if kind != name or version != VERSION or isinstance(version, bool):
        raise refusal("another format or version", expected=f"{name}, version {VERSION}", got=f"{kind}, version {version}")


def letter_from(value: Any) -> Letter:
    """A letter from its JSON value, checked."""
    fields = _form.fields(value, _FIELDS)
    require_format(fields, FORMAT, errors.LetterMalformed)
    text = {name: _form.text(fields[name], name) for name in ("id", "language", "title", "addressee", "place", "date")}
    letter = Letter(
        **text,
        body=_form.items(fields["body"], "body", _read_block, _MOST_BLOCKS),
        attachments=_form.items(fields["attachments"], "attachments", _read_attached, _MOST_ATTACHMENTS),
    )
    check_letter(letter)
    return letter


def read_letter(data: bytes) -> Letter:
    """A letter from the bytes of ``letter.json``."""
    if len(data) > LARGEST:
        raise errors.LetterMalformed("too large", expected=f"at most {LARGEST} bytes", got=len(data))
    value = json.read(data)
    letter = letter_from(value)
    require_canonical(data, letter.to_json(), errors.PressNotCanonical)
    return letter
