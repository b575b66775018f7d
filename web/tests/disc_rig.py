"""A small edition, made by hand and signed: for tests of what is made of editions."""

from __future__ import annotations

import os
import random
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from sanduq.disc import Edition, SecretKey, sum_folder
from sanduq_web.disc import About

KEY: Final = SecretKey.new()
ABOUT: Final = About(
    13, date(2026, 11, 22), datetime(2026, 11, 22, 12, 0, 1, tzinfo=UTC), ("en", "fa"), "https://press.example"
)
FILES: Final = {
    "START-HERE.html": "<p>13</p>",
    "press/en/index.html": "<p>front</p>",
    "press/en/empty.txt": "",
    "press/fa/نامه‌ها/یک.html": "<p>نامه</p>",
    "press/az/səs = [1] it's.html": "<p>ə</p>",
    "press/long/" + "ن" * 103: "a name that just fits",
    "/".join(["deep"] * 12) + "/x.txt": "x",
    "zim/en.zim": "z" * 30_000,
    "KEYS": KEY.public.to_bytes().decode(),
}


def edition(folder: Path, **files: str) -> Path:
    """The folder, not signed yet."""
    for name, content in (FILES | files).items():
        folder.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        folder.joinpath(name).write_text(content, "utf-8")
    ABOUT.write(folder)
    return folder


def signed(folder: Path, **files: str) -> Path:
    """The folder, signed by :data:`KEY`."""
    sums = sum_folder(edition(folder, **files)).to_bytes()
    folder.joinpath("SHA256SUMS").write_bytes(sums)
    comment = Edition(ABOUT.number, ABOUT.date.isoformat()).comment
    folder.joinpath("SHA256SUMS.minisig").write_bytes(KEY.sign(sums, comment).to_bytes())
    return folder


def copied(edition: Path, to: Path, seed: int) -> Path:
    """A copy whose files came in another order, with other times and modes, and two names for one file where contents agree."""
    chance = random.Random(seed)
    paths = [each for each in sorted(edition.rglob("*")) if each.is_file()]
    chance.shuffle(paths)
    known: dict[bytes, Path] = {}
    for each in paths:
        target = to / each.relative_to(edition)
        target.parent.mkdir(parents=True, exist_ok=True)
        if (same := known.get(each.read_bytes())) is not None:
            os.link(same, target)
        else:
            shutil.copyfile(each, target)
            known[each.read_bytes()] = target
        target.chmod(chance.choice([0o600, 0o644, 0o755]))
        os.utime(target, (seed, chance.randrange(1 << 30)))
    return to
