"""Writes what the fuzzers begin with: examples of every reader, the records of ``vectors/``, ballots for the engine's targets.

usage: seeds.py FOLDER      makes FOLDER/readers, FOLDER/ballot, FOLDER/change, FOLDER/points
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import sanduq_speed

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fuzz_names import NAMES

from readers import READERS
from sanduq import errors
from sanduq.algebra.group import G
from sanduq.archive.events import Kind
from sanduq.archive.reader import ArchiveReader, Entry

VECTORS = Path(__file__).parents[2] / "vectors"
RECORDS = {
    Kind.SETUP: ("election", "trustees", "roll", "setup_data"),
    Kind.ENCRYPTED_TALLY: ("tally", "sized"),
    Kind.PARTIAL_DECRYPTION: ("decryption", "owned"),
    Kind.RESULT: ("result",),
    Kind.BALLOT: ("ballot",),
}


def entries() -> Iterator[Entry]:
    """All events of all archives in ``vectors/`` that can be read."""
    for path in sorted(VECTORS.rglob("*.bel")):
        with path.open("rb") as file:
            try:
                yield from ArchiveReader(file, stop_at_tail=True)
            except errors.Refused:
                continue


def inputs() -> Iterator[tuple[str, bytes]]:
    """Inputs by reader."""
    for name, reader in READERS.items():
        for example in reader.examples():
            yield name, example
    for path in sorted(VECTORS.rglob("*.bel")):
        if path.stat().st_size < 65_000:
            yield "archive_rust", path.read_bytes()
    for entry in entries():
        yield "event", entry.event.to_bytes()
        for name, data in zip(RECORDS.get(entry.event.kind, ()), entry.data, strict=False):
            yield name, data


def ballots() -> list[bytes]:
    """Valid ballots of the election that ``speed/fuzz/fuzz_targets/ballot.rs`` asks about."""
    hash_, key = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0", bytes.fromhex((G**7).hex)
    checker = sanduq_speed.Checker("h5DRT2sDJ5UmKr", hash_, key, [(1, False, 0, 1), (1, True, 1, 1)])
    votes = [[[1], [0, 1]], [[0], [1, 0]]]
    return list(checker.seal(["AAAAA-AAAAAA-AAAAA-AAAAAA"] * len(votes), votes))


def save(folder: Path, data: bytes) -> None:
    """One file, named by its content."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def main() -> None:
    """Write all."""
    folder = Path(sys.argv[1])
    for name, data in inputs():
        if name in NAMES and len(data) < 65_000:
            save(folder / "readers", bytes([NAMES.index(name)]) + data)
    for data in ballots():
        save(folder / "ballot", data)
    for place in range(0, 4000, 97):
        save(folder / "change", bytes([place % 5, place >> 8, place & 255, place % 7, place % 251]))
    for exponent in range(8):
        save(folder / "points", bytes.fromhex((G**exponent).hex))
        save(folder / "points", (G**exponent).hex.encode())


if __name__ == "__main__":
    main()
