"""The work beside the site: who takes it up, what ends it, what is left of it; what a disk, a clock or a stranger may do."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from sanduq import errors
from sanduq_web.disc import About
from sanduq_web.disc import build as disc_build
from sanduq_web.disc.build import alone, is_at_work
from sanduq_web.press.models import EditionJob, EditionState
from sanduq_web.press.workshop import actions, child, folder_of, partial_of, spare_of, working

DAY = date(2030, 1, 2)

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, settings: Any, monkeypatch: Any) -> Path:
    """The workshop's folder."""
    settings.SANDUQ_PRESS_WORKSHOP, settings.SANDUQ_PRESS_EDITIONS = str(tmp_path / "shop"), str(tmp_path / "out")
    (tmp_path / "shop").mkdir()
    monkeypatch.setattr(working, "_BEATS", 0.05)
    return tmp_path / "shop"


def job_of(state: EditionState = EditionState.WAITING, number: int = 3, **more: Any) -> EditionJob:
    return EditionJob.objects.create(number=number, date=DAY, state=state, **more)


def whole(number: int = 3, day: date = DAY) -> Path:
    """An edition that was built."""
    folder_of(number).mkdir()
    About(number, day, datetime(2030, 1, 2, tzinfo=UTC), ("en",), "https://press.example").write(folder_of(number))
    return folder_of(number)


