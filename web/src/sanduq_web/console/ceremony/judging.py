"""A trustee's partial decryptions, judged as they come: with one that does not hold nothing could be counted later."""

from __future__ import annotations

from sanduq import errors
from sanduq.count.tally import read_tally
from sanduq.keys.trustees import read_trustees
from sanduq.watch.counting import read_parts
from sanduq.watch.trustee import check_part
from sanduq_web.console.ceremony.models import Seat
from sanduq_web.count import api as count_api
from sanduq_web.question.api import referendum


def judge_decryption(anchor: str, seat: Seat, text: bytes) -> None:
    """The file is this trustee's, has every area that is to be counted and no other, and each part has its proofs against the
    encrypted sum that stands in the area's archive (7.4, 7.7, 7.17)."""
    owner, parts = read_parts(text)
    errors.require(errors.DecryptionOwner, owner == seat.owner, expected=seat.owner, got=owner)
    frozen = referendum(anchor)
    setup, key = frozen.setup, read_trustees(frozen.trustees).keys[owner - 1]
    for uuid in parts:
        errors.require(errors.NotInSetup, uuid in setup.by_uuid, got=uuid)
    tallies = count_api.tallies(frozen)
    for code, place in frozen.places.items():
        row, part = tallies[code], parts.get(place.area.uuid)
        if part is None and 0 < row.counted < setup.minimum_ballots:
            continue  # so few stay uncounted: nobody decrypts them (7.14)
        if part is None:
            raise errors.Unusable(f"area {code} is not decrypted", hint="hand over all areas in one file")
        try:
            check_part(setup, place.election, read_tally(bytes(row.sums), place.election), key, part)
        except errors.Refused as refusal:
            raise refusal.within(f"area {code}") from None
