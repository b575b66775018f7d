"""Every reader of the library, with texts that it accepts: what the tests of bad input and the fuzzers feed.

A reader is called with any bytes, and has to answer with a value or to raise an error of our tree. (:func:`call` says which; any
other exception goes through.)
"""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import plan_files
import reader_examples as made
import sanduq_speed
from compare_engines import checker
from sanduq import errors
from sanduq.algebra.group import G
from sanduq.archive import json
from sanduq.archive.events import read_event, read_owned, read_setup_data, read_sized
from sanduq.archive.reader import ArchiveReader
from sanduq.archive.tar import read_header
from sanduq.archive.writer import cut_unfinished_tail
from sanduq.booth.ballot import check_ballot, read_ballot, read_unsigned
from sanduq.booth.seal import check_challenge
from sanduq.booth.sealed_file import cast_file, challenge_file
from sanduq.box import Box
from sanduq.box.journal import read_journal
from sanduq.box.receipt import BoxKey, check_receipt, read_receipt
from sanduq.box.record import Record
from sanduq.cli.draft import AREAS, DRAFT
from sanduq.count.binding import Binding
from sanduq.count.binding import read_file as read_proofs
from sanduq.count.decryption import check_decryption, read_decryption
from sanduq.count.result import read_result
from sanduq.count.tally import read_tally
from sanduq.count.trustee import Memory, Request, read_heads
from sanduq.engine import BallotEngine
from sanduq.engine.python import PythonEngine
from sanduq.engine.rust import RustEngine
from sanduq.keys import ceremony, pki
from sanduq.keys.trustees import check_trustees, read_trustees
from sanduq.question.election import read_election
from sanduq.question.rule import read_rule
from sanduq.question.setup import read_setup
from sanduq.rehearse import read_plan
from sanduq.rehearse.reading import read_draft
from sanduq.roll import check_certificate, check_credential, check_uuid, read_certificate, read_roll
from sanduq.watch.archive import verify_archive
from sanduq.watch.compare import compare_archives
from small import seeded, small

Read = Callable[[bytes], object]


@dataclass(frozen=True)
class Reader:
    """``kind`` is what its texts are: ``json``, ``archive`` or ``text``."""

    name: str
    kind: str
    read: Read
    examples: Callable[[], list[bytes]]


READERS: dict[str, Reader] = {}


def reader(kind: str, examples: Callable[[], list[bytes]]) -> Callable[[Read], Read]:
    """Register a reader under the name of its function, with texts that it accepts."""

    def register(read: Read) -> Read:
        READERS[read.__name__] = Reader(read.__name__, kind, read, cache(examples))
        return read

    return register


def call(name: str, data: bytes) -> errors.SanduqError | None:
    """Read ``data``; the error of our tree that it is answered with, if it is."""
    try:
        READERS[name].read(data)
    except errors.SanduqError as error:
        assert len(str(error)) < 5000, "an error as long as its input"
        return error
    return None


def _text(data: bytes) -> str:
    """As a command line gets a text that is not UTF-8: with halves of surrogate pairs in it."""
    return data.decode("utf-8", "surrogateescape")


@contextlib.contextmanager
def _file(data: bytes, name: str = "file") -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        yield path


# --- archive ----------------------------------------------------------------------------------------------------------------


@reader("json", lambda: [b'{"a":[1,"b",null,true,{}]}'])
def json_read(data: bytes) -> object:
    value = json.read(data)
    json.require_canonical(json.write(value).encode("utf-8", "surrogatepass"), value)
    return value


@reader("archive", lambda: [small("plain").archive[:512]])
def tar_header(data: bytes) -> object:
    return read_header(data[:512])


@reader("archive", made.archives)
def archive_reader(data: bytes) -> object:
    return list(ArchiveReader(io.BytesIO(data)))


@reader("archive", made.archives)
def archive_tail(data: bytes) -> object:
    return list(ArchiveReader(io.BytesIO(data), stop_at_tail=True, check_hashes=False))


@reader("archive", made.archives)
def unfinished_tail(data: bytes) -> object:
    with _file(data) as path, path.open("r+b") as file:
        return cut_unfinished_tail(file)


@reader("archive", made.archives)
def archive_python(data: bytes) -> object:
    return verify_archive(io.BytesIO(data), PythonEngine())


@reader("archive", made.archives)
def archive_rust(data: bytes) -> object:
    return verify_archive(io.BytesIO(data), RustEngine())


