"""What the screens, and other parts of the console, ask of the register."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sanduq_web.console.enrolment.areas import DraftArea, areas_of
from sanduq_web.console.enrolment.models import AreaCount, Entry, Fault, Load, Register, RollFile
from sanduq_web.console.enrolment.problems import TOLD
from sanduq_web.console.office.models import Vote
from sanduq_web.roll.api import FORMULA

PAGE: Final = 100


@dataclass
class Counted:
    """An area of the draft with what the register has of it. ``entries``: who may vote; ``out``: struck off."""

    area: DraftArea
    entries: int = 0
    weight: int = 0
    out: int = 0

    @property
    def over(self) -> bool:
        """Whether the register has more than the draft's electorate."""
        return self.area.electorate is not None and self.entries > self.area.electorate


def register_of(vote: Vote) -> Register | None:
    """The register of a vote, if there is one."""
    return Register.objects.filter(pk=vote.pk).first()


def counts(vote: Vote) -> list[Counted]:
    """What is in force, by area, in the draft's order; areas that are not in the draft any more stand at the end."""
    found = register_of(vote)
    rows = {code: Counted(area) for code, area in areas_of(vote).items()}
    if found is None:
        return list(rows.values())
    for each in AreaCount.objects.filter(register=found, generation__in=(0, found.generation)).order_by("area"):
        row = rows.setdefault(each.area, Counted(DraftArea(each.area, each.area)))
        row.entries += each.entries
        row.weight += each.weight
        row.out += each.out
    return list(rows.values())


def entries(found: Register, generation: int, area: str = "", after: str = "") -> list[Entry]:
    """A page of entries of an import (or of applications, which are generation 0) by voter, from behind ``after`` on, and one
    more if there are more. Of those whose names are withheld no list says anything.
    """
    query = Entry.objects.filter(register=found, generation=generation, voter__gt=after, withheld=False)
    if area:
        query = query.filter(area=area)
    return list(query.order_by("voter")[: PAGE + 1])


def entry_of(found: Register, voter: str) -> Entry | None:
    """The entry in force of a voter, by the register's own number; also of one whose name is withheld."""
    return Entry.objects.filter(register=found, generation__in=(0, found.generation), voter=voter).first()


def rolls_of(vote: Vote) -> dict[str, tuple[str, bytes]]:
    """The public lists that were checked, by area: uuid and exact bytes. Whoever freezes a vote asks this, and then
    :func:`rolls_missing`.
    """
    query = RollFile.objects.filter(register_id=vote.pk, state="good").order_by("area")
    return {row.area: (row.uuid, bytes(row.raw)) for row in query.iterator(chunk_size=1)}


def rolls_missing(vote: Vote) -> list[str]:
    """Codes of areas of the draft without a list that was checked, and of lists without an area."""
    there = set(RollFile.objects.filter(register_id=vote.pk, state="good").values_list("area", flat=True))
    return sorted(set(areas_of(vote)) ^ there)


def loads(found: Register) -> list[Load]:
    """Files that were uploaded, the newest first."""
    return list(Load.objects.filter(register=found).select_related("by__officer").order_by("-pk")[:50])


def told(fault: Fault) -> str:
    """What is wrong, in words."""
    words = str(TOLD.get(fault.kind, fault.kind))
    return f"{words} ({fault.got})" if fault.got else words


def plain_cell(text: str) -> str:
    """A cell that no spreadsheet computes."""
    return f"'{text}" if text.startswith(FORMULA) else text


def faults_csv(load: Load) -> Iterator[bytes]:
    """All that is wrong with a file, as CSV in pieces. What stands in the rows is not repeated."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("line", "column", "problem"))
    query = Fault.objects.filter(load=load).order_by("line", "pk")
    for number, fault in enumerate(query.iterator(chunk_size=1000), 1):
        writer.writerow((fault.line, plain_cell(fault.column), plain_cell(told(fault))))
        if number % 1000 == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()
