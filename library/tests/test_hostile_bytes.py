"""Any bytes given to any reader give a value or an error of our tree: never another exception, a hang, a blow-up of memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hostile import BYTES, archives, replaced, spread, truncated
from hostile_big import BIG, SECONDS, SPARSE, prepare, read_big, read_sparse
from mutate import write
from readers import READERS, call
from sanduq import errors

THOROUGH = int(os.environ.get("SANDUQ_MUTATIONS", "0")) >= 2000
"""As in ``make test-all``: six times as many places."""
SLOW = ("archive_python", "archive_rust", "box", "receive")
HEAVY = set("trustees threshold_group ballot ballot_rust tally decryption challenge vinput second_proofs".split()) | set(SLOW)
FILES = ("sealed_challenged", "sealed_cast", "fingerprints", "record_setup", "memory", "unfinished_tail")
"""Readers that do much for each text, or write it into a file first: they get fewer."""
JSON = [name for name, reader in READERS.items() if reader.kind == "json"]
ARCHIVE = [name for name, reader in READERS.items() if reader.kind == "archive"]


@pytest.mark.parametrize("name", READERS)
def test_the_examples_are_accepted(name: str) -> None:
    """Otherwise the rest would show nothing."""
    answers = [call(name, example) for example in READERS[name].examples()]
    assert [answer for answer in answers if answer is not None and not isinstance(answer, errors.SealSpent)] == []


@pytest.mark.parametrize("name", READERS)
def test_no_bytes_break_a_reader(name: str) -> None:
    for data in BYTES.values():
        call(name, data)


@pytest.mark.parametrize("name", READERS)
def test_a_text_cut_off_anywhere_is_refused(name: str) -> None:
    """A plan in TOML may end earlier and be one; a journal may end after any line."""
    most = (5 if name in SLOW else 100 if name in FILES or READERS[name].kind != "json" else 1500) * (3 if THOROUGH else 1)
    for number, example in enumerate(spread(READERS[name].examples(), 3)):
        for beginning in truncated(example, most if number == 0 else min(most // 3, 100)):
            answer = call(name, beginning)
            assert answer is not None or READERS[name].kind != "json" or name == "json_read", beginning


@pytest.mark.parametrize("name", JSON)
def test_any_value_in_any_place(name: str) -> None:
    """Each value of a right text replaced by one of every kind of JSON, left out, or given twice."""
    most = (10 if name in HEAVY else 25 if name in FILES else 70) * (6 if THOROUGH else 1)
    for number, example in enumerate(spread(READERS[name].examples(), 3)):
        for _, data in replaced(example, most if number == 0 else most // 5):
            call(name, data)


@pytest.mark.parametrize("name", ARCHIVE)
def test_no_header_breaks_a_reader_of_archives(name: str) -> None:
    """Sizes of terabytes, negative ones, names that climb out of folders, names without an end, records by the thousand."""
    lenient = ("tar_header", "archive_reader", "archive_tail", "unfinished_tail")
    for what, data in archives():
        assert call(name, data) is not None or name in lenient, what


# --- made by hypothesis -----------------------------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.sampled_from(["", "alpha", "answers", "height", "0" * 64, "f" * 64, "9" * 76, "Single", "Setup", "\ud800", "\x00"]),
    st.text(st.characters(), max_size=20),
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.integers(0, 300), st.floats(), TEXTS)
VALUES = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(TEXTS, inner, max_size=6)), max_leaves=25
)
FEW = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=60 if THOROUGH else 30,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("name", JSON)
def test_any_json(name: str) -> None:
    @FEW
    @given(VALUES)
    def read(value: Any) -> None:
        call(name, write(value).encode("utf-8", "surrogatepass"))

    read()


# --- with little memory and time --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def confined() -> Iterator[ProcessPoolExecutor]:
    """Processes that read in children which may not grow much. (Spawned: Rust's threads do not survive a fork.)"""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=prepare) as pool:
        yield pool


AT_ONCE = ("openings", "short lines", "many tables")
"""Some; `make test-all` reads the others, too."""


@pytest.mark.parametrize("name", [pytest.param(name, marks=[] if name in AT_ONCE else pytest.mark.long) for name in BIG])
def test_large_inputs_take_little(name: str, confined: ProcessPoolExecutor) -> None:
    jobs = {reader: confined.submit(read_big, name, reader) for reader in BIG[name].readers}
    for reader, job in jobs.items():
        answer, seconds = job.result(timeout=300)
        assert answer == "a value" or isinstance(getattr(errors, answer, None), type), (reader, answer)
        assert seconds < SECONDS, (reader, seconds)


@pytest.mark.parametrize("name", SPARSE)
def test_an_archive_that_claims_terabytes(name: str, confined: ProcessPoolExecutor, tmp_path: Path) -> None:
    """The file is as long as it claims: a file system need not keep zeros."""
    assert confined.submit(read_sparse, tmp_path, SPARSE[name]).result(timeout=120)[0] in ("0.7", "0.10", "0.11")
