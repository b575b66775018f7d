"""Checks ballots with the library, on both engines: JSON lines of {"election", "ballot"} in, {"python", "rust"} out."""

from __future__ import annotations

import json
import sys

from sanduq import errors
from sanduq.engine import choose
from sanduq.question.election import read_election


def verdict(name: str, election: str, ballot: str) -> str:
    """The public credential of the ballot, or the step and name of its refusal."""
    [result] = choose(name).ballots(read_election(election.encode())).check([ballot.encode()])
    return f"{result.step} {type(result).__name__}" if isinstance(result, errors.Refused) else result


for line in sys.stdin:
    case = json.loads(line)
    answers = {name: verdict(name, case["election"], case["ballot"]) for name in ("python", "rust")}
    sys.stdout.write(f"{json.dumps(answers)}\n")
    sys.stdout.flush()
