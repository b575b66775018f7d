"""The known answers of what a voter's device computes: the same files are read by the booth's tests in TypeScript."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from sanduq import errors
from sanduq.algebra.numbers import Random, hash_to_scalar, sha256_hex
from sanduq.booth.seal import cast_ballot, challenge, check_challenge, seal
from sanduq.box.receipt import check_receipt, read_receipt
from sanduq.engine import Engine
from sanduq.question.election import read_election
from sanduq.question.setup import read_setup
from sanduq.roll import BASE58, check_character, printed_credential, public_credential, read_typed_credential

FOLDER = Path(__file__).resolve().parents[2] / "vectors" / "known"
ROLL, BOOTH, BOX = (json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) for name in ("roll", "booth", "box"))
SETUPS = json.loads((FOLDER / "question.json").read_text(encoding="utf-8"))["setups"]


def stream(seed: str) -> Random:
    """The numbers of a seed: H(seed | i) of spec 0.b."""
    counter = itertools.count()
    return lambda: hash_to_scalar(f"{seed}|{next(counter)}")


@pytest.mark.parametrize("case", ROLL["credentials"], ids=lambda case: case["credential"])
def test_a_credential_has_its_public_half_and_its_check_characters(case: dict[str, Any]) -> None:
    assert public_credential(case["uuid"], case["credential"]) == case["public"]
    assert printed_credential(case["credential"]) == case["printed"]


@pytest.mark.parametrize("case", ROLL["typed"], ids=lambda case: case["typed"])
def test_what_is_typed_is_read_or_refused(case: dict[str, Any]) -> None:
    if "accept" in case:
        assert read_typed_credential(case["typed"]) == case["accept"]
    else:
        with pytest.raises(errors.CredentialMalformed) as caught:
            read_typed_credential(case["typed"])
        assert not case["typed"].strip() or case["typed"] not in str(caught.value)


def test_every_single_wrong_character_is_noticed() -> None:
    for group in ("ooM1F", "GKqoBa", "11111", "zzzzzz"):
        check = check_character(group)
        for place in range(len(group)):
            others = {check_character(f"{group[:place]}{other}{group[place + 1 :]}") for other in BASE58}
            assert len(others) == len(BASE58)
            assert check in others


@pytest.mark.parametrize("case", SETUPS, ids=lambda case: case["what"])
def test_a_setup_with_information_is_read_or_refused(case: dict[str, Any]) -> None:
    raw = case["setup"].encode()
    assert sha256_hex(raw) == case["anchor"]
    if "accept" in case:
        setup = read_setup(raw)
        assert setup.to_bytes() == raw
        assert (setup.information and setup.information.to_json()) == case["accept"]
        return
    with pytest.raises(errors.Refused) as caught:
        read_setup(raw)
    assert (caught.value.step, type(caught.value).__name__) == (case["step"], case["error"])


@pytest.mark.parametrize("case", BOOTH["ballots"], ids=lambda case: case["name"])
def test_the_same_randomness_gives_the_same_ballot(case: dict[str, Any], engine: Engine) -> None:
    election = read_election(case["election"].encode())
    public = public_credential(election.uuid, case["credential"])
    sealed = seal(election, public, case["choices"], stream(case["seeds"]["seal"]))
    ballot = cast_ballot(sealed.unsigned, case["credential"], stream(case["seeds"]["cast"]))
    assert (sealed.unsigned.hash, challenge(sealed).decode()) == (case["hash"], case["opened"])
    assert (ballot.raw.decode(), ballot.tracker) == (case["ballot"], case["tracker"])
    assert engine.ballots(election).check([ballot.raw]) == [public]


@pytest.mark.parametrize("case", BOOTH["opened"], ids=lambda case: case["what"])
def test_an_opened_ballot_is_believed_or_refused_at_its_step(case: dict[str, Any]) -> None:
    election = read_election(case["election"].encode())
    if "accept" in case:
        assert check_challenge(case["opened"].encode(), election, case["hash"]) == case["accept"]
        return
    with pytest.raises(errors.Refused) as caught:
        check_challenge(case["opened"].encode(), election, case["hash"])
    assert (caught.value.step, type(caught.value).__name__) == (case["step"], case["error"])


@pytest.mark.parametrize("case", BOX["receipts"], ids=lambda case: case["what"])
def test_a_receipt_is_believed_or_refused(case: dict[str, Any]) -> None:
    if case.get("accept"):
        check_receipt(read_receipt(case["receipt"].encode()), BOX["box_key"])
        return
    with pytest.raises(errors.Refused) as caught:
        check_receipt(read_receipt(case["receipt"].encode()), BOX["box_key"])
    assert (caught.value.step, type(caught.value).__name__) == (case["step"], case["error"])
