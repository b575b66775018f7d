"""How long observers' screens of the console take on the server: 382 areas, a million ballots, thousands of what was written.

usage: python bench/console_areas.py [--ballots N] [--written N] [--rounds N]

One JSON object a line on standard output, as the other benches. ``step`` is right after all areas have published a step,
``again`` in between. ``written`` is how many incidents, and how many complaints, there are. Milliseconds on the wall and of
the processor, which others may share: the median, and the worst.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from watch_page import STEPS, fill, line, publish, referendum


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--ballots", type=int, default=1_000_000)
    parser.add_argument("--written", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SANDUQ_DATABASE"] = os.environ.get("SANDUQ_DATABASE") or f"sqlite:///{folder}/bench.db"
        os.environ["DJANGO_SETTINGS_MODULE"] = "sanduq_web.console.settings"
        os.environ["SANDUQ_CONSOLE_FILES"] = f"{folder}/files"
        measure(options.ballots, options.written, options.rounds)


def observer(anchor: str) -> tuple[Any, Any]:
    """A browser in which an observer is signed in, and the vote."""
    from django.test import Client
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from sanduq_web.console.office.actions import invite, make_vote, take_up
    from sanduq_web.console.office.models import Role

    vote = make_vote(None, "Bench")
    vote.referendum_id = anchor
    vote.save()
    _made, token = invite(None, "observer@example.org", "Observer", Role.OBSERVER, vote)
    post = take_up(token, "a long password of ours", None)
    device = TOTPDevice.objects.create(user=post.officer.user, name="telephone", confirmed=True)
    browser = Client()
    browser.force_login(post.officer.user)
    session = browser.session
    session["otp_device_id"] = device.persistent_id
    session.save()
    return browser, post


def write(post: Any, count: int, now: str) -> None:
    """Incidents with answers, complaints with decisions."""
    from sanduq_web.watch.actions import observing
    from sanduq_web.watch.actions.complaining import Lodged, Ruling, decide, lodge
    from sanduq_web.watch.actions.dockets import Writer, days_after, docket_of, set_limits

    kept = docket_of(post.vote_id, post.vote.referendum_id)
    set_limits(kept, days_after(now, 25), 3, 3, now)
    kept.refresh_from_db()
    who, commission = Writer(post.pk, "observer"), Writer(0, "commission")
    told = {"kind": "access", "area": "", "place": "Hall", "happened": now, "text": "Locked. " * 40, "visibility": "public"}
    clock_time = int(time.time())
    for number in range(1, count + 1):
        observing.report(kept, who, told, now)
        observing.answer(kept, commission, number, "Open. " * 40, now)
        # Not more in an hour than are taken: each comes in a minute of its own.
        made, _code = lodge(
            kept, Lodged("roll", "", "Not on the list. " * 20, "en"), _minute(now, number), token=f"{clock_time}{number}"
        )
        if number % 2:
            decide(kept, Ruling(made.number, "dismissed", "Reasons. " * 40, "en"), "commission", [1, 2], now)


def _minute(now: str, number: int) -> str:
    from sanduq_web import clock

    return clock.text(clock.seconds(now) + 60 * number)


def measure(ballots: int, written: int, rounds: int) -> None:
    """Each screen, in both states."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from sanduq_web import clock

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        frozen = referendum()
        fill(frozen, ballots)
    step = STEPS
    now = clock.text(clock.seconds(frozen.setup.calendar.opens) + step * 600)
    values: dict[tuple[str, str], list[tuple[float, float, int]]] = {}
    with clock.testing_only_at(lambda: now):
        browser, post = observer(frozen.anchor)
        with transaction.atomic():
            write(post, written, now)

        def ask(name: str, state: str) -> None:
            began, busy = time.perf_counter(), time.process_time()
            answer = browser.get(f"/en/votes/{post.vote_id}/{name}", headers={"host": "localhost"})
            told = (1000 * (time.perf_counter() - began), 1000 * (time.process_time() - busy), len(answer.content))
            assert answer.status_code == 200, name
            values.setdefault((name, state), []).append(told)

        ask("areas/", "first")
        for _ in range(rounds):
            step += 1
            with transaction.atomic():
                now = publish(frozen, step)
            ask("areas/", "step")
            for name in ("areas/", "", "incidents/", "complaints/", "statements/", "observers/"):
                ask(name, "again")
    for (name, state), times in values.items():
        wall, cpu, sizes = zip(*times, strict=True)
        figures = {"ms": round(statistics.median(wall)), "worst_ms": round(max(wall)), "bytes": sizes[-1]}
        figures |= {"cpu_ms": round(statistics.median(cpu)), "worst_cpu_ms": round(max(cpu))}
        told = {"areas": len(frozen.places), "ballots": ballots, "written": written}
        line("console", screen=name or "at a glance", state=state, **told, **figures)


if __name__ == "__main__":
    main()
