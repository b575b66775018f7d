"""Two engines, one truth: nothing is found on which Python and Rust differ, and where they would, that is an error and no pass.

``SANDUQ_MUTATIONS`` says how many ballots and archives are changed and shown to both (200 in ``make test``; from
2,000 on every step must be reached).
"""

from __future__ import annotations

import io
import os
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

import compare_engines
import sanduq_speed
from compare_engines import NAMES, Findings, checker, compare_archives, compare_ballots, verdict
from mutate_archive import chain_of
from sanduq import errors
from sanduq.algebra.group import IDENTITY, G, P
from sanduq.booth.ballot import max_ballot_size
from sanduq.engine import Engine, choose
from sanduq.engine.python import PythonEngine
from sanduq.engine.rust import RustEngine
from sanduq.question.election import Question, make_election
from sanduq.roll import BASE58, Roll
from sanduq.watch.archive import verify_archive
from small import small

MUTATIONS = int(os.environ.get("SANDUQ_MUTATIONS", "200"))
ARCHIVES = MUTATIONS // 8
CHUNK = 98
WORKERS = 2

STEPS_OF_BALLOTS = """accepted 0.3 0.4 0.5 1.3 4.1 4.2 4.3 4.4 4.5 4.8 4.9 4.10 4.11 4.12 4.13 4.14 4.15""".split()
STEPS_OF_ARCHIVES = """accepted 0.1 0.2 0.6 0.7 0.9 0.11 0.12 0.13 0.14 0.15 1.1 1.2 1.4 2.1 3.1 4.6 4.7 4.11 4.12
    7.1 7.2 7.3 7.4 7.5 7.6 7.7 7.9 7.10 7.11""".split()


def _compare(work: Callable[[Sequence[int]], Findings], count: int) -> Findings:
    """Share the numbers out among processes. They are spawned: Rust's threads do not survive a fork."""
    findings = Findings()
    chunks = [range(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK)]
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        for found in pool.map(work, chunks):
            findings.add(found)
    assert sum(findings.verdicts.values()) == count
    shown = "\n".join(findings.differences[:5])
    assert not findings.differences, (
        f"{len(findings.differences)} differences, by seed (compare_engines.py says how to repeat):\n{shown}"
    )
    return findings


def test_mutated_ballots_get_one_verdict() -> None:
    """Python's verdict is Rust's own, not only the one that Rust gives with Python behind it."""
    findings = _compare(compare_ballots, MUTATIONS - ARCHIVES)
    if MUTATIONS >= 2000:
        missed = set(STEPS_OF_BALLOTS) - set(findings.verdicts)
        assert not missed, f"no mutation reaches {missed}: {findings.verdicts}"


@pytest.mark.long
def test_mutated_archives_get_one_verdict() -> None:
    """The same report from both engines, or a refusal with the same step, name, place and sentence."""
    findings = _compare(compare_archives, ARCHIVES)
    if MUTATIONS >= 2000:
        reached = set(STEPS_OF_ARCHIVES) & set(findings.verdicts)
        assert len(reached) >= len(STEPS_OF_ARCHIVES) * 2 // 3, f"too few steps are reached: {findings.verdicts}"


# --- where they would differ ------------------------------------------------------------------------------------------------


class Refusing:
    """A Rust engine that has gone wrong: it refuses every ballot."""

    def __init__(self, *arguments: object) -> None:
        pass

    def check(self, raws: Sequence[bytes]) -> list[None]:
        """Nothing is right."""
        return [None for _ in raws]

    hint_size = 64

    def count(self, data: bytes) -> int:
        """There is nothing to be seen."""
        return 0

    def take(self, *arguments: object) -> Refusing:
        """Nothing is taken: ``count`` is no number of ballots."""
        taken = Refusing()
        taken.count = 0  # type: ignore[assignment, method-assign]
        return taken


def test_a_ballot_that_only_rust_refuses_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sanduq_speed, "Checker", Refusing)
    honest = small("plain")
    with pytest.raises(errors.EnginesDisagree):
        RustEngine().ballots(honest.election).check([honest.ballots[0]])
    with pytest.raises(errors.EnginesDisagree):
        verify_archive(io.BytesIO(honest.archive), RustEngine())


def test_a_ballot_that_both_refuse_gets_pythons_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sanduq_speed, "Checker", Refusing)
    honest = small("plain")
    [judged] = RustEngine().ballots(honest.election).check([honest.ballots[0].replace(b'"response":"', b'"response":"0', 1)])
    assert isinstance(judged, errors.Refused)
    assert judged.step.startswith(("0.", "4."))


def test_a_credential_that_only_rust_refuses_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sanduq_speed, "check_points", lambda points: 1)
    with pytest.raises(errors.EnginesDisagree):
        RustEngine().check_roll(small("plain").roll)
    with pytest.raises(errors.EnginesDisagree):
        verify_archive(io.BytesIO(small("plain").archive), RustEngine())


def test_a_disagreement_is_no_refusal() -> None:
    """So that nobody who catches refusals takes it for one."""
    assert not issubclass(errors.EnginesDisagree, errors.Refused)


# --- what else both do ------------------------------------------------------------------------------------------------------


def _outcome(act: Callable[[], object]) -> object:
    try:
        return act()
    except errors.Refused as refusal:
        return refusal.step, str(refusal)


