"""The known answers of a trustee, which the trustees' page reads too; and the trial, with all that it refuses."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sanduq import errors
from sanduq.algebra.numbers import Random, hash_to_scalar, scalar
from sanduq.cli import keys as cli_keys
from sanduq.count import trial
from sanduq.count.trustee import Memory, Request
from sanduq.keys import ceremony
from sanduq.keys.ceremony import read_polynomial, read_vinput, read_voutput
from sanduq.keys.certificates import Context
from sanduq.keys.pki import Seed
from sanduq.keys.saved import read_saved
from sanduq.keys.trustees import Trustees, read_trustees

FOLDER = Path(__file__).resolve().parents[2] / "vectors" / "known"
KEYS = json.loads((FOLDER / "keys.json").read_text(encoding="utf-8"))
FIRST = KEYS["ceremonies"][0]
# The page's tests read both of them each time.
CEREMONIES = [FIRST, pytest.param(KEYS["ceremonies"][1], marks=pytest.mark.long)]


def stream(seed: str) -> Random:
    counter = itertools.count()
    return lambda: hash_to_scalar(f"{seed}|{next(counter)}")


def secrets(told: dict[str, Any]) -> list[int]:
    singles = [scalar(json.loads(single["privkey"])) for single in told["singles"]]
    members = [
        ceremony.decryption_key(Seed(member["seed"]), json.loads(member["voutput"])["private_key"])
        for member in told["members"]
    ]
    return singles + members


def trustees_of(told: dict[str, Any]) -> Trustees:
    return read_trustees(told["trustees"].encode())


def ceremony_of(told: dict[str, Any]) -> tuple[list[Any], list[Any], list[Any]]:
    lines = [[member[what].encode() for member in told["members"]] for what in ("cert", "polynomial", "voutput")]
    return lines[0], lines[1], lines[2]


@pytest.mark.parametrize("told", CEREMONIES, ids=["plain", "named, with a mandatory one"])
def test_a_ceremony_gives_the_same_files_with_the_same_randomness(told: dict[str, Any]) -> None:
    members = told["members"]
    certs = ceremony.read_certs([member["cert"].encode() for member in members])
    commitments = [member["commitment"] for member in members]
    for index, member in enumerate(members, 1):
        seed, random = Seed(member["seed"]), member["random"]
        context = Context(len(members), told["threshold"], index)
        assert ceremony.begin(seed, context, stream(random["begin"])) == certs[index - 1]
        made = ceremony.make_polynomial(seed, certs, stream(random["polynomial"]))
        assert made.to_bytes().decode() == member["polynomial"]
        assert made.commitment == member["commitment"]
        given = read_vinput(member["vinput"].encode())
        finished = ceremony.finish(seed, certs, given, commitments, stream(random["finish"]), member["name"])
        assert finished.to_bytes().decode() == member["voutput"]


@pytest.mark.parametrize("case", KEYS["judged"], ids=lambda case: case["what"])
def test_what_reaches_a_trustee_is_taken_or_refused(case: dict[str, Any]) -> None:
    def act() -> str:
        certs = ceremony.read_certs([line.encode() for line in case["certs"]])
        given = read_vinput(case["vinput"].encode())
        return ceremony.finish(Seed(case["seed"]), certs, given, case["commitments"], stream("any")).public_key.key.hex

    if "accept" in case:
        assert act() == case["accept"]
    else:
        with pytest.raises(errors.Refused) as caught:
            act()
        assert (caught.value.step, type(caught.value).__name__) == (case["step"], case["error"])


# --- whoever collects -------------------------------------------------------------------------------------------------------


def test_messages_are_judged_one_by_one_as_they_come_in() -> None:
    lines, polynomials, voutputs = ceremony_of(FIRST)
    certs = tuple(ceremony.check_cert_for(line, Context(3, 2, i)) for i, line in enumerate(lines, 1))
    commitments = [member["commitment"] for member in FIRST["members"]]
    made = [ceremony.check_polynomial(certs, i, line, commitments[i - 1]) for i, line in enumerate(polynomials, 1)]
    for i, line in enumerate(voutputs, 1):
        assert ceremony.check_voutput(certs, made, i, line) == read_voutput(line)


@pytest.mark.parametrize(
    ("refusal", "act"),
    [
        (errors.CertContext, lambda c, p, v: ceremony.check_cert_for(c[1], Context(3, 2, 1))),
        (errors.CertContext, lambda c, p, v: ceremony.check_cert_for(c[0], Context(3, 3, 1))),
        (errors.CommitmentMismatch, lambda c, p, v: _polynomial(c, 1, p[0], "0" * 64)),
        (errors.CoefficientsSignature, lambda c, p, v: _polynomial(c, 1, p[1])),
        (errors.CertsSignature, lambda c, p, v: _polynomial(c, 1, _with(p[0], signature=json.loads(p[1])["signature"]))),
        (errors.ThresholdInvalid, lambda c, p, v: _polynomial(c, 1, _with(p[0], secrets=[]))),
        (errors.VerificationKeyWrong, lambda c, p, v: _voutput(c, p, 1, v[1])),
    ],
)
def test_a_message_of_another_or_spoiled_is_refused(refusal: type[errors.Refused], act: Callable[..., object]) -> None:
    with pytest.raises(refusal):
        act(*ceremony_of(FIRST))


def _polynomial(lines: list[bytes], index: int, data: bytes, commitment: str = "") -> object:
    right = commitment or read_polynomial(data).commitment
    return ceremony.check_polynomial(ceremony.read_certs(lines), index, data, right)


def _voutput(lines: list[bytes], polynomials: list[bytes], index: int, data: bytes) -> object:
    made = [read_polynomial(line) for line in polynomials]
    return ceremony.check_voutput(ceremony.read_certs(lines), made, index, data)


def _with(data: bytes, **fields: object) -> bytes:
    return json.dumps(json.loads(data) | fields, separators=(",", ":"), ensure_ascii=False).encode()


# --- the trial --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", CEREMONIES, ids=["plain", "named, with a mandatory one"])
def test_a_trial_gives_the_same_files_and_opens_to_its_numbers(told: dict[str, Any]) -> None:
    trustees = trustees_of(told)
    parts = []
    for owner, (x, text) in enumerate(zip(secrets(told), told["trials"], strict=True), 1):
        part = trial.decrypt_trial(trustees, x, stream(f"{told['name']}|trial|{owner}"))
        assert trial.trial_bytes(trustees, part).decode() == text
        parts.append(trial.read_trial(trustees, text.encode()))
    assert list(trial.check_trial(trustees, parts)[0]) == told["numbers"]
    assert list(trial.check_trial(trustees, parts[:-1])[0]) == told["numbers"]


def _edited(**change: object) -> bytes:
    value = json.loads(FIRST["trials"][0]) | change
    return json.dumps(value, separators=(",", ":")).encode()


def _other_uuid() -> bytes:
    value = json.loads(FIRST["trials"][0])["areas"]
    return _edited(areas={"kPDakbEc8Brvk2": next(iter(value.values()))})


@pytest.mark.parametrize(
    ("refusal", "data"),
    [
        (errors.DecryptionProofInvalid, _edited(owner=2)),
        (errors.DecryptionOwner, _edited(owner=4)),
        (errors.NotInSetup, _other_uuid()),
        (errors.NotInSetup, _edited(areas={})),
        (errors.NotInSetup, KEYS["ceremonies"][1]["trials"][0].encode()),
        (errors.DecryptionMalformed, _edited(areas=[])),
        (errors.MalformedJson, b"{"),
    ],
)
def test_a_trial_of_another_is_refused(refusal: type[errors.Refused], data: bytes) -> None:
    with pytest.raises(refusal):
        trial.read_trial(trustees_of(FIRST), data)


def test_a_trial_without_second_proofs_is_refused() -> None:
    ((uuid, area),) = json.loads(FIRST["trials"][0])["areas"].items()
    with pytest.raises(errors.BindingInvalid):
        trial.read_trial(trustees_of(FIRST), _edited(areas={uuid: area | {"bindings": []}}))


def test_a_trial_needs_enough_different_trustees_and_their_own_keys() -> None:
    trustees = trustees_of(FIRST)
    parts = [trial.read_trial(trustees, text.encode()) for text in FIRST["trials"]]
    with pytest.raises(errors.DecryptionsMissing):
        trial.check_trial(trustees, parts[:1])
    with pytest.raises(errors.DecryptionTwice):
        trial.check_trial(trustees, [parts[0], parts[0]])
    with pytest.raises(errors.SecretKeyMismatch):
        trial.decrypt_trial(trustees, 7, stream("any"))


# --- key files of the trustees' page ----------------------------------------------------------------------------------------


def _saved(**change: object) -> bytes:
    member = FIRST["members"][0]
    letter = json.loads(member["voutput"])["private_key"]
    value = {
        "format": "sanduq-trustee-1",
        "context": {"size": 3, "threshold": 2, "index": 1},
        "secret": member["seed"],
        "cert": member["cert"],
        "name": None,
        "private_key": letter,
        "decrypted": {"kPDakbEc8Brvk2": "a" * 64},
    }
    return json.dumps(value | change).encode()


def test_a_key_file_of_the_page_becomes_files_of_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "trustee.json").write_bytes(_saved())
    (tmp_path / "trustees.json").write_text(FIRST["trustees"])
    runner = CliRunner()
    done = runner.invoke(cli_keys.app, ["unpack", str(tmp_path / "trustee.json"), "--out", str(tmp_path / "me")])
    assert done.exit_code == 0, done.output
    assert FIRST["members"][0]["seed"] not in done.output
    memory = Memory(tmp_path / "me" / "trustee.key.decrypted")
    with pytest.raises(errors.AlreadyDecrypted):
        memory.remember(Request("kPDakbEc8Brvk2", "", 1, "b" * 64))
    assert (tmp_path / "me" / "trustee.key").stat().st_mode & 0o777 == 0o600
    x = ceremony.decryption_key(cli_keys.read_seed(tmp_path / "me/trustee.key"), (tmp_path / "me/trustee.dkey").read_text())
    assert trial.decrypt_trial(trustees_of(FIRST), x, stream("any")).owner == 1


@pytest.mark.parametrize(
    "change",
    [
        {"format": "sanduq-trustee-2"},
        {"secret": "0"},
        {"context": None},
        {"context": {"size": 3, "threshold": 2, "index": 2}},
        {"decrypted": []},
        {"decrypted": {"a": "b"}},
        {"more": 1},
    ],
)
def test_another_file_is_refused_and_says_nothing_of_it(change: dict[str, object]) -> None:
    with pytest.raises(errors.Refused) as caught:
        read_saved(_saved(**change))
    assert FIRST["members"][0]["seed"] not in str(caught.value)


def test_a_file_that_is_still_encrypted_is_named_as_such() -> None:
    with pytest.raises(errors.SecretKeyMismatch) as caught:
        read_saved(b"age-encryption.org/v1\n-> scrypt")
    assert "age -d" in str(caught.value.hint)
