"""PINs: made offline, kept as salted hashes that fit one credential, and files that are whole or refused."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from sanduq import errors
from sanduq.roll import Hashed, is_pin, new_pin, pins_text, public_credential, read_pins


def test_a_pin_has_eight_digits_and_keeps_its_zeros() -> None:
    assert new_pin(lambda below: 7) == "00000007"
    assert new_pin(lambda below: below - 1) == "99999999"
    assert is_pin(new_pin())
    assert not [text for text in ("", "1234567", "123456789", "1234567a", "12345678\n", "۱" * 8) if is_pin(text)]


def test_a_hash_fits_one_secret_of_one_credential() -> None:
    hashed = Hashed.of("01234567", "a")
    assert hashed.fits("01234567", "a")
    assert not hashed.fits("01234568", "a")
    assert not hashed.fits("01234567", "b"), "entries cannot be exchanged"
    assert Hashed.of("01234567", "a") != hashed, "each has a salt of its own"
    assert "01234567" not in repr(hashed)


def test_the_file_for_the_box_is_read_as_it_was_written() -> None:
    hashed = {key * 64: Hashed.of("01234567", key * 64) for key in "ba"}
    text = pins_text(hashed)
    assert read_pins(text.encode()) == hashed
    assert text.index("a" * 64) < text.index("b" * 64), "the order says nothing about the voters"


_ENTRY = f"{'a' * 64},{'0' * 32},{'1' * 64}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "columns"),
        (_ENTRY, "columns"),
        ("credential,salt,hash\n" + _ENTRY + _ENTRY, "line 3: the same credential"),
        ("credential,salt,hash\n" + _ENTRY.upper(), "line 2: expected 64"),
        ("credential,salt,hash\n" + _ENTRY.replace("1", "", 1), "line 2: expected 64"),
        ("credential,salt,hash\n" + _ENTRY.replace("0,", ","), "line 2: expected 64"),
        ("credential,salt,hash\n" + _ENTRY.replace("\n", ",x\n"), "4 columns"),
        ('credential,salt,hash\n"', "CSV"),
    ],
)
def test_a_file_that_is_not_whole(text: str, words: str) -> None:
    with pytest.raises(errors.Unusable, match=words):
        read_pins(text.encode())


def _sanduq(folder: Path, *arguments: str, status: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "sanduq", "roll", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done
    return done.stdout + done.stderr


def _rows(path: Path) -> list[list[str]]:
    assert path.stat().st_mode & 0o777 == 0o600
    return list(csv.reader(path.read_text().splitlines()))[1:]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """The registrar's file of two voters, in the folder in which the commands run."""
    _sanduq(tmp_path, "credentials", "--count", "2", "--unencrypted", "--out", ".")
    (path,) = tmp_path.glob("*.credentials.csv")
    return path


def test_the_registrar_makes_pins_offline(made: Path) -> None:
    said = _sanduq(made.parent, "pins", made.name, "--out", ".")
    uuid = made.name.partition(".")[0]
    pins = dict(_rows(made.parent / f"{uuid}.pins.csv"))
    for_box = made.parent / f"{uuid}.pinhashes.csv"
    assert for_box.stat().st_mode & 0o777 == 0o600
    hashed = read_pins(for_box.read_bytes())
    assert len(hashed) == 2
    for voter, credential in _rows(made):
        key = public_credential(uuid, credential)
        assert hashed[key].fits(pins[voter], key)
        assert pins[voter] not in said
        assert credential not in for_box.read_text()
        assert pins[voter] not in for_box.read_text()
    assert "exists already" in _sanduq(made.parent, "pins", made.name, "--out", ".", status=2)


def test_addresses_by_public_credential(made: Path) -> None:
    uuid, emails = made.name.partition(".")[0], made.parent / "emails.csv"
    emails.write_text("voter,email\n2,two@mail.example\n")
    asked = ("addresses", made.name, "--emails", "emails.csv", "--out", ".")
    assert "1 of 2 voters" in _sanduq(made.parent, *asked)
    ((_, second),) = [row for row in _rows(made) if row[0] == "2"]
    path = made.parent / f"{uuid}.addresses.csv"
    assert _rows(path) == [[public_credential(uuid, second), "two@mail.example"]]
    path.unlink()
    for line, words in (("3,x@y.example\n", "without a credential"), ("2,x@y.example\n", "same voter again")):
        emails.write_text("voter,email\n2,two@mail.example\n" + line)
        assert words in _sanduq(made.parent, *asked, status=2)
        assert not path.exists()
