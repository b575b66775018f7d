"""What people tell us in confidence, sealed by age to people whose keys are not on this machine.

The plaintext is JSON, filled up with spaces to a multiple of a step: the length of a ciphertext would tell the length of an
address, and often that is enough to know whose it is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyrage
from django.core.exceptions import ImproperlyConfigured

from sanduq import errors

ADDRESS: Final = 512
TEXT: Final = 4096
_ARMOUR: Final = "-----BEGIN AGE ENCRYPTED FILE-----"


def recipients(texts: Sequence[str], setting: str) -> list[Any]:
    """The keys that a setting names.

    Raises ImproperlyConfigured for one that is none.
    """
    try:
        return [pyrage.x25519.Recipient.from_str(each) for each in texts]
    except pyrage.RecipientError as error:
        raise ImproperlyConfigured(f"{setting}: expected age recipients (age1…), separated by spaces: {error}") from None


def usable(texts: Sequence[str], setting: str) -> bool:
    """Whether somebody could read what is sealed to these. Without, the form is closed (``sanduq-press check`` says so)."""
    try:
        return bool(recipients(texts, setting))
    except ImproperlyConfigured:
        return False


def seal(values: Mapping[str, str], texts: Sequence[str], setting: str, step: int) -> bytes:
    """Values that only the recipients can read."""
    raw = json.dumps(values, ensure_ascii=False).encode()
    padded = raw.ljust(-(-len(raw) // step) * step)
    return bytes(pyrage.encrypt(padded, recipients(texts, setting)))


def unseal(raw: bytes, identity: Any) -> dict[str, str]:
    """The values, for whoever has an identity.

    Raises :class:`sanduq.errors.Unusable` if it is not sealed to this one.
    """
    try:
        return dict(json.loads(pyrage.decrypt(raw, [identity])))
    except (pyrage.DecryptError, ValueError) as error:
        raise errors.Unusable("this identity cannot open it: it is sealed to another one, or damaged") from error


def armoured(text: str) -> bool:
    """Whether somebody encrypted by themselves, with ``age --armor``."""
    return text.strip().startswith(_ARMOUR)


def open_text(text: str, identity: Any) -> str:
    """What somebody encrypted by themselves."""
    try:
        return bytes(pyrage.decrypt(text.strip().encode(), [identity])).decode("utf-8", errors="replace")
    except pyrage.DecryptError:
        return text


def identity_in(path: str) -> Any:
    """The identity in a file as age writes it; ``-`` reads it from standard input, so that it lies on no disk here."""
    text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        return pyrage.x25519.Identity.from_str(lines[0] if lines else "")
    except pyrage.IdentityError:
        raise errors.Unusable(f"{path}: no age identity is in it; expected a line AGE-SECRET-KEY-1…") from None


def make_identity(path: Path) -> str:
    """A new identity in a file that only its owner reads; gives the recipient."""
    made = pyrage.x25519.Identity.generate()
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(f"# public key: {made.to_public()}\n{made}\n", encoding="utf-8")
    return str(made.to_public())
