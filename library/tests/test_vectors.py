"""Every archive in ``vectors/`` gets the verdict that is written beside it, with its result, on both engines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sanduq import errors
from sanduq.engine import Engine
from sanduq.watch.archive import verify_archive

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
EXPECTED = json.loads((VECTORS / "expected.json").read_text())


@pytest.mark.parametrize("name", sorted(name for name, case in EXPECTED.items() if case["verdict"] == "accept"))
def test_an_honest_archive_is_accepted_with_its_result(name: str, engine: Engine) -> None:
    with (VECTORS / f"{name}.bel").open("rb") as file:
        report = verify_archive(file, engine)
    result = None if report.result is None else [list(row) for row in report.result]
    assert result == EXPECTED[name]["result"]
    assert report.engine == engine.name


@pytest.mark.parametrize("name", sorted(name for name, case in EXPECTED.items() if case["verdict"] == "reject"))
def test_a_forged_archive_is_refused_at_its_step(name: str, engine: Engine) -> None:
    with (VECTORS / f"{name}.bel").open("rb") as file, pytest.raises(errors.Refused) as caught:
        verify_archive(file, engine)
    step = EXPECTED[name].get("step")
    assert step is None or caught.value.step == step


def test_the_vectors_are_all_there() -> None:
    files = {str(path.relative_to(VECTORS))[:-4] for path in VECTORS.glob("*/*.bel")}
    assert files == set(EXPECTED)
    assert sum(case["verdict"] == "reject" for case in EXPECTED.values()) > len(EXPECTED) / 2
