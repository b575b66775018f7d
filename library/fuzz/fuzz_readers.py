"""Any bytes for any reader, with atheris: the first byte chooses the reader, the others are its input.

usage: fuzz_readers.py [FOLDER…] [-max_total_time=60 and other options of libFuzzer]

What answers with neither a value nor an error of our tree stops the fuzzer, and the input is kept; so does what takes more than
20 seconds or 2 GB. The readers, and what they are asked beside reading, are in ``library/tests/readers.py``.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

with atheris.instrument_imports(include=["sanduq"]):
    from fuzz_names import NAMES

    import readers
    from mutate import change_tree, parse, write


def read(data: bytes) -> None:
    """One input."""
    if data:
        readers.call(NAMES[data[0] % len(NAMES)], data[1:])


def mutate(data: bytes, largest: int, seed: int) -> bytes:
    """Half of the changes are changes to JSON: a libFuzzer that knows bytes only would seldom get behind the first bracket."""
    rng = random.Random(seed)
    if rng.random() < 0.5:
        try:
            tree = parse(data[1:].decode())
        except (ValueError, RecursionError):
            tree = None
        if isinstance(tree, list):
            change_tree(rng, tree)
            changed = data[:1] + write(tree).encode("utf-8", "surrogatepass")
            if len(changed) <= largest:
                return changed
    return bytes(atheris.Mutate(data, largest))


def main() -> None:
    """Fuzz until told to stop."""
    options = [*sys.argv, "-timeout=20", "-rss_limit_mb=2048", "-max_len=65536"]
    atheris.Setup(options, read, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
