"""Texts that the readers accept: at least one for each of them, made the same way at every run."""

from __future__ import annotations

import hashlib
import io
import tempfile
from dataclasses import dataclass
from functools import cache
from json import loads
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rule_makers import AREAS as MAJORITY
from rule_makers import AT_LEAST_HALF, choice, linked, proposal, value
from sanduq.algebra.numbers import sha256_hex
from sanduq.algebra.proofs import Schnorr
from sanduq.archive import json
from sanduq.archive.events import Kind
from sanduq.archive.reader import ArchiveReader
from sanduq.archive.values import proof_value
from sanduq.booth.seal import Sealed, cast_ballot, challenge, seal
from sanduq.box.journal import Act, Countersignature, Line
from sanduq.box.receipt import BoxKey, Receipt
from sanduq.box.supervision import Statement, sign
from sanduq.cli.draft import AREAS, DRAFT
from sanduq.count.binding import bind, file_bytes
from sanduq.count.decryption import Factors, read_decryption
from sanduq.count.tally import read_tally
from sanduq.count.trustee import Heads
from sanduq.engine import Sums
from sanduq.keys import ceremony as steps
from sanduq.keys.certificates import Cert, Context
from sanduq.keys.pki import Seed, send
from sanduq.question.setup import TrusteePolicy, canonical
from sanduq.rehearse.draft import make_setup
from sanduq.rehearse.reading import read_draft
from small import seeded, small


def archives() -> list[bytes]:
    """Archives of small elections."""
    return [small("one").archive, small("blank").archive]


@cache
def _data() -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {"event": []}
    places = {
        Kind.SETUP: ["election", "trustees", "credentials", "setup data"],
        Kind.ENCRYPTED_TALLY: ["tally", "sized"],
        Kind.PARTIAL_DECRYPTION: ["decryption", "owned"],
        Kind.RESULT: ["result"],
    }
    for name in ("two", "blank", "weights"):
        for entry in ArchiveReader(io.BytesIO(small(name).archive)):
            found["event"].append(entry.event.to_bytes())
            for place, data in zip(places.get(entry.event.kind, []), entry.data, strict=False):
                found.setdefault(place, []).append(data)
    return found


def records(what: str) -> list[bytes]:
    """Records from archives; the first ones are of the election ``two``."""
    found = _data()[what]
    return found[:1] if what in ("tally", "decryption", "result") else list(dict.fromkeys(found))


@cache
def factors() -> Factors:
    """The decryption factors of the election ``two``."""
    return read_decryption(records("decryption")[0]).factors


@cache
def sums() -> Sums:
    """The encrypted sums of the election ``two``."""
    return read_tally(records("tally")[0], small("two").election)


def second_proofs() -> list[bytes]:
    """The proofs that stand beside the archive of the election ``two``."""
    given = small("two")
    return [file_bytes({1: bind(given.election, sums(), factors(), given.keys[1], seeded("second"))})]


def certificates() -> list[bytes]:
    """A certificate of the list of credentials, as a Belenios server has it."""
    made, secret = small("plain"), 12345
    public = steps.public_key_of(secret, seeded("certificate")).key.hex
    signed: dict[str, Any] = {
        "uuid": made.election.uuid,
        "voter_list_length": len(made.roll),
        "public_creds_hash": made.roll.sha256,
        "verification_key": public,
        "encryption_key": public,
    }
    message = sha256_hex(json.write(signed).encode())
    proof = Schnorr(f"sigmsg|{message}|").prove(secret, seeded("signature"))
    return [json.write(signed | {"signature": {"message": message, "signature": proof_value(proof)}}).encode()]


# --- keys -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """A threshold group in the making: the first trustee's seed, all certificates, what was committed to."""

    seed: Seed
    certs: tuple[Cert, ...]
    commitments: tuple[str, ...]


