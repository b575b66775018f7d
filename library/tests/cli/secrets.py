"""Every secret in the files of a life: what must not be seen anywhere else."""

from __future__ import annotations

import json
from pathlib import Path

from sanduq.keys.ceremony import decryption_key
from sanduq.keys.pki import Seed


def secrets_of(folder: Path) -> set[str]:
    """Credentials, seeds, keys of trustees, box and letters, r of every sealed ballot that was not opened for a checker."""
    found: set[str] = set()
    for path in folder.rglob("*.credentials.csv"):
        found |= {line.split(",")[1] for line in path.read_text().splitlines()[1:]}
    for path in folder.rglob("trustee.key"):
        seed = Seed(path.read_text().strip())
        found |= {seed.text, str(seed.signing), str(seed.decryption)}
        letter = path.with_name("trustee.dkey")
        if letter.exists():
            found.add(str(decryption_key(seed, letter.read_text().strip())))
    for path in folder.rglob("*.privkey"):
        found.add(json.loads(path.read_text()))
    for path in [*folder.rglob("box.key"), *folder.rglob("press.key")]:
        found.add(path.read_text().strip()[-64:])
    for path in [*folder.rglob("edition.key"), *folder.rglob("supervisor.key")]:
        found.add(path.read_text().split()[-1][80:160])
    for path in folder.rglob("*.sealed"):
        value = json.loads(path.read_text())
        if value["state"] == "sealed":
            found |= {opening["r"] for row in value["openings"] for opening in row}
    return found
