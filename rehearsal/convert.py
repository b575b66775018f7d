"""How the tidy CSV files in ``data/`` were made from the published ones. Standard library only.

usage: python3 rehearsal/convert.py ORIGINALS

ORIGINALS is a folder with the published files, which are not kept here (``README.md`` says where they come from):

* ``uk2016/EU-referendum-result-data.csv``, as the Electoral Commission published it;
* ``swiss/swissvotes_cantons.csv``: the columns of the Swissvotes dataset for some votes, one row a vote and canton.

Rows stay in their order and no figure is changed; columns are chosen and renamed. The one figure that is reckoned: Swiss
ballots that are blank or invalid are the ballots cast less the valid votes, since the cantons' blanks and invalid ballots are
not published apart."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent / "data"

UK = {
    "code": "Area_Code",
    "name": "Area",
    "region": "Region_Code",
    "electorate": "Electorate",
    "ballots": "Votes_Cast",
    "remain": "Remain",
    "leave": "Leave",
    "rejected": "Rejected_Ballots",
}

# The file of the rehearsal, and for each of its questions the number of the vote with the beginning of the columns' names.
SWISS = {
    "swiss-567": {"567": ""},
    "swiss-580": {"580": ""},
    "swiss-596": {"596": ""},
    "swiss-636": {"636": ""},
    "swiss-552": {"552.1": "initiative_", "552.2": "counter_proposal_", "552.3": "tie_break_"},
}

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(name: str, rows: Iterable[Row]) -> None:
    rows = list(rows)
    with (HERE / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def votes(row: Row, begin: str) -> Row:
    blank = int(row["ballots_cast"]) - int(row["valid"])
    return {f"{begin}yes": row["yes"], f"{begin}no": row["no"], f"{begin}blank_or_invalid": str(blank)}


def swiss(rows: list[Row], questions: dict[str, str]) -> Iterable[Row]:
    cantons: dict[str, Row] = {}
    for row in rows:
        if row["vote_no"] in questions:
            general = {
                "code": row["canton"],
                "name": row["canton_name"],
                "electorate": row["eligible"],
                "ballots": row["ballots_cast"],
            }
            cantons.setdefault(row["canton"], general).update(votes(row, questions[row["vote_no"]]))
    return cantons.values()


def main(originals: Path) -> None:
    uk = read(originals / "uk2016" / "EU-referendum-result-data.csv")
    write("uk2016", ({ours: row[theirs] for ours, theirs in UK.items()} for row in uk))
    cantons = read(originals / "swiss" / "swissvotes_cantons.csv")
    for name, questions in SWISS.items():
        write(name, swiss(cantons, questions))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python3 rehearsal/convert.py ORIGINALS")
    main(Path(sys.argv[1]))
