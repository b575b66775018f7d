"""``VERIFY.html``: which keys the page trusts (spec 10.f). The page itself is built from ``booth/src/disc``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from sanduq import errors
from sanduq.disc.minisign import EditionKey

LARGEST: Final = 1 << 20
_NONE: Final = '<script id="keys" type="application/json">[]</script>'


def with_keys(page: str, keys: Iterable[EditionKey]) -> str:
    """The built page with keys in the one place for them. No script is there, so the policy, which names hashes, stays."""
    lines = json.dumps([each.base64 for each in keys])
    if page.count(_NONE) != 1:
        raise errors.Unusable("this is no VERIFY.html as it was built", hint="scripts/booth.sh disc builds one, without keys")
    return page.replace(_NONE, _NONE.replace("[]", lines))
