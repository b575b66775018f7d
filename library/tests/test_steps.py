"""Every check has a vector that is refused by exactly that step, and that passes when the check is taken out.

``vectors/steps`` holds archives and records that were forged so that one check alone can refuse them
(``vectors/README.md``). Here each is refused at its step by both engines; then :func:`sanduq.errors.require`, through which
every check goes, is replaced by one that overlooks this step, and the vector must pass. A check that nobody would miss, or
that another one hides, shows here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from sanduq import errors
from sanduq.box.record import Record
from sanduq.engine import Engine, choose
from sanduq.watch import archive
from sanduq.watch.archive import verify_archive
from sanduq.watch.compare import compare_archives
from sanduq.watch.record import verify_record
from sanduq.watch.steps import STEPS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "vectors" / "steps"
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
GROUPS: dict[str, list[str]] = EXPECTED["groups"]
VECTORS: dict[str, dict[str, Any]] = EXPECTED["vectors"]
WORDS = {"0": "foundations", "1": "roll", "2": "question", "3": "keys", "4": "booth", "7": "count", "8": "watch"}

ROW = re.compile(r"^\| (\d+\.\d+)( \*\*R\*\*)? \| `(\w+)` \|", re.MULTILINE)
SPEC = {row[1]: row for path in (ROOT / "spec").glob("*.md") for row in ROW.finditer(path.read_text(encoding="utf-8"))}

ELSEWHERE = {
    "1.8": "of a credential that somebody types in: nothing of it is in an archive",
    "1.9": "of the register of reserves, beside the record: test_reserves.py",
    "1.10": "of the register of reserves, beside the record: test_reserves.py",
    "1.11": "of the register of reserves, beside the record: test_reserves.py",
    "1.12": "of the register of reserves, beside the record: test_reserves.py",
    "3.15": "within the ceremony: the shares are secret",
    "3.16": "within the ceremony: the letters are not published",
    "3.17": "within the ceremony: the archive has no trace of the commitments",
    "3.18": "of a secret key",
    "4.16": "of a challenged ballot, which never enters an archive",
    "4.17": "of a sealed ballot's file",
    "4.18": "of what is about to be sealed",
    "5.1": "of the box when it is asked to take a ballot",
    "5.2": "of the box when it is asked to take a ballot",
    "5.3": "of a receipt",
    "5.4": "of the box when it is asked to take a ballot",
    "7.13": "of a trustee before it decrypts",
    "7.14": "of a trustee before it decrypts",
    "7.16": "of decryptions whose proofs hold and which are false all the same: test_count.py",
    "8.14": "of the command: nothing is wrong with a record that is not final",
} | {step: "of open letters, which have nothing to do with a vote: test_press_letters.py" for step in SPEC if step[:2] == "9."}
ELSEWHERE |= {step: "of editions, which have nothing to do with a vote: test_disc.py" for step in SPEC if step[:3] == "10."}
"""The steps that no verifier of archives, records or copies takes, and what they are of."""


def prefix_of(step: str) -> str:
    """How the names of a step's vectors begin."""
    return f"{WORDS[step.split('.')[0]]}/{step}-"


def class_of(step: str) -> type[errors.Refused]:
    """The refusal of a step."""
    return next(
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.Refused) and kind.step == step
    )


def verify(name: str, engine: Engine) -> None:
    """Verify a vector as its kind is."""
    case = VECTORS[name]
    # Trustees that passed once are not checked again: neither may hide behind the other.
    archive._checked_trustees.cache_clear()
    try:
        if case["kind"] == "archive":
            with (FOLDER / f"{name}.bel").open("rb") as file:
                verify_archive(file, engine)
        elif case["kind"] == "record":
            verify_record(Record(FOLDER / name), engine, case["anchor"], jobs=1)
        else:
            with (FOLDER / name / "older.bel").open("rb") as old, (FOLDER / name / "newer.bel").open("rb") as new:
                compare_archives(old, new)
    finally:
        archive._checked_trustees.cache_clear()


@pytest.fixture
def take_out(monkeypatch: pytest.MonkeyPatch) -> Callable[[Iterable[str]], None]:
    """Takes steps out of the verifier until the test is over."""
    require = errors.require

    def act(steps: Iterable[str]) -> None:
        overlooked = tuple(class_of(step) for step in steps)

        def requiring(refusal: type[errors.Refused], holds: bool, *args: Any, **named: Any) -> None:
            require(refusal, holds or refusal in overlooked, *args, **named)

        monkeypatch.setattr(errors, "require", requiring)

    return act


