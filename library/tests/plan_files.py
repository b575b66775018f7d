"""The files of the example in ``docs/look-up/rehearsal-format.md``, and of the real rehearsals."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sanduq import errors
from sanduq.rehearse import read_plan

ROOT = Path(__file__).parents[2]
REHEARSALS = sorted((ROOT / "rehearsal").glob("*.toml"))
_PAGE = (ROOT / "docs" / "look-up" / "rehearsal-format.md").read_text("utf-8")
TOML: str = re.findall(r"```toml\n(.*?)```", _PAGE, re.DOTALL)[0]
CSV: str = re.findall(r"```csv\n(.*?)```", _PAGE, re.DOTALL)[0]


def write(folder: Path, toml: str | bytes = TOML, csv: str | bytes | None = CSV) -> Path:
    """Write the example, or what is given; the path of the TOML file."""
    path = folder / "island.toml"
    path.write_bytes(toml if isinstance(toml, bytes) else toml.encode())
    if csv is not None:
        (folder / "island.csv").write_bytes(csv if isinstance(csv, bytes) else csv.encode())
    return path


def problems(path: Path) -> list[str]:
    """The problems for which a rehearsal is refused."""
    with pytest.raises(errors.Unusable) as caught:
        read_plan(path)
    return caught.value.message.split("\n")
