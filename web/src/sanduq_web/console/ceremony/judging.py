"""A trustee's partial decryptions, judged as they come: the owner's own, of this referendum's sums, with both proofs."""

from __future__ import annotations

from sanduq import errors
from sanduq.archive import json
from sanduq.count.decryption import read_decryption
from sanduq_web.console.ceremony.board import Board
from sanduq_web.console.ceremony.models import Seat
from sanduq_web.question.api import referendum

_form = json.Form(errors.DecryptionMalformed)


def judge_decryption(found: Board, seat: Seat, text: bytes) -> None:
    """Its form, its owner, and that it is of this referendum's areas. The proofs are checked against the sums when all are put
    together (:mod:`sanduq_web.console.counting`), and a part that does not hold is named then."""
    fields = _form.fields(json.read(text), ("owner", "areas"))
    owner = _form.number(fields["owner"], "owner")
    errors.require(errors.DecryptionOwner, owner == seat.owner, expected=seat.owner, got=owner)
    anchor = found.ceremony.vote.referendum_id
    if anchor is None or not isinstance(fields["areas"], dict):
        _form.fail_kind("areas", fields["areas"])
    known = referendum(str(anchor)).setup.by_uuid
    for uuid, value in fields["areas"].items():
        errors.require(errors.NotInSetup, uuid in known, got=uuid)
        read_decryption(json.write(_form.fields(value, ("decryption", "bindings"))["decryption"]).encode())
