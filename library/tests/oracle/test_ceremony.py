"""The trustees' ceremony with some at the tool and some at sanduq, exchanging files."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from oracle.command import run
from oracle.elections import Keys, Turns, hold_group, play
from oracle.ours import secret_number
from oracle.party import Party, Seat, commitment
from oracle.peer import Peer, lines
from oracle.scenario import NO, YES, Holders, Scenario, vote
from oracle.tool import ToolFailed
from oracle.verdicts import they_verify, we_agree_with, we_verify
from sanduq import errors
from sanduq.algebra.group import G, secret_power
from sanduq.keys.trustees import check_trustees, read_trustees

pytestmark = pytest.mark.oracle

GROUPS = [
    ("all at the tool, sanduq in between", ("tool", "tool", "tool"), 2, "cli", "cli"),
    ("all at sanduq", ("cli", "cli", "cli"), 2, "cli", "cli"),
    ("all at sanduq, the tool in between", ("cli", "cli", "cli"), 2, "tool", "tool"),
    ("one at sanduq", ("tool", "cli", "tool"), 2, "tool", "cli"),
    ("one at the tool", ("cli", "cli", "tool"), 2, "cli", "tool"),
    ("three of five", ("tool", "cli", "tool", "cli", "python"), 3, "cli", "tool"),
]


# Groups of both kinds of trustees are the quick run.
@pytest.mark.parametrize(
    ("names", "threshold", "router", "assembler"),
    [pytest.param(*row[1:], id=row[0], marks=[] if len(set(row[1])) > 1 else pytest.mark.long) for row in GROUPS],
)
def test_a_threshold_group_is_made_at_either(
    names: tuple[str, ...], threshold: int, router: str, assembler: str, party: Callable[[str], Party]
) -> None:
    group, secrets = hold_group([party(name) for name in names], threshold, party(router), party(assembler))
    texts = {name: party(name).trustees([], group) for name in ("tool", "python", "cli")}
    assert len(set(texts.values())) == 1
    trustees = read_trustees(texts["tool"])
    check_trustees(trustees)
    assert trustees.to_bytes() == texts["tool"]
    assert [secret_power(G, secret_number(secret)) for secret in secrets] == list(trustees.keys)


SINGLES = [
    ("at the tool", ("tool",)),
    ("at sanduq", ("cli",)),
    ("at both", ("cli", "tool", "python", "tool")),
]


@pytest.mark.parametrize("names", [row[1] for row in SINGLES], ids=[row[0] for row in SINGLES])
def test_mandatory_trustees_make_their_keys_at_either(names: tuple[str, ...], party: Callable[[str], Party]) -> None:
    made = [party(name).single() for name in names]
    texts = {name: party(name).trustees([public for _, public in made], None) for name in ("tool", "python", "cli")}
    assert len(set(texts.values())) == 1
    trustees = read_trustees(texts["tool"])
    check_trustees(trustees)
    assert [secret_power(G, secret_number(secret)) for secret, _ in made] == list(trustees.keys)


@pytest.fixture(scope="module")
def mixed(peer: Peer, party: Callable[[str], Party]) -> Keys:
    """A mandatory trustee at sanduq, and a group of which one is at sanduq."""
    secret, public = party("cli").single()
    group, secrets = hold_group([peer, party("cli"), peer], 2, party("cli"), peer)
    return Keys(peer.trustees([public], group), (secret, *secrets))


SUBSETS = [
    ("2 and 3, all with the tool", (1, 2, 3), ("tool",)),
    ("2 and 3, all with sanduq", (1, 2, 3), ("python",)),
    ("2 and 4, with both", (1, 2, 4), ("tool", "rust")),
    ("3 and 4, with both", (1, 3, 4), ("rust", "tool")),
]


@pytest.mark.parametrize(
    ("owners", "programs"),
    [pytest.param(*row[1:], id=row[0], marks=[] if len(row[2]) > 1 else pytest.mark.long) for row in SUBSETS],
)
def test_any_two_of_a_mixed_group_open_the_sum_at_either(
    owners: tuple[int, ...], programs: tuple[str, ...], mixed: Keys, peer: Peer, party: Callable[[str], Party], tmp_path: Path
) -> None:
    """Whichever program made a trustee's key, either decrypts with it."""
    scenario = Scenario("mixed", votes=(vote(0, YES), vote(1, NO)), voters=2, holders=Holders(1, 3, 2, owners))
    played = play(scenario, Turns([party(name) for name in programs]), tmp_path / "election", mixed)
    they_verify(peer, played.archive)
    we_agree_with(we_verify(played.archive), scenario, played.ballots)