def named(**fields: Any) -> list[str]:
    """The vectors that have these fields."""
    return sorted(name for name, case in VECTORS.items() if fields.items() <= case.items())


@pytest.mark.parametrize("name", sorted(VECTORS))
def test_a_vector_is_refused_at_its_step(name: str, engine: Engine) -> None:
    with pytest.raises(errors.Refused) as caught:
        verify(name, engine)
    assert (caught.value.step, type(caught.value).__name__) == (VECTORS[name]["step"], VECTORS[name]["error"]), str(
        caught.value
    )


@pytest.mark.parametrize("name", named(passes_without=True))
def test_it_passes_when_this_check_is_taken_out(name: str, take_out: Callable[[Iterable[str]], None]) -> None:
    take_out([VECTORS[name]["step"]])
    verify(name, choose("python"))


@pytest.mark.parametrize("name", sorted(name for name, case in VECTORS.items() if "group" in case))
def test_it_passes_when_its_group_is_taken_out(name: str, take_out: Callable[[Iterable[str]], None]) -> None:
    take_out(GROUPS[VECTORS[name]["group"]])
    verify(name, choose("python"))


@pytest.mark.parametrize(
    ("name", "step"),
    sorted((name, step) for name, case in VECTORS.items() if "group" in case for step in GROUPS[case["group"]]),
)
def test_each_check_of_a_group_refuses_it_alone(name: str, step: str, take_out: Callable[[Iterable[str]], None]) -> None:
    take_out(other for other in GROUPS[VECTORS[name]["group"]] if other != step)
    with pytest.raises(errors.Refused) as caught:
        verify(name, choose("python"))
    assert caught.value.step == step, str(caught.value)


# --- the list is whole ------------------------------------------------------------------------------------------------------


def test_every_step_of_a_verifier_has_a_vector() -> None:
    covered = {case["step"] for case in VECTORS.values()}
    assert covered == SPEC.keys() - ELSEWHERE.keys()


def test_every_check_has_a_vector_that_passes_without_it() -> None:
    checked = {case["step"] for case in VECTORS.values() if "reader" not in case}
    checks = {step for step, row in SPEC.items() if not row[2]} - ELSEWHERE.keys()
    assert checks <= checked, f"without such a vector: {sorted(checks - checked)}"


def test_the_report_names_the_steps_of_the_specification() -> None:
    reported = [step.number for step in STEPS]
    assert len(set(reported)) == len(reported)
    elsewhere = ELSEWHERE.keys() - {"7.16"}  # a verifier does take it; only no vector is made without a trustee who can forge
    assert set(reported) == SPEC.keys() - elsewhere - {"8.15"}  # comparing two copies has a report of its own


def test_the_specification_names_the_classes() -> None:
    assert {step: row[3] for step, row in SPEC.items()} == {step: class_of(step).__name__ for step in SPEC}


def test_what_is_expected_is_said_in_known_words() -> None:
    assert EXPECTED.keys() == {"groups", "vectors"}
    fields = {"archive": set(), "record": {"anchor"}, "compare": set()}
    for name, case in VECTORS.items():
        more = case.keys() - {"step", "error", "origin", "why", "kind"} - fields[case["kind"]]
        assert more in ({"passes_without"}, {"group"}, {"reader"}), name
        assert name.startswith(prefix_of(case["step"])), name
        assert case.get("passes_without", True) is True and case.get("reader", True) is True, name
        assert "group" not in case or GROUPS[case["group"]][0] == case["step"], name
        assert case["why"] and case["origin"] and case.keys() >= {"step", "error", *fields[case["kind"]]}, name
    assert {case["group"] for case in VECTORS.values() if "group" in case} == GROUPS.keys()


def test_the_files_are_those_that_are_expected() -> None:
    found = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()} - {"expected.json"}
    archives = {f"{name}.bel" for name in named(kind="archive")}
    folders = {name for name in VECTORS if f"{name}.bel" not in archives}
    assert {name for name in found if "/".join(name.split("/")[:2]) not in folders} == archives
    assert {"/".join(name.split("/")[:2]) for name in found - archives} == folders
