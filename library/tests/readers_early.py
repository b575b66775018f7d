"""The readers of archive, roll, question and keys."""

from __future__ import annotations

import contextlib
import io

import reader_examples as made
from reader_table import as_text, in_file, reader
from sanduq import errors
from sanduq.archive import json
from sanduq.archive.events import read_event, read_owned, read_setup_data, read_sized
from sanduq.archive.reader import ArchiveReader
from sanduq.archive.tar import read_header
from sanduq.archive.writer import cut_unfinished_tail
from sanduq.box import Box
from sanduq.engine.python import PythonEngine
from sanduq.engine.rust import RustEngine
from sanduq.keys import ceremony, pki
from sanduq.keys.trustees import check_trustees, read_trustees
from sanduq.question.election import read_election
from sanduq.question.rule import read_rule
from sanduq.question.setup import read_setup
from sanduq.roll import check_certificate, check_credential, check_uuid, read_certificate, read_roll
from sanduq.watch.archive import verify_archive
from sanduq.watch.compare import compare_archives
from small import seeded, small

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
    with in_file(data) as path, path.open("r+b") as file:
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
    with in_file(data) as path, Box.open(path, RustEngine()) as opened:
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
    return check_credential(as_text(data))


@reader("text", lambda: [b"AAAAAAAAAAAAAA"])
def uuid(data: bytes) -> object:
    return check_uuid(as_text(data))


@reader("json", lambda: made.records("election"))
def election(data: bytes) -> object:
    return read_election(data)


@reader("json", lambda: [made.setup(), made.supervised_setup()])
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
    return pki.decrypt(made.group().seed.decryption, as_text(data))


@reader("json", made.letters)
def receive(data: bytes) -> object:
    """A letter, and a letter with these bytes inside of it."""
    seed = made.group().seed
    inside = pki.encrypt(seed.encryption_key, data.decode("utf-8", "replace"), seeded("letter"))
    with contextlib.suppress(errors.SanduqError):
        pki.receive(seed, seed.verification_key, inside)
    return pki.receive(seed, seed.verification_key, as_text(data))


@reader("text", lambda: [b"11" * 11])
def seed(data: bytes) -> object:
    return pki.Seed(as_text(data)).verification_key