@reader("archive", lambda: made.archives()[:1])
def archives_compared(data: bytes) -> object:
    """As the older copy, then as the newer one."""
    archive = made.archives()[0]
    with contextlib.suppress(errors.Refused):
        compare_archives(io.BytesIO(data), io.BytesIO(archive))
    return compare_archives(io.BytesIO(archive[: len(archive) // 2]), io.BytesIO(data))


@reader("archive", made.archives)
def box(data: bytes) -> object:
    with _file(data) as path, Box.open(path, RustEngine()) as opened:
        return opened.is_open


@reader("json", lambda: made.records("event"))
def event(data: bytes) -> object:
    return read_event(data)


@reader("json", lambda: made.records("setup data"))
def setup_data(data: bytes) -> object:
    return read_setup_data(data)


@reader("json", lambda: made.records("sized"))
def sized(data: bytes) -> object:
    return read_sized(data)


@reader("json", lambda: made.records("owned"))
def owned(data: bytes) -> object:
    return read_owned(data)


# --- roll, question, keys ---------------------------------------------------------------------------------------------------


@reader("json", lambda: made.records("credentials"))
def roll(data: bytes) -> object:
    return read_roll(data)


@reader("json", made.certificates)
def certificate(data: bytes) -> object:
    made_for = small("plain")
    return check_certificate(read_certificate(data), made_for.election.uuid, made_for.roll, made_for.roll.sha256)


@reader("text", lambda: [b"AAAAA-AAAAAA-AAAAA-AAAAAA"])
def credential(data: bytes) -> object:
    return check_credential(_text(data))


@reader("text", lambda: [b"AAAAAAAAAAAAAA"])
def uuid(data: bytes) -> object:
    return check_uuid(_text(data))


@reader("json", lambda: made.records("election"))
def election(data: bytes) -> object:
    return read_election(data)


@reader("json", lambda: [made.setup()])
def setup(data: bytes) -> object:
    return read_setup(data)


@reader("json", made.rules)
def rule(data: bytes) -> object:
    return read_rule(json.read(data))


@reader("json", lambda: made.records("trustees"))
def trustees(data: bytes) -> object:
    return check_trustees(read_trustees(data))


@reader("json", lambda: made.ceremony()["certs"])
def cert(data: bytes) -> object:
    return ceremony.read_cert(data)


@reader("text", lambda: [b"\n".join(made.ceremony()["certs"])])
def certs(data: bytes) -> object:
    return ceremony.read_certs(data.split(b"\n"))


@reader("json", lambda: made.ceremony()["polynomials"])
def polynomial(data: bytes) -> object:
    return ceremony.read_polynomial(data).commitment


@reader("json", lambda: made.ceremony()["vinputs"])
def vinput(data: bytes) -> object:
    group, given = made.group(), ceremony.read_vinput(data)
    return ceremony.finish(group.seed, group.certs, given, group.commitments, seeded("finish"))


@reader("json", lambda: made.ceremony()["voutputs"])
def voutput(data: bytes) -> object:
    return ceremony.decryption_key(made.group().seed, ceremony.read_voutput(data).private_key)


@reader("json", lambda: made.ceremony()["single"])
def single(data: bytes) -> object:
    return ceremony.read_single(data)


@reader("json", lambda: made.ceremony()["group"])
def threshold_group(data: bytes) -> object:
    return ceremony.read_group(data)


@reader("json", lambda: [made.letters()[0]])
def decrypt(data: bytes) -> object:
    return pki.decrypt(made.group().seed.decryption, _text(data))


@reader("json", made.letters)
def receive(data: bytes) -> object:
    """A letter, and a letter with these bytes inside of it."""
    seed = made.group().seed
    inside = pki.encrypt(seed.encryption_key, data.decode("utf-8", "replace"), seeded("letter"))
    with contextlib.suppress(errors.SanduqError):
        pki.receive(seed, seed.verification_key, inside)
    return pki.receive(seed, seed.verification_key, _text(data))


@reader("text", lambda: [b"11" * 11])
def seed(data: bytes) -> object:
    return pki.Seed(_text(data)).verification_key


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
    with _file(data) as path:
        return challenge_file(path)


@reader("json", made.sealed_files)
def sealed_cast(data: bytes) -> object:
    with _file(data) as path:
        return cast_file(path, small("two").credentials[0], seeded("cast"))


@reader("json", lambda: [made.receipt().to_bytes()])
def receipt(data: bytes) -> object:
    given = read_receipt(data)
    return check_receipt(given, made.box_key().public)


@reader("text", lambda: [made.box_key().secret_hex().encode()])
def secret_box_key(data: bytes) -> object:
    return BoxKey.from_hex(_text(data)).public


@reader("text", lambda: [made.journal()])
def journal(data: bytes) -> object:
    return read_journal(data)


@reader("json", lambda: [made.fingerprints()])
def fingerprints(data: bytes) -> object:
    with _file(data, "fingerprints.json") as path:
        path.with_name("setup.json").write_bytes(b"{}")
        return Record(path.parent).fingerprints()


@reader("json", lambda: [made.setup()])
def record_setup(data: bytes) -> object:
    with _file(data, "setup.json") as path:
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


@reader("json", made.heads)
def heads(data: bytes) -> object:
    return read_heads(data)


@reader("text", made.memories)
def memory(data: bytes) -> object:
    with _file(data) as path:
        return Memory(path).remember(Request("AAAAAAAAAAAAAA", "0" * 64, 1, "1" * 64))


# --- rehearsals -------------------------------------------------------------------------------------------------------------


@reader("text", lambda: [plan_files.TOML.encode()])
def plan(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        return read_plan(plan_files.write(Path(folder), data))


@reader("text", lambda: [DRAFT.encode()])
def draft(data: bytes) -> object:
    with _file(data, "draft.toml") as path:
        path.with_name("areas.csv").write_text(AREAS)
        return read_draft(path)


@reader("text", lambda: [plan_files.CSV.encode()])
def plan_figures(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        return read_plan(plan_files.write(Path(folder), csv=data))
