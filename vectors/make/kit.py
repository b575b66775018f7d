"""A record under construction: setup, archives, journal and fingerprints, each of which can be made wrong."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sanduq.algebra.group import Point
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive import json
from sanduq.box.journal import SIGNED, Act
from sanduq.box.supervision import Statement, sign, signed_details
from sanduq.count.outcome import AreaTally, decide
from sanduq.keys.trustees import Trustees
from sanduq.question.election import Question, make_election
from sanduq.question.rule import read_rule
from sanduq.question.setup import canonical, read_setup
from sanduq.roll import Roll, make_roll, new_uuid
from sanduq.watch.record import outcome_sha256

from .catalogue import Folder, numbers
from .chain import Chain, Edit, same
from .world import Voter, World, make_voters, single

Value = dict[str, Any]
TIMES = {
    "frozen": "2026-04-30T06:00:00Z",
    "opened": "2026-05-01T06:00:00Z",
    "suspended": "2026-05-01T10:00:00Z",
    "resumed": "2026-05-01T11:00:00Z",
    "closed": "2026-05-01T18:00:00Z",
    "summed": "2026-05-01T18:30:00Z",
    "counted": "2026-05-01T19:00:00Z",
    "decided": "2026-05-01T19:00:00Z",
}
MAJORITY = {"of": "valid-votes", "compare": "more-than", "needed": "1/2"}
RULE = {"decides": "whole", "items": [{"id": "q", "kind": "proposal", "accept": "yes", "share": MAJORITY}]}


@dataclass
class AreaKit:
    """One area's election, archive and voters."""

    world: World
    chain: Chain
    raws: list[bytes] = field(default_factory=list)
    result: tuple[int, ...] | None = None


def setup_value(trustees: Trustees, areas: Sequence[Value]) -> Value:
    """The honest setup."""
    return {
        "format": "sanduq-setup-1",
        "title": {"en": "A referendum made up for tests"},
        "languages": [["en", "ltr"]],
        "questions": [
            {
                "id": "q",
                "text": {"en": "Shall it be?"},
                "answers": [{"id": "yes", "text": {"en": "Yes"}}, {"id": "no", "text": {"en": "No"}}],
                "blank": False,
                "min": 1,
                "max": 1,
            }
        ],
        "rule": read_rule(RULE).to_json(),
        "calendar": {"opens": TIMES["opened"], "closes": TIMES["closed"]},
        "minimum_ballots": 0,
        "below_minimum": "uncounted",
        "commission": "Commission",
        "registrar": "Registrar",
        "trustees": {"mandatory": len(trustees.items), "size": 0, "threshold": 0},
        "trustees_sha256": trustees.sha256,
        "box_key": "0" * 64,
        "booth_sha256": None,
        "bindings": False,
        "regions": [],
        "areas": list(areas),
    }


def election_of(setup: Value, area: Value, anchor: str, key: Point) -> bytes:
    """The text of an area's election as a setup, right or wrong, gives it."""
    language = area["language"]
    questions = []
    for asked in setup["questions"]:
        answers = tuple(answer["text"][language] for answer in asked["answers"])
        blank = True if asked["blank"] else None
        questions.append(Question(asked["text"][language], answers, asked["min"], asked["max"], blank))
    made = make_election(
        area["uuid"],
        f"{setup['title'][language]} — {area['name']}",
        anchor,
        key,
        tuple(questions),
        administrator=setup["commission"],
        credential_authority=setup["registrar"],
        language=(language, dict(setup["languages"])[language]),
    )
    return made.raw


