"""How long `sanduq roll letters` and `sanduq roll mail` take for one area, and how much memory they need.

usage: python bench/letters.py [--voters N] [--jobs N] [--skip letters|mail]

One JSON object a line. The mails go to a server on loopback that takes everything, in this process; ``most_mb`` is the most
memory that one process of the command had.
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

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "library" / "tests"))

import pyrage  # noqa: E402
from aiosmtpd.controller import Controller  # noqa: E402

from rehearsed import rehearsed  # noqa: E402
from sanduq.cli.roll.keeping import table  # noqa: E402
from sanduq.roll import new_credential  # noqa: E402
from sanduq.roll.custody import close, read_secret  # noqa: E402

UNTIL = "2099-01-01"


class _Taker:
    """Takes every mail and forgets it; counts recipients whom it saw before."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.seen.update(envelope.rcpt_tos)  # type: ignore[attr-defined]
        return "250 taken"


def make_files(folder: Path, voters: int) -> str:
    """A setup, a registrar's file for its first area, encrypted, and its people; gives the area's uuid."""
    setup = rehearsed("swiss-636")[0]
    (folder / "setup.json").write_bytes(setup.to_bytes())
    identity = str(pyrage.x25519.Identity.generate())
    (folder / "key").write_text(identity)
    uuid = setup.areas[0].uuid
    names = [f"E-{number:07}" for number in range(1, voters + 1)]
    text = table(("voter", "credential"), ((name, new_credential()) for name in names)) + "\n"
    held = folder / f"{uuid}.credentials.until-{UNTIL}.csv.age"
    held.write_bytes(close(text.encode(), [read_secret(identity, "key")]))
    people = ((name, f"Voter {name}", "Street 1|12345 Town", f"{name}@mail.example") for name in names)
    (folder / "people.csv").write_text(table(("voter", "name", "address", "email"), people) + "\n")
    (folder / "texts").mkdir()
    (folder / "texts" / f"{setup.areas[0].language}.txt").write_text("Subject: $title\n\n$link\n\n$credential\n")
    return uuid


def measured(what: str, folder: Path, voters: int, words: list[str]) -> None:
    """Run a command, and say what it took."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "sanduq", "roll", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    line = {
        "bench": what,
        "voters": voters,
        "cores": os.cpu_count(),
        "seconds": round(took, 1),
        "per_s": round(voters / took, 1),
    }
    line |= {"cpu_s": round(cpu, 1), "most_mb": after.ru_maxrss // 1024, "load": round(os.getloadavg()[0], 1)}
    print(json.dumps(line), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--voters", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--skip", choices=["letters", "mail"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sanduq-letters-") as name:
        folder = Path(name)
        uuid = make_files(folder, options.voters)
        common = [
            f"{uuid}.credentials.until-{UNTIL}.csv.age",
            "--key",
            "key",
            "--record",
            "setup.json",
            "--people",
            "people.csv",
        ]
        common += ["--booth", "https://booth.example"]
        if options.skip != "letters":
            measured("letters", folder, options.voters, ["letters", *common, "--jobs", str(options.jobs), "--out", "letters"])
            files = list((folder / "letters").iterdir())
            size = sum(file.stat().st_size for file in files) // 2**20
            print(json.dumps({"bench": "letters", "files": len(files), "mb": size}), flush=True)
        if options.skip != "mail":
            send_mails(folder, options.voters, common)


def send_mails(folder: Path, voters: int, common: list[str]) -> None:
    """The same people by mail."""
    taker = _Taker()
    controller = Controller(taker, hostname="127.0.0.1", port=8025)
    controller.start()
    try:
        how = ["--server", "127.0.0.1:8025", "--tls", "none", "--from", "vote@mail.example", "--templates", "texts"]
        measured("mail", folder, voters, ["mail", *common, *how, "--per-minute", "100000", "--out", "mailing"])
    finally:
        controller.stop()
    assert len(taker.seen) == voters


if __name__ == "__main__":
    main()
