"""What people write to officers, sealed by age as it comes: this site cannot read it again.

Texts go to the officers' console and to the registrar's offline machine, documents to the latter alone. Texts are filled up to
a multiple of a step, since lengths tell addresses apart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sanduq import errors

STEP: Final = 1024


def _recipients(texts: Sequence[str]) -> list[Any]:
    try:
        import pyrage
    except ImportError:
        raise errors.Unusable("pyrage is not installed", hint="pip install 'sanduq-web[registration]'") from None
    try:
        return [pyrage.x25519.Recipient.from_str(each) for each in texts if each]
    except pyrage.RecipientError:
        raise errors.Unusable("this registration has no usable recipients") from None


def seal(values: Mapping[str, Any], recipients: Sequence[str]) -> bytes:
    """Values that only the recipients can read."""
    raw = json.dumps(values, ensure_ascii=False).encode()
    return seal_bytes(raw.ljust(-(-len(raw) // STEP) * STEP), recipients)


def seal_bytes(raw: bytes, recipients: Sequence[str]) -> bytes:
    """Bytes that only the recipients can read."""
    found = _recipients(recipients)
    if not found:
        raise errors.Unusable("this registration has no recipients")
    import pyrage

    return bytes(pyrage.encrypt(raw, found))
