"""How long the watch page takes on the server: 382 areas, a million ballots, turnout published every ten minutes for hours.

usage: python bench/watch_page.py [--ballots N] [--rounds N]

One JSON object a line on standard output, as the other benches. Ballots are rows without their bytes, since the page reads
none: what is measured is the page of a box that holds as many. ``warm`` is what a start does in all languages before it serves,
``first`` right after that, ``step`` right after all areas
have published a step, ``again`` in between. Milliseconds on the wall and of the
processor, which others may share: the median, and the worst.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "library" / "tests"))
STEPS = 60


def line(name: str, **values: object) -> None:
    """One measurement."""
    print(json.dumps({"bench": name, **values}), flush=True)


def referendum() -> Any:
    """The areas of 2016, with keys of today."""
    from rehearsed import rehearsed
    from sanduq.algebra.numbers import sha256_hex, system_random
    from sanduq.rehearse.players import make_keys
    from sanduq_web.question import actions
    from sanduq_web.question.api import referendum

    setup, _tallies = rehearsed("uk2016")
    keys = make_keys(setup.trustees, system_random)
    setup = replace(setup, trustees_sha256=sha256_hex(keys.trustees.to_bytes()))
    elections = {area.code: setup.election(area, keys.trustees.public_key).raw for area in setup.areas}
    actions.add(setup, keys.trustees.to_bytes(), elections)
    actions.keep_beside(setup.anchor, (ROOT / "rehearsal" / "maps" / "uk2016.topo.json").read_bytes(), ["Credits"])
    return referendum(setup.anchor)


def fill(frozen: Any, ballots: int) -> None:
    """The journal of an open vote, and the ballots, published in steps."""
    from sanduq.box.journal import Act, next_line
    from sanduq_web import clock
    from sanduq_web.box.actions.phases import keep_line
    from sanduq_web.box.models import Archive, Ballot, Fingerprint

    opens = clock.seconds(frozen.setup.calendar.opens)
    first = next_line([], Act.FROZEN, clock.text(opens - 60), {"anchor": frozen.anchor})
    keep_line(frozen.anchor, first)
    keep_line(frozen.anchor, next_line([first], Act.OPENED, clock.text(opens), {}))
    each = ballots // len(frozen.places)
    for place in frozen.places.values():
        archive = Archive.objects.create(
            area_id=place.id, time=0, kind="Ballot", head="0" * 64, height=each, size=each * 3000, step_minutes=10,
            step_ballots=20, slot=STEPS, public_height=each, public_size=each * 3000, public_ballots=each, public_voters=each,
        )  # fmt: skip
        rows = [Ballot(archive=archive, height=n, payload=os.urandom(32), credential=os.urandom(32), event=b"0", first=True)
                for n in range(1, each + 1)]  # fmt: skip
        Ballot.objects.bulk_create(rows, batch_size=5000)
        prints = []
        for step in range(STEPS + 1):
            height = each * step // STEPS
            at = clock.text(opens + step * 600)
            prints.append(Fingerprint(archive=archive, height=height, head="0" * 64, size=height, sha256="0" * 64,
                                      ballots=height, voters=height, time=at))  # fmt: skip
        Fingerprint.objects.bulk_create(prints)


def publish(frozen: Any, step: int) -> str:
    """One more step of every area; gives its time."""
    from sanduq_web import clock
    from sanduq_web.box.models import Archive, Fingerprint

    now = clock.text(clock.seconds(frozen.setup.calendar.opens) + step * 600)
    for archive in Archive.objects.all():
        archive.height += 1
        archive.public_height, archive.public_voters, archive.slot = archive.height, archive.public_voters + 1, step
        archive.save()
        Fingerprint.objects.create(archive=archive, height=archive.height, head="0" * 64, size=archive.size, sha256="0" * 64,
                                   ballots=archive.height, voters=archive.public_voters, time=now)  # fmt: skip
    return now


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--ballots", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SANDUQ_DATABASE"] = os.environ.get("SANDUQ_DATABASE") or f"sqlite:///{folder}/bench.db"
        os.environ["DJANGO_SETTINGS_MODULE"] = "sanduq_web.settings"
        measure(options.ballots, options.rounds)


def measure(ballots: int, rounds: int) -> None:
    """The page, in the three states in which a reader finds the server."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from django.test import Client

    from sanduq_web import clock
    from sanduq_web.serving import warm

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        frozen = referendum()
        fill(frozen, ballots)
    step = STEPS
    now = clock.text(clock.seconds(frozen.setup.calendar.opens) + step * 600)
    values: dict[str, list[tuple[float, float]]] = {"warm": [], "first": [], "step": [], "again": []}
    size = 0

    def ask(kind: str) -> int:
        began, busy = time.perf_counter(), time.process_time()
        answer = Client().get(f"/en/{frozen.anchor}/watch/", headers={"host": "localhost"})
        values[kind].append((1000 * (time.perf_counter() - began), 1000 * (time.process_time() - busy)))
        assert answer.status_code == 200
        return len(answer.content)

    with clock.testing_only_at(lambda: now):
        began, busy = time.perf_counter(), time.process_time()
        warm([frozen.anchor])
        values["warm"].append((1000 * (time.perf_counter() - began), 1000 * (time.process_time() - busy)))
        size = ask("first")
        for _ in range(rounds):
            step += 1
            with transaction.atomic():
                now = publish(frozen, step)
            ask("step")
            ask("again")
    for kind, times in values.items():
        wall, cpu = zip(*times, strict=True)
        figures = {"ms": round(statistics.median(wall)), "worst_ms": round(max(wall)), "bytes": size}
        figures |= {"cpu_ms": round(statistics.median(cpu)), "worst_cpu_ms": round(max(cpu))}
        line("watch page", state=kind, areas=len(frozen.places), ballots=ballots, **figures)


if __name__ == "__main__":
    main()