@cache
def _ceremony() -> tuple[Group, dict[str, list[bytes]]]:
    random = seeded("ceremony")
    seeds = [Seed(f"{letter}" * 22) for letter in "123"]
    certs = tuple(steps.begin(seed, Context(3, 2, index), random) for index, seed in enumerate(seeds, 1))
    polynomials = [steps.make_polynomial(seed, certs, random) for seed in seeds]
    commitments = tuple(polynomial.commitment for polynomial in polynomials)
    vinputs = steps.route(certs, polynomials)
    voutputs = [steps.finish(seed, certs, vinput, commitments, random) for seed, vinput in zip(seeds, vinputs, strict=True)]
    published = steps.assemble(certs, polynomials, voutputs)
    _, public = steps.new_single(random)
    return Group(seeds[0], certs, commitments), {
        "certs": [json.write(cert.signed.to_json()).encode() for cert in certs],
        "polynomials": [polynomials[0].to_bytes()],
        "vinputs": [vinputs[0].to_bytes()],
        "voutputs": [voutputs[0].to_bytes()],
        "single": [json.write(public.to_json()).encode()],
        "group": [json.write(steps.group_value(published)).encode()],
    }


def group() -> Group:
    """The group of the ceremony."""
    return _ceremony()[0]


def ceremony() -> dict[str, list[bytes]]:
    """The files of a ceremony, by their kind."""
    return _ceremony()[1]


def letters() -> list[bytes]:
    """A letter of the first trustee to itself."""
    seed = group().seed
    return [send(seed, seed.encryption_key, '{"secret":"5"}', seeded("letter")).encode()]


# --- booth and box ----------------------------------------------------------------------------------------------------------


@cache
def _sealed() -> Sealed:
    made = small("two")
    return seal(made.election, made.public(0), made.votes[0][1], seeded("seal"))


def unsigned() -> list[bytes]:
    """A ballot before it is signed."""
    return [json.write(_sealed().unsigned.to_json()).encode()]


def challenges() -> list[bytes]:
    """An opened ballot."""
    return [challenge(_sealed())]


def sealed_files() -> list[bytes]:
    """The file of a sealed ballot in its three states."""
    sealed = _sealed()
    ballot = cast_ballot(sealed.unsigned, small("two").credentials[0], seeded("cast")).raw.decode()
    opened = {
        "unsigned": sealed.unsigned.to_json(),
        "openings": [[{"r": str(r), "m": m} for r, m in row] for row in sealed.openings],
    }
    return [
        json.write({"format": "sanduq-sealed-1", "state": state, "ballot": raw} | more).encode()
        for state, raw, more in (("sealed", None, opened), ("challenged", None, opened), ("cast", ballot, {}))
    ]


def box_key() -> BoxKey:
    """A box's key."""
    return BoxKey(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"box").digest()))


def receipt() -> Receipt:
    """A receipt of that box."""
    return box_key().sign(Receipt("AAAAAAAAAAAAAA", "0" * 43, 3, "1" * 64))


def journal() -> bytes:
    """A journal from freezing to the decision."""
    lines: list[Line] = []
    for height, act in enumerate(each for each in Act if each not in (Act.SUSPENDED, Act.RESUMED)):
        details: dict[str, Any] = {"heads": {"A": "1" * 64}}
        details = {Act.FROZEN: {"anchor": "0" * 64}, Act.OPENED: {}, Act.DECIDED: {"outcome_sha256": "2" * 64}}.get(
            act, details
        )
        lines.append(Line(height, lines[-1].hash if lines else None, f"2026-05-01T06:00:0{height}Z", act, details))
    return b"".join(line.to_bytes() + b"\n" for line in lines)


def signed_acts() -> list[bytes]:
    """What a supervisor hands over: the opening, and a suspension with its reasons."""
    key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"supervisor").digest())
    said: dict[Act, dict[str, Any]] = {
        Act.OPENED: {"test": "3" * 64},
        Act.SUSPENDED: {"reason": {"en": "A storm.", "fa": "توفان."}},
    }
    statements = [Statement("0" * 64, act, 1, "1" * 64, "2026-05-01T06:00:00Z", details) for act, details in said.items()]
    return [sign(statement, key).to_bytes() for statement in statements]


