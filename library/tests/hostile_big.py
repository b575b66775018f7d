"""Large inputs that cost their maker little, read in a process that may not have much memory or time."""

from __future__ import annotations

import os
import pickle
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import reader_examples as made
from hostile import FIRST, SIZES, archive_record, header
from readers import call
from sanduq import errors
from sanduq.algebra.group import G
from sanduq.archive import json
from sanduq.archive.reader import ArchiveReader
from sanduq.question.setup import canonical
from small import TIME, small

MEMORY = 640 << 20
"""How much a process may grow."""
SECONDS = 30
"""How long a reader may take, in time of the processor."""

Answer = tuple[str, float]
MILLION = 1_000_000
POINT = G.point.hex.encode()


@dataclass(frozen=True)
class Big:
    """An input and the readers that get it."""

    make: Callable[[], bytes]
    readers: tuple[str, ...]


JSON = ("json_read", "trustees", "roll")


def _list(item: bytes, count: int) -> bytes:
    return b"[" + b",".join([item] * count) + b"]"


def _points(count: int) -> bytes:
    proof = b'{"challenge":"1","response":"1"}'
    return b'{"decryption_factors":[%s],"decryption_proofs":[%s]}' % (_list(b'"%s"' % POINT, count), _list(proof, count))


def _tally(count: int) -> bytes:
    return b"[%s]" % _list(b'{"alpha":"%s","beta":"%s"}' % (POINT, POINT), count)


def _challenge(count: int) -> bytes:
    value = json.read(made.challenges()[0])
    value["ballot"]["answers"][0]["choices"] *= count
    value["openings"][0] *= count
    return json.write(value).encode()


def _trustees() -> bytes:
    """A hundred groups of a hundred: a million coefficients."""
    value = json.read(made.records("trustees")[1])
    group = value[0][1]
    message = json.write({"coefexps": [G.point.hex] * 100})
    group["coefexps"] = [{"message": message, "signature": group["signatures"][0]}] * 100
    return json.write([["Pedersen", group]] * 20).encode()


def _setup(change: Callable[[dict[str, Any]], None]) -> bytes:
    value = json.read(made.setup())
    change(value)
    return canonical(value)


def _regions(value: dict[str, Any]) -> None:
    """A chain of regions, each in the next."""
    count = 100_000
    value["regions"] = [{"code": f"r{i}", "name": "n", "parent": f"r{i + 1}" if i + 1 < count else None} for i in range(count)]
    value["areas"][0]["parent"] = None


def _keys(count: int) -> bytes:
    return b"{" + b",".join(b'"%x":1' % number for number in range(count)) + b"}"


def _toml_answers(count: int) -> bytes:
    answers = ",".join('{id="a",column="a",text={en="x"}}' for _ in range(count))
    return f'[[questions]]\nanswers=[{answers}]\nlanguages=["en"]'.encode()


