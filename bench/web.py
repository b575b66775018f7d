"""How many ballots a second the box takes durably over HTTP, with a kill -9 in the run: one JSON object a line.

usage: python bench/web.py [--ballots N] [--connections N] [--database sqlite|postgres]
       [--processes N] [--no-kill]

Server, database and load generator share this machine's processors. Ballots are sealed beforehand. Each of the connections
takes the next ballot when the last one was acknowledged, opens anew for it, and sends the same again when it broke. In the
middle of the run the server is killed and started again; ``p50_ms`` and ``p99_ms`` are of answers outside that time.
Afterwards the whole record is exported and verified, and compared with the receipts: ``lost`` and ``doubled`` must be 0. Where
others use the processors too, ``server_cpu_ms_per_ballot`` says more than the rate; ``stolen_percent`` is the share of this
machine's time that others took.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "web" / "tests"))

from rig import Rig  # noqa: E402
from sanduq.algebra.numbers import sha256_b64  # noqa: E402
from sanduq.archive.events import Kind  # noqa: E402
from sanduq.archive.reader import ArchiveReader  # noqa: E402
from sanduq.box.record import Record  # noqa: E402
from server import Site, open_now  # noqa: E402


@dataclass
class Run:
    """What has happened: when each acknowledgement came and how long it took, receipts by tracker, when the server was away."""

    answers: list[tuple[float, float]] = field(default_factory=list)
    receipts: dict[str, tuple[int, str]] = field(default_factory=dict)
    away: list[tuple[float, float]] = field(default_factory=list)
    others: dict[int, int] = field(default_factory=dict)
    server_cpu: float = 0.0
    own_cpu: float = 0.0
    stolen: float = 0.0


def requests_of(site: Site, ballots: list[bytes]) -> list[tuple[str, bytes]]:
    """Each ballot's tracker, and its whole request."""
    path = f"/api/v1/referendums/{site.rig.anchor}/areas/A/ballots"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
    return [(sha256_b64(raw), f"{head}{len(raw)}\r\n\r\n".encode() + raw) for raw in ballots]


async def _one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> tuple[int, bytes]:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    start = lower.index(b"content-length:") + 15
    length = int(lower[start : lower.index(b"\r\n", start)])
    return int(head[9:12]), await reader.readexactly(length)


async def voter(port: int, queue: list[tuple[str, bytes]], run: Run) -> None:
    """One voter after the other, each on a connection of its own: the next ballot when the last was acknowledged."""
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    while queue:
        tracker, request = queue.pop()
        while True:
            start = time.perf_counter()
            try:
                if streams is None:
                    streams = await asyncio.open_connection("127.0.0.1", port)
                status, body = await _one(*streams, request)
            except (OSError, asyncio.IncompleteReadError):
                streams = None
                await asyncio.sleep(0.02)
                continue
            end = time.perf_counter()
            if status in (200, 201):
                run.answers.append((end, end - start))
                receipt = json.loads(body)
                run.receipts[tracker] = (receipt["height"], receipt["event"])
                # Every ballot comes from another voter's device. Kept open, all connections would stay with the process that
                # was ready first after the restart, and the other would be idle.
                streams[1].close()
                streams = None
                break
            run.others[status] = run.others.get(status, 0) + 1
            await asyncio.sleep(0.05)
    if streams is not None:
        streams[1].close()


def cpu_of(site: Site) -> float:
    """Seconds of processor time that the server's processes have used (Linux)."""
    used = 0
    for process in site.processes:
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used / os.sysconf("SC_CLK_TCK")


