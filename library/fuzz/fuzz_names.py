"""The readers that are fuzzed, in the order of the numbers that choose them."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from readers import READERS

NAMES = sorted(set(READERS) - {"archive_python", "draft", "record_setup"})
"""Those that are left out are slow, and read what another one reads."""