def signer_of(name: str) -> Ed25519PrivateKey:
    """A supervisor's key that everybody can make."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"supervisor {name}".encode()).digest())


def signature_of(anchor: str, line: Value, key: Ed25519PrivateKey, **fields: Any) -> Value:
    """A supervisor's signature of a line's statement, in which ``fields`` are others."""
    act = Act(line["act"])
    value = {"height": line["height"], "parent": line["parent"], "details": signed_details(act, line["details"])}
    made = Statement(**({"anchor": anchor, "act": act, "earliest": line["time"]} | value | fields))
    return sign(made, key).countersignature.to_json()


class Kit:
    """A record from its freezing on. ``edit`` changes the setup before it is frozen, ``text`` its text.

    ``supervised``: the setup names a supervisor, who signs every act that needs it. ``tested``: it reserves a test sum.
    """

    def __init__(
        self,
        name: str,
        codes: Sequence[str] = ("A",),
        *,
        trustees: Trustees | None = None,
        edit: Callable[[Value], object] = lambda value: None,
        text: Edit = same,
        supervised: bool = False,
        tested: bool = False,
    ) -> None:
        self.rng, self.generator = numbers(f"kit {name}"), random.Random(f"kit {name}")
        self.secrets, self.trustees = self._trustees(trustees)
        self.voters: dict[str, tuple[Voter, ...]] = {}
        self.value = setup_value(self.trustees, [self._area(code) for code in codes])
        self.signer = signer_of(name) if supervised else None
        if self.signer is not None:
            key = self.signer.public_key().public_bytes_raw().hex()
            self.value["supervisor"] = {"name": {"en": "Supervisor"}, "key": key}
        if tested:
            self.value["test_uuid"] = new_uuid(self.generator.choice)
        edit(self.value)
        self.setup = text(canonical(self.value))
        self.anchor = sha256_hex(self.setup)
        self.described = sha256_hex(canonical(self.value))
        self.areas = {area["code"]: self.begin(area) for area in self.value["areas"]}
        self.lines: list[Value] = []
        self.act("frozen", {"anchor": self.described})

    def _trustees(self, trustees: Trustees | None) -> tuple[Mapping[int, int], Trustees]:
        if trustees is not None:
            return {}, trustees
        x, item = single(self.rng)
        return {1: x}, Trustees((item,))

    def _area(self, code: str) -> Value:
        uuid = new_uuid(self.generator.choice)
        self.voters[uuid] = make_voters(uuid, 2, self.generator)
        return {
            "code": code,
            "name": f"Area {code}",
            "parent": None,
            "electorate": 2,
            "language": "en",
            "uuid": uuid,
            "roll_sha256": self.roll(uuid).sha256,
        }

    def roll(self, uuid: str) -> Roll:
        """The public list of an area."""
        return make_roll((voter.key, None) for voter in self.voters[uuid])

    def begin(
        self, area: Value, *, trustees: Trustees | None = None, roll: Roll | None = None, election: Edit = same, **setup: Any
    ) -> AreaKit:
        """An area's archive up to its Setup event; each part may be another than the setup's."""
        keys, voters = trustees or self.trustees, self.voters[area["uuid"]]
        listed = roll or self.roll(area["uuid"])
        raw = election(election_of(self.value | setup, area, self.described, keys.public_key))
        from sanduq.question.election import read_election

        world = World(read_election(raw), keys, self.secrets, voters, listed)
        return AreaKit(world, world.chain())

    # --- what happens -------------------------------------------------------------------------------------------------------

    def act(self, act: str, details: Value | None = None, **fields: Any) -> Kit:
        """A line of the journal; ``fields`` replaces what it says."""
        parent = sha256_hex(canonical(self.lines[-1])) if self.lines else None
        line = {"height": len(self.lines), "parent": parent, "time": TIMES[act], "act": act, "details": details or {}}
        line |= fields
        if self.signer is not None and act in SIGNED and "supervisor" not in line:
            line["supervisor"] = signature_of(self.described, line, self.signer)
        self.lines.append({name: value for name, value in line.items() if value is not None or name == "parent"})
        return self

    def heads(self) -> Value:
        """The last event of each area."""
        return {code: area.chain.head for code, area in self.areas.items()}

    def open(self) -> Kit:
        """The vote is opened."""
        return self.act("opened")

    def suspend(self, **fields: Any) -> Kit:
        """The vote is suspended."""
        return self.act("suspended", **({"details": {"heads": self.heads(), "reason": {"en": "A storm."}}} | fields))

    def resume(self, **fields: Any) -> Kit:
        """The vote is resumed."""
        return self.act("resumed", **({"details": {"heads": self.heads(), "reason": {"en": "It is over."}}} | fields))

    def vote(self, code: str, voter: int = 0) -> Kit:
        """A voter says Yes."""
        area = self.areas[code]
        area.raws.append(area.world.ballot(voter, self.rng))
        area.chain.ballots(area.raws[-1])
        return self

    def close(self, **fields: Any) -> Kit:
        """The vote is closed in all areas."""
        for area in self.areas.values():
            area.chain.end()
        return self.act("closed", **({"details": {"heads": self.heads()}} | fields))

    def sum(self, **fields: Any) -> Kit:
        """All areas are summed."""
        for area in self.areas.values():
            area.chain.tally(area.world.sums(*area.raws), len(area.raws))
        return self.act("summed", **({"details": {"heads": self.heads()}} | fields))

    def count(self, **fields: Any) -> Kit:
        """All areas are decrypted and opened."""
        for area in self.areas.values():
            area.result = (len(area.raws), 0)
            area.world.decrypted(area.chain, area.world.sums(*area.raws), self.rng).result(area.result)
        return self.act("counted", **({"details": {"heads": self.heads()}} | fields))

    def decide(self, **fields: Any) -> Kit:
        """The rule is applied."""
        setup = read_setup(self.setup)
        tallies = [
            AreaTally(area.code, area.parent, area.electorate, sum(result), (result,))
            for area in setup.areas
            if (result := self.areas[area.code].result) is not None
        ]
        outcome = decide(setup.rule, setup.shapes, tallies)
        return self.act("decided", **({"details": {"outcome_sha256": outcome_sha256(outcome)}} | fields))

    # --- the folder ---------------------------------------------------------------------------------------------------------

    def path(self, code: str) -> str:
        """Where an area's archive is."""
        return f"areas/{code}/{self.areas[code].world.election.uuid}.bel"

    def fingerprints(self) -> Value:
        """The archives as they are now."""
        made = {}
        for code, area in self.areas.items():
            content = area.chain.content
            made[code] = {
                "uuid": area.world.election.uuid,
                "height": area.chain.height,
                "head": area.chain.head,
                "size": len(content),
                "sha256": sha256_hex(content),
            }
        return made

    def journal(self) -> bytes:
        """All lines."""
        return b"".join(canonical(line) + b"\n" for line in self.lines)

    def folder(
        self,
        *,
        fingerprints: Callable[[Value], object] = lambda value: None,
        journal: Edit = same,
        anchor: str | None = "its own",
        **files: bytes | None,
    ) -> Folder:
        """The record. ``files`` adds or (None) leaves out some, their names with ``__`` for ``/`` and ``_`` for ``.``."""
        marks = self.fingerprints()
        fingerprints(marks)
        made: dict[str, bytes | None] = {"setup.json": self.setup, "journal.jsonl": journal(self.journal())}
        made["fingerprints.json"] = canonical(marks)
        made |= {self.path(code): area.chain.content for code, area in self.areas.items()}
        made |= {name.replace("__", "/").replace("_", "."): content for name, content in files.items()}
        kept = {name: content for name, content in made.items() if content is not None}
        return Folder(kept, self.anchor if anchor == "its own" else anchor)


def spaced(data: bytes) -> bytes:
    """The same JSON with white space."""
    return json.write(json.read(data)).encode() + b"\n"