# --- what both refuse -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Files:
    """All files of a ceremony with a threshold of 2 of 3, whole."""

    keys: tuple[bytes, ...]
    certs: tuple[bytes, ...]
    polynomials: tuple[bytes, ...]
    vinputs: tuple[bytes, ...]
    voutputs: tuple[bytes, ...]
    other: bytes
    """A polynomial of the first trustee that it made later."""
    stranger: bytes
    """The first trustee's certificate for a group of four."""

    @property
    def commitments(self) -> list[str]:
        """What was published before the polynomials."""
        return [commitment(polynomial) for polynomial in self.polynomials]


@pytest.fixture(scope="module")
def files(peer: Peer, party: Callable[[str], Party]) -> Files:
    """An honest ceremony of a mixed group."""
    parties = (peer, party("python"), peer)
    seats = [Seat(index, 2, 3) for index in (1, 2, 3)]
    begun = [one.begin(seat) for one, seat in zip(parties, seats, strict=True)]
    keys, certs = tuple(key for key, _ in begun), tuple(cert for _, cert in begun)
    text = lines(certs)
    made = tuple(one.polynomial(text, key, seat) for one, key, seat in zip(parties, keys, seats, strict=True))
    vinputs = tuple(peer.route(text, made))
    published = [commitment(polynomial) for polynomial in made]
    voutputs = [one.finish(text, key, vinput, published) for one, key, vinput in zip(parties, keys, vinputs, strict=True)]
    other = peer.polynomial(text, keys[0], seats[0])
    return Files(keys, certs, made, vinputs, tuple(voutputs), other, peer.begin(Seat(1, 2, 4))[1])


