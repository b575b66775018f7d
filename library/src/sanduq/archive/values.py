"""Numbers, points, proofs and ciphertexts as JSON values: read once, at the door, into types that cannot be wrong (spec
0.a).
"""

from __future__ import annotations

from typing import Any

from sanduq.algebra.elgamal import Ciphertext
from sanduq.algebra.group import Point, point
from sanduq.algebra.numbers import scalar
from sanduq.algebra.proofs import Proof
from sanduq.archive.json import Form


def read_scalar(form: Form, value: Any, what: str) -> int:
    """A number modulo q (0.1, 0.3)."""
    return scalar(form.text(value, what))


def read_point(form: Form, value: Any, what: str) -> Point:
    """A group element (0.4, 0.5)."""
    return point(form.text(value, what))


def read_proof(form: Form, value: Any) -> Proof:
    """``{"challenge":…,"response":…}``."""
    fields = form.fields(value, ("challenge", "response"))
    return Proof(read_scalar(form, fields["challenge"], "challenge"), read_scalar(form, fields["response"], "response"))


def proof_value(proof: Proof) -> dict[str, str]:
    """A proof as JSON."""
    return {"challenge": str(proof.challenge), "response": str(proof.response)}


def read_ciphertext(form: Form, value: Any) -> Ciphertext:
    """``{"alpha":…,"beta":…}``."""
    fields = form.fields(value, ("alpha", "beta"))
    return Ciphertext(read_point(form, fields["alpha"], "alpha"), read_point(form, fields["beta"], "beta"))


def ciphertext_value(ciphertext: Ciphertext) -> dict[str, str]:
    """A ciphertext as JSON."""
    return {"alpha": ciphertext.alpha.hex, "beta": ciphertext.beta.hex}
