"""How long a register of a million voters takes to be checked and brought into force in the console, and how much memory.

usage: python bench/roll_import.py [--voters N] [--areas N] [--database URL] [--pages N]

One JSON object a line. ``most_mb`` is the most memory that the process had which checks the file; ``page_ms`` is how long
pages of the console take on the server with that register in force, median and worst.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

from watch_page import ROOT

sys.path.insert(0, str(ROOT / "web" / "tests_console"))


def make_file(path: Path, voters: int, areas: int) -> None:
    """Invented people, in no order."""
    numbers = list(range(voters))
    random.Random(6).shuffle(numbers)  # invented
    with path.open("w", encoding="utf-8") as file:
        file.write("voter,area,name,address,language,email,withheld,weight,detail\n")
        for number in numbers:
            cells = (
                f"R-{number:08},A{number % areas:03},Invented Person {number},{number % 99} Long Street|{number % 9999:05} Town"
            )
            file.write(
                f"{cells},fa,person{number}@mail.example,{'yes' if number % 500 == 0 else 'no'},1,19{number % 90 + 10}0101\n"
            )


def line(name: str, **values: object) -> None:
    """One result."""
    sys.stdout.write(json.dumps({"name": name} | values) + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--voters", type=int, default=1_000_000)
    parser.add_argument("--areas", type=int, default=382)
    parser.add_argument("--database", help="as SANDUQ_DATABASE; an SQLite file of its own by default")
    parser.add_argument("--pages", type=int, default=20, help="how often each page is asked for")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sanduq-register-") as name:
        folder = Path(name)
        os.environ["SANDUQ_DATABASE"] = options.database or f"sqlite:///{folder}/bench.db"
        os.environ |= {"SANDUQ_CONSOLE_FILES": f"{folder}/files", "DJANGO_SETTINGS_MODULE": "sanduq_web.console.settings"}
        os.environ |= {"SANDUQ_CONSOLE_ROLL_KEY": f"{folder}/roll.key", "SANDUQ_ROLL_LOOKUP": f"{folder}/lookup.key"}
        os.environ |= {"SANDUQ_CONSOLE_HOSTS": "*"}
        (folder / "lookup.key").write_text("k" * 60)
        make_file(folder / "register.csv", options.voters, options.areas)
        _run(folder, options)


def _run(folder: Path, options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from sanduq_web.console.enrolment import actions, areas, keys, working
    from sanduq_web.console.enrolment.areas import DraftArea
    from sanduq_web.console.enrolment.deeds import payload_of
    from sanduq_web.console.office.actions import confirm, propose
    from sanduq_web.console.office.models import Role

    keys.make_key(folder / "roll.key")
    call_command("migrate", verbosity=0)
    from rig import person, staff

    people = staff()
    second = person(Role.REGISTRAR, people.vote)
    codes = [f"A{number:03}" for number in range(options.areas)]
    areas.SOURCES.append(lambda vote: {code: DraftArea(code, f"Area {code}") for code in codes})
    actions.set_destruction(people.commission.desk, (timezone.now() + timedelta(days=90)).date())
    size = (folder / "register.csv").stat().st_size
    began = time.perf_counter()
    with (folder / "register.csv").open("rb") as source:
        load = actions.receive(people.registrar.desk, source, "utf-8")
    line("received", voters=options.voters, mb=round(size / 2**20), seconds=round(time.perf_counter() - began, 1))
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    while working.work_once(threading.Event()):
        pass
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    load.refresh_from_db()
    assert load.state == "checked", (load.state, load.log, load.faults)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    line(
        "checked", voters=load.entries, seconds=round(seconds, 1), cpu=round(cpu, 1), most_mb=after.ru_maxrss >> 10,
        begun_with_mb=before.ru_maxrss >> 10,
    )  # fmt: skip
    began = time.perf_counter()
    made = propose(people.registrar.desk, "register-in-force", payload_of(load))
    confirm(second.desk, made.pk, made.sha256)
    line("into force", seconds=round(time.perf_counter() - began, 3))
    _pages(people, options)


def _pages(people: object, options: argparse.Namespace) -> None:
    of, registrar = people.of, people.registrar  # type: ignore[attr-defined]
    last = f"R-{options.voters - 300:08}"
    for path in ("roll/", "roll/entries/", f"roll/entries/?after={last}", f"roll/entries/?area=A007&after={last[:-3]}"):
        taken = []
        for _each in range(options.pages):
            began = time.perf_counter()
            assert registrar.get(of(path)).status_code == 200
            taken.append((time.perf_counter() - began) * 1000)
        line("page", path=path, page_ms=round(statistics.median(taken)), worst_ms=round(max(taken)))


if __name__ == "__main__":
    main()