def _swapped(items: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return (items[1], items[0], *items[2:])


def _with(text: bytes, name: str, change: Callable[[object], object]) -> bytes:
    value = json.loads(text)
    return json.dumps(value | {name: change(value[name])}, separators=(",", ":"), ensure_ascii=False).encode()


def _first(text: bytes, name: str, value: object) -> bytes:
    return _with(text, name, lambda items: [value, *items[1:]])


def check_certs(party: Party, files: Files) -> None:
    """Step 2."""
    party.check_certs(lines(files.certs))


def route(party: Party, files: Files) -> None:
    """Step 4."""
    party.route(lines(files.certs), files.polynomials)


def finish(party: Party, files: Files) -> None:
    """Step 5 of the second trustee."""
    party.finish(lines(files.certs), files.keys[1], files.vinputs[1], files.commitments)


def assemble(party: Party, files: Files) -> None:
    """Step 6."""
    party.assemble(lines(files.certs), files.polynomials, files.voutputs)


def _second_vinput(files: Files, vinput: bytes) -> Files:
    return replace(files, vinputs=(files.vinputs[0], vinput, files.vinputs[2]))


def _letter_for_another(files: Files) -> Files:
    letter = json.loads(files.vinputs[2])["secrets"][0]
    return _second_vinput(files, _first(files.vinputs[1], "secrets", letter))


def _letter_of_another(files: Files) -> Files:
    letter = json.loads(files.vinputs[1])["secrets"][1]
    return _second_vinput(files, _first(files.vinputs[1], "secrets", letter))


def _share_of_other_coefficients(files: Files) -> Files:
    return _second_vinput(files, _first(files.vinputs[1], "secrets", json.loads(files.other)["secrets"][1]))


def _coefficients_of_another_signature(files: Files) -> Files:
    return replace(files, polynomials=(_with(files.polynomials[0], "coefexps", _other_signature), *files.polynomials[1:]))


def _other_signature(signed: object) -> object:
    assert isinstance(signed, dict)
    return signed | {"signature": {"challenge": "1", "response": "1"}}


def _spoiled_cert(files: Files) -> Files:
    return replace(files, certs=(_with(files.certs[0], "signature", lambda proof: proof | {"response": "1"}), *files.certs[1:]))


SPOILED: list[tuple[str, Callable[[Files], Files], Callable[[Party, Files], None], type[errors.Refused]]] = [
    ("certificates in another order", lambda f: replace(f, certs=_swapped(f.certs)), check_certs, errors.CertContext),
    (
        "a certificate for another group",
        lambda f: replace(f, certs=(f.stranger, *f.certs[1:])),
        check_certs,
        errors.CertContext,
    ),
    ("a certificate that is not signed", _spoiled_cert, check_certs, errors.CertSignature),
    ("a certificate is missing", lambda f: replace(f, certs=f.certs[:2]), check_certs, errors.CertContext),
    ("a polynomial is missing", lambda f: replace(f, polynomials=f.polynomials[:2]), route, errors.ThresholdInvalid),
    (
        "polynomials in another order",
        lambda f: replace(f, polynomials=_swapped(f.polynomials)),
        route,
        errors.CoefficientsSignature,
    ),
    ("coefficients that are not signed", _coefficients_of_another_signature, route, errors.CoefficientsSignature),
    ("letters for another trustee", lambda f: replace(f, vinputs=_swapped(f.vinputs)), finish, errors.MessageRefused),
    ("a letter for another trustee", _letter_for_another, finish, errors.MessageRefused),
    ("a letter of another trustee", _letter_of_another, finish, errors.MessageRefused),
    ("a share of other coefficients", _share_of_other_coefficients, finish, errors.SecretShareWrong),
    (
        "verification keys in another order",
        lambda f: replace(f, voutputs=_swapped(f.voutputs)),
        assemble,
        errors.VerificationKeyWrong,
    ),
    ("a verification key is missing", lambda f: replace(f, voutputs=f.voutputs[:2]), assemble, errors.ThresholdInvalid),
]


@pytest.mark.parametrize("name", ["tool", "python", "cli"])
@pytest.mark.parametrize(("spoil", "step", "refusal"), [row[1:] for row in SPOILED], ids=[row[0] for row in SPOILED])
def test_both_refuse_the_same_files(
    spoil: Callable[[Files], Files],
    step: Callable[[Party, Files], None],
    refusal: type[errors.Refused],
    name: str,
    files: Files,
    party: Callable[[str], Party],
) -> None:
    step(party(name), files)
    with pytest.raises(ToolFailed if name == "tool" else refusal):
        step(party(name), spoil(files))


def test_coefficients_that_were_not_committed_to_are_refused(files: Files, peer: Peer, party: Callable[[str], Party]) -> None:
    """The first trustee, at the tool, sends others than it had published: all is well signed, and only the commitments tell."""
    certs = lines(files.certs)
    vinputs = peer.route(certs, (files.other, *files.polynomials[1:]))
    for name in ("python", "cli"):
        with pytest.raises(errors.CommitmentMismatch):
            party(name).finish(certs, files.keys[1], vinputs[1], files.commitments)


@pytest.mark.parametrize("maker", ["tool", "python"])
def test_sanduq_tells_the_commitment_of_either(
    maker: str, files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`keys commitment`, for trustees at the tool, which does not tell it."""
    made = files.polynomials[0 if maker == "tool" else 1]
    (tmp_path / "step3.json").write_bytes(made)
    run("keys", "commitment", tmp_path / "step3.json")
    assert capsys.readouterr().out.strip() == commitment(made)
