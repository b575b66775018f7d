"""Names of stored files: they say nothing of whose they were, and nobody can guess them before something links to them."""

from __future__ import annotations

import secrets


def neutral_name(ending: str) -> str:
    """128 random bits: the address of a picture under embargo is as secret as its article."""
    return f"{secrets.token_hex(16)}.{ending}"