BIG: dict[str, Big] = {
    "lists": Big(lambda: _list(b"[]", 5 * MILLION), JSON),
    "objects": Big(lambda: _list(b"{}", 5 * MILLION), JSON),
    "keys": Big(lambda: _keys(MILLION // 2), JSON),
    "empty texts": Big(lambda: _list(b'""', 4 * MILLION), JSON),
    "short texts": Big(lambda: b"[" + b",".join(b'"%x"' % number for number in range(MILLION)) + b"]", JSON),
    "numbers": Big(lambda: _list(b"1000", 4 * MILLION), JSON),
    "one text": Big(lambda: b'"' + b"a" * (32 * MILLION) + b'"', (*JSON, "decrypt", "seed", "credential", "secret_box_key")),
    "one escaped text": Big(lambda: b'"' + rb"\u0000" * (5 * MILLION) + b'"', JSON),
    "one number": Big(lambda: b"7" * (32 * MILLION), (*JSON, "plan")),
    "brackets": Big(lambda: b"[" * (32 * MILLION), JSON),
    "zeros": Big(lambda: bytes(32 * MILLION), (*JSON, "archive_reader", "plan", "plan_figures", "journal", "memory")),
    "white space": Big(lambda: b" " * (32 * MILLION), (*JSON, "cert", "single", "plan", "plan_figures")),
    "newlines": Big(lambda: b"\n" * (8 * MILLION), ("journal", "memory", "certs", "plan", "plan_figures")),
    "short lines": Big(lambda: b"{}\n" * (4 * MILLION), ("journal", "memory", "certs")),
    "points to decrypt": Big(lambda: _points(50_000), ("decryption",)),
    "sums": Big(lambda: _tally(30_000), ("tally",)),
    "openings": Big(lambda: _challenge(10_000), ("challenge",)),
    "coefficients": Big(_trustees, ("trustees",)),
    "a chain of regions": Big(lambda: _setup(_regions), ("setup",)),
    "heads": Big(lambda: _keys(MILLION // 2), ("heads", "fingerprints")),
    "a long ballot": Big(lambda: small("two").ballots[0] * 5000, ("ballot", "ballot_rust", "unsigned")),
    "empty records": Big(lambda: FIRST + archive_record(b"") * 50_000, ("archive_reader", "archive_tail", "box")),
    "commas": Big(lambda: b"," * (16 * MILLION), ("plan", "plan_figures")),
    "cells over many lines": Big(lambda: b'"\n",,,,,,,,' * (2 * MILLION), ("plan_figures",)),
    "columns": Big(lambda: b"area,name,shore,voters,cast,yes,no,blank,spoilt" + b",x" * (8 * MILLION), ("plan_figures",)),
    "rows": Big(
        lambda: b"area,name,shore,voters,cast,yes,no,blank,spoilt\n" + b"\n1,,,,,,,," * (3 * MILLION), ("plan_figures",)
    ),
    "a key of many parts": Big(lambda: b"a." * 400_000 + b"a=1", ("plan", "draft")),
    "keys of many parts": Big(lambda: (b"a." * 99 + b"a\n") * 5000, ("plan",)),
    "a table of many parts": Big(
        lambda: b"[" + b"a." * 99 + b"a]\n" + b"".join(b"%d=1\n" % i for i in range(50_000)), ("plan",)
    ),
    "many tables": Big(lambda: b"".join(b"[a%d]\n" % number for number in range(100_000)), ("plan",)),
    "many answers": Big(lambda: _toml_answers(25_000), ("plan",)),
    "TOML brackets": Big(lambda: b"a=" + b"[" * 900_000, ("plan",)),
    "TOML tables in tables": Big(lambda: b"a=" + b"{a=" * 300_000, ("plan",)),
}


def prepare() -> None:
    """What is made once is made before. (Nothing here asks Rust, whose threads would not survive the forks.)"""
    small("two")
    made.records("trustees"), made.challenges(), made.setup(), made.letters()


def confined(act: Callable[[], Answer]) -> Answer:
    """Do it in a process of its own that may grow by :data:`MEMORY`, and no more."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        answer: Answer = "died", 0.0
        try:
            _limit()
            answer = act()
        except MemoryError:
            answer = "out of memory", 0.0
        except BaseException as error:  # noqa: BLE001  -- told to the parent
            answer = f"{type(error).__name__}: {error}"[:1000], 0.0
        finally:
            os.write(writing, pickle.dumps(answer))
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return pickle.loads(told) if told else ("died", 0.0)


def _limit() -> None:
    with Path("/proc/self/statm").open() as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY, now + MEMORY))


def read_big(name: str, reader: str) -> Answer:
    """What became of it, and the seconds that it took."""
    data = BIG[name].make()

    def act() -> Answer:
        start = time.process_time()
        answer = call(reader, data)
        return type(answer).__name__ if answer else "a value", time.process_time() - start

    return confined(act)


def read_sparse(folder: Path, size: bytes) -> Answer:
    """An archive of four terabytes, all zeros but for two headers, the second with any size."""
    path = folder / "sparse.bel"
    with path.open("wb") as file:
        file.write(FIRST + header(b"0" * 64 + b".data.json", size, b"%011o\0" % TIME))
        file.truncate(1 << 42)

    def act() -> Answer:
        with path.open("rb") as file:
            try:
                return f"{len(list(ArchiveReader(file)))} entries", 0.0
            except errors.Refused as refusal:
                return refusal.step, 0.0

    return confined(act)


SPARSE = {name: read for name, read in SIZES.items() if name != "nothing"}