@pytest.mark.parametrize(
    "bad",
    [
        IDENTITY.hex,
        f"{P:064x}",
        f"{P + 1:064x}",
        f"{1 << 255 | 1:064x}",
        f"{P - 1:064x}",  # of order two
        "0" * 64,  # of order four
        "f" * 64,
        f"{2:064x}",
        "A" * 64,
    ],
)
@pytest.mark.parametrize("place", [0, 3, 16])
def test_rolls_get_one_verdict(bad: str, place: int) -> None:
    keys = [(G**number).hex for number in range(2, 18)]
    keys.insert(place, bad)
    roll = Roll(dict.fromkeys(keys, 1))
    python, rust = (_outcome(lambda engine=engine: engine.check_roll(roll)) for engine in (PythonEngine(), RustEngine()))
    assert python == rust
    assert python is not None


def test_sums_are_the_same() -> None:
    """Any weights: none, negative, the largest."""
    rng = random.Random("sums")
    for name in NAMES:
        election, ballots = small(name).election, list(small(name).ballots) * 3
        for weights in ([1] * len(ballots), [rng.choice([0, 1, -1, 10**11, -(10**11), 2**31]) for _ in ballots]):
            python = PythonEngine().ballots(election).sum(ballots, weights)
            assert python == RustEngine().ballots(election).sum(ballots, weights), (name, weights)
        assert PythonEngine().ballots(election).sum([], []) == RustEngine().ballots(election).sum([], [])


def test_the_longest_ballot_is_as_long_for_both() -> None:
    rng = random.Random("sizes")
    for _ in range(200):
        questions = []
        for _ in range(rng.choice([1, 1, 2, 5, 50])):
            count = rng.choice([1, 2, 3, 10, 250])
            low = rng.randint(0, count)
            blank = rng.choice([None, False, True])
            questions.append(Question("?", ("a",) * count, low, rng.randint(low, rng.choice([low, low + 3, 1000])), blank))
        uuid = "".join(rng.choice(BASE58) for _ in range(rng.randint(14, 64)))
        election = make_election(uuid, "n", "d", G.point, tuple(questions))
        assert checker(election).max_size == max_ballot_size(election)


def test_what_one_engine_seals_the_other_accepts() -> None:
    for name in NAMES:
        made = small(name)
        credentials, votes = [made.credentials[voter] for voter, _ in made.votes], [vote for _, vote in made.votes]
        public = [made.public(voter) for voter, _ in made.votes]
        assert RustEngine().public_credentials(made.election.uuid, credentials) == public
        ballots = RustEngine().seal_many(made.election, credentials, votes)
        assert [verdict(judged) for judged in PythonEngine().ballots(made.election).check(ballots)] == public
        assert checker(made.election).check(made.ballots) == [bytes.fromhex(key) for key in public]


@pytest.mark.parametrize(
    ("credentials", "votes"),
    [
        (["AAAAA-AAAAAA-AAAAA-AAAAAA", "AAAAA-AAAAAA-AAAAA-AAAAA0"], [[[1, 0]], [[1, 0]]]),
        (["AAAAA-AAAAAA-AAAAA-AAAAAA"], [[[1, 1]]]),
        (["AAAAA-AAAAAA-AAAAA-AAAAAA"], [[[2, 0]]]),
        (["AAAAA-AAAAAA-AAAAA-AAAAAA"], [[[1, 0, 0]]]),
        (["AAAAA-AAAAAA-AAAAA-AAAAAA"], [[[1, 0], [1, 0]]]),
        (["AAAAA-AAAAAA-AAAAA-AAAAAA"], [[]]),
    ],
)
def test_what_cannot_be_sealed_is_refused_alike(engine: Engine, credentials: list[str], votes: list[list[list[int]]]) -> None:
    with pytest.raises(errors.Refused) as refusal:
        engine.seal_many(small("plain").election, credentials, votes)
    assert refusal.value.step in ("1.8", "4.18")


def test_malformed_credentials_are_refused_alike(engine: Engine) -> None:
    for bad in ["", "AAAAA-AAAAAA-AAAAA-AAAAAl", "AAAAA-AAAAAA-AAAAA-AAAAAA\n", "é" * 25]:
        with pytest.raises(errors.CredentialMalformed):
            engine.public_credentials("AAAAAAAAAAAAAA", ["AAAAA-AAAAAA-AAAAA-AAAAAA", bad])


def test_the_first_fault_in_the_file_is_told(engine: Engine) -> None:
    """However many ballots an engine takes at once: here a ballot is bad, and behind it the chain breaks."""
    chain = chain_of(small("plain"))
    chain.links[1].data = [chain.links[1].data[0].replace(b'"hash":"', b'"hash":"x', 1)]
    broken = bytearray(chain.to_bytes())
    broken[-1] = 1  # padding
    with pytest.raises(errors.Refused) as refusal:
        verify_archive(io.BytesIO(bytes(broken)), engine)
    assert refusal.value.places == ["event 1 (Ballot)"]


def test_the_engine_is_chosen_by_name() -> None:
    assert (choose("python").name, choose("rust").name, choose(None).name) == ("python", "rust", "rust")
    with pytest.raises(errors.Unusable):
        choose("fortran")


class Accepting(Refusing):
    """A Rust engine that has gone wrong: it accepts every ballot."""

    def check(self, raws: Sequence[bytes]) -> list[bytes]:  # type: ignore[override]
        """Nothing is wrong."""
        return [bytes(32) for _ in raws]


@pytest.mark.parametrize("wrong", [Refusing, Accepting])
def test_a_difference_would_be_found(monkeypatch: pytest.MonkeyPatch, wrong: type) -> None:
    """The comparison itself can fail: with an engine gone wrong it does."""
    monkeypatch.setattr(compare_engines, "checker", wrong)
    assert compare_ballots(range(0, 21, 7)).differences
