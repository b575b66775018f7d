"""The public record: byte for byte the library's, in steps, in ranges, and verified by the command that observers use."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from conftest import Api, Now
from rig import ENGINE, FROZEN, Rig, count
from sanduq import errors
from sanduq.box import Box
from sanduq.box.record import Record
from sanduq.watch.archive import verify_archive
from sanduq.watch.compare import compare_archives
from sanduq_web import clock
from sanduq_web.box import actions
from sanduq_web.box.api import ArchiveFile, pieces, whole_size
from sanduq_web.box.models import Ballot
from sanduq_web.problems import Busy
from sanduq_web.question.api import Frozen
from sanduq_web.records import export_record, import_record
from sanduq_web.watch.views import record

pytestmark = pytest.mark.django_db
TOOL = Path(__file__).resolve().parents[2] / ".tools" / "belenios-tool" / "belenios-tool"


def _bytes(answer: object) -> bytes:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return bytes(content)


def fetch(path: str, **headers: str) -> bytes:
    answer = Client().get(path, headers=headers)
    assert answer.status_code in (200, 206), path
    return _bytes(answer)


def mirror(start: str, folder: Path) -> None:
    """What ``wget -r`` does: follow the links of listings, save what is no listing."""
    for name in re.findall(rb'href="([^"]+)"', fetch(start)):
        path = name.decode()
        assert "/" not in path[:-1]
        if path.endswith("/"):
            mirror(start + path, folder / path)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(fetch(start + path))


def verify(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sanduq", "watch", "verify", str(folder), *more]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _archive(frozen: Frozen, code: str) -> str:
    return f"/records/{frozen.anchor}/areas/{code}/{frozen.place(code).area.uuid}.bel"


def test_the_archive_is_the_librarys_to_the_byte(opened: Api, rig: Rig, frozen: Frozen, now: Now, tmp_path: Path) -> None:
    ballots = [*rig.ballots["A"][:5], *rig.again["A"][:2]]
    for raw in ballots:
        assert opened.cast(raw).status_code == 201
    now.at("06:10")
    shutil.copytree(rig.path, tmp_path / "record")
    path = Record(tmp_path / "record").archive(rig.area("A"))
    with Box.open(path, ENGINE, rig.box_key) as box:
        receipts = box.cast_many(ballots)
    assert fetch(_archive(frozen, "A")) == path.read_bytes()
    again = opened.cast(ballots[-1])
    assert again.content == receipts[-1].to_bytes(), "and so is the receipt"


def test_what_is_downloaded_verifies_at_every_phase(opened: Api, rig: Rig, frozen: Frozen, now: Now, tmp_path: Path) -> None:
    start = f"/records/{rig.anchor}/"
    for hour, raw in enumerate([*rig.ballots["A"][:8], *rig.again["A"][:3]], 6):
        opened.cast(raw)
        now.at(f"{hour:02}:30")
    mirror(start, tmp_path / "open")
    assert "phase" in (said := verify(tmp_path / "open", "--anchor", rig.anchor, "--json").stdout)
    assert '"verdict":"accepted"' in said
    assert '"phase":"open"' in said
    now.at("18:00")
    mirror(start, tmp_path / "closed")
    said = verify(tmp_path / "closed", "--anchor", rig.anchor, "--json").stdout
    assert '"phase":"closed","' in said
    assert '"ballots":11,"counted":8' in said
    # counted elsewhere, by the library's commands, and brought back
    export_record(rig.anchor, tmp_path / "counted")
    count(rig, tmp_path / "counted", "2030-05-01T20:00:00Z")
    import_record(tmp_path / "counted", clock.now(), rig.anchor)
    mirror(start, tmp_path / "decided")
    found = verify(tmp_path / "decided", "--anchor", rig.anchor, "--final", "--json")
    assert (found.returncode, '"phase":"decided"' in found.stdout) == (0, True), found
    assert '"accepted"' in found.stdout
    assert any(path.suffix == ".proofs" for path in (tmp_path / "decided").rglob("*"))
    for older, newer in (("open", "closed"), ("closed", "decided")):
        command = [sys.executable, "-m", "sanduq", "watch", "compare", str(tmp_path / older), str(tmp_path / newer)]
        subprocess.run(command, check=True, capture_output=True)


@pytest.mark.oracle
def test_belenios_tool_verifies_what_is_downloaded(opened: Api, rig: Rig, frozen: Frozen, now: Now, tmp_path: Path) -> None:
    if not TOOL.exists():
        pytest.skip("belenios-tool is not here: scripts/belenios_tool.sh gets it")
    for raw in rig.ballots["A"][:6]:
        opened.cast(raw)
    now.at("18:00")
    opened.get()
    (tmp_path / f"{rig.area('A').uuid}.bel").write_bytes(fetch(_archive(frozen, "A")))
    subprocess.run([TOOL, "election", "verify", "--dir", str(tmp_path)], check=True, capture_output=True)


def test_the_stream_advances_in_steps_only(opened: Api, rig: Rig, frozen: Frozen, now: Now) -> None:
    """Steps of 10 minutes and 3 ballots."""

    def height() -> int:
        fetched = Client().get(f"/records/{rig.anchor}/fingerprints.json").json()["A"]
        assert len(fetch(_archive(frozen, "A"))) == fetched["size"]
        return int(fetched["height"])

    cast = iter([*rig.ballots["A"], *rig.again["A"]])
    for time, ballots, public in [
        ("06:01", 2, 0),  # the slot of the opening is decided already
        ("06:09:59", 0, 0),
        ("06:10", 0, 0),  # two are too few
        ("06:12", 5, 0),  # this slot is decided
        ("06:19:59", 1, 0),
        ("06:20", 0, 8),
        ("06:21", 4, 8),
        ("06:30", 1, 12),  # who casts decides before it is appended
        ("06:45", 0, 12),
        ("07:00", 2, 12),
        ("07:10", 0, 15),
        ("18:00", 0, 16),  # EndBallots: the close publishes everything
    ]:
        now.at(time)
        for _ in range(ballots):
            opened.cast(next(cast))
        assert height() == public, time


def test_what_is_published_does_not_depend_on_who_asks(opened: Api, rig: Rig, frozen: Frozen, now: Now) -> None:
    """Nobody reads between 06:10 and 06:20; still the ballot of 06:11 is not in what is as of 06:10."""
    for raw in rig.ballots["A"][:3]:
        opened.cast(raw)
    now.at("06:11")
    opened.cast(rig.ballots["A"][3])
    now.at("06:19")
    steps = Client().get(f"/steps/{rig.anchor}/A.json").json()["steps"]
    assert [(step["height"], step["time"]) for step in steps] == [(0, "2030-04-01T12:00:00Z"), (3, "2030-05-01T06:10:00Z")]


def test_each_published_height_has_its_fingerprint(opened: Api, rig: Rig, frozen: Frozen, now: Now, tmp_path: Path) -> None:
    for hour, start in enumerate((0, 3, 6), 7):
        for raw in rig.ballots["A"][start : start + 3]:
            opened.cast(raw)
        now.at(f"{hour:02}:00")
        fetch(f"/records/{rig.anchor}/fingerprints.json")
    export_record(rig.anchor, tmp_path / "all")
    path = Record(tmp_path / "all").archive(rig.area("A"))
    steps = Client().get(f"/steps/{rig.anchor}/A.json").json()["steps"]
    assert [step["height"] for step in steps] == [0, 3, 6, 9]
    for step in steps:
        (tmp_path / "part.bel").write_bytes(path.read_bytes()[: step["size"]])
        with (tmp_path / "part.bel").open("rb") as file:
            report = verify_archive(file, ENGINE, fingerprint=(step["size"], step["sha256"]))
        assert (report.height, report.head) == (step["height"], step["head"])


def test_observers_fetch_only_what_is_new(opened: Api, rig: Rig, frozen: Frozen, now: Now) -> None:
    path = _archive(frozen, "A")
    before = fetch(path)
    for raw in rig.ballots["A"][:5]:
        opened.cast(raw)
    now.at("06:10")
    answer = Client().get(path, headers={"range": f"bytes={len(before)}-"})
    new = _bytes(answer)
    whole = fetch(path)
    assert (answer.status_code, before + new) == (206, whole)
    assert answer["Content-Range"] == f"bytes {len(before)}-{len(whole) - 1}/{len(whole)}"


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-0", 0, 1), ("bytes=500-700", 500, 701), ("bytes=-100", -100, None), ("bytes=1024-", 1024, None)],
)
def test_ranges_are_what_they_say(opened: Api, frozen: Frozen, asked: str, start: int, stop: int | None) -> None:
    whole = fetch(_archive(frozen, "B"))
    answer = Client().get(_archive(frozen, "B"), headers={"range": asked})
    assert (answer.status_code, _bytes(answer)) == (206, whole[start:stop])
    assert int(answer["Content-Length"]) == len(whole[start:stop])


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=5-4", "bytes=-0"])
def test_a_range_that_is_not_there_is_refused(opened: Api, frozen: Frozen, asked: str) -> None:
    assert Client().get(_archive(frozen, "B"), headers={"range": asked}).status_code == 416


@pytest.mark.parametrize("asked", ["", "bytes=", "bytes=-", "lines=1-2", "bytes=1-2,5-6", "bytes=a-b"])
def test_what_is_no_range_gives_the_whole(opened: Api, frozen: Frozen, asked: str) -> None:
    answer = Client().get(_archive(frozen, "B"), headers={"range": asked})
    assert (answer.status_code, len(_bytes(answer))) == (200, whole_size(frozen.place("B")))


def test_nothing_beyond_what_is_public_is_given(opened: Api, rig: Rig, frozen: Frozen) -> None:
    size = len(fetch(_archive(frozen, "A")))
    opened.cast(rig.ballots["A"][0])
    assert whole_size(frozen.place("A")) > size
    assert len(fetch(_archive(frozen, "A"))) == size
    assert Client().get(_archive(frozen, "A"), headers={"range": f"bytes={size}-"}).status_code == 416
    assert Client().get(_archive(frozen, "A"), headers={"range": f"bytes=0-{size + 5000}"})["Content-Length"] == str(size)


def test_the_list_of_files_names_them_all(opened: Api, rig: Rig, tmp_path: Path) -> None:
    mirror(f"/records/{rig.anchor}/", tmp_path)
    listed = fetch(f"/records/{rig.anchor}.txt").decode().split()
    found = {f"http://testserver/records/{rig.anchor}/{path.relative_to(tmp_path)}" for path in tmp_path.rglob("*.*")}
    assert set(listed) == found
    assert [name.rsplit("/", 1)[1] for name in listed[:3]] == ["setup.json", "fingerprints.json", "journal.jsonl"]


@pytest.mark.parametrize("path", ["areas/C/", "areas/A/x.bel", "areas/B/{A}.bel", "areas/A/{A}.proofs", "areas/A/{A}.hints"])
def test_nothing_else_is_there(opened: Api, rig: Rig, path: str) -> None:
    answer = Client().get(f"/records/{rig.anchor}/{path.format(A=rig.area('A').uuid)}")
    assert answer.status_code == 404


# --- keeping a record ------------------------------------------------------------------------------------------------------


def test_a_record_is_verified_before_it_is_kept(rig: Rig, tmp_path: Path) -> None:
    shutil.copytree(rig.path, tmp_path / "record")
    path = Record(tmp_path / "record").archive(rig.area("B"))
    content = bytearray(path.read_bytes())
    content[-600] ^= 1
    path.write_bytes(content)
    with pytest.raises(errors.Refused):
        import_record(tmp_path / "record", clock.now())
    assert Client().get(f"/api/v1/referendums/{rig.anchor}").status_code == 404
    with pytest.raises(errors.AnchorMismatch):
        import_record(rig.path, clock.now(), "0" * 64)


def test_the_same_record_may_be_imported_again(frozen: Frozen, rig: Rig) -> None:
    import_record(rig.path, clock.now(), rig.anchor)
    assert len(fetch(_archive(frozen, "A"))) == whole_size(frozen.place("A"))


def test_an_older_copy_takes_nothing_away(opened: Api, rig: Rig, frozen: Frozen) -> None:
    for raw in rig.ballots["A"][:2]:
        opened.cast(raw)
    with pytest.raises(errors.NotAnExtension):
        import_record(rig.path, clock.now(), rig.anchor)
    assert Ballot.objects.count() == 2


def test_a_copy_with_other_ballots_is_refused(opened: Api, rig: Rig, frozen: Frozen, now: Now, tmp_path: Path) -> None:
    export_record(rig.anchor, tmp_path / "fork")
    with Box.open(Record(tmp_path / "fork").archive(rig.area("A")), ENGINE) as box:
        box.cast_many(rig.ballots["A"][2:6])
    opened.cast(rig.ballots["A"][0])
    with pytest.raises(errors.NotAnExtension):
        import_record(tmp_path / "fork", clock.now(), rig.anchor)
    assert Ballot.objects.count() == 1


def test_an_open_record_goes_on_where_it_was(opened: Api, rig: Rig, frozen: Frozen, now: Now, tmp_path: Path) -> None:
    opened.cast(rig.ballots["A"][0])
    export_record(rig.anchor, tmp_path / "record")
    with Box.open(Record(tmp_path / "record").archive(rig.area("A")), ENGINE) as box:
        box.cast_many([rig.ballots["A"][1], rig.again["A"][0]])
    import_record(tmp_path / "record", clock.now(), rig.anchor)
    assert opened.cast(rig.again["A"][0]).status_code == 200
    assert opened.cast(rig.ballots["A"][0]).status_code == 409
    assert opened.cast(rig.ballots["A"][4]).status_code == 201
    now.at("18:00")
    actions.close_vote(frozen, now.time)
    export_record(rig.anchor, tmp_path / "closed")
    assert verify(tmp_path / "closed", "--anchor", rig.anchor).returncode == 0


def test_an_archive_is_a_file_for_the_librarys_readers(opened: Api, rig: Rig, frozen: Frozen) -> None:
    for raw in rig.ballots["A"]:
        opened.cast(raw)
    place = frozen.place("A")
    size = whole_size(place)
    whole = b"".join(pieces(place.id, 0, size))
    file = ArchiveFile(place.id, size)
    assert file.read() == whole
    for start in (0, 1, 511, size - 1, size, 512):
        buffered = _buffered(place.id, size)
        buffered.seek(start)
        assert buffered.read(9000) == whole[start : start + 9000]
    compare_archives(_buffered(place.id, size), _buffered(place.id, size))


def _buffered(archive: int, size: int) -> io.BufferedReader:
    return io.BufferedReader(ArchiveFile(archive, size))


# --- slow readers ----------------------------------------------------------------------------------------------------------


def test_slow_downloads_take_no_more_threads_than_they_may(opened: Api, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads slowly on purpose holds a thread; all of them held, nobody could vote."""
    monkeypatch.setattr(record, "AHEAD", 1000)
    path = f"/records/{rig.anchor}/areas/A/{rig.area('A').uuid}.bel"
    held = [Client().get(path) for _ in range(8)]
    assert {answer.status_code for answer in held} == {200}
    refused = Client().get(path)
    assert (refused.status_code, refused["Retry-After"]) == (503, "10")
    assert Client().get(path, headers={"range": "bytes=0-99"}).status_code == 206, "a short one holds nothing"
    assert Client().head(path).status_code == 200
    assert opened.cast(rig.ballots["A"][0]).status_code == 201
    again = [_bytes(answer) for answer in held]
    assert len(set(again)) == 1
    after = [record._Download(iter(())) for _ in range(8)]
    with pytest.raises(Busy):
        record._Download(iter(()))
    for download in after:
        download.close()
        download.close()
    assert _bytes(Client().get(path)) == again[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("sqlite3" not in settings.DATABASES["default"]["ENGINE"], reason="SQLite's own switch")
def test_a_database_that_cannot_be_written_can_be_read(
    opened: Api, rig: Rig, now: Now, caplog: pytest.LogCaptureFixture
) -> None:
    """A full disk must not hide the record."""
    for raw in rig.ballots["A"][:4]:
        opened.cast(raw)
    start = f"/records/{rig.anchor}/"
    now.at("06:10")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            found = fetch(f"{start}fingerprints.json"), fetch(f"{start}areas/A/{rig.area('A').uuid}.bel")
            pages = [Client().get(f"/en/{rig.anchor}/{name}") for name in ("", "watch/", "check/")]
        finally:
            cursor.execute("PRAGMA query_only = OFF")
    assert [page.status_code for page in pages] == [200] * 3
    assert b'"height":0' in found[0]
    assert "/" not in caplog.text
    assert b'"height":4' in fetch(f"{start}fingerprints.json")


@pytest.mark.django_db
def test_an_import_says_how_far_it_is(rig: Rig) -> None:
    told: list[tuple[str, str, int]] = []
    import_record(rig.path, FROZEN, rig.anchor, told=lambda *done: told.append(done))
    assert told == [("verified", "A", 12), ("verified", "B", 5), ("kept", "A", 12), ("kept", "B", 5)]
