"""How long `sanduq-web import` takes for one area with a large roll, and how much memory it needs.

usage: python bench/large_roll.py [--credentials N] [--database URL]

One JSON object a line. ``most_mb`` is the most memory that the importing process had.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from watch_page import ROOT

sys.path.insert(0, str(ROOT / "web" / "tests"))

from rig import ENGINE, FROZEN, OPENS, CLOSES  # noqa: I001
from rig import make_setup
from sanduq.algebra.numbers import system_random
from sanduq.box import BoxKey
from sanduq.box.record import create_record
from sanduq.question.setup import Calendar, TrusteePolicy
from sanduq.rehearse.players import make_keys


def make_record(path: Path, credentials: int) -> str:
    """A frozen record whose area A has so many credentials; gives its anchor."""
    assert ENGINE.name == "rust", "with the Python engine it would take hours"
    policy, key = TrusteePolicy(0, 3, 2), BoxKey.new()
    keys = make_keys(policy, system_random)
    areas = {"A": credentials, "B": 10}
    setup, _secret, rolls = make_setup(areas, keys, policy, Calendar(OPENS, CLOSES), key, 0, None)
    create_record(path, setup, keys.trustees, lambda area: rolls[area.code], FROZEN, 1_900_000_000)
    return setup.anchor


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--credentials", type=int, default=300_000)
    parser.add_argument("--database", help="as SANDUQ_DATABASE; an SQLite file of its own by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sanduq-roll-") as name:
        folder = Path(name)
        began = time.perf_counter()
        anchor = make_record(folder / "record", options.credentials)
        made = time.perf_counter() - began
        environment = {**os.environ, "SANDUQ_DATABASE": options.database or f"sqlite:///{folder}/bench.db"}
        command = [sys.executable, "-m", "sanduq_web"]
        subprocess.run([*command, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = [*command, "import", str(folder / "record"), "--anchor", anchor]
        subprocess.run(done, env=environment, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        line = {"bench": "large roll", "credentials": options.credentials, "make_s": round(made, 1)}
        line |= {"import_s": round(time.perf_counter() - began, 1), "import_cpu_s": round(after.ru_utime - before.ru_utime, 1)}
        print(json.dumps(line | {"most_mb": after.ru_maxrss // 1024}), flush=True)


if __name__ == "__main__":
    main()
