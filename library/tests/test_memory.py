"""Verifying takes little memory, however long the archive is: some hundred bytes a voter, and the ballots being checked."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from large_archive import verify, write_archive


def _alone(act: Callable[..., Any], *arguments: object) -> Any:
    """In a new process, whose memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(act, *arguments).result()


@pytest.mark.long
def test_a_middling_archive_is_not_held(tmp_path: Path) -> None:
    """Some 100 MB: what is held is a part of it, and hardly more for ten times as many ballots."""
    path = tmp_path / "middling.bel"
    size = _alone(write_archive, path, 20_000)
    ballots, counted, before, most = _alone(verify, path, "rust")
    assert (ballots, counted) == (20_000, 18_000)
    assert size > 90 << 20
    assert most - before < (size >> 20) * 2 / 3, f"{most - before} MB for {size >> 20} MB"


def test_python_holds_less(tmp_path: Path) -> None:
    """Sixteen ballots at a time."""
    path = tmp_path / "small.bel"
    size = _alone(write_archive, path, 40)
    ballots, _, before, most = _alone(verify, path, "python")
    assert ballots == 40
    assert most - before < 20, f"{most - before} MB for {size >> 20} MB"


@pytest.mark.long
def test_a_gigabyte_takes_less_than_500_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "large.bel"
    size = _alone(write_archive, path, 250_000)
    ballots, counted, _, most = _alone(verify, path, "rust")
    assert (ballots, counted) == (250_000, 225_000)
    assert size > 1_000_000_000
    print(f"{size >> 20} MB, {ballots} ballots: {most} MB at the most")
    assert most < 500
    path.unlink()
