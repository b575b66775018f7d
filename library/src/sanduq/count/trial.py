"""The trial: the trustees open a test sum with their real keys, before anybody votes (spec 7.i).

Elections were lost because a key turned out to be lost, or unreadable, when it was wanted. A trial finds that out while a new
ceremony is still easy. Yet a trustee must never decrypt what somebody hands over (7.d). So nobody hands anything over: each
trustee makes the test sum alone, from the trustees' text. Its randomness is a hash of that text, known to everybody; a factor
α^x of it is X^r, which anybody can compute from the trustee's public key. It tells nothing, at any time, and can be the sum of
no ballots.

What is tried is all the rest: the key as it comes out of its file, the factors, both proofs, putting them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanduq import errors
from sanduq.algebra.elgamal import encrypt
from sanduq.algebra.group import G, secret_power
from sanduq.algebra.numbers import Random, hash_to_scalar, sha256_hex
from sanduq.archive import json
from sanduq.count.binding import Binding, Bindings, bind, bindings_value, read_bindings
from sanduq.count.decryption import PartialDecryption, check_decryption, decrypt, read_decryption
from sanduq.count.result import Result, check_result, combine
from sanduq.engine import Sums
from sanduq.keys.trustees import Trustees
from sanduq.question.election import Election, Question, make_election
from sanduq.roll import BASE58

_CHOICES = 3
_TAG = "sanduq-trial-1"
_form = json.Form(errors.DecryptionMalformed)


@dataclass(frozen=True)
class Trial:
    """The test sum of these trustees: an election that only serves this, its encrypted sum, and the numbers in it."""

    trustees: Trustees
    election: Election
    sums: Sums
    numbers: Result


@dataclass(frozen=True)
class TrialPart:
    """One trustee's part (``owner``: its number), as of a real sum."""

    owner: int
    decryption: PartialDecryption
    bindings: Bindings


def trial_uuid(trustees: Trustees) -> str:
    """The uuid that is reserved for the trial of these trustees: 14 characters of base58."""
    number = int(sha256_hex(f"{_TAG}|{trustees.sha256}".encode()), 16)
    text = ""
    for _ in range(14):
        number, digit = divmod(number, 58)
        text += BASE58[digit]
    return text


def make_trial(trustees: Trustees) -> Trial:
    """The test sum of these trustees, the same wherever it is made. They have been checked (3.1 to 3.12)."""
    prefix = f"{_TAG}|{trustees.sha256}|"
    question = Question("Do the keys open a sum?", tuple(str(n) for n in range(1, _CHOICES + 1)), 1, 1, None)
    key = trustees.public_key
    election = make_election(trial_uuid(trustees), "Trial of the trustees' keys", trustees.sha256, key, (question,))
    numbers = tuple(hash_to_scalar(f"{prefix}m|{n}") % 1000 for n in range(_CHOICES))
    sums = tuple(encrypt(key, hash_to_scalar(f"{prefix}r|{n}"), m) for n, m in enumerate(numbers))
    return Trial(trustees, election, (sums,), (numbers,))


def decrypt_trial(trustees: Trustees, x: int, random: Random) -> TrialPart:
    """A trustee's part of the trial, with its real secret key x (3.18)."""
    trial, key = make_trial(trustees), secret_power(G, x)
    if key not in trustees.keys:
        raise errors.SecretKeyMismatch("none of these trustees has this key")
    made = decrypt(trial.sums, trial.election, x, random)
    return TrialPart(trustees.keys.index(key) + 1, made, bind(trial.election, trial.sums, made.factors, x, random))


def trial_bytes(trustees: Trustees, part: TrialPart) -> bytes:
    """The file to hand over: that of ``count decrypt``, with the trial's uuid as its only area."""
    value = {"decryption": json.read(part.decryption.to_bytes()), "bindings": bindings_value(part.bindings)}
    return json.write({"owner": part.owner, "areas": {trial_uuid(trustees): value}}).encode()


def read_trial(trustees: Trustees, data: bytes) -> TrialPart:
    """One trustee's part from its file, checked (7.4, 7.5, 7.7, 7.15, 7.17)."""
    fields = _form.fields(json.read(data), ("owner", "areas"))
    uuid, areas = trial_uuid(trustees), fields["areas"]
    if not isinstance(areas, dict):
        _form.fail_kind("areas", areas)
    errors.require(
        errors.NotInSetup, list(areas) == [uuid], "not the trial of these trustees", expected=[uuid], got=list(areas)
    )
    inner = _form.fields(areas[uuid], ("decryption", "bindings"))
    decryption = read_decryption(json.write(inner["decryption"]).encode())
    part = TrialPart(_form.number(fields["owner"], "owner"), decryption, read_bindings(inner["bindings"]))
    check_trial_part(make_trial(trustees), part)
    return part


def check_trial_part(trial: Trial, part: TrialPart) -> None:
    """The part is this trustee's, with both proofs (7.4, 7.5, 7.7, 7.17)."""
    known = 1 <= part.owner <= len(trial.trustees.keys)
    errors.require(errors.DecryptionOwner, known, expected=f"1 to {len(trial.trustees.keys)}", got=part.owner)
    key = trial.trustees.keys[part.owner - 1]
    check_decryption(part.decryption, trial.sums, trial.election, key)
    Binding(trial.election, trial.sums, key).check(part.decryption.factors, part.bindings)


def check_trial(trustees: Trustees, parts: Sequence[TrialPart]) -> Result:
    """The parts open the test sum to its numbers, which are given back (7.4 to 7.8, 7.10, 7.16, 7.17)."""
    trial = make_trial(trustees)
    given: dict[int, PartialDecryption] = {}
    for part in parts:
        try:
            errors.require(errors.DecryptionTwice, part.owner not in given, got=part.owner)
            check_trial_part(trial, part)
        except errors.Refused as refusal:
            raise refusal.within(f"trustee {part.owner}") from None
        given[part.owner] = part.decryption
    factors = combine(trustees, {owner: decryption.factors for owner, decryption in given.items()})
    check_result(trial.numbers, trial.sums, factors)
    return trial.numbers
