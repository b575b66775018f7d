"""``python3 -m vectors.make``: make all vectors anew, in ``vectors/steps``, ``known``, ``press`` and ``disc``."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from . import (
    booth_proofs,
    booth_text,
    count,
    disc,
    foundations_archive,
    foundations_numbers,
    foundations_text,
    keys,
    known,
    press,
    question,
    record,
    roll,
    setup,
    supervisor,
    testsum,
)
from .catalogue import GROUPS, VECTORS, Folder

STEPS = Path(__file__).resolve().parents[1] / "steps"
FOUNDATIONS = (foundations_text, foundations_numbers, foundations_archive)
CHAPTERS = (*FOUNDATIONS, roll, question, setup, keys, booth_text, booth_proofs, count, record, supervisor, testsum)


def main() -> None:
    """Write every vector, and what is expected of it."""
    shutil.rmtree(STEPS, ignore_errors=True)
    expected: dict[str, dict[str, object]] = {}
    for name in sorted(VECTORS, key=_order):
        made = VECTORS[name].built()
        if isinstance(made, Folder):
            for path, content in made.files.items():
                _write(STEPS / name / path, content)
        else:
            _write(STEPS / f"{name}.bel", made)
        expected[name] = VECTORS[name].expectation(made)
    text = json.dumps({"groups": GROUPS, "vectors": expected}, indent=1, ensure_ascii=False)
    _write(STEPS / "expected.json", f"{text}\n".encode())
    known.write(STEPS.parent / "known")
    press.write(STEPS.parent / "press")
    disc.write(STEPS.parent / "disc")
    sys.stdout.write(f"{len(expected)} vectors from {len(CHAPTERS)} modules\n")


def _order(name: str) -> tuple[int, int, str]:
    chapter, number = VECTORS[name].step.split(".")
    return int(chapter), int(number), name


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


main()
