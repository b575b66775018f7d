"""A sealed ballot is cast or challenged, never both, whatever happens in between; and a booth that lies is caught."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.hand import Done, Life, tree
from sanduq import errors
from sanduq.algebra.group import Q
from sanduq.archive import json as canonical
from sanduq.archive.reader import ArchiveReader
from sanduq.booth import sealed_file
from sanduq.booth.seal import Sealed, seal
from sanduq.booth.sealed_file import cast_file, challenge_file
from sanduq.question.election import Election, read_election
from sanduq.roll import public_credential

At = Callable[[str], Life]
HASH = "0123456789012345678901234567890123456789012"


def _cast(now: Life, out: str = "a.ballot") -> Done:
    return now.run("booth", "cast", "v/1.sealed", "--credential", "n1", "--out", out)


def _challenge(now: Life, out: str = "a.opened") -> Done:
    return now.run("booth", "challenge", "v/1.sealed", "--out", out)


# --- never both --------------------------------------------------------------------------------------------------------------


def test_challenge_after_cast(life: At) -> None:
    now = life("sealed")
    assert _cast(now).code == 0
    before = tree(now.folder)
    done = _challenge(now)
    assert (done.code, "[4.17 SealSpent]" in done.err) == (1, True)
    assert tree(now.folder) == before


def test_cast_after_challenge(life: At) -> None:
    now = life("sealed")
    assert _challenge(now).code == 0
    before = tree(now.folder)
    done = _cast(now)
    assert (done.code, "[4.17 SealSpent]" in done.err) == (1, True)
    assert tree(now.folder) == before


def test_twice_gives_the_same_again(life: At) -> None:
    cast, challenged = life("sealed"), life("open")
    assert [_cast(cast, name).code for name in ("a", "b")] == [0, 0]
    assert cast.path("a").read_bytes() == cast.path("b").read_bytes()
    challenged.ok("booth", "seal", "--archive", "north.bel", "--credential", "n1", "--choices", "no", "--out", "x")
    for name in ("a", "b"):
        challenged.ok("booth", "challenge", "x", "--out", name)
    assert challenged.path("a").read_bytes() == challenged.path("b").read_bytes()


@pytest.mark.parametrize("first", [_cast, _challenge])
def test_a_kill_before_anything_is_shown_leaves_the_choice_made(life: At, first: Callable[..., Done]) -> None:
    """The new state is durable and the process is killed: the same can be asked for again, the other cannot."""
    now = life("sealed")

    def killed(path: Path, content: bytes, mode: int = 0o600) -> None:
        whole(path, content, mode)
        raise SystemExit(137)

    whole = sealed_file.replace
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed_file, "replace", killed)
        assert first(now).code == 137
    assert [path.name for path in now.folder.glob("a.*")] == []
    second = _challenge if first is _cast else _cast
    assert second(now).code == 1
    assert first(now).code == 0
    assert now.path("v/1.sealed").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("first", [_cast, _challenge])
@pytest.mark.parametrize("second", [_cast, _challenge])
def test_a_kill_before_the_new_state_leaves_it_sealed(
    life: At, first: Callable[..., Done], second: Callable[..., Done]
) -> None:
    now = life("sealed")
    before = now.path("v/1.sealed").read_bytes()

    def killed(*words: object) -> None:
        raise SystemExit(137)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed_file, "replace", killed)
        assert first(now).code == 137
    assert now.path("v/1.sealed").read_bytes() == before
    assert second(now).code == 0


def test_an_answer_that_cannot_be_written_can_be_had_again(life: At) -> None:
    now = life("sealed")
    now.path("file").write_text("in the way")
    done = _cast(now, "file/a.ballot")
    assert (done.code, done.err) == (2, "error: file: a folder is wanted, this is a file\n")
    assert _challenge(now).code == 1
    assert _cast(now).code == 0


def _race(path: Path, credential: str, number: int) -> int:
    """In a child: wait for the common start, then cast or challenge. 1 cast, 2 challenged, 0 refused."""
    while not path.with_name("start").exists():
        time.sleep(0.0002)
    try:
        if number % 2:
            cast_file(path, credential, lambda: 7)
            return 1
        challenge_file(path)
        return 2
    except errors.SealSpent:
        return 0
    except BaseException:  # noqa: BLE001  it must not go on as the parent
        return 9


@pytest.mark.parametrize("attempt", range(12))
def test_many_at_the_same_time_do_one_or_the_other(life: At, attempt: int) -> None:
    now = life("sealed")
    path, credential = now.path("v/1.sealed"), now.path("n1").read_text().strip()
    children = []
    for number in range(attempt, attempt + 8):
        child = os.fork()
        if child == 0:
            os._exit(_race(path, credential, number))
        children.append(child)
    path.with_name("start").touch()
    codes = {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children}
    assert codes in ({0, 1}, {0, 2})
    assert sorted(file.name for file in path.parent.iterdir()) == ["1.sealed", "start"]


def test_a_damaged_file_is_refused_with_nothing_changed(life: At) -> None:
    now = life("sealed")
    path = now.path("v/1.sealed")
    good = json.loads(path.read_text())
    bad: list[Any] = [[], {}, good | {"format": "x"}, good | {"state": "lost"}, good | {"state": "cast"}, good | {"ballot": 7}]
    bad += [good | {"state": []}, good | {"openings": None}, good | {"openings": [[{"r": "007", "m": 0}]]}]
    bad += [{name: value for name, value in good.items() if name not in ("unsigned", "openings")}]
    bad += [good | {"state": "cast", "ballot": "\ud800"}, good | {"unsigned": good["unsigned"] | {"credential": "00"}}]
    for value in bad:
        path.write_text(json.dumps(value))
        before = tree(now.folder)
        for done in (_cast(now), _challenge(now)):
            assert (done.code, done.err.startswith("error: ")) == (1, True), (value, done)
            assert tree(now.folder) == before


# --- a booth that lies -------------------------------------------------------------------------------------------------------


def _election(now: Life) -> tuple[Election, str]:
    with now.path("north.bel").open("rb") as file:
        election = read_election(next(iter(ArchiveReader(file))).data[0])
    return election, public_credential(election.uuid, now.path("n1").read_text().strip())


def _check(now: Life, value: Any, shown: str, raw: bytes | None = None) -> Done:
    now.path("lie.opened").write_bytes(canonical.write(value).encode() if raw is None else raw)
    return now.run("booth", "check", "lie.opened", "--archive", "north.bel", "--hash", shown)


@pytest.fixture
def opened(life: At) -> tuple[Life, dict[str, Any], str]:
    """A challenged ballot that says "yes", and the hash that was shown."""
    now = life("sealed")
    assert _challenge(now).code == 0
    value = json.loads(now.path("a.opened").read_text())
    (shown,) = [line.split()[1] for line in now.said[:-1] for line in line.splitlines() if line.startswith("hash ")][:1]
    assert _check(now, value, shown).out.startswith("Shall the bridge be built?: Yes\n")
    return now, value, shown


def _other_m(value: dict[str, Any]) -> None:
    for opening in value["openings"][0][1:]:
        opening["m"] = 1 - opening["m"]


def _other_r(value: dict[str, Any]) -> None:
    opening = value["openings"][0][1]
    opening["r"] = str((int(opening["r"]) + 1) % Q)


def _one_opening_less(value: dict[str, Any]) -> None:
    value["openings"][0].pop()


def _no_openings(value: dict[str, Any]) -> None:
    value["openings"] = []


def _one_opening_more(value: dict[str, Any]) -> None:
    value["openings"][0].append({"r": "1", "m": 0})


LIES = {
    "another m": (_other_m, "4.16"),
    "another r": (_other_r, "4.16"),
    "an opening less": (_one_opening_less, "4.16"),
    "an opening more": (_one_opening_more, "4.16"),
    "no openings": (_no_openings, "4.16"),
    "an r beyond q": (lambda value: value["openings"][0][0].update(r=str(Q)), "0.3"),
    "an r that is a number": (lambda value: value["openings"][0][0].update(r=7), "4.16"),
    "an m of 2": (lambda value: value["openings"][0][0].update(m=2), "4.16"),
    "something beside": (lambda value: value.update(more=1), "4.16"),
    "another ballot": (lambda value: value["ballot"].update(credential="00" * 32), "4.16"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_about_the_opened_ballot_is_refused(opened: tuple[Life, dict[str, Any], str], name: str) -> None:
    now, value, shown = opened
    lie, step = LIES[name]
    lie(value)
    done = _check(now, value, shown)
    assert (done.code, f"[{step} " in done.err, done.out) == (1, True, ""), done


def test_another_hash_is_refused(opened: tuple[Life, dict[str, Any], str]) -> None:
    now, value, shown = opened
    for other in (HASH, shown[:-1], shown + "=", "", shown.lower()):
        assert "[4.16 ChallengeMismatch]" in _check(now, value, other).err


def test_spaces_are_refused(opened: tuple[Life, dict[str, Any], str]) -> None:
    now, value, shown = opened
    assert "[0.2 NotCanonical]" in _check(now, value, shown, json.dumps(value).encode()).err


def test_a_booth_that_sealed_something_else_cannot_open_it_as_what_was_chosen(life: At) -> None:
    """The voter chose yes; the booth sealed no, showed that hash, and now claims yes, with whatever r it likes."""
    now = life("sealed")
    election, public = _election(now)
    numbers = iter(range(2, 1000))
    sealed: Sealed = seal(election, public, [[0, 0, 1]], lambda: next(numbers))
    for shift in range(3):
        openings = [[{"r": str(r + shift), "m": m} for (r, _), m in zip(sealed.openings[0], (0, 1, 0), strict=True)]]
        value = {"ballot": sealed.unsigned.to_json(), "openings": openings}
        assert "[4.16 ChallengeMismatch]" in _check(now, value, sealed.unsigned.hash).err


def test_a_booth_that_seals_two_answers_is_caught_by_the_proofs(life: At) -> None:
    """Ciphertexts that open as they say, under proofs of something else."""
    now = life("sealed")
    election, public = _election(now)
    numbers = iter(range(2, 1000))
    sealed = seal(election, public, [[0, 1, 0]], lambda: next(numbers))
    value = json.loads(json.dumps({"ballot": sealed.unsigned.to_json(), "openings": []}))
    answer = value["ballot"]["answers"][0]
    proof = answer["overall_proof"][0]
    proof["response"] = str((int(proof["response"]) + 1) % Q)
    value["openings"] = [[{"r": str(r), "m": m} for r, m in sealed.openings[0]]]
    text = canonical.write(value["ballot"]).encode()
    shown = sealed_file.read_unsigned(json.loads(text)).hash
    assert "[4.12 OverallProofInvalid]" in _check(now, value, shown).err


# --- files -------------------------------------------------------------------------------------------------------------------


def test_nothing_is_overwritten(life: At) -> None:
    now = life("sealed")
    now.path("there").write_text("mine")
    before = tree(now.folder)
    seal_words = ("booth", "seal", "--archive", "north.bel", "--credential", "n1", "--choices", "yes", "--out")
    for done in (_cast(now, "there"), _challenge(now, "there"), now.run(*seal_words, "there"), _cast(now, "v/1.sealed")):
        assert (done.code, "exists already" in done.err) == (2, True)
        assert tree(now.folder) == before


def test_the_file_stays_for_its_owner_alone_under_any_umask(life: At) -> None:
    now = life("sealed")
    old = os.umask(0)
    try:
        now.ok("booth", "seal", "--archive", "north.bel", "--credential", "n1", "--choices", "yes", "--out", "new/x")
        now.ok("booth", "challenge", "new/x", "--out", "new/opened")
        _cast(now)
    finally:
        os.umask(old)
    modes = {name: mode for name, (mode, _) in tree(now.folder).items() if name in ("new/x", "v/1.sealed")}
    assert modes == {"new/x": 0o600, "v/1.sealed": 0o600}
