"""Keeping what was counted: from the report of the library's verifier, never from the record's own words; and its PDFs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from sanduq.algebra.numbers import sha256_hex
from sanduq.count.tally import tally_bytes
from sanduq.watch.record import RecordReport
from sanduq_web import printing
from sanduq_web.count.api import annulled_in
from sanduq_web.count.models import Annulment, Decided, Printed, Printing, Proofs, Tally
from sanduq_web.printer import SHEET
from sanduq_web.problems import Busy
from sanduq_web.question.api import Frozen, Place

MOST_PRINTED: Final = 48


def keep(frozen: Frozen, report: RecordReport) -> None:
    """Keep tallies and outcome of a verified record, within the caller's transaction."""
    for code, area in report.areas.items():
        if area.phase in ("open", "closed"):
            continue
        votes = None if area.result is None else [list(row) for row in area.result]
        values = {"counted": area.counted, "weight": area.total_weight, "owners": sorted(area.decryptions), "votes": votes}
        values["sums"] = tally_bytes(area.sums)
        Tally.objects.update_or_create(area_id=frozen.places[code].id, defaults=values)
    if report.phase == "decided" and report.outcome is not None:
        Decided.objects.update_or_create(referendum_id=frozen.anchor, defaults={"outcome": report.outcome.to_json()})


def keep_proofs(place: Place, content: bytes | None) -> None:
    """Keep the second proofs that stand beside an archive."""
    if content is not None:
        Proofs.objects.update_or_create(area_id=place.id, defaults={"content": content})


def annul(frozen: Frozen, case: int, codes: Sequence[str], now: str) -> None:
    """From now on these areas, and no others, are annulled in a case; within the caller's transaction. The record stays."""
    for code in codes:
        frozen.place(code)
    if tuple(sorted(codes)) != annulled_in(frozen.anchor, case):
        Annulment.objects.create(referendum_id=frozen.anchor, case=case, time=now, codes=sorted(codes))


# --- PDFs --------------------------------------------------------------------------------------------------------------------


def print_once(html: str) -> bytes:
    """The PDF of a whole page: the one that was made for this very page, or else a new one.

    One is made at a time on the whole site; the last ones are kept. Raises :class:`Busy` while another one is made,
    :class:`printing.Missing`, and :class:`printing.Failed`.
    """
    sha256 = sha256_hex("\0".join((printing.version(), SHEET.read_text(), html)).encode())
    found = Printed.objects.filter(sha256=sha256).first()
    if found is not None:
        return bytes(found.content)
    now = int(time.time())
    Printing.objects.get_or_create(pk=1)
    until = now + printing.SECONDS + 10
    if not Printing.objects.filter(pk=1, until__lt=now).update(until=until):
        raise Busy("another page is being made", retry_after=30)
    try:
        made = printing.render(html)
        Printed.objects.update_or_create(sha256=sha256, defaults={"content": made})
        last = Printed.objects.order_by("-pk").values_list("pk", flat=True)[MOST_PRINTED : MOST_PRINTED + 1]
        Printed.objects.filter(pk__lte=max(last, default=0)).delete()
    finally:
        Printing.objects.filter(pk=1, until=until).update(until=0)
    return made
