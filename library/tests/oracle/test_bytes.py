"""The same data give the same bytes: texts of elections, archives of every age, archives that others made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copy

import pytest

from oracle.elections import Keys, Turns, hold, play
from oracle.ours import Ours
from oracle.party import Party
from oracle.peer import Peer
from oracle.scenario import Asked, Holders, Scenario
from oracle.tool import ROOT
from oracle.verdicts import entries, rebuilt, they_verify, we_verify
from sanduq import errors
from sanduq.archive import Kind, create, event_records, setup_records
from sanduq.question.election import read_election
from sanduq.watch.compare import compare_archives

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def keys(party: Callable[[str], Party]) -> Keys:
    """One mandatory trustee."""
    return hold(Holders(), Turns([party("python")]))


def _chars(first: int, last: int) -> str:
    return "".join(map(chr, range(first, last + 1)))


TEXTS = [
    ("empty", ""),
    ("white space", " \t\n\r \u00a0\u2003\u2028\u2029\u3000"),
    ("what JSON escapes", '"\\/\b\f\n\r\t'),
    ("what looks escaped", r"\u0041 \n \\ \" \/"),
    ("control characters", _chars(0, 0x1F)),
    ("delete", "\x7f"),
    ("the second control characters", _chars(0x80, 0x9F)),
    ("accents, composed and not", "é e\u0301 ñ n\u0303 Å"),
    ("Arabic, Persian, Kurdish", "المفوضية آری نه ئایا"),
    ("directions", "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2069"),
    ("joiners", "می\u200cخواهم \u200d"),
    ("emoji", "😀 👩\u200d👩\u200d👧 🇺🇳 ☑\ufe0f"),
    ("other planes", "𐎠𠀀𝕏\U000e0001\U0010fffd"),
    ("no characters", "\ufeff\ufffe\uffff\U0001fffe\U0010ffff\ufdd0"),
    ("markup", "<br>&amp;<script>alert(1)</script>]]>"),
    ("all of the first plane", _chars(0, 0xD7FF) + _chars(0xE000, 0xFFFF)),
]


@pytest.mark.parametrize("text", [row[1] for row in TEXTS], ids=[row[0] for row in TEXTS])
def test_any_text_gives_the_same_election(text: str, keys: Keys, peer: Peer, party: Callable[[str], Party]) -> None:
    questions = (Asked((text, f"a{text}"), question=text), Asked((f"{text}b", "c"), question=f"{text}{text}", blank=True))
    more = (("administrator", text), ("credential_authority", text))
    scenario = Scenario("", questions, title=text, description=text, more=more)
    theirs = peer.election("1" * 14, keys.trustees, scenario.template())
    assert party("python").election("1" * 14, keys.trustees, scenario.template()) == theirs
    read = read_election(theirs)
    assert (read.name, read.description, read.questions[0].answers) == (text, text, (text, f"a{text}"))


ALL_FIELDS = (("language", ("en", "ltr")), ("credential_authority", ""), ("administrator", "a"))
ELECTIONS = [
    ("one answer", Asked(("a",)), ()),
    ("blank", Asked(blank=True), ()),
    ("blank is false", Asked(blank=False), ()),
    ("none to all", Asked(("a", "b", "c"), min=0, max=3), ()),
    ("max above the number of answers", Asked(("a", "b"), min=0, max=9, blank=False), ()),
    ("none may be chosen", Asked(("a", "b"), min=0, max=0), ()),
    ("the same answer twice", Asked(("a", "a")), ()),
    ("many answers", Asked(tuple(f"answer {number}" for number in range(250)), min=3, max=200), ()),
    ("an administrator", Asked(), (("administrator", "Δ"),)),
    ("a credential authority", Asked(), (("credential_authority", "ζ"),)),
    ("a language", Asked(), (("language", ("ckb", "rtl")),)),
    ("all fields", Asked(), ALL_FIELDS),
]


@pytest.mark.parametrize(("asked", "more"), [row[1:] for row in ELECTIONS], ids=[row[0] for row in ELECTIONS])
def test_any_form_gives_the_same_election(
    asked: Asked, more: tuple[tuple[str, object], ...], keys: Keys, peer: Peer, party: Callable[[str], Party]
) -> None:
    template = Scenario("", (asked, Asked()), more=more).template()
    assert party("python").election("2" * 20, keys.trustees, template) == peer.election("2" * 20, keys.trustees, template)


TIMES = [
    ("the beginning of time", 0),
    ("a second later", 1),
    ("the last that is written as a number", 2**30 - 1),
    ("the first that is written as a string", 2**30),
    ("2030", 1_900_000_000),
    ("2100", 4_102_444_800),
    ("the last that a header can hold", 8**11 - 1),
]


@pytest.mark.parametrize("time", [row[1] for row in TIMES], ids=[row[0] for row in TIMES])
def test_an_archive_of_any_time_is_verified_by_both(time: int, keys: Keys, peer: Peer, tmp_path: Path) -> None:
    ours = Ours("rust", "rust")
    made = ours.credentials("3" * 14, 2, None)
    election = ours.election("3" * 14, keys.trustees, Scenario("").template())
    archive = tmp_path / f"{'3' * 14}.bel"
    content, head = setup_records(time, election, keys.trustees, made.roll)
    create(archive, content + event_records(head, Kind.END_BALLOTS, [])[0])
    they_verify(peer, archive)
    assert we_verify(archive).phase == "closed"
    peer.sum(archive)
    assert rebuilt(archive) == archive.read_bytes()
    assert entries(archive)[0] == time


def test_both_tell_an_extension_from_what_is_none(peer: Peer, party: Callable[[str], Party], tmp_path: Path) -> None:
    """`election verify-diff` and `watch compare`, from each moment of our archive to its end and back."""
    archive = play(Scenario(""), Turns([party("rust")]), tmp_path / "whole").archive
    (tmp_path / "older").mkdir()
    older = tmp_path / "older" / archive.name
    for entry in entries(archive)[1][:-1]:
        older.write_bytes(archive.read_bytes()[: entry.end])
        peer.tool.run(tmp_path, "election", "verify-diff", "--dir1", "older", "--dir2", "whole")
        peer.tool.refuses(tmp_path, "election", "verify-diff", "--dir1", "whole", "--dir2", "older")
        with older.open("rb") as old, archive.open("rb") as new:
            assert compare_archives(old, new).added == len(entries(archive)[1]) - 1 - entry.event.height
        with older.open("rb") as old, archive.open("rb") as new, pytest.raises(errors.NotAnExtension):
            compare_archives(new, old)


HONEST = sorted((ROOT / "vectors" / "honest").glob("*.bel"))


@pytest.mark.parametrize("vector", HONEST, ids=lambda path: path.stem)
def test_our_writer_makes_the_archives_of_others_again(vector: Path) -> None:
    assert rebuilt(vector) == vector.read_bytes()


@pytest.mark.parametrize("vector", HONEST, ids=lambda path: path.stem)
def test_the_tool_accepts_every_honest_vector(vector: Path, peer: Peer, tmp_path: Path) -> None:
    they_verify(peer, Path(copy(vector, tmp_path)))
