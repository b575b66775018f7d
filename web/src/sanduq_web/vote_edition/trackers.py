"""The trackers of all public ballots as scripts, in which a page without a server looks one up.

A page that was opened from a disc may read neither files nor networks, but it may run a script that lies beside it. So
``index.js`` names the areas and ``trackers-….js`` hold the ballots: one for all, or one for each beginning of a tracker's
bytes in hexadecimal digits (letters of base64 would be one on disks that do not tell their sizes apart).
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any, Final

from sanduq_web.box import api as box
from sanduq_web.question.api import Frozen

MOST: Final = 2000
"""Ballots in one script, on average: it is read in no time, and whoever serves it does not learn which one is looked up."""
_MOST_DIGITS: Final = 5
_SIGNS: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<\u2028\u2029"}
"""What no script may hold as it is: the end of a script within a page, and two signs that once ended a line."""


def write(frozen: Frozen, folder: Path) -> int:
    """The scripts of one referendum into a new folder; gives how many ballots they hold."""
    folder.mkdir(parents=True)
    ballots = sum(each.ballots for each in box.public(frozen))
    digits = next(count for count in range(_MOST_DIGITS + 1) if ballots <= MOST * 16**count or count == _MOST_DIGITS)
    areas = {code: place for place, code in enumerate(frozen.places)}
    index = {
        "digits": digits,
        "areas": [place.area.name for place in frozen.places.values()],
        "found": {},
    }
    (folder / "index.js").write_text(
        f"globalThis.sanduqTrackers = {_json(index)};\nglobalThis.sanduqTrackers.from = document.currentScript.src;\n", "utf-8"
    )
    written = 0
    for place in range(16**digits):
        prefix = f"{place:0{digits}x}" if digits else ""
        found = {
            base64.b64encode(each.payload).decode().rstrip("="): [areas[each.code], each.height, int(each.latest)]
            for each in box.public_trackers(frozen, bytes.fromhex(prefix.ljust(64, "0")), bytes.fromhex(prefix.ljust(64, "f")))
        }
        text = f"globalThis.sanduqTrackers.found[{_json(prefix)}] = {_json(found)};\n"
        (folder / f"trackers-{prefix or 'all'}.js").write_text(text, "utf-8")
        written += len(found)
    return written


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_SIGNS)
