"""What is inside a key file of the trustees' page, once age has decrypted it (spec 3.d)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sanduq import errors
from sanduq.algebra.numbers import scalar
from sanduq.archive import json
from sanduq.keys.ceremony import check_cert_for
from sanduq.keys.certificates import Context
from sanduq.keys.pki import Seed

_FORMAT: Final = "sanduq-trustee-1"
_FIELDS: Final = ("format", "context", "secret", "cert", "name", "private_key", "decrypted")
_form = json.Form(errors.SecretKeyMismatch)


@dataclass(frozen=True)
class Saved:
    """A trustee's secrets: the seed of a member of a group (``context``), or (None) a mandatory trustee's key in decimal.

    ``private_key`` is the letter of step 5, ``decrypted`` the SHA-256 of every encrypted tally that was decrypted, by uuid.
    """

    context: Context | None
    secret: str = field(repr=False)
    cert: str | None
    private_key: str | None = field(repr=False)
    decrypted: Mapping[str, str]


def read_saved(data: bytes) -> Saved:
    """The key in a decrypted key file (3.18). Nothing of it enters a refusal."""
    try:
        fields = _form.fields(json.read(data), _FIELDS)
    except errors.Refused:
        fields = {}
    if fields.get("format") != _FORMAT:
        hint = "decrypt it first: age -d trustee1-key-complete.age > trustee.json"
        raise errors.SecretKeyMismatch("not a decrypted key file of the trustees' page", hint=hint)
    context, secret = _context(fields["context"]), fields["secret"]
    cert, letter = _optional(fields["cert"], "cert"), _optional(fields["private_key"], "private_key")
    if not isinstance(secret, str) or (context is None and not _is_scalar(secret)):
        raise errors.SecretKeyMismatch("not a trustee's key")
    if context is not None:
        Seed(secret)
        if cert is not None:
            check_cert_for(cert.encode(), context)
    if not isinstance(fields["decrypted"], dict):
        _form.fail_kind("decrypted", fields["decrypted"])
    decrypted = {uuid: _form.hash(tally, "tally") for uuid, tally in fields["decrypted"].items()}
    return Saved(context, secret, cert, letter, decrypted)


def _is_scalar(text: str) -> bool:
    try:
        scalar(text)
    except errors.Refused:
        return False
    return True


def _optional(value: Any, what: str) -> str | None:
    return None if value is None else _form.text(value, what)


def _context(value: Any) -> Context | None:
    if value is None:
        return None
    fields = _form.fields(value, ("size", "threshold", "index"))
    return Context(*(_form.number(fields[name], name, 1) for name in ("size", "threshold", "index")))
