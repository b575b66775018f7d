"""A trustee's partial decryptions, judged as they come: the owner's own, of this referendum's sums."""

from __future__ import annotations

from sanduq import errors
from sanduq.watch.counting import read_parts
from sanduq_web.console.ceremony.board import Board
from sanduq_web.console.ceremony.models import Seat
from sanduq_web.question.api import referendum


def judge_decryption(found: Board, seat: Seat, text: bytes) -> None:
    """Its form, its owner, and that it is of this referendum's areas. The proofs are checked against the sums when all are put
    together (:mod:`sanduq_web.console.counting`); a part that does not hold is named then."""
    owner, parts = read_parts(text)
    errors.require(errors.DecryptionOwner, owner == seat.owner, expected=seat.owner, got=owner)
    anchor = found.ceremony.vote.referendum_id
    known = referendum(str(anchor)).setup.by_uuid if anchor else {}
    for uuid in parts:
        errors.require(errors.NotInSetup, uuid in known, got=uuid)
