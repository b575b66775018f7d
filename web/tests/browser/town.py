"""What is voted on in the browser: referendums about a lighthouse that does not exist, one in each phase, on the real site."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rig import ENGINE, Rig, count, make_rig
from sanduq.box import Box
from sanduq.box.journal import Act
from sanduq.box.record import Record
from sanduq.question.areas import Parent
from sanduq.question.setup import Answer, Asked, Information, Setup, Side
from server import FORMAT, Site, database

ROOT = Path(__file__).resolve().parents[3]
BOOTH = ROOT / "booth" / "dist"
LANGUAGES = {"en": "ltr", "fa": "rtl", "tr": "ltr"}
TITLE = {"en": "The lighthouse", "fa": "فانوس دریایی", "tr": "Deniz feneri"}
ASKED = {
    "en": "Shall the lighthouse of Tern Isle be painted in stripes?",
    "fa": "آیا فانوس دریایی جزیرهٔ پرستو راه‌راه رنگ شود؟",
    "tr": "Sumru Adası'nın deniz feneri çizgili boyansın mı?",
}
YES = {"en": "Yes, in stripes", "fa": "آری، راه‌راه", "tr": "Evet, çizgili"}
NO = {"en": "No, it stays white", "fa": "نه، سفید بماند", "tr": "Hayır, beyaz kalsın"}
INFORMATION = Information(
    {
        "en": "The lighthouse was last painted forty years ago.",
        "fa": "فانوس دریایی چهل سال پیش رنگ شد.",
        "tr": "Deniz feneri en son kırk yıl önce boyandı.",
    },
    (
        Side(
            {"en": "For stripes", "fa": "برای راه‌راه", "tr": "Çizgiler için"},
            {"en": "Stripes are seen from far.", "fa": "راه‌راه از دور دیده می‌شود.", "tr": "Çizgiler uzaktan görünür."},
        ),
        Side(
            {"en": "For white", "fa": "برای سفید", "tr": "Beyaz için"},
            {"en": "White is what sailors know.", "fa": "سفید را دریانوردان می‌شناسند.", "tr": "Denizciler beyazı tanır."},
        ),
    ),
)
AREAS = {"hill": ("Upper Hill", "highland", "en"), "shore": ("کرانه", "coast", "fa"), "isle": ("Tern Isle", "coast", "en")}
REGIONS = (Parent("highland", "The Highland", None), Parent("coast", "The Coast", None))
VOTERS = {"hill": 12, "shore": 6, "isle": 3}
LATE = 75
"""Seconds until the vote closes for which somebody comes too late: by then the site is up and the ballot is sealed."""


def dressed(setup: Setup) -> Setup:
    """The rig's setup with texts that somebody could read out: three languages, two regions."""
    answers = (Answer("yes", YES), Answer("no", NO))
    question = Asked("bridge", ASKED, answers, blank=True)
    areas = tuple(
        replace(area, name=name, parent=parent, language=language)
        for area in setup.areas
        for name, parent, language in (AREAS[area.code],)
    )
    return replace(
        setup, title=TITLE, languages=LANGUAGES, questions=(question,), regions=REGIONS, areas=areas, information=INFORMATION
    )


def _time(**difference: float) -> str:
    return (datetime.now(UTC) + timedelta(**difference)).strftime(FORMAT)


def _make(path: Path, opens: str, closes: str) -> Rig:
    return make_rig(path, VOTERS, opens, closes, frozen=_time(days=-3), change=dressed)


def _decided(path: Path) -> Rig:
    """Voted, counted and decided yesterday, by the library alone."""
    rig = _make(path, _time(days=-2), _time(days=-1))
    record = Record(path)
    record.write_act(Act.OPENED, rig.setup.calendar.opens, {})
    heads = {}
    for area in rig.setup.areas:
        with Box.open(record.archive(area), ENGINE, rig.box_key) as box:
            box.cast_many(rig.ballots[area.code])
            heads[area.code] = box.close().hash
    record.write_act(Act.CLOSED, rig.setup.calendar.closes, {"heads": heads})
    record.write_fingerprints()
    count(rig, path, _time(hours=-20))
    return rig


@dataclass
class Town(Site):
    """The site with a referendum in each phase, and the built booth on an origin of its own."""

    decided: Rig = field(kw_only=True)
    frozen: Rig = field(kw_only=True)
    late: Rig = field(kw_only=True)
    booth_port: int = 0

    @property
    def all(self) -> tuple[Rig, ...]:
        return self.rig, self.decided, self.frozen, self.late

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def booth(self) -> str:
        # Another host, too: for a browser one host is one jar of cookies, whatever the port.
        return f"http://localhost:{self.booth_port}"

    @property
    def environment(self) -> dict[str, str]:
        keys = os.pathsep.join(str(rig.key_file) for rig in self.all)
        more = {"SANDUQ_BOX_KEY": keys, "SANDUQ_STEP": "0/0", "SANDUQ_BOOTH": self.booth}
        return {**super().environment, **more}

    def set_up(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.booth_port = probe.getsockname()[1]
        super().set_up()
        for rig in self.all[1:]:
            self.command("import", str(rig.path), "--anchor", rig.anchor)

    def page(self, path: str = "", language: str = "en", rig: Rig | None = None) -> str:
        """The address of a page of a referendum."""
        return f"{self.origin}/{language}/{(rig or self.rig).anchor}/{path}"

    def serve_booth(self) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "sanduq_web",
            "booth",
            str(BOOTH),
            "--api",
            self.origin,
            "--port",
            str(self.booth_port),
        ]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise TimeoutError("the booth does not answer")


@contextmanager
def the_town(folder: Path) -> Iterator[Town]:
    """All of it, running."""
    with database(folder) as url:
        town = Town(
            url,
            _make(folder / "open", _time(hours=-1), _time(hours=24)),
            decided=_decided(folder / "decided"),
            frozen=_make(folder / "frozen", _time(hours=24), _time(hours=48)),
            late=_make(folder / "late", _time(hours=-1), _time(seconds=LATE)),
        )
        town.set_up()
        try:
            town.start()
            booth = town.serve_booth()  # it is told the site's port, which the site may take only now
            try:
                _wait_for(town.booth_port)
                yield town
            finally:
                booth.terminate()
                with suppress(subprocess.TimeoutExpired):
                    booth.wait(10)
        finally:
            town.kill()
