"""The certificate that a Belenios server's credential authority adds (spec 1.c), right or wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sanduq.algebra.group import G, Point
from sanduq.algebra.numbers import Random, sha256_hex
from sanduq.algebra.proofs import Proof, Schnorr
from sanduq.archive import json
from sanduq.archive.values import proof_value

from .chain import Chain, Edit, same
from .world import world


def archive(
    rng: Random,
    *,
    text: Edit = same,
    proof: Callable[[Proof], Proof] = lambda made: made,
    encryption: Point | None = None,
    message: Callable[[str], str] = lambda made: made,
    other_key: bool = False,
    **fields: Any,
) -> bytes:
    """An archive up to its Setup event, with a certificate. ``fields`` replaces what it says; it is signed after that."""
    w, x = world(), rng()
    roll = w.roll.to_bytes()
    value: dict[str, Any] = {
        "uuid": w.election.uuid,
        "voter_list_length": len(w.roll),
        "public_creds_hash": sha256_hex(roll),
        "verification_key": (G**x).hex,
        "encryption_key": (encryption or G ** rng()).hex,
    } | fields
    said = message(sha256_hex(json.write(value).encode()))
    made = proof(Schnorr(f"sigmsg|{said}|").prove(rng() if other_key else x, rng))
    value["signature"] = {"message": said, "signature": proof_value(made)}
    return Chain().setup(w.election.raw, w.trustees.to_bytes(), roll, text(json.write(value).encode())).content
