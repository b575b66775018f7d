"""The registrar's commands: encrypted files, letters, mail to a real server on loopback, reserves under four eyes, the end."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pypdf
import pytest

from cli.hand import Done, ok, run
from registrar_rig import (
    AFTER,
    BEFORE,
    BOOTH,
    CREDENTIALS,
    DAY,
    OFFICERS,
    OPEN,
    REGISTER,
    RESERVE,
    UUID,
    credentials,
    no_secret,
    reserves,
    some,
    vote,
)
from sanduq.roll import printed_credential, public_credential
from sanduq.roll.reserves import read_register

# --- the file ----------------------------------------------------------------------------------------------------------------


def test_the_registrar_s_file_is_encrypted_and_says_its_day(registrars_room: Path) -> None:
    held = credentials(registrars_room)
    assert list(held) == ["E-1", "E-2", "E-3"]
    for path in (registrars_room / "rolls" / "north").iterdir():
        data = path.read_bytes()
        assert not [secret for secret in (*held.values(), *reserves(registrars_room).values()) if secret.encode() in data], path
        assert path.stat().st_mode & 0o777 == (0o600 if path.suffix == ".age" else 0o644)
    assert (registrars_room / CREDENTIALS).read_bytes().startswith(b"age-encryption.org/v1")


@pytest.mark.parametrize(
    ("words", "said"),
    some(
        [
            (["--unencrypted", "--key", "registrar.key"], "one of --encrypt-to"),
            (["--key", "registrar.key"], "needs a day of destruction"),
            (["--destroy-on", "2031-02-30", "--key", "registrar.key"], "not a day"),
            (["--destroy-on", DAY, "--encrypt-to", "age1wrong"], "not a recipient"),
            (["--destroy-on", DAY, "--key", "short"], "a passphrase of 5 characters"),
            (["--destroy-on", DAY], "no passphrase"),
            (["--destroy-on", DAY, "--unencrypted", *OFFICERS], "officers without reserve"),
            (["--destroy-on", DAY, "--unencrypted", "--reserve", "1"], "two officers are needed"),
            (["--unencrypted", "--reserve", "1", "--officer", "Ann=ann.key"], "two officers are needed"),
            (["--unencrypted", "--reserve", "1", "--officer", "Ann=ann.key", "--officer", "ann=bo.key"], "are one"),
            (["--unencrypted", "--reserve", "1", "--officer", "Ann=ann.key", "--officer", "Bo=ann.key"], "are one"),
            (["--unencrypted", "--reserve", "1", "--officer", "Ann=short", "--officer", "Bo=ann.key"], "a passphrase of 5"),
        ]
    ),
)
def test_credentials_are_not_made_carelessly(here: Path, words: list[str], said: str) -> None:
    (here / "short").write_text("short\n")
    done = run("roll", "credentials", "--count", 2, "--out", "new", *words, cwd=here)
    assert (done.code, said in done.err) == (2, True), done
    assert not (here / "new").exists()


@pytest.mark.parametrize(
    ("column", "said"), [("weight\nA,1", "votes have weights"), ("voter2\nreserve-1,x", "is called reserve-")]
)
def test_reserves_that_nobody_could_use(here: Path, column: str, said: str) -> None:
    (here / "v.csv").write_text(f"voter,{column}\n")
    done = run("roll", "credentials", "--voters", "v.csv", "--unencrypted", "--reserve", 1, *OFFICERS, "--out", "n", cwd=here)
    assert (done.code, said in done.err) == (2, True), done


@pytest.mark.long
def test_a_passphrase_is_asked_for_twice(tmp_path: Path) -> None:
    words = ("roll", "credentials", "--count", 1, "--destroy-on", DAY, "--out", "new")
    done = run(*words, cwd=tmp_path, typed=b"five words drawn by dice\nfive words drawn by mice\n")
    assert (done.code, "two passphrases" in done.err) == (2, True)
    done = run(*words, cwd=tmp_path, typed=b"five words drawn by dice\n" * 2)
    assert done.code == 0, done
    (path,) = tmp_path.glob("new/*.age")
    again = run("roll", "pins", path, "--out", "new", cwd=tmp_path, typed=b"five words drawn by mice\n")
    assert (again.code, "this key does not open it" in again.err) == (2, True)


@pytest.mark.parametrize("key", [(), ("--key", "eve.key"), ("--key", "people.csv"), ("--identity", "people.csv")])
def test_without_its_key_no_command_reads_it(here: Path, key: tuple[str, ...]) -> None:
    done = run("roll", "pins", CREDENTIALS, "--out", "new", *key, cwd=here)
    assert done.code == 2, done
    assert not (here / "new").exists()


def test_pins_are_closed_as_the_credentials_are_and_reserves_havesome(here: Path) -> None:
    ok("roll", "pins", CREDENTIALS, *OPEN, "--reserve", RESERVE, *OFFICERS, "--out", "rolls/north", cwd=here)
    assert (here / f"rolls/north/{UUID}.pins.until-{DAY}.csv.age").read_bytes().startswith(b"age-encryption")
    hashed = (here / f"rolls/north/{UUID}.pinhashes.csv").read_text().splitlines()[1:]
    assert len(hashed) == 6


def test_a_warning_when_its_day_has_passed(here: Path) -> None:
    old = here / CREDENTIALS.replace("2031", "2021")
    (here / CREDENTIALS).rename(old)
    done = ok("roll", "pins", old, *OPEN, "--out", "new", cwd=here)
    assert "was to be destroyed on 2021-05-01" in done.err


def test_it_is_destroyed_on_its_day_and_not_before(here: Path) -> None:
    done = run("roll", "destroy", CREDENTIALS, RESERVE, "--time", BEFORE, cwd=here)
    assert (done.code, "must be kept until" in done.err) == (2, True)
    refused = run("roll", "destroy", CREDENTIALS, "people.csv", "--time", AFTER, cwd=here)
    assert (refused.code, (here / CREDENTIALS).exists(), (here / "people.csv").exists()) == (2, True, True)
    done = ok("roll", "destroy", CREDENTIALS, RESERVE, "--time", AFTER, cwd=here)
    assert "Solid-state" in done.out
    assert sorted(path.name for path in (here / "rolls/north").iterdir()) == [f"{UUID}.reserves.jsonl", f"{UUID}.roll.json"]


@pytest.mark.long
def test_force_destroys_before_the_day(here: Path) -> None:
    ok("roll", "destroy", CREDENTIALS, "--force", "--time", BEFORE, cwd=here)
    assert not (here / CREDENTIALS).exists()


# --- letters -----------------------------------------------------------------------------------------------------------------

LETTERS = ("roll", "letters", CREDENTIALS, *OPEN, "--record", "record", "--booth", BOOTH)


def _pages(folder: Path) -> list[str]:
    """The text of every page, in the order of the files."""
    found = []
    for path in sorted(folder.glob("*.pdf")):
        assert path.stat().st_mode & 0o777 == 0o600
        found += [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages]
    return found


def test_letters_are_made_from_the_encrypted_file(here: Path) -> None:
    done = ok(*LETTERS, "--people", "people.csv", "--out", "letters", "--size", 2, "--jobs", 1, cwd=here)
    no_secret(done, here)
    assert len(list((here / "letters").iterdir())) == 2
    pages = _pages(here / "letters")
    assert len(pages) == 3
    for page, (voter, credential) in zip(pages, credentials(here).items(), strict=True):
        assert printed_credential(credential).replace("-", "") in re.sub(r"[\s-]", "", page), voter
    assert ("Ayşe" in pages[0], "Your credential" in pages[0]) == (True, True)
    assert "Your credential" not in pages[1]
    again = run(*LETTERS, "--out", "letters", "--jobs", 1, cwd=here)
    assert (again.code, "exists already" in again.err) == (2, True)
    ok("roll", "destroy", "letters", "--time", AFTER, cwd=here)
    assert list((here / "letters").iterdir()) == []


@pytest.mark.long
def test_one_letter_again(here: Path) -> None:
    ok(*LETTERS, "--only", "E-2", "--out", "again", cwd=here)
    (page,) = _pages(here / "again")
    assert credentials(here)["E-2"][:5] in page


@pytest.mark.parametrize(
    ("words", "said"),
    some(
        [
            (["--people", "people.csv", "--only", "E-9"], "1 who are not in"),
            (["--window", "top"], "left or right"),
            (["--sender", "北"], "no font has U+5317"),
            (["--anchor", "0" * 64], "AnchorMismatch"),
            (["--people", "strangers.csv"], "1 voters without a credential"),
            (["--people", "long.csv"], "row 1: an address of more than"),
        ]
    ),
)
def test_letters_that_cannot_be_made_are_not_begun(here: Path, words: list[str], said: str) -> None:
    (here / "strangers.csv").write_text("voter,name\nE-1,a\nE-9,b\n")
    (here / "long.csv").write_text(f"voter,name\nE-1,{'a' * 100}\n")
    done = run(*LETTERS, "--out", "letters", *words, cwd=here)
    assert (done.code != 0, said in done.err + done.out) == (True, True), done
    no_secret(done, here)
    assert not (here / "letters").exists()


# --- reserves ----------------------------------------------------------------------------------------------------------------


def _give(here: Path, voter: str, *more: object, officers: tuple[str, ...] = OFFICERS) -> Done:
    words = (
        "--reserve",
        RESERVE,
        "--register",
        REGISTER,
        "--record",
        "record",
        "--booth",
        BOOTH,
        "--why",
        "lost",
        "--out",
        "new",
    )
    return run("roll", "reserve", CREDENTIALS, *OPEN, "--voter", voter, *officers, *words, *more, cwd=here)


def _check(here: Path, *more: object) -> Done:
    words = ("--roll", f"rolls/north/{UUID}.roll.json", "--record", "record", "--json")
    return run("roll", "register", REGISTER, *words, *more, cwd=here)


def test_a_reserve_is_given_by_two_and_everybody_sees_it(here: Path) -> None:
    announced = json.loads(_check(here).out)["head"]
    done = _give(here, "E-2", "--people", "people.csv")
    assert done.code == 0, done
    no_secret(done, here)
    register = read_register((here / REGISTER).read_bytes())
    (given,) = register.given
    assert given.replaces == public_credential(UUID, credentials(here)["E-2"])
    (page,) = _pages(here / "new")
    (mine,) = [secret for secret in reserves(here).values() if public_credential(UUID, secret) == given.reserve]
    assert printed_credential(mine).replace("-", "") in re.sub(r"[\s-]", "", page)
    assert "E-2" not in (here / REGISTER).read_text()
    again = _give(here, "E-2")
    assert (again.code, len(_pages(here / "new"))) == (0, 2), "printed once more, nothing given"
    assert read_register((here / REGISTER).read_bytes()) == register
    vote(here, mine)
    assert json.loads(_check(here, "--head", announced).out)["both_voted"] == []
    vote(here, credentials(here)["E-2"])
    assert json.loads(_check(here).out)["both_voted"] == [given.reserve]


@pytest.mark.long
def test_a_reserve_that_was_lost_too(here: Path) -> None:
    assert _give(here, "E-2").code == 0
    assert _give(here, "E-2", "--another").code == 0
    first, second = read_register((here / REGISTER).read_bytes()).given
    assert second.replaces == first.reserve


@pytest.mark.parametrize(
    ("voter", "officers", "said"),
    some(
        [
            ("E-1", OFFICERS, "has voted"),
            ("E-9", OFFICERS, "no such voter"),
            ("E-2", OFFICERS[:2], "two officers are needed"),
            ("E-2", ("--officer", "Ann=ann.key", "--officer", "Bo=ann.key"), "are one"),
            ("E-2", ("--officer", "Ann=ann.key", "--officer", "Ann=bo.key"), "are one"),
            ("E-2", ("--officer", "Ann=ann.key", "--officer", "Eve=eve.key"), "these two keys do not open"),
        ]
    ),
)
def test_a_reserve_that_is_not_given(here: Path, voter: str, officers: tuple[str, ...], said: str) -> None:
    before = (here / REGISTER).read_bytes()
    done = _give(here, voter, officers=officers)
    assert (done.code, said in done.err) == (2, True), done
    assert (here / REGISTER).read_bytes() == before
    assert list(here.glob("new/*")) == []
    assert not list(here.glob("rolls/north/*.given.*"))


def test_a_run_that_ended_between_note_and_register_goes_on(here: Path) -> None:
    before = (here / REGISTER).read_bytes()
    assert _give(here, "E-2").code == 0
    after = (here / REGISTER).read_bytes()
    (here / REGISTER).write_bytes(before + after[len(before) :][:40])
    assert _give(here, "E-3").code == 0
    assert _give(here, "E-2").code == 0
    first, second = read_register((here / REGISTER).read_bytes()).given
    assert first.reserve != second.reserve
    assert first.replaces == public_credential(UUID, credentials(here)["E-2"]), "it was decided first"


@pytest.mark.long
def test_a_reserve_that_votes_without_having_been_given(here: Path) -> None:
    assert _check(here).code == 0
    vote(here, reserves(here)["reserve-1"])
    done = _check(here)
    assert (done.code, "[1.12 ReserveUsed]" in done.err) == (1, True), done


@pytest.mark.long
def test_an_announced_line_that_is_gone(here: Path) -> None:
    before = (here / REGISTER).read_bytes()
    assert _give(here, "E-2").code == 0
    announced = json.loads(_check(here).out)["head"]
    (here / REGISTER).write_bytes(before)
    done = _check(here, "--head", announced)
    assert (done.code, "[1.10 ReservesChain]" in done.err) == (1, True), done