def supervised_journal() -> bytes:
    """A journal that was signed, with a suspension."""
    lines: list[Line] = []
    heads = {"A": "1" * 64}
    said = {
        Act.FROZEN: {"anchor": "0" * 64},
        Act.OPENED: {"test": "3" * 64},
        Act.SUSPENDED: {"heads": heads, "reason": {"en": "A storm."}},
        Act.RESUMED: {"heads": heads, "reason": {"en": "It is over.", "fa": "گذشت."}},
        Act.CLOSED: {"heads": heads},
    }
    for height, (act, details) in enumerate(said.items()):
        time = f"2026-05-01T06:00:0{height}Z"
        signed = Countersignature(time, "4" * 128)
        lines.append(Line(height, lines[-1].hash if lines else None, time, act, details, signed))
    return b"".join(line.to_bytes() + b"\n" for line in lines)


def fingerprints() -> bytes:
    """The fingerprints of a record with two areas."""
    one = {"uuid": "AAAAAAAAAAAAAA", "height": 3, "head": "0" * 64, "size": 1 << 40, "sha256": "1" * 64}
    return canonical({"A": one, "B": one | {"uuid": "BBBBBBBBBBBBBB"}})


def heads() -> list[bytes]:
    """What trustees exchange before they decrypt."""
    return [Heads(1, {"AAAAAAAAAAAAAA": "0" * 64, "BBBBBBBBBBBBBB": "1" * 64}).to_bytes()]


def memories() -> list[bytes]:
    """What a trustee remembers of its decryptions."""
    return [b'{"uuid":"BBBBBBBBBBBBBB","tally":"' + b"2" * 64 + b'"}\n']


# --- question ---------------------------------------------------------------------------------------------------------------


def rules() -> list[bytes]:
    """Rules of all kinds."""
    weights = {"level": "areas", "weights": {"A": "1", "B": "1/2"}}
    made = [
        value(proposal(turnout=dict(AT_LEAST_HALF), area_majority=dict(MAJORITY)), area_weights=weights),
        value(
            proposal(tie="yes"),
            choice(share={"of": "electorate"} | AT_LEAST_HALF, otherwise="run-off"),
            decides="each",
            regions="parents",
        ),
        value(linked()),
    ]
    return [json.write(one).encode() for one in made]


@cache
def setup() -> bytes:
    """The frozen setup of the example of the command line."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "draft.toml")
        path.write_text(DRAFT, encoding="utf-8")
        path.with_name("areas.csv").write_text(AREAS, encoding="utf-8")
        plan = read_draft(path)
    codes = [area.code for area in plan.areas]
    uuids = {code: f"{number}" * 14 for number, code in enumerate(codes, 1)}
    rolls = {code: f"{number}" * 64 for number, code in enumerate(codes, 1)}
    made = make_setup(plan, TrusteePolicy(0, 3, 2), "3" * 64, box_key().public, None, uuids, rolls)
    return made.to_bytes()


def supervised_setup() -> bytes:
    """The same, supervised, with a test sum."""
    value = json.read(setup())
    key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"supervisor").digest()).public_key()
    name = {"en": "The court", "fa": "دادگاه"}
    return canonical(value | {"supervisor": {"name": name, "key": key.public_bytes_raw().hex()}, "test_uuid": "TestSumTest123"})


def of_disc(name: str, field: str, part: str | None = None) -> list[bytes]:
    """What is accepted of ``vectors/disc``."""
    path = Path(__file__).resolve().parents[2] / "vectors" / "disc" / f"{name}.json"
    read = loads(path.read_text(encoding="utf-8"))
    cases = read[part] if part else read
    return [case[field].encode() for case in cases if "step" not in case]
