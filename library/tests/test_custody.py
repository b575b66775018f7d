"""The registrar's files: names, encryption at rest, two keys, and their end."""

from __future__ import annotations

from pathlib import Path

import pyrage
import pytest

from sanduq import errors
from sanduq.roll.custody import (
    KeptName,
    Secret,
    check_day,
    check_recipient,
    close,
    close_twice,
    destroy,
    may_be_destroyed,
    open_once,
    open_twice,
    read_name,
    read_secret,
)

UUID = "NorthBankTest1"
DATA = b"voter,credential\n"


def _key() -> Secret:
    return read_secret(f"# a comment\n{pyrage.x25519.Identity.generate()}\n", "key")


@pytest.mark.parametrize(
    "name",
    [
        KeptName(UUID, "credentials"),
        KeptName(UUID, "credentials", "2031-05-01", locks=1),
        KeptName(UUID, "reserve", "2031-05-01", locks=2),
        KeptName(UUID, "letters", "2031-05-01", "0001", "pdf"),
        KeptName(UUID, "mailing", form="journal"),
    ],
)
def test_a_name_says_what_the_file_is(name: KeptName) -> None:
    assert read_name(Path("folder") / str(name)) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "passwd",
        f"{UUID}.csv",
        f"{UUID}.secrets.csv",
        f"{UUID}.credentials.csv.age.age.age",
        f"{UUID}.credentials.csv.gz",
        f"{UUID}.credentials.until-2031-02-30.csv",
        f"{UUID}.credentials.until-soon.csv.x",
        f"{UUID}.credentials.csv\n",
        f"{UUID[:10]}.credentials.csv",
    ],
)
def test_a_name_of_another_file(name: str) -> None:
    with pytest.raises(errors.Unusable):
        read_name(Path(name))


@pytest.mark.parametrize("day", ["", "2031-5-1", "20310501", "2031-02-30", "2031-05-01T00", "tomorrow"])
def test_a_day_that_is_none(day: str) -> None:
    with pytest.raises(errors.Unusable, match="not a day"):
        check_day(day)


def test_what_is_closed_is_opened_with_its_key_and_with_no_other() -> None:
    key, other = _key(), _key()
    closed = close(DATA, [key, other])
    assert DATA not in closed
    assert open_once(closed, key, "x") == open_once(closed, other, "x") == DATA
    with pytest.raises(errors.Unusable, match="this key does not open it"):
        open_once(closed, _key(), "x")
    with pytest.raises(errors.Unusable, match="this key does not open it"):
        open_once(closed[:-1] + bytes([closed[-1] ^ 1]), key, "x")
    with pytest.raises(errors.Unusable, match="a recipient opens nothing"):
        open_once(closed, Secret(recipient=key.recipient), "x")


def test_age_itself_opens_it() -> None:
    identity = pyrage.x25519.Identity.generate()
    assert pyrage.decrypt(close(DATA, [read_secret(str(identity), "key")]), [identity]) == DATA


def test_two_keys_are_needed_whichever_is_named_first() -> None:
    first, second = _key(), _key()
    closed = close_twice(DATA, first, second)
    assert open_twice(closed, first, second, "x") == open_twice(closed, second, first, "x") == DATA
    for pair in ((first, first), (second, second), (first, _key()), (_key(), second)):
        with pytest.raises(errors.Unusable, match="these two keys do not open it"):
            open_twice(closed, *pair, "x")


@pytest.mark.long  # age makes each one cost a second
def test_a_passphrase_closes_and_opens() -> None:
    key = read_secret("five words drawn by dice\n", "key")
    closed = close(DATA, [key])
    assert open_once(closed, key, "x") == DATA


def test_a_passphrase_stands_alone_and_is_long_enough() -> None:
    with pytest.raises(errors.Unusable, match="together with other keys"):
        close(DATA, [read_secret("five words drawn by dice", "key"), _key()])
    with pytest.raises(errors.Unusable, match="of 11 characters"):
        close(DATA, [read_secret("x" * 11, "key")])


@pytest.mark.parametrize("text", ["", "# only a comment\n", "AGE-SECRET-KEY-1NONSENSE", "age1nonsense"])
def test_what_is_no_key_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(errors.Unusable) as refused:
        read_secret(text, "key")
    assert "NONSENSE" not in f"{refused.value}{refused.value.hint}".upper()


def test_no_secret_in_what_a_key_shows_of_itself() -> None:
    key = _key()
    assert (key.identity or "") not in repr(key)
    assert "dice" not in repr(read_secret("five words drawn by dice", "key"))
    with pytest.raises(errors.Unusable):
        check_recipient("age1x")


def test_a_file_is_not_destroyed_before_its_day(tmp_path: Path) -> None:
    path = tmp_path / str(KeptName(UUID, "credentials", "2031-05-01", locks=1))
    path.write_bytes(DATA)
    with pytest.raises(errors.Unusable, match="must be kept until 2031-05-01; today is 2031-04-30"):
        may_be_destroyed(path, "2031-04-30", forced=False)
    assert may_be_destroyed(path, "2031-05-01", forced=False).until == "2031-05-01"
    assert may_be_destroyed(path, "2031-04-30", forced=True).until == "2031-05-01"
    undated = tmp_path / str(KeptName(UUID, "pins"))
    undated.write_bytes(DATA)
    with pytest.raises(errors.Unusable, match="says no day"):
        may_be_destroyed(undated, "2031-05-01", forced=False)


def test_what_is_not_a_registrar_s_file_is_never_destroyed(tmp_path: Path) -> None:
    good = tmp_path / str(KeptName(UUID, "credentials"))
    good.write_bytes(DATA)
    link, second = tmp_path / f"{UUID}.pins.csv", tmp_path / f"{UUID}.addresses.csv"
    link.symlink_to(good)
    second.hardlink_to(good)
    other = tmp_path / "diary.csv"
    other.write_bytes(DATA)
    for path in (link, second, other):
        with pytest.raises(errors.Unusable):
            may_be_destroyed(path, "2031-05-01", forced=True)


def test_a_destroyed_file_was_written_over_before_it_went(tmp_path: Path) -> None:
    path = tmp_path / str(KeptName(UUID, "credentials"))
    path.write_bytes(DATA * 100_000)
    asked: list[int] = []
    seen = path.open("rb")

    def random(size: int) -> bytes:
        asked.append(size)
        return b"\xaa" * size

    destroy(path, random)
    assert sum(asked) == len(DATA) * 100_000
    assert seen.read() == b"", "nothing is left in the file itself"
    seen.close()
    assert list(tmp_path.iterdir()) == []
