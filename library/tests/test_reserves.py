"""The register of reserve credentials (1.9 to 1.12): a chain without names, in which nothing can be changed or taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sanduq import errors
from sanduq.roll import make_roll, new_credential, public_credential
from sanduq.roll.reserves import (
    Given,
    Note,
    Register,
    append,
    check_register,
    check_votes,
    make_register,
    opened,
    read_note,
    read_register,
)

UUID = "NorthBankTest1"
KEYS = sorted(public_credential(UUID, new_credential()) for _ in range(6))
ROLL = make_roll((key, None) for key in KEYS)
RESERVES, VOTERS = KEYS[:3], KEYS[3:]
TIME = "2030-05-02T10:00:00Z"
FIRST = make_register(UUID, ROLL, RESERVES, "2030-04-01T00:00:00Z")


def _note(number: int = 0, **changes: str) -> Note:
    note = Note(f"E-{number}", RESERVES[number], VOTERS[number], TIME, "lost", ("Ann", "Bo"))
    return replace(note, **changes)  # type: ignore[arg-type]


GIVEN = replace(FIRST, given=(_note(0).given, _note(1).given))


def test_a_register_is_read_as_it_was_written() -> None:
    assert read_register(GIVEN.to_bytes()) == GIVEN
    assert read_register(FIRST.to_bytes()).left == tuple(RESERVES)
    assert GIVEN.left == (RESERVES[2],)
    check_register(GIVEN, UUID, ROLL)


def test_it_has_no_names_and_nobody_can_try_them() -> None:
    text = GIVEN.to_bytes().decode()
    assert not [name for name in ("E-0", "Ann", "Bo") if name in text]
    assert _note(0).sha256 != _note(0).sha256, "each note has a salt"
    note = _note(0)
    assert read_note(note.row()) == note


def _lines(change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    return b"".join(line + b"\n" for line in change(GIVEN.to_bytes().split(b"\n")[:-1]))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda lines: [], errors.ReservesMalformed),
        (lambda lines: [b"{}"], errors.ReservesMalformed),
        (lambda lines: [lines[0], b"null"], errors.ReservesMalformed),
        (lambda lines: [lines[0].replace(b'"uuid"', b' "uuid"'), *lines[1:]], errors.ReservesMalformed),
        (lambda lines: [lines[0], lines[1].replace(b"lost", b"sold"), lines[2]], errors.ReservesMalformed),
        (lambda lines: [lines[0], lines[1].replace(b'"why":"lost"', b'"why": "lost"')], errors.ReservesMalformed),
        (lambda lines: [lines[0].replace(b"sanduq-reserves-1", b"sanduq-reserves-2")], errors.ReservesMalformed),
        (lambda lines: [lines[0].replace(b"2030-04-01", b"2030-02-30")], errors.ReservesMalformed),
        (lambda lines: [lines[0].replace(RESERVES[0].encode(), RESERVES[1].encode())], errors.ReservesMalformed),
        (lambda lines: [lines[0], lines[2]], errors.ReservesChain),
        (lambda lines: [lines[0], lines[2], lines[1]], errors.ReservesChain),
        (lambda lines: [lines[0], lines[1].replace(b"lost", b"seen"), lines[2]], errors.ReservesChain),
        (lambda lines: [lines[0].replace(b"2030-04-01", b"2030-04-02"), *lines[1:]], errors.ReservesChain),
    ],
)
def test_a_register_that_was_changed(change: Callable[[list[bytes]], list[bytes]], refusal: type[errors.Refused]) -> None:
    with pytest.raises(refusal):
        read_register(_lines(change))


def test_an_unfinished_line_is_no_line() -> None:
    with pytest.raises(errors.ReservesMalformed):
        read_register(GIVEN.to_bytes()[:-1])


@pytest.mark.parametrize(
    "given",
    [
        _note(0, reserve=VOTERS[2]).given,
        _note(0, replaces=RESERVES[2]).given,
        _note(0, replaces=RESERVES[0]).given,
    ],
)
def test_a_reserve_that_is_none_or_replaces_one_that_nobody_has(given: Given) -> None:
    with pytest.raises(errors.ReserveUnknown):
        read_register(replace(FIRST, given=(given,)).to_bytes())


def test_nothing_is_given_or_replaced_twice() -> None:
    for second in (_note(1, reserve=RESERVES[0]), _note(1, replaces=VOTERS[0])):
        with pytest.raises(errors.ReserveUnknown):
            read_register(replace(FIRST, given=(_note(0).given, second.given)).to_bytes())


def test_a_reserve_that_was_lost_as_well_can_be_replaced() -> None:
    chain = (_note(0).given, _note(1, replaces=RESERVES[0]).given)
    assert read_register(replace(FIRST, given=chain).to_bytes()).left == (RESERVES[2],)


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(errors.ReservesChain):
        read_register(replace(FIRST, given=(replace(_note(0).given, time="2030-03-01T00:00:00Z"),)).to_bytes())


@pytest.mark.parametrize(
    "register",
    [
        replace(GIVEN, uuid="SouthBankTest1"),
        replace(GIVEN, roll_sha256="0" * 64),
        replace(GIVEN, reserves=tuple(sorted((*RESERVES[:2], "f" * 64)))),
        replace(FIRST, given=(replace(_note(0).given, replaces="f" * 64),)),
    ],
)
def test_a_register_of_another_list(register: Register) -> None:
    with pytest.raises(errors.ReserveUnknown):
        check_register(register, UUID, ROLL)


def test_a_reserve_that_nobody_has_must_not_have_voted() -> None:
    assert check_votes(GIVEN, {VOTERS[2], RESERVES[0], VOTERS[1]}) == ()
    with pytest.raises(errors.ReserveUsed):
        check_votes(GIVEN, {RESERVES[2]})
    assert check_votes(GIVEN, {VOTERS[0], RESERVES[0]}) == (GIVEN.given[0],), "both ballots are counted: everybody sees it"


def test_a_line_is_appended_durably_and_a_torn_one_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "register"
    path.write_bytes(FIRST.to_bytes() + b'{"parent":"')
    with opened(path) as (register, file):
        assert register == FIRST
        more = append(file, register, _note(0).given)
    assert read_register(path.read_bytes()) == more
    with opened(path) as (register, file), pytest.raises(errors.ReserveUnknown):
        append(file, register, _note(1, reserve=RESERVES[0]).given)
    assert read_register(path.read_bytes()) == more, "after a refusal the old state stands"
