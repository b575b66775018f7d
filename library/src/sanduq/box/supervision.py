"""What a supervisor signs: the acts that need its signature where the setup names one (spec 5.e).

A :class:`Statement` says which act may be done at which place of which referendum's journal, from when on, and what with. It
names the setup (the anchor), the act, and the line before, which names the one before it: so a signature is of no use in
another referendum, for another act, or a second time. The *earliest* time lets the supervisor sign the opening the evening
before. What the statement of a suspension leaves out are the heads: the box writes them down in the moment in which it stops;
the supervisor signs them with the resumption.

All of this is pure. Whoever keeps a journal calls, in this order: :func:`statement_of`; gives ``signed_bytes()`` to the
supervisor, who signs them (Ed25519); ``journal.next_line`` with the countersignature; :func:`check_line`; and then keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sanduq import errors
from sanduq.algebra.ed25519 import holds
from sanduq.archive import json
from sanduq.box.journal import NEXT, SIGNED, Act, Countersignature, Line, check_details, read_countersignature
from sanduq.question.setup import Setup, canonical, read_time, require_canonical

FORMAT: Final = "sanduq-act-1"
LARGEST: Final = 1 << 24
_PREFIX: Final = b"sanduq-act-1|"
_UNSIGNED: Final[Mapping[Act, frozenset[str]]] = {Act.SUSPENDED: frozenset({"heads"})}
"""Details that are known only when the act is done."""
_form: Final = json.Form(errors.ActSignature)


@dataclass(frozen=True)
class Statement:
    """One act, at one place of one journal, not before ``earliest`` (UTC)."""

    anchor: str
    act: Act
    height: int
    parent: str | None
    earliest: str
    details: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        value = {"format": FORMAT, "anchor": self.anchor, "act": self.act.value, "height": self.height}
        return value | {"parent": self.parent, "earliest": self.earliest, "details": self.details}

    def signed_bytes(self) -> bytes:
        """What the supervisor's key signs."""
        return _PREFIX + canonical(self.to_json())


@dataclass(frozen=True)
class SignedAct:
    """A statement and its signature: the file that a supervisor hands over."""

    statement: Statement
    countersignature: Countersignature

    def to_bytes(self) -> bytes:
        """The file."""
        return canonical(self.statement.to_json() | {"signature": self.countersignature.signature})


def needs_signature(setup: Setup, act: Act) -> bool:
    """Whether an act needs the supervisor's signature in this referendum."""
    return setup.supervisor is not None and act in SIGNED


def statement_of(setup: Setup, before: Sequence[Line], act: Act, earliest: str, details: Mapping[str, Any]) -> Statement:
    """The statement to be signed for an act that is the next in a journal (8.10); ``details`` as in its line (8.8).

    The heads of a suspension may be left out: they are not signed.
    """
    expected = NEXT[before[-1].act if before else None]
    errors.require(errors.JournalOrder, act in expected, expected=" or ".join(expected) or None, got=act.value)
    if not needs_signature(setup, act):
        raise errors.ActSignature("nobody signs this", got=act.value)
    kept = signed_details(act, details)
    check_details(act, kept, without=_UNSIGNED.get(act, frozenset()))
    parent = before[-1].hash if before else None
    return Statement(setup.anchor, act, len(before), parent, read_time(earliest, "earliest"), kept)


def signed_details(act: Act, details: Mapping[str, Any]) -> dict[str, Any]:
    """The details of an act that its statement has."""
    return {name: value for name, value in details.items() if name not in _UNSIGNED.get(act, ())}


def sign(statement: Statement, key: Ed25519PrivateKey) -> SignedAct:
    """The statement signed. (Ed25519 is deterministic: the same act has the same signature.)"""
    signature = key.sign(statement.signed_bytes()).hex()
    return SignedAct(statement, Countersignature(statement.earliest, signature))


def check_signed(setup: Setup, signed: SignedAct) -> None:
    """The signature is the supervisor's (8.17)."""
    given, statement = signed.countersignature, signed.statement
    named = setup.supervisor
    errors.require(errors.ActSignature, named is not None, "the setup names no supervisor")
    valid = named is None or holds(bytes.fromhex(named.key), bytes.fromhex(given.signature), statement.signed_bytes())
    errors.require(errors.ActSignature, valid, got=statement.act.value)


def check_line(setup: Setup, line: Line) -> None:
    """A line of the journal has the supervisor's signature if it needs one (8.16), and it holds (8.17)."""
    given = line.countersignature
    if given is None:
        suspends = line.act in (Act.SUSPENDED, Act.RESUMED)
        errors.require(errors.ActUnsigned, not needs_signature(setup, line.act) and not suspends, got=line.act.value)
        return
    errors.require(errors.ActSignature, line.act in SIGNED, "nobody signs this", got=line.act.value)
    details = signed_details(line.act, line.details)
    check_signed(setup, SignedAct(statement_at(setup, line, given.earliest, details), given))
    on_time = line.time >= given.earliest
    errors.require(errors.ActSignature, on_time, "before its time", expected=f"from {given.earliest}", got=line.time)


def statement_at(setup: Setup, line: Line, earliest: str, details: Mapping[str, Any]) -> Statement:
    """The statement that a line of this referendum's journal must be signed under."""
    return Statement(setup.anchor, line.act, line.height, line.parent, earliest, details)


def read_signed_act(data: bytes) -> SignedAct:
    """What a supervisor handed over (8.17); whether the signature holds is another question."""
    if len(data) > LARGEST:
        raise errors.ActSignature("too large", expected=f"at most {LARGEST} bytes", got=len(data))
    value = json.read(data)
    names = ("format", "anchor", "act", "height", "parent", "earliest", "details", "signature")
    fields = _form.fields(value, names)
    known = fields["format"] == FORMAT and fields["act"] in tuple(SIGNED) and isinstance(fields["details"], dict)
    if not known:
        _form.fail("a signed act", fields["format"])
    act = Act(fields["act"])
    check_details(act, fields["details"], without=_UNSIGNED.get(act, frozenset()))
    given = read_countersignature({"earliest": fields["earliest"], "signature": fields["signature"]})
    require_canonical(data, value, errors.ActSignature)
    parent = None if fields["parent"] is None else _form.hash(fields["parent"], "parent")
    anchor, height = _form.hash(fields["anchor"], "anchor"), _form.number(fields["height"], "height")
    return SignedAct(Statement(anchor, act, height, parent, given.earliest, fields["details"]), given)


def require_fitting(setup: Setup, before: Sequence[Line], signed: SignedAct, act: Act, details: Mapping[str, Any]) -> None:
    """A signed act is of this act at the end of this journal, with these details (8.17): else the line could not hold it."""
    expected = statement_of(setup, before, act, signed.statement.earliest, details)
    for name in ("anchor", "act", "height", "parent", "details"):
        wanted, got = getattr(expected, name), getattr(signed.statement, name)
        errors.require(errors.ActSignature, got == wanted, f"signed is another {name}", expected=wanted, got=got)
    check_signed(setup, signed)
