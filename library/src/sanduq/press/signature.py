"""A co-signature: an organisation's Ed25519 signature of a letter's SHA-256 and of as whom it signs (spec 9.b)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from sanduq import errors
from sanduq.algebra.ed25519 import holds
from sanduq.archive import json
from sanduq.press.key import PressKey, check_key
from sanduq.press.letter import VERSION, Letter, check_date, check_line, require_format
from sanduq.question.setup import canonical, require_canonical

FORMAT: Final = "sanduq-press-signature"
LARGEST: Final = 1 << 14
_PREFIX: Final = b"sanduq-press-signature-1\n"
_SIGNATURE: Final = re.compile(r"[0-9a-f]{128}\Z")
_form: Final = json.Form(errors.CosignatureMalformed)
_TEXTS: Final = ("date", "key", "letter", "office", "organisation", "representative", "signature")


@dataclass(frozen=True)
class Cosignature:
    """Who signed which text, with which key, and on which day, as the signer says. All but the signature is signed."""

    letter: str
    organisation: str
    representative: str
    office: str
    date: str
    key: str
    signature: str = ""

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        return {"format": FORMAT, "version": VERSION} | {name: getattr(self, name) for name in _TEXTS}

    def signed_bytes(self) -> bytes:
        """What the signature covers."""
        value = self.to_json()
        del value["signature"]
        return _PREFIX + canonical(value)

    def to_bytes(self) -> bytes:
        """The file."""
        return canonical(self.to_json())


def sign(letter: Letter, key: PressKey, organisation: str, representative: str, office: str, date: str) -> Cosignature:
    """A letter signed as somebody. The names are public in every copy; representative and office may be empty."""
    unsigned = Cosignature(letter.sha256, organisation, representative, office, date, key.public)
    check_cosigner(unsigned)
    return replace(unsigned, signature=key.private.sign(unsigned.signed_bytes()).hex())


def check_cosigner(given: Cosignature) -> None:
    """Refuse names that nobody could read (9.6), and a day that is none (9.5)."""
    check_line(given.organisation, "organisation", errors.CosignerText)
    check_line(given.representative, "representative", errors.CosignerText, empty=True)
    check_line(given.office, "office", errors.CosignerText, empty=True)
    check_date(given.date, "date", _form)


def signature_from(value: Any) -> Cosignature:
    """A signature from its JSON value; whether it holds is another question."""
    fields = _form.fields(value, (*_TEXTS, "format", "version"))
    require_format(fields, FORMAT, errors.CosignatureMalformed)
    given = Cosignature(**{name: _form.text(fields[name], name) for name in _TEXTS})
    _form.hash(given.letter, "letter")
    if not _SIGNATURE.match(given.signature):
        _form.fail("signature", given.signature)
    check_cosigner(given)
    return given


def read_signature(data: bytes) -> Cosignature:
    """A signature from the bytes of its file."""
    if len(data) > LARGEST:
        raise errors.CosignatureMalformed("too large", expected=f"at most {LARGEST} bytes", got=len(data))
    given = signature_from(json.read(data))
    require_canonical(data, given.to_json(), errors.PressNotCanonical)
    return given


def check_signature(given: Cosignature, letter: Letter) -> None:
    """The signature holds for this text and this key (9.7 to 9.10)."""
    check_key(given.key)
    same = given.letter == letter.sha256
    errors.require(errors.CosignatureOtherText, same, expected=letter.sha256, got=given.letter)
    check_holds(given)


def check_holds(given: Cosignature) -> None:
    """The signature is this key's, of whatever text it names (9.7, 9.8, 9.10)."""
    check_key(given.key)
    valid = holds(bytes.fromhex(given.key), bytes.fromhex(given.signature), given.signed_bytes())
    errors.require(errors.CosignatureInvalid, valid, got=f"the signature of {given.organisation}")