def state_of(number: int = 3) -> str:
    return EditionJob.objects.get(number=number).state


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """A build elsewhere."""
    with folder.with_name(f"{folder.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def does(monkeypatch: Any, script: str) -> None:
    """What is run instead of ``sanduq-web disc …``."""
    real = child.running
    monkeypatch.setattr(child, "running", lambda command, log, lock: real(["sh", "-c", script, "sh", *command], log, lock))


# --- who takes it up --------------------------------------------------------------------------------------------------------
AT = {"now": timedelta(0), "half a minute ago": timedelta(seconds=-30), "soon": timedelta(seconds=30)}
LEFT = {"two minutes ago": timedelta(minutes=-2), "next year": timedelta(days=365)}


@pytest.mark.parametrize("state", [EditionState.WORKING, EditionState.PACKING])
@pytest.mark.parametrize("beat", [*AT, *LEFT, "never"])
def test_what_was_left_is_taken_up(state: EditionState, beat: str) -> None:
    """A beat of next year is of a clock that was set back."""
    when = None if beat == "never" else timezone.now() + (AT | LEFT)[beat]
    job_of(state, beat_on=when)
    found = working.take()
    assert (found is None) is (beat in AT)
    assert found is None or (found.state == state and working.take() is None)


@pytest.mark.parametrize("state", [EditionState.MADE, EditionState.SIGNED, EditionState.FAILED, EditionState.ENDED])
def test_what_is_not_to_be_done_is_left_alone(state: EditionState) -> None:
    job_of(state)
    assert working.take() is None and not working.work_once(threading.Event())


@pytest.mark.parametrize("folder", [folder_of, spare_of])
def test_what_somebody_still_makes_is_waited_for(folder: Any) -> None:
    job_of(EditionState.WORKING, beat_on=timezone.now() - timedelta(hours=1))
    with held(folder(3)):
        assert working.take() is None
    assert folder(3).with_name(f"{folder(3).name}.lock").exists(), "a file that nobody holds"
    assert working.take() is not None


def test_a_lock_that_is_none(shop: Path, tmp_path: Path) -> None:
    """Somebody's folder, pipe or link of that name stops nobody else's edition, and no file of theirs is emptied."""
    (tmp_path / "mine").write_text("mine")
    (shop / "edition-3.lock").symlink_to(tmp_path / "mine")
    (shop / "edition-4.lock").mkdir()
    os.mkfifo(shop / "edition-5.lock")
    for number in (3, 4, 5):
        assert not is_at_work(folder_of(number))
    for number in (3, 4):
        with pytest.raises(errors.Unusable, match="cannot be locked"), alone(folder_of(number)):
            pass
    assert (tmp_path / "mine").read_text() == "mine"


def test_one_at_a_time() -> None:
    with alone(folder_of(3)):
        assert is_at_work(folder_of(3))
        with pytest.raises(errors.Unusable, match="another build"), alone(folder_of(3)):
            pass
        assert is_at_work(folder_of(3))
    assert not is_at_work(folder_of(3))


# --- what comes of it -------------------------------------------------------------------------------------------------------
def test_made(monkeypatch: Any) -> None:
    job_of()
    monkeypatch.setattr(working, "_run", lambda *_: whole() and 0)
    assert working.work_once(threading.Event())
    assert state_of() == "made"


def test_it_was_whole_before_anybody_could_say_so(monkeypatch: Any) -> None:
    job_of(EditionState.WORKING)
    whole()
    monkeypatch.setattr(working, "_run", None)
    working.work_once(threading.Event())
    assert state_of() == "made"


def test_somebody_else_made_one_with_this_number() -> None:
    job_of()
    whole(day=date(2030, 1, 3))
    working.work_once(threading.Event())
    assert state_of() == "failed" and "somebody else" in EditionJob.objects.get().log
    assert folder_of(3).is_dir(), "it is theirs"


def test_a_build_that_fails(monkeypatch: Any) -> None:
    job_of()
    partial_of(3).mkdir()
    does(monkeypatch, "echo '==> press (0 s)'; echo 'OSError: [Errno 28] No space left on device' >&2; exit 1")
    working.work_once(threading.Event())
    job = EditionJob.objects.get()
    assert (
        job.state == "failed" and "No space left on device" in job.log and "are free" in job.log and job.stage == "press (0 s)"
    )
    assert not partial_of(3).exists(), "it would fill the disk"


def test_a_disk_that_is_full(monkeypatch: Any) -> None:
    """Also for the log: then what is known stands in the database."""
    job_of()

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(child, "running", full)
    working.work_once(threading.Event())
    assert state_of() == "failed" and "No space left" in EditionJob.objects.get().log
    job_of(EditionState.PACKING, number=4)
    working.work_once(threading.Event())
    assert state_of(4) == "made" and "No space left" in EditionJob.objects.get(number=4).log


def test_half_an_archive_is_never_offered(monkeypatch: Any, shop: Path) -> None:
    """The folder of which readers are offered may be another disk, which is full."""
    job_of(EditionState.PACKING)
    does(monkeypatch, 'for last; do :; done; mkdir -p "$last"; echo PK > "$last/edition-3-2030-01-02.zip"')

    def elsewhere(self: Path, target: Path, real: Any = Path.replace) -> Any:
        if self.parent != target.parent:
            raise OSError(errno.EXDEV, "other disk")
        return real(self, target)

    def full(source: Path, target: Path) -> None:
        target.write_bytes(b"P")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", elsewhere)
    with monkeypatch.context() as disk:
        disk.setattr("shutil.copyfile", full)
        working.work_once(threading.Event())
    assert state_of() == "made" and [*(shop.parent / "out").iterdir()] == []
    EditionJob.objects.update(state="packing")
    working.work_once(threading.Event())
    assert state_of() == "signed" and [each.name for each in (shop.parent / "out").iterdir()] == ["edition-3-2030-01-02.zip"]
    assert not spare_of(3).exists()


def test_what_was_refused_while_packing_waits_for_another_signature(monkeypatch: Any) -> None:
    job_of(EditionState.PACKING)
    does(monkeypatch, "echo 'error: a.html was changed'; exit 1")
    working.work_once(threading.Event())
    assert state_of() == "made" and "a.html was changed" in EditionJob.objects.get().log


def test_an_edition_that_was_ended_leaves_nothing(monkeypatch: Any) -> None:
    job_of()
    does(monkeypatch, "while :; do sleep 0.1; done")
    threading.Timer(0, partial_of(3).mkdir).start()
    real = working._beat

    def beat(job: EditionJob, path: Path) -> bool:
        if partial_of(3).exists():
            actions.end(3)
        return real(job, path)

    monkeypatch.setattr(working, "_beat", beat)
    began = time.monotonic()
    working.work_once(threading.Event())
    assert time.monotonic() - began < 5
    assert state_of() == "ended" and not partial_of(3).exists()


def test_ended_at_the_moment_at_which_it_was_whole(monkeypatch: Any) -> None:
    job_of()

    def run(*_: Any) -> int:
        actions.end(3)
        whole()
        return 0

    monkeypatch.setattr(working, "_run", run)
    working.work_once(threading.Event())
    assert state_of() == "ended" and not folder_of(3).exists()


def test_the_same_number_again_is_another_job(monkeypatch: Any) -> None:
    """Ended and asked for again between two beats: whoever was at work does not take the new one for theirs."""
    job_of()
    job = working.take()
    assert job is not None
    actions.end(3)
    actions.ask(3, DAY)
    again = working.take()
    assert again is not None
    assert not working._beat(job, Path("/none"))
    assert working._beat(again, Path("/none"))


def test_a_database_that_does_not_answer_for_a_moment(monkeypatch: Any, shop: Path) -> None:
    job_of()
    job = working.take()
    assert job is not None
    with monkeypatch.context() as away:
        away.setattr(working.QuerySet, "update", lambda *_, **__: (_ for _ in ()).throw(OperationalError("database is locked")))
        away.setattr(working.connection, "close", lambda: None)
        assert working._beat(job, shop / "log")
    assert working._beat(job, shop / "log")


def test_a_server_that_ends_hands_it_back(monkeypatch: Any) -> None:
    job_of()
    stop = threading.Event()
    does(monkeypatch, "while :; do sleep 0.1; done")
    threading.Timer(0.3, stop.set).start()
    began = time.monotonic()
    working.work_once(stop)
    assert time.monotonic() - began < 5
    job = EditionJob.objects.get()
    assert (job.state, job.beat_on) == ("working", None)
    assert working.take() is not None, "at once"


# --- processes --------------------------------------------------------------------------------------------------------------
def is_there(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def gone(*pids: int) -> bool:
    """Whether they end: what is killed takes a moment."""
    until = time.monotonic() + 5
    while time.monotonic() < until and any(map(is_there, pids)):
        time.sleep(0.02)
    return not any(map(is_there, pids))


def test_nothing_that_a_child_began_goes_on(shop: Path) -> None:
    script = "sleep 100 & echo $!; wait"
    with child.running(["sh", "-c", script], shop / "log", None):
        while not (shop / "log").read_text().endswith("\n"):
            time.sleep(0.02)
    assert gone(int((shop / "log").read_text()))


def test_a_child_that_does_not_listen(shop: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(child, "_GRACE", 0.2)
    with child.running(["sh", "-c", "trap '' TERM; echo; while :; do sleep 0.1; done"], shop / "log", None) as process:
        while not (shop / "log").read_text():
            time.sleep(0.02)
    assert process.returncode == -signal.SIGKILL


STEP = """
import sys, time
from pathlib import Path
from sanduq_web.disc import build
with build.alone(Path(sys.argv[1])) as lock:
    stage = build.Stage("books", ("sh", "-c", "sleep 100 & echo $$ $!; env; wait"), {"MARK": "1"})
    build._do(stage, time.monotonic(), print, lock)
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_build_that_is_ended(shop: Path, how: signal.Signals) -> None:
    """SIGTERM ends its step with all that it began. After SIGKILL, the step holds the lock for as long as it goes on."""
    given = {**os.environ, "SANDUQ_PRESS_DATABASE": "postgres://u:SECRET@h/n", "PYTHONUNBUFFERED": "1"}
    build = subprocess.Popen([sys.executable, "-c", STEP, str(folder_of(3))], stdout=subprocess.PIPE, text=True, env=given)
    assert build.stdout is not None
    assert build.stdout.readline().startswith("==> books")
    step, inner = map(int, build.stdout.readline().split())
    said = []
    while "MARK=1\n" not in said:
        said.append(build.stdout.readline())
    assert "SECRET" not in "".join(said), "books are made of files"
    build.send_signal(how)
    build.wait()
    if how == signal.SIGKILL:
        assert is_at_work(folder_of(3)) and is_there(inner)
        os.killpg(step, signal.SIGKILL)
    assert gone(step, inner) and not is_at_work(folder_of(3))
    build.stdout.close()


# --- two at once ------------------------------------------------------------------------------------------------------------
TABLE = """
import django; django.setup()
from django.db import connection
from sanduq_web.press.models import EditionJob
with connection.schema_editor() as editor:
    editor.create_model(EditionJob)
for number in range(1, 41):
    EditionJob.objects.create(number=number, date="2030-01-02", state="working" if number % 2 else "waiting")
"""
TAKE = """
import django; django.setup()
import os, sys, threading
from sanduq_web.press.workshop import working
sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
barrier = threading.Barrier(3)
def all_of_them():
    barrier.wait()
    while True:
        job = working.take()
        if job is None:
            return
        os.write(1, f"{job.number}\\n".encode())
threads = [threading.Thread(target=all_of_them) for _ in range(3)]
[each.start() for each in threads]; [each.join() for each in threads]
"""


@pytest.mark.long
def test_of_many_workers_one_gets_each(tmp_path: Path) -> None:
    """Two processes with three threads each, on a database of their own: a file, or what SANDUQ_TEST_DATABASE names."""
    given = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "sanduq_web.press.settings", "SANDUQ_PRESS_WORKSHOP": str(tmp_path),
        "SANDUQ_PRESS_DATABASE": os.environ.get("SANDUQ_TEST_DATABASE", f"sqlite:///{tmp_path / 'press.db'}"),
    }  # fmt: skip
    subprocess.run([sys.executable, "-c", TABLE], env=given, check=True)
    workers = [
        subprocess.Popen([sys.executable, "-c", TAKE], env=given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for each in workers:
        assert each.stdout is not None and each.stdout.readline() == "ready\n"
    for each in workers:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    taken = [each.communicate()[0].split() for each in workers]
    assert sorted(map(int, [*taken[0], *taken[1]])) == [*range(1, 41)]


def test_parts_that_lead_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    for name in ("KEYS", "record", "vote/press.db"):
        parts, partial = tmp_path / f"parts-{name.replace('/', '-')}", tmp_path / f"partial-{name.replace('/', '-')}"
        (parts / name).parent.mkdir(parents=True)
        partial.mkdir()
        (parts / name).symlink_to(tmp_path / ("secret" if name != "record" else "."))
        with pytest.raises(errors.Unusable, match="is a link"):
            disc_build._take(parts, partial)
        assert [*partial.iterdir()] == []
