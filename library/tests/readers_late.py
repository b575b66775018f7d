"""The readers of booth, box and count, and of rehearsals."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import plan_files
import reader_examples as made
import sanduq_speed
from compare_engines import checker
from reader_table import as_text, in_file, reader
from sanduq import errors
from sanduq.algebra.group import G
from sanduq.archive import json
from sanduq.booth.ballot import check_ballot, read_ballot, read_unsigned
from sanduq.booth.seal import check_challenge
from sanduq.booth.sealed_file import cast_file, challenge_file
from sanduq.box.journal import read_journal
from sanduq.box.receipt import BoxKey, check_receipt, read_receipt
from sanduq.box.record import Record
from sanduq.box.supervision import read_signed_act
from sanduq.cli.draft import AREAS, DRAFT
from sanduq.count.binding import Binding
from sanduq.count.binding import read_file as read_proofs
from sanduq.count.decryption import check_decryption, read_decryption
from sanduq.count.result import read_result
from sanduq.count.tally import read_tally
from sanduq.count.trustee import Memory, Request, read_heads
from sanduq.disc import read_key, read_keys, read_secret, read_signature, read_sums
from sanduq.engine import BallotEngine
from sanduq.engine.rust import RustEngine
from sanduq.rehearse import read_plan
from sanduq.rehearse.reading import read_draft
from small import seeded, small

# --- booth, box, count ------------------------------------------------------------------------------------------------------


@reader("json", lambda: list(small("two").ballots))
def ballot(data: bytes) -> object:
    return check_ballot(read_ballot(data, small("two").election), small("two").election)


@cache
def _rust() -> tuple[BallotEngine, sanduq_speed.Checker]:
    return RustEngine().ballots(small("two").election), checker(small("two").election)


@reader("json", lambda: list(small("two").ballots))
def ballot_rust(data: bytes) -> object:
    wrapped, raw = _rust()
    [judged], [credential] = wrapped.check([data]), raw.check([data])
    assert (credential is None) is isinstance(judged, errors.Refused)
    if isinstance(judged, errors.Refused):
        raise judged
    return judged


@reader("json", made.unsigned)
def unsigned(data: bytes) -> object:
    return read_unsigned(json.read(data))


@reader("json", made.challenges)
def challenge(data: bytes) -> object:
    try:
        shown = read_unsigned(json.read(data)["ballot"]).hash
    except (errors.SanduqError, TypeError, KeyError, IndexError):
        shown = ""
    return check_challenge(data, small("two").election, shown)


@reader("json", made.sealed_files)
def sealed_challenged(data: bytes) -> object:
    with in_file(data) as path:
        return challenge_file(path)


@reader("json", made.sealed_files)
def sealed_cast(data: bytes) -> object:
    with in_file(data) as path:
        return cast_file(path, small("two").credentials[0], seeded("cast"))


@reader("json", lambda: [made.receipt().to_bytes()])
def receipt(data: bytes) -> object:
    given = read_receipt(data)
    return check_receipt(given, made.box_key().public)


@reader("text", lambda: [made.box_key().secret_hex().encode()])
def secret_box_key(data: bytes) -> object:
    return BoxKey.from_hex(as_text(data)).public


@reader("text", lambda: [made.journal(), made.supervised_journal()])
def journal(data: bytes) -> object:
    return read_journal(data)


@reader("json", lambda: [made.fingerprints()])
def fingerprints(data: bytes) -> object:
    with in_file(data, "fingerprints.json") as path:
        path.with_name("setup.json").write_bytes(b"{}")
        return Record(path.parent).fingerprints()


@reader("json", lambda: [made.setup()])
def record_setup(data: bytes) -> object:
    with in_file(data, "setup.json") as path:
        record = Record(path.parent)
        return record.setup, record.setup.election(record.setup.areas[0], G.point)


@reader("json", lambda: made.records("tally"))
def tally(data: bytes) -> object:
    return read_tally(data, small("two").election)


@reader("json", lambda: made.records("decryption"))
def decryption(data: bytes) -> object:
    given = small("two")
    return check_decryption(read_decryption(data), made.sums(), given.election, given.trustees.keys[0])


@reader("json", made.second_proofs)
def second_proofs(data: bytes) -> object:
    given = small("two")
    about = Binding(given.election, made.sums(), given.trustees.keys[0])
    for proofs in read_proofs(data).values():
        about.check(made.factors(), proofs)
    return about


@reader("json", lambda: made.records("result"))
def result(data: bytes) -> object:
    return read_result(data, small("two").election)


@reader("json", made.signed_acts)
def signed_act(data: bytes) -> object:
    return read_signed_act(data).to_bytes()


@reader("json", made.heads)
def heads(data: bytes) -> object:
    return read_heads(data)


@reader("text", made.memories)
def memory(data: bytes) -> object:
    with in_file(data) as path:
        return Memory(path).remember(Request("AAAAAAAAAAAAAA", "0" * 64, 1, "1" * 64))


# --- rehearsals -------------------------------------------------------------------------------------------------------------


@reader("text", lambda: [plan_files.TOML.encode()])
def plan(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        return read_plan(plan_files.write(Path(folder), data))


@reader("text", lambda: [DRAFT.encode()])
def draft(data: bytes) -> object:
    with in_file(data, "draft.toml") as path:
        path.with_name("areas.csv").write_text(AREAS)
        return read_draft(path)


@reader("text", lambda: [plan_files.CSV.encode()])
def plan_figures(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        return read_plan(plan_files.write(Path(folder), csv=data))


# --- disc -------------------------------------------------------------------------------------------------------------------


@reader("text", lambda: made.of_disc("sums", "text"))
def edition_sums(data: bytes) -> object:
    return read_sums(data)


@reader("text", lambda: made.of_disc("keys", "file", "public"))
def edition_key(data: bytes) -> object:
    return read_key(data)


@reader("text", lambda: made.of_disc("keys", "file", "rings"))
def edition_keys(data: bytes) -> object:
    return read_keys(data)


@reader("text", lambda: made.of_disc("signatures", "file", "read"))
def edition_signature(data: bytes) -> object:
    return read_signature(data)


@reader("text", lambda: made.of_disc("keys", "file", "secret"))
def edition_secret(data: bytes) -> object:
    return read_secret(data, lambda: "").public
