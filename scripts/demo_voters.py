"""Some of the invented people of the demo vote over HTTP; the first ten of each area's list are left to whoever tries it.

usage: python scripts/demo_voters.py SITE FOLDER

SITE is the vote site's origin; FOLDER holds ``record`` and the registrar's ``rolls``. How each votes is drawn by lot.
"""

from __future__ import annotations

import csv
import http.client
import json
import secrets
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from sanduq.box.record import Record
from sanduq.engine import choose
from sanduq.question.election import Election, read_election
from sanduq.question.setup import CountingArea
from sanduq.watch.trustee import verify_area

LEFT = 10
TURNOUT = (55, 80)
"""Percent of an area's list, from and to."""


def opened(origin: str, anchor: str, seconds: float = 60) -> http.client.HTTPConnection:
    """A connection to the site as soon as it answers and the vote is open."""
    place = urlsplit(origin)
    connection = http.client.HTTPConnection(place.hostname or "localhost", place.port, timeout=10)
    for _ in range(int(seconds * 5)):
        try:
            connection.request("GET", f"/api/v1/referendums/{anchor}")
            state = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException):
            connection.close()
        else:
            if state.get("phase") == "open":
                return connection
        time.sleep(0.2)
    raise SystemExit(f"{origin} does not answer, or the vote does not open")


def drawn(election: Election) -> list[list[int]]:
    """A choice for each question by lot; a tenth of them blank."""
    vectors = []
    for question in election.questions:
        blank = secrets.randbelow(10) == 0
        chosen = 0 if blank else 1 + secrets.randbelow(len(question.answers))
        vectors.append([int(index == chosen) for index in range(len(question.answers) + 1)])
    return vectors


def main() -> None:
    origin, folder = sys.argv[1], Path(sys.argv[2])
    record, engine = Record(folder / "record"), choose(None)
    anchor = record.setup.anchor
    connection = opened(origin, anchor)
    for area in record.setup.areas:
        election = read_election(verify_area(record, area, engine).election.raw)
        people = credentials(folder, area)
        percent = TURNOUT[0] + secrets.randbelow(TURNOUT[1] - TURNOUT[0] + 1)
        voters = people[LEFT:][: len(people) * percent // 100]
        for ballot in engine.seal_many(election, voters, [drawn(election) for _ in voters]):
            path = f"/api/v1/referendums/{anchor}/areas/{area.code}/ballots"
            connection.request("POST", path, ballot, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 201:
                raise SystemExit(f"{area.code}: the box answers {answer.status}: {text.decode()}")


def credentials(folder: Path, area: CountingArea) -> list[str]:
    """The credentials of an area, in the order of the registrar's list."""
    with (folder / "rolls" / area.code / f"{area.uuid}.credentials.csv").open(newline="", encoding="utf-8") as file:
        return [row["credential"] for row in csv.DictReader(file)]


if __name__ == "__main__":
    main()