def machine() -> tuple[int, int]:
    """Time that others on the same hardware took from this machine's processors, and all time, in ticks (Linux)."""
    ticks = [int(text) for text in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return ticks[7], sum(ticks)


async def load(site: Site, queue: list[tuple[str, bytes]], connections: int, processes: int, *, kill: bool) -> Run:
    """All ballots over so many connections; half-way the server is killed and started again."""
    run, half = Run(), len(queue) // 2

    async def killer() -> None:
        while len(queue) > half:
            await asyncio.sleep(0.01)
        before = time.perf_counter()
        run.server_cpu += cpu_of(site)
        await asyncio.to_thread(site.kill)
        await asyncio.to_thread(site.start, processes)
        run.away.append((before, time.perf_counter()))

    run.server_cpu, own, before = -cpu_of(site), time.process_time(), machine()
    tasks = [voter(site.port, queue, run) for _ in range(connections)]
    await asyncio.gather(*tasks, *([killer()] if kill else []))
    run.server_cpu += cpu_of(site)
    run.own_cpu = time.process_time() - own
    stolen, passed = (now - then for now, then in zip(machine(), before, strict=True))
    run.stolen = stolen / max(passed, 1)
    return run


def stored(site: Site, folder: Path) -> list[tuple[str, int, str]]:
    """Tracker, height and event of every ballot in the exported and verified record."""
    site.command("export", str(folder))
    verify = [sys.executable, "-m", "sanduq", "watch", "verify", str(folder), "--anchor", site.rig.anchor]
    subprocess.run(verify, check=True, capture_output=True)
    with Record(folder).archive(site.rig.area("A")).open("rb") as file:
        entries = [entry for entry in ArchiveReader(file) if entry.event.kind is Kind.BALLOT]
    return [(sha256_b64(entry.data[0]), entry.event.height, entry.hash) for entry in entries]


def report(name: str, run: Run, found: list[tuple[str, int, str]], start: float, connections: int) -> None:
    """The line of one run."""
    away = sum(end - begin for begin, end in run.away)
    seconds = max(end for end, _ in run.answers) - start

    def quiet(end: float, took: float) -> bool:
        # An answer within half a second after the restart had still waited for it.
        return all(end < begin or end - took > stop + 0.5 for begin, stop in run.away)

    times = sorted(took for end, took in run.answers if quiet(end, took))
    in_box = {tracker: (height, event) for tracker, height, event in found}
    line = {
        "bench": "web cast",
        "database": name,
        "ballots": len(run.answers),
        "connections": connections,
        "ballots_per_second": round(len(run.answers) / (seconds - away), 1),
        "p50_ms": round(1000 * times[len(times) // 2], 1),
        "p99_ms": round(1000 * times[len(times) * 99 // 100], 1),
        "server_cpu_ms_per_ballot": round(1000 * run.server_cpu / len(run.answers), 2),
        "load_cpu_ms_per_ballot": round(1000 * run.own_cpu / len(run.answers), 2),
        "stolen_percent": round(100 * run.stolen, 1),
        "load_average": round(os.getloadavg()[0], 1),
        "restart_seconds": round(away, 2),
        "lost": sum(in_box.get(tracker) != place for tracker, place in run.receipts.items()),
        "doubled": len(found) - len(in_box),
        "other_answers": run.others,
        "processors": os.cpu_count(),
    }
    print(json.dumps(line), flush=True)
    assert line["lost"] == line["doubled"] == 0
    assert len(found) == len(run.receipts)


def measure(name: str, url: str, rig: Rig, folder: Path, connections: int, *, processes: int, kill: bool) -> None:
    """One database."""
    os.environ["SANDUQ_DATABASE"] = url
    site = Site(url, rig)
    site.set_up()
    try:
        site.start(processes)
        with closing(site.client()) as client:
            for raw in rig.ballots["B"]:
                client.cast("B", raw)
        queue = requests_of(site, list(rig.ballots["A"]))
        start = time.perf_counter()
        run = asyncio.run(load(site, queue, connections, processes, kill=kill))
        report(name, run, stored(site, folder / f"record-{name}"), start, connections)
    finally:
        site.kill()


def main() -> None:
    """Both databases, or one."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--ballots", type=int, default=8000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--database", choices=["sqlite", "postgres"])
    parser.add_argument("--processes", type=int, default=2, help="of the server, on one port")
    parser.add_argument("--no-kill", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sanduq-bench-") as name:
        folder = Path(name)
        rig = open_now(folder / "record", {"A": options.ballots, "B": 20})
        if options.database != "postgres":
            url = f"sqlite:///{folder / 'site.db'}"
            measure("sqlite", url, rig, folder, options.connections, processes=options.processes, kill=not options.no_kill)
        if options.database != "sqlite":
            data = Path(tempfile.mkdtemp(prefix="sanduq-postgres-"))
            data.chmod(0o755)
            script = str(ROOT / "scripts" / "web.sh")
            try:
                made = subprocess.run([script, "postgres", "start", str(data)], check=True, capture_output=True, text=True)
                measure(
                    "postgres",
                    made.stdout.strip(),
                    rig,
                    folder,
                    options.connections,
                    processes=options.processes,
                    kill=not options.no_kill,
                )
            finally:
                subprocess.run([script, "postgres", "stop", str(data)], check=False)


if __name__ == "__main__":
    main()
