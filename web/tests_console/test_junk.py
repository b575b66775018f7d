"""Every screen, by the role that it is for: whatever a form or an address holds, the answer is no fault of ours."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rig import Staff
from test_drafting import fill
from test_office import addresses, filled

NAMES = """
do number sha256 code name email role invitation password old next text file kind csv raw revision languages title
decides json map credits areas parents opens closes count threshold mandatory minimum below_minimum booth deed reason
area type place time description body visibility due answer status organisation agree statement case decision annul
limit complaints appeals until recipients day state voter page only since after find q choice codes entries weight
load generation
""".split()
JUNK: list[Any] = [
    "",
    "0",
    "-1",
    "9" * 40,
    "\x00",
    "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "[]",
    "{",
    "1e9",
    "é" * 3000,
]


VERBS = """
save admit end withdraw invite text form merge map areas add remove add-answer:9 propose answer close accredit lodge decide
""".split()


def junk(at: int) -> dict[str, Any]:
    """Something else in each field."""
    return {name: JUNK[(at + number) % len(JUNK)] for number, name in enumerate(NAMES)}


@pytest.mark.django_db
@pytest.mark.long
def test_junk_is_no_fault(people: Staff) -> None:
    fill(people)
    people.commission.post_to(people.of("ceremony/"))
    for at, each in addresses():
        roles = getattr(each.callback, "roles", ())
        for who in people.all:
            if who.desk.role not in roles:
                continue
            path = filled(at, people.vote.pk)
            for number in range(len(JUNK)):
                query = {name: value for name, value in junk(number).items() if value != "\x00"}
                assert who.browser.get(path, query).status_code < 500, path
                for verb in [junk(number)["do"], *VERBS[number::5]]:
                    files = {"file": SimpleUploadedFile("x.csv", b"\xff\x00,=1\n" * 9)} if number % 2 else {}
                    told = who.browser.post(path, junk(number) | {"do": verb} | files)
                    assert told.status_code < 500, (path, verb)
                body = ["", "[]", '{"kind": 1}', "\x00", "[" * 9999][number % 5]
                assert who.browser.post(path, body, content_type="application/json").status_code < 500, path
