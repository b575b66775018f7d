"""Referendums of which every secret is known, with ballots that were sealed beforehand, as folders to be imported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sanduq.algebra.numbers import sha256_hex, system_random
from sanduq.box import BoxKey
from sanduq.box.journal import Act
from sanduq.box.receipt import FILE_PREFIX
from sanduq.box.record import Record, create_record
from sanduq.count.binding import bind
from sanduq.count.decryption import decrypt
from sanduq.count.steps import append_sum
from sanduq.engine import choose
from sanduq.question.areas import Parent
from sanduq.question.election import read_election
from sanduq.question.rule import read_rule
from sanduq.question.setup import Answer, Asked, Calendar, CountingArea, Information, Setup, Side, TrusteePolicy
from sanduq.rehearse.players import Keys, make_keys
from sanduq.roll import Roll, make_roll, new_credential, new_uuid
from sanduq.watch.record import outcome_of, outcome_sha256
from sanduq.watch.trustee import Part, append_parts, verify_area

OPENS, CLOSES = "2030-05-01T06:00:00Z", "2030-05-01T18:00:00Z"
FROZEN = "2030-04-01T12:00:00Z"
ENGINE = choose(None)
RULE = {
    "decides": "whole",
    "items": [
        {
            "id": "bridge",
            "kind": "proposal",
            "accept": "yes",
            "share": {"of": "valid-votes", "compare": "more-than", "needed": "1/2"},
        }
    ],
}


@dataclass(frozen=True)
class Rig:
    """A frozen record and its secrets: credentials and sealed ballots by area's code, two of each voter."""

    path: Path
    setup: Setup
    keys: Keys = field(repr=False)
    box_key: BoxKey = field(repr=False)
    credentials: Mapping[str, Sequence[str]] = field(repr=False)
    ballots: Mapping[str, Sequence[bytes]] = field(repr=False)
    again: Mapping[str, Sequence[bytes]] = field(repr=False)

    @property
    def anchor(self) -> str:
        return self.setup.anchor

    @property
    def record(self) -> Record:
        return Record(self.path)

    @property
    def key_file(self) -> Path:
        return self.path.parent / f"{self.path.name}.key"

    def area(self, code: str) -> CountingArea:
        return next(area for area in self.setup.areas if area.code == code)


def texts(text: str, languages: Sequence[str]) -> dict[str, str]:
    return {language: f"{text} ({language})" for language in languages}


LANGUAGES = {"en": "ltr", "az": "ltr", "azb": "rtl", "fa": "rtl"}
INFORMATION = Information(
    texts("The paint is as blue as the sky.\n\nIt costs <b>nine</b> thousand.", list(LANGUAGES)),
    (
        Side(texts("For the paint", list(LANGUAGES)), texts("Blue is calm.\n\nRust is not.", list(LANGUAGES))),
        Side(texts("Against the paint", list(LANGUAGES)), texts("Grey is calm too. It is there.", list(LANGUAGES))),
    ),
)


def make_setup(
    areas: Mapping[str, int],
    keys: Keys,
    policy: TrusteePolicy,
    calendar: Calendar,
    box_key: BoxKey,
    minimum: int,
    information: Information | None,
) -> tuple[Setup, dict[str, list[str]], dict[str, Roll]]:
    names = list(LANGUAGES)
    credentials, rolls, counting = {}, {}, []
    for code, voters in areas.items():
        uuid = new_uuid()
        credentials[code] = [new_credential() for _ in range(voters)]
        public = ENGINE.public_credentials(uuid, credentials[code])
        rolls[code] = make_roll((key, None) for key in public)
        counting.append(
            CountingArea(code, f"Area {code}", "north", voters + 5, "fa" if code == "B" else "en", uuid, rolls[code].sha256)
        )
    answers = (Answer("yes", texts("Yes", names)), Answer("no", texts("No", names)))
    asked = Asked("bridge", texts("Shall the old bridge be painted blue?", names), answers, blank=True)
    setup = Setup(
        title=texts("The blue bridge", names),
        languages=LANGUAGES,
        questions=(asked,),
        rule=read_rule(RULE),
        calendar=calendar,
        minimum_ballots=minimum,
        below_minimum="uncounted",
        commission="The commission",
        registrar="The registrar",
        trustees=policy,
        trustees_sha256=sha256_hex(keys.trustees.to_bytes()),
        box_key=box_key.public,
        booth_sha256=None,
        bindings=True,
        regions=(Parent("north", "The north", None),),
        areas=tuple(counting),
        information=information,
    )
    return setup, credentials, rolls


def make_rig(
    path: Path,
    areas: Mapping[str, int],
    opens: str = OPENS,
    closes: str = CLOSES,
    minimum: int = 0,
    frozen: str = FROZEN,
    information: Information | None = INFORMATION,
    change: Callable[[Setup], Setup] = lambda setup: setup,
) -> Rig:
    """A frozen record in ``path``, and beside it the box's key file. ``change`` is made to the setup before it is frozen."""
    policy, box_key = TrusteePolicy(0, 3, 2), BoxKey.new()
    keys = make_keys(policy, system_random)
    setup, credentials, rolls = make_setup(areas, keys, policy, Calendar(opens, closes), box_key, minimum, information)
    setup = change(setup)
    path.parent.mkdir(parents=True, exist_ok=True)
    record = create_record(path, setup, keys.trustees, lambda area: rolls[area.code], frozen, 1_900_000_000)
    ballots, again = {}, {}
    for area in record.setup.areas:
        election = setup.election(area, keys.trustees.public_key)
        voters = len(credentials[area.code])
        ballots[area.code] = seal(election.raw, credentials[area.code], [n % 3 for n in range(voters)])
        again[area.code] = seal(election.raw, credentials[area.code], [1] * voters)
    rig = Rig(path, record.setup, keys, box_key, credentials, ballots, again)
    rig.key_file.write_text(FILE_PREFIX + box_key.secret_hex() + "\n")
    return rig


def seal(election: bytes, credentials: Sequence[str], choices: Sequence[int]) -> list[bytes]:
    """Signed ballots: 0 is blank, 1 yes, 2 no."""
    vectors = [[[int(choice == index) for index in range(3)]] for choice in choices]
    return list(ENGINE.seal_many(read_election(election), credentials, vectors))


def count(rig: Rig, path: Path, time: str) -> None:
    """Sum, decrypt and decide a closed record, as trustees and commission do: two of three trustees decrypt."""
    record, heads = Record(path), {}
    for area in record.setup.areas:
        heads[area.code] = append_sum(record.archive(area), verify_area(record, area, ENGINE)).hash
    record.write_act(Act.SUMMED, time, {"heads": heads})
    reports = {}
    for area in record.setup.areas:
        report = verify_area(record, area, ENGINE)
        parts = {}
        for owner in (1, 3):
            x = rig.keys.secret[owner]
            made = decrypt(report.sums, report.election, x, system_random)
            parts[owner] = Part(made, bind(report.election, report.sums, made.factors, x, system_random))
        heads[area.code] = append_parts(record, area, report, parts)[1].hash
        reports[area.code] = verify_area(record, area, ENGINE)
    record.write_act(Act.COUNTED, time, {"heads": heads})
    record.write_fingerprints()
    outcome = outcome_of(record.setup, reports, ())
    assert outcome is not None
    record.write_act(Act.DECIDED, time, {"outcome_sha256": outcome_sha256(outcome)})
