"""The test sum: before the opening the trustees decrypt, with their real keys, a sum whose result is known (spec 7.h).

Elections were lost because nobody had tried, before it mattered, whether the keys open anything. So the setup may reserve a
uuid for an archive that is made and counted like that of an area, and never is one. All of it but the randomness of its
ballots follows from the setup: the election, the credentials (which are public, so no vote of a person can be in it) and how
many ballots say what. Whoever has the setup knows what the trustees must find.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Final

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive.events import Kind, Sized
from sanduq.archive.writer import event_records, setup_records
from sanduq.count.report import ArchiveReport
from sanduq.count.result import Result
from sanduq.count.tally import tally_bytes
from sanduq.engine import Engine
from sanduq.keys.trustees import Pedersen, Trustees
from sanduq.question.setup import TEST_NAME, CountingArea, Setup
from sanduq.roll import BASE58, Roll, make_roll

_AT_ONCE: Final = 1000


def votes_of_test(setup: Setup) -> Result:
    """What the test sum must give: choice number j (from 0, blank first where it is one) of each question has j mod 3 + 1
    votes; and the first choice those that are missing until there are as many ballots for every question, and enough to be
    counted (7.12)."""
    rows = [[choice % 3 + 1 for choice in range(len(asked.answers) + asked.blank)] for asked in setup.questions]
    ballots = max(setup.minimum_ballots, *map(sum, rows))
    return tuple((row[0] + ballots - sum(row), *row[1:]) for row in rows)


def choices_of_test(setup: Setup) -> list[list[list[int]]]:
    """The ballots: for each, and each question, what it says to every choice."""
    votes = votes_of_test(setup)
    chosen = [[choice for choice, count in enumerate(row) for _ in range(count)] for row in votes]
    return [
        [[int(choice == of) for choice in range(len(row))] for of, row in zip(ballot, votes, strict=True)]
        for ballot in zip(*chosen, strict=True)
    ]


def credentials_of_test(setup: Setup) -> list[str]:
    """The credentials of the test, one a ballot: everybody can make them from the anchor."""
    return [_credential(f"sanduq-test-sum-1|{setup.anchor}|{number}") for number in range(sum(votes_of_test(setup)[0]))]


def _credential(name: str) -> str:
    value, text = int(hashlib.sha256(name.encode()).hexdigest(), 16), ""
    for _ in range(22):
        value, digit = divmod(value, 58)
        text += BASE58[digit]
    return f"{text[:5]}-{text[5:11]}-{text[11:16]}-{text[16:]}"


def roll_of_test(setup: Setup, engine: Engine) -> Roll:
    """The public list of the test."""
    uuid, credentials = _uuid(setup), credentials_of_test(setup)
    return make_roll((key, None) for key in engine.public_credentials(uuid, credentials))


def area_of_test(setup: Setup, engine: Engine) -> CountingArea:
    """What stands for the area in the test's election; its code is empty, which no area's is."""
    roll = roll_of_test(setup, engine)
    language = next(iter(setup.languages))
    return CountingArea("", TEST_NAME, None, len(roll), language, _uuid(setup), roll.sha256)


def _uuid(setup: Setup) -> str:
    if setup.test_uuid is None:
        raise errors.TestMissing("the setup reserves no test sum")
    return setup.test_uuid


def make_archive(setup: Setup, trustees: Trustees, engine: Engine, seconds: int) -> bytes:
    """The archive of the test up to its encrypted sum; ``seconds`` since 1970 are the time in its headers."""
    area, roll = area_of_test(setup, engine), roll_of_test(setup, engine)
    election = setup.election(area, trustees.public_key)
    content, head = setup_records(seconds, election.raw, trustees.to_bytes(), roll.to_bytes())
    parts, choices, credentials = [content], choices_of_test(setup), credentials_of_test(setup)
    raws: list[bytes] = []
    for first in range(0, len(choices), _AT_ONCE):
        raws += engine.seal_many(election, credentials[first : first + _AT_ONCE], choices[first : first + _AT_ONCE])
    for raw in raws:
        content, head = event_records(head, Kind.BALLOT, [raw])
        parts.append(content)
    content, head = event_records(head, Kind.END_BALLOTS, [])
    tally = tally_bytes(engine.ballots(election).sum(raws, [1] * len(raws)))
    sized = Sized(len(raws), len(raws), sha256_hex(tally)).to_bytes()
    return b"".join([*parts, content, event_records(head, Kind.ENCRYPTED_TALLY, [tally, sized])[0]])


def check_is_test(setup: Setup, report: ArchiveReport, engine: Engine) -> None:
    """A verified archive is the test that follows from the setup, with its result if it has one (7.19)."""
    area = area_of_test(setup, engine)
    election = setup.election(area, report.trustees.public_key)
    for what, expected, got in (
        ("trustees", setup.trustees_sha256, report.trustees_sha256),
        ("election", election.sha256, report.election.sha256),
        ("roll", area.roll_sha256, report.roll_sha256),
        ("ballots", area.electorate, report.counted),
    ):
        errors.require(errors.TestWrong, got == expected, what, expected=expected, got=got)
    votes = votes_of_test(setup)
    errors.require(errors.TestWrong, report.result in (None, votes), "result", expected=votes, got=report.result)


def missing_trustees(trustees: Trustees, owners: Collection[int]) -> list[str]:
    """The trustees who are not among ``owners``, by number and, if they have one, by name."""
    keys = [
        key for item in trustees.items for key in (item.verification_keys if isinstance(item, Pedersen) else (item.public_key,))
    ]
    every = enumerate((key.name for key in keys), 1)
    return [f"{number} ({name})" if name else f"{number}" for number, name in every if number not in owners]
