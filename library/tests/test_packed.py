"""Archives that are compressed for carrying: verified as if they were not; what is no such file, or a bomb, is refused."""

from __future__ import annotations

import gzip
import io
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive import packed
from sanduq.archive.packed import open_archive, pack, unpack
from sanduq.box.record import Record
from sanduq.engine import choose
from sanduq.watch.compare import compare_records
from sanduq.watch.record import verify_record

GOOD = min((Path(__file__).resolve().parents[2] / "vectors" / "steps" / "watch").glob("8.1-*"))
"""Refused for the anchor that somebody has given, and for nothing else."""
ANCHOR = sha256_hex((GOOD / "setup.json").read_bytes())


def packed_bytes(raw: bytes) -> bytes:
    return b"".join(pack(io.BytesIO(raw)))


def unpacked(raw: bytes) -> bytes:
    return b"".join(unpack(io.BytesIO(raw), len(raw)))


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """One that is good, with its archives compressed."""
    shutil.copytree(GOOD, tmp_path / "record")
    for path in sorted(tmp_path.glob("record/areas/*/*.bel")):
        packed.packed_path(path).write_bytes(packed_bytes(path.read_bytes()))
        path.unlink()
    return Record(tmp_path / "record")


@pytest.mark.parametrize("raw", [b"", b"x", b"ab" * 1000, random.Random(1).randbytes(3 << 20), b"\0" * (1 << 20)])
def test_what_was_packed_comes_back(raw: bytes) -> None:
    made = packed_bytes(raw)
    assert made == packed_bytes(raw) and gzip.decompress(made) == raw == unpacked(made)
    assert unpacked(gzip.compress(raw)) == raw, "of other programs, too"


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda raw: b"",
    "not gzip": lambda raw: b"PK" + raw,
    "cut in the header": lambda raw: raw[:5],
    "cut in the middle": lambda raw: raw[: len(raw) // 2],
    "cut at the end": lambda raw: raw[:-1],
    "a bit": lambda raw: raw[:-9] + bytes([raw[-9] ^ 1]) + raw[-8:],
    "another sum": lambda raw: raw[:-8] + bytes(4) + raw[-4:],
    "another length": lambda raw: raw[:-4] + bytes(4),
    "a second member": lambda raw: raw + raw,
    "bytes behind it": lambda raw: raw + b"\0",
    "bytes far behind it": lambda raw: raw + bytes(1 << 21),
}


@pytest.mark.parametrize("how", BROKEN)
def test_what_is_no_such_file(how: str) -> None:
    raw = BROKEN[how](packed_bytes(bytes(range(256)) * 5000))
    with pytest.raises(errors.RecordMalformed, match="compressed archive"):
        unpacked(raw)


def test_a_bomb_fills_no_disk() -> None:
    bomb = gzip.compress(bytes(1 << 26))
    taken = 0
    with pytest.raises(errors.RecordMalformed, match="too long"):
        for block in unpack(io.BytesIO(bomb), len(bomb)):
            taken += len(block)
    assert taken <= len(bomb) * packed.MOST + (1 << 20)


def test_a_compressed_record_is_verified_as_any(record: Record) -> None:
    report = verify_record(record, choose(None), ANCHOR)
    whole = Record(GOOD)
    assert report.areas == verify_record(whole, choose(None), ANCHOR).areas
    assert {one.added for one in compare_records(record, whole).values()} == {0}


def test_refusals_name_the_area(record: Record) -> None:
    area = record.setup.areas[0]
    path = packed.packed_path(record.archive(area))
    good = path.read_bytes()
    raw = bytearray(gzip.decompress(good))
    raw[700] ^= 1
    path.write_bytes(packed_bytes(bytes(raw)))
    with pytest.raises(errors.Refused, match=f"area {area.code}"):
        verify_record(record, choose(None), ANCHOR)
    path.write_bytes(good[:-1])
    with pytest.raises(errors.RecordMalformed, match=f"area {area.code}: .*cut off"):
        verify_record(record, choose(None), ANCHOR)
    path.unlink()
    with pytest.raises(errors.AreaMissing):
        verify_record(record, choose(None), ANCHOR)


def test_an_archive_is_there_once(record: Record) -> None:
    area = record.setup.areas[0]
    path = packed.packed_path(record.archive(area))
    record.archive(area).write_bytes(gzip.decompress(path.read_bytes()))
    with pytest.raises(errors.AreaTwice):
        verify_record(record, choose(None), ANCHOR)
    record.archive(area).unlink()
    path.rename(path.with_name("other.bel.gz"))
    with pytest.raises(errors.AreaTwice):
        verify_record(record, choose(None), ANCHOR)


def test_one_archive_is_opened_by_either_name(record: Record) -> None:
    path = record.archive(record.setup.areas[0])
    for name in (path, packed.packed_path(path)):
        with open_archive(name) as file:
            assert file.read(8) == b"BELENIOS" and file.seek(0) == 0
