"""A letter with its signatures in one file, and what of it holds (spec 9.c)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sanduq import errors
from sanduq.archive import json
from sanduq.press.key import fingerprint, grouped
from sanduq.press.letter import FORMAT as LETTER
from sanduq.press.letter import VERSION, Letter, letter_from, read_letter, require_format
from sanduq.press.signature import FORMAT as SIGNATURE
from sanduq.press.signature import Cosignature, check_signature, read_signature, signature_from
from sanduq.question.setup import canonical, require_canonical

FORMAT: Final = "sanduq-press-signed-letter"
LARGEST: Final = 1 << 22
_MOST: Final = 1000
_form: Final = json.Form(errors.LetterMalformed)


@dataclass(frozen=True)
class SignedLetter:
    """A letter, and the signatures in the order of its publisher. None of them is judged yet."""

    letter: Letter
    signatures: tuple[Cosignature, ...]

    def to_bytes(self) -> bytes:
        """The file ``letter-signed.json``."""
        return canonical(self.to_json())

    def to_json(self) -> dict[str, Any]:
        """The JSON value."""
        signatures = [each.to_json() for each in self.signatures]
        return {"format": FORMAT, "version": VERSION, "letter": self.letter.to_json(), "signatures": signatures}


@dataclass(frozen=True)
class Found:
    """What was found of one signature: it holds, or why not."""

    signature: Cosignature
    refusal: errors.Refused | None

    @property
    def holds(self) -> bool:
        """Whether it stands under this text."""
        return self.refusal is None


def read_signed(data: bytes) -> SignedLetter:
    """A letter with its signatures, from the bytes of its file."""
    if len(data) > LARGEST:
        raise errors.LetterMalformed("too large", expected=f"at most {LARGEST} bytes", got=len(data))
    fields = _form.fields(json.read(data), ("format", "letter", "signatures", "version"))
    require_format(fields, FORMAT, errors.LetterMalformed)
    signatures = _form.items(fields["signatures"], "signature", signature_from, _MOST)
    signed = SignedLetter(letter_from(fields["letter"]), signatures)
    require_canonical(data, signed.to_json(), errors.PressNotCanonical)
    return signed


def read_any(data: bytes) -> Letter | Cosignature | SignedLetter:
    """Whichever of the three files this is, read strictly."""
    if len(data) > LARGEST:
        raise errors.LetterMalformed("too large", expected=f"at most {LARGEST} bytes", got=len(data))
    value = json.read(data)
    kind = value.get("format") if isinstance(value, dict) else None
    if kind == LETTER:
        return read_letter(data)
    if kind == SIGNATURE:
        return read_signature(data)
    return read_signed(data)


def judge(signed: SignedLetter) -> tuple[Found, ...]:
    """Each signature with what is wrong with it, if anything; of one key only the first that holds."""
    found = []
    seen: set[str] = set()
    for each in signed.signatures:
        refusal = None
        try:
            check_signature(each, signed.letter)
            errors.require(errors.CosignerTwice, each.key not in seen, got=each.organisation)
            seen.add(each.key)
        except errors.Refused as caught:
            refusal = caught
        found.append(Found(each, refusal))
    return tuple(found)


def require_keys(found: Iterable[Found], fingerprints: Iterable[str]) -> None:
    """Each of these fingerprints (9.12) is that of a key whose signature holds."""
    known = {fingerprint(each.signature.key) for each in found if each.holds}
    for wanted in fingerprints:
        errors.require(errors.CosignerMissing, wanted in known, got=grouped(wanted))
