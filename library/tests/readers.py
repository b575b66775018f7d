"""Every reader of the library, with texts that it accepts: what the tests of bad input and the fuzzers feed."""

from __future__ import annotations

import readers_early
import readers_late
from reader_table import READERS, call

__all__ = ["READERS", "call", "readers_early", "readers_late"]
