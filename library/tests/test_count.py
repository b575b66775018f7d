"""Counting: decryptions beyond the threshold, second proofs, and what the numbers must be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sanduq import errors
from sanduq.algebra.elgamal import encrypt
from sanduq.algebra.group import G
from sanduq.algebra.interpolation import evaluate
from sanduq.algebra.numbers import system_random
from sanduq.algebra.proofs import Proof, SameExponent
from sanduq.count.binding import Binding, Bindings, bind, file_bytes, read_file
from sanduq.count.decryption import Factors, decrypt
from sanduq.count.result import combine, find_exponents, open_sums
from sanduq.keys.trustees import Pedersen, PublicKey, Trustees
from sanduq.question.election import Election, Question, make_election

QUESTION = Question("Shall it be?", ("Yes", "No"))
VOTES = ((7, 5),)


class Group:
    """Two of three trustees, their keys made by one hand, and an encrypted tally."""

    def __init__(self) -> None:
        coefficients = [system_random(), system_random()]
        self.secret = {i: evaluate(coefficients, i) for i in (1, 2, 3)}
        keys = tuple(PublicKey(G**x, Proof(0, 0)) for x in self.secret.values())
        self.trustees = Trustees((Pedersen(2, (), (), (), keys, ((G ** coefficients[0], G ** coefficients[1]),)),))
        self.election: Election = make_election("CountingTest11", "Count", "", G ** coefficients[0], (QUESTION,))
        self.sums = tuple(tuple(encrypt(self.election.y, system_random(), m) for m in row) for row in VOTES)

    def factors(self, i: int) -> Factors:
        """What trustee i decrypts."""
        return decrypt(self.sums, self.election, self.secret[i], system_random).factors


@pytest.fixture(scope="module")
def group() -> Group:
    """One group for all tests: nothing changes it."""
    return Group()


@pytest.mark.parametrize("owners", [(1, 2), (1, 3), (2, 3), (1, 2, 3)])
def test_any_two_or_all_open_the_sums(group: Group, owners: tuple[int, ...]) -> None:
    factors = combine(group.trustees, {i: group.factors(i) for i in owners})
    assert open_sums(group.sums, factors, bound=20) == VOTES


@pytest.mark.parametrize("liar", [1, 2, 3])
def test_a_decryption_that_does_not_fit_the_others_is_refused(group: Group, liar: int) -> None:
    parts = {i: group.factors(i) for i in (1, 2, 3)}
    yes, no = parts[liar][0]
    parts[liar] = ((yes * G.point, no / G.point),)
    with pytest.raises(errors.DecryptionsDisagree):
        combine(group.trustees, parts)


def test_one_is_not_enough(group: Group) -> None:
    with pytest.raises(errors.DecryptionsMissing):
        combine(group.trustees, {2: group.factors(2)})


def test_a_second_proof_holds_for_what_it_was_made_for(group: Group) -> None:
    factors = group.factors(1)
    proofs = bind(group.election, group.sums, factors, group.secret[1], system_random)
    data = file_bytes({1: proofs})
    Binding(group.election, group.sums, G ** group.secret[1]).check(factors, read_file(data)[1])
    assert file_bytes(read_file(data)) == data


def _off(proofs: Bindings) -> Bindings:
    first = proofs[0][0]
    return ((replace(first, response=first.response + 1), *proofs[0][1:]),)


def test_a_second_proof_is_refused_for_anything_else(group: Group) -> None:
    factors = group.factors(1)
    proofs = bind(group.election, group.sums, factors, group.secret[1], system_random)
    yes, no = group.sums[0]
    other = replace(group.election, raw=group.election.raw + b" ")
    key = G ** group.secret[1]
    shifted = ((factors[0][0] * G.point, factors[0][1]),)
    version_1 = decrypt(group.sums, group.election, group.secret[1], system_random)
    cases = {
        "another tally": (Binding(group.election, ((no, yes),), key), factors, proofs),
        "another election": (Binding(other, group.sums, key), factors, proofs),
        "another trustee": (Binding(group.election, group.sums, G ** group.secret[2]), factors, proofs),
        "another factor": (Binding(group.election, group.sums, key), shifted, proofs),
        "off by one": (Binding(group.election, group.sums, key), factors, _off(proofs)),
        "a choice without": (Binding(group.election, group.sums, key), factors, (proofs[0][:1],)),
        "version 1's proofs": (Binding(group.election, group.sums, key), version_1.factors, version_1.proofs),
        "the same text over another tally's hash": (
            Binding(group.election, group.sums, key),
            factors,
            (tuple(_scheme(group).prove(choice.alpha, group.secret[1], system_random) for choice in group.sums[0]),),
        ),
    }
    for name, (binding, given, claimed) in cases.items():
        with pytest.raises(errors.BindingInvalid):
            binding.check(given, claimed)
            pytest.fail(f"accepted: {name}")


def _scheme(group: Group) -> SameExponent:
    return SameExponent(f"sanduq-decrypt-1|{group.election.fingerprint}|{(G ** group.secret[1]).hex}|")


@pytest.mark.parametrize(
    "data",
    [
        b"[]",
        b'{"a":[]}',
        b'{"1":[[{"challenge":"1"}]]}',
        b'{"01":[]}',
        b'{"2":[],"1":[]}',
        b'{"1": []}',
        b"{",
        b'{"\xc2\xb2":[]}',
    ],
)
def test_second_proofs_that_cannot_be_read(data: bytes) -> None:
    with pytest.raises(errors.Refused):
        read_file(data)


@pytest.mark.parametrize("votes", [(0, 0), (1, 0), (12, 3), (99, 100), (100, 0)])
def test_numbers_are_found_up_to_the_bound(votes: tuple[int, int]) -> None:
    assert find_exponents([G**m for m in votes], 100) == list(votes)


def test_a_number_above_the_bound_is_refused() -> None:
    with pytest.raises(errors.ResultWrong):
        find_exponents([G**150], 100)
