"""A frozen vote for the console's tests: two areas, imported as any record is, and joined to the office's vote."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from rig import Staff
from sanduq_web.records import import_record

OPENS, CLOSES = "2030-05-01T06:00:00Z", "2030-05-01T18:00:00Z"


def vote_rig() -> Any:
    """The rig of the vote site's tests: it is called ``rig`` there, too."""
    name = "rig_of_the_vote_site"
    if name not in sys.modules:
        path = Path(__file__).resolve().parents[1] / "tests" / "rig.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def freeze(people: Staff, made: Any, settings: Any, steps: tuple[int, int] = (10, 3)) -> str:
    """The people's vote is this referendum now; gives the anchor."""
    settings.SANDUQ_BOX_KEYS = [made.key_file]
    import_record(made.path, vote_rig().FROZEN, made.anchor, steps)
    people.vote.referendum_id = made.anchor
    people.vote.save()
    for person in people.all:
        person.post.refresh_from_db()
    return str(made.anchor)
