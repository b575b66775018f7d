"""A little fuzzing that is the same at every run: what ``scripts/fuzz.sh`` does for minutes and with a sense of direction.

``SANDUQ_FUZZ`` says how many inputs each reader gets; in ``make test-all`` 500.
"""

from __future__ import annotations

import os
import random

import pytest

from mutate import change_text, change_tree, parse, write
from readers import READERS, call

INPUTS = int(os.environ.get("SANDUQ_FUZZ", "50"))
SHARE = {"archive_python": 15, "archive_rust": 8, "box": 5, "receive": 5, "trustees": 3, "threshold_group": 3, "challenge": 3}
"""Readers that do much for each input: they get so many times fewer."""


def _changed_text(rng: random.Random, text: bytes) -> bytes:
    for _ in range(rng.choice([1, 1, 2, 5, 20])):
        _, text = change_text(rng, text)
    return text


def _changed_tree(rng: random.Random, text: bytes) -> bytes:
    tree = parse(text.decode())
    for _ in range(rng.choice([1, 1, 2, 5])):
        change_tree(rng, tree)
    return write(tree).encode("utf-8", "surrogatepass")


def _input(rng: random.Random, name: str) -> bytes:
    """Random bytes, a piece of another reader's text, a changed text of its own, or two of them joined."""
    own = rng.choice(READERS[name].examples())
    what = rng.random()
    if what < 0.1:
        return rng.randbytes(rng.choice([1, 10, 600, 5000]))
    if what < 0.2:
        other = rng.choice(READERS[rng.choice(list(READERS))].examples())
        start = rng.randrange(len(other))
        return other[start : start + rng.randrange(1, 5000)]
    if what < 0.3:
        cut = rng.randrange(len(own))
        return own[:cut] + _changed_text(rng, own)[cut:]
    if READERS[name].kind == "json" and what < 0.8:
        return _changed_tree(rng, own)
    return _changed_text(rng, own)


@pytest.mark.parametrize("name", READERS)
def test_fuzz(name: str) -> None:
    for number in range(max(1, INPUTS // SHARE.get(name, 1))):
        seed = f"{name}-{number}"
        data = _input(random.Random(seed), name)
        try:
            call(name, data)
        except Exception as error:  # noqa: BLE001  -- it is raised again with what is needed to repeat it
            pytest.fail(f"{seed}: {type(error).__name__}: {error}\n{data[:2000]!r}")
