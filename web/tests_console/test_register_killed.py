"""A register is checked in a process of its own, which is killed in the middle; after a restart it is whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

WORK = """
import sys
import django
django.setup()
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
from sanduq_web.console.enrolment import actions
call_command("migrate", verbosity=0)
from rig import staff
people = staff()
actions.set_destruction(people.commission.desk, (timezone.now() + timedelta(days=9)).date())
with open(sys.argv[1], "rb") as source:
    actions.receive(people.registrar.desk, source, "utf-8")
"""
SERVE = """
import sys
import django
django.setup()
from sanduq_web.console.enrolment import areas
from sanduq_web.console.enrolment.areas import DraftArea
areas.SOURCES[:] = [lambda vote: {"N": DraftArea("N", "North")}]
import threading
from sanduq_web.console.enrolment import working
while working.work_once(threading.Event()):
    pass
"""
LOOK = """
import django
django.setup()
from sanduq_web.console.enrolment.models import Entry, Job, Load
from datetime import timedelta
from django.utils import timezone
import sys
if "late" in sys.argv:
    Job.objects.update(beat_on=timezone.now() - timedelta(minutes=5))
load = Load.objects.get()
print(load.state, load.entries, Entry.objects.count(), Job.objects.count())
"""


def _until(done: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.long
def test_killed_in_the_middle(tmp_path: Path) -> None:
    here = Path(__file__).parent
    environment = {**os.environ, "SANDUQ_DATABASE": f"sqlite:///{tmp_path}/x.db", "PYTHONPATH": str(here)}
    environment |= {"DJANGO_SETTINGS_MODULE": "sanduq_web.console.settings", "SANDUQ_CONSOLE_FILES": str(tmp_path)}
    environment |= {"SANDUQ_CONSOLE_ROLL_KEY": str(tmp_path / "roll.key")}

    def command(*arguments: str) -> str:
        done = subprocess.run([sys.executable, *arguments], env=environment, check=True, capture_output=True, text=True)
        return done.stdout

    told = command("-m", "sanduq_web.console", "roll-key", str(tmp_path / "roll.key"))
    assert told.startswith("recipient  age1") and (tmp_path / "roll.key").stat().st_mode & 0o777 == 0o600
    text = "voter,area,name\n" + "".join(f"{number},N,Invented {number}\n" for number in range(60_000))
    (tmp_path / "r.csv").write_text(text)
    command("-c", WORK, str(tmp_path / "r.csv"))
    (tmp_path / "serve.py").write_text(SERVE)
    process = subprocess.Popen([sys.executable, str(tmp_path / "serve.py")], env=environment)
    _until(lambda: 0 < int(command("-c", LOOK).split()[1]) < 60_000)
    process.send_signal(signal.SIGKILL)
    process.wait()
    state, _entries, there, jobs = command("-c", LOOK).split()
    assert (state, jobs) == ("checking", "1") and 0 < int(there) < 60_000
    command("-c", LOOK, "late")
    command(str(tmp_path / "serve.py"))
    assert command("-c", LOOK).split() == ["checked", "60000", "60000", "0"]
