"""What both say of an archive, and that they write the same bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from oracle.elections import Played
from oracle.ours import Ours
from oracle.peer import Peer, desk
from oracle.scenario import Scenario
from sanduq.archive import ArchiveReader, Entry, Kind, event_records, setup_records
from sanduq.count.report import ArchiveReport

ENGINES = ("python", "rust")
SLOW = 2**30
"""To find a sum of this weight takes the tool seconds: there its verdict on our result is enough."""


def entries(archive: Path) -> tuple[int, list[Entry]]:
    """The time in an archive's header, and its events with their data."""
    with archive.open("rb") as file:
        reader = ArchiveReader(file)
        found = list(reader)
        return reader.time, found


def copy_until(archive: Path, folder: Path, count: int) -> Path:
    """A copy, in ``folder``, that ends behind event number ``count`` (from 1)."""
    copy = folder / archive.name
    copy.write_bytes(archive.read_bytes()[: entries(archive)[1][count - 1].end])
    return copy


def we_verify(archive: Path) -> ArchiveReport:
    """Both engines say the same of the archive; what they say."""
    first, second = (Ours(name, name).verify(archive) for name in ENGINES)
    assert replace(first, engine="", election=second.election) == replace(second, engine="")
    assert first.election.raw == second.election.raw
    return first


def they_verify(peer: Peer, archive: Path) -> None:
    """The tool accepts the archive, and each ballot against a copy that ends at the Setup event."""
    peer.tool.run(archive.parent, "election", "verify")
    _, found = entries(archive)
    with desk() as folder:
        copy_until(archive, folder, 1)
        for entry in found:
            if entry.event.kind is Kind.BALLOT:
                they_verify_ballot(peer, folder, entry.data[0])


def they_verify_ballot(peer: Peer, folder: Path, ballot: bytes) -> None:
    """The tool accepts a ballot for the archive in ``folder``."""
    with desk(my_ballot=ballot) as file:
        peer.tool.run(folder, "election", "verify-ballot", "--ballot", str(file / "my.ballot"))


def they_refuse_ballot(peer: Peer, folder: Path, ballot: bytes) -> str:
    """The tool refuses a ballot for the archive in ``folder``; what it says."""
    with desk(my_ballot=ballot) as file:
        return peer.tool.refuses(folder, "election", "verify-ballot", "--ballot", str(file / "my.ballot"))


def we_agree_with(report: ArchiveReport, scenario: Scenario, ballots: Sequence[bytes]) -> None:
    """A verified archive says what was played."""
    assert report.phase == "counted"
    assert report.result == scenario.result
    assert (report.ballots, report.counted) == (len(ballots), len(scenario.last))
    assert (report.roll_size, report.total_weight) == (scenario.voters, scenario.counted_weight)
    assert sorted(report.decryptions) == sorted(scenario.holders.decrypt)


def they_agree_with(peer: Peer, played: Played) -> None:
    """What the tool computes from the archive is what was played: the result, and which ballots count with which weight."""
    scenario, ballots = played.scenario, played.ballots
    assert entries(played.archive)[1][-1].data == (scenario.result_text,)
    if scenario.counted_weight < SLOW:
        assert peer.compute_result(played.archive) == scenario.result_text
    said = json.loads(peer.tool.run(played.archive.parent, "election", "compute-ballot-summary"))
    last = {vote.voter: ballot for vote, ballot in zip(scenario.votes, ballots, strict=True)}
    expected = {sha256(ballot).hexdigest(): scenario.weight(voter) for voter, ballot in last.items()}
    assert {item["hash"]: int(item.get("weight", 1)) for item in said} == expected


def rebuilt(archive: Path) -> bytes:
    """The archive's data, record by record, through our writer."""
    time, found = entries(archive)
    election, trustees, roll, *rest = found[0].data
    content, head = setup_records(time, election, trustees, roll, *rest[:-1])
    for entry in found[1:]:
        more, head = event_records(head, entry.event.kind, entry.data)
        content += more
    return content


def rebuilt_by(peer: Peer, archive: Path, folder: Path) -> tuple[bytes, bytes]:
    """The archive's data, record by record, through the tool; and the same through our writer at the time the tool did it."""
    _, found = entries(archive)
    election, trustees, roll = found[0].data[:3]
    folder.mkdir()
    made = peer.start(folder, archive.stem, election, trustees, roll)
    for entry in found[1:]:
        peer.add(made, entry.event.kind.value, *entry.data)
    time, _ = entries(made)
    content, head = setup_records(time, election, trustees, roll)
    for entry in found[1:]:
        more, head = event_records(head, entry.event.kind, entry.data)
        content += more
    return made.read_bytes(), content


def same_sum(peer: Peer, archive: Path) -> None:
    """The tool makes the very records of the encrypted sum that stand in the archive."""
    _, found = entries(archive)
    at = [entry.event.kind for entry in found].index(Kind.ENCRYPTED_TALLY)
    with desk() as folder:
        copy = copy_until(archive, folder, at)
        assert peer.compute_sum(copy) == list(found[at].data)
