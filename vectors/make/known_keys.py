"""Known answers of a trustee: a whole ceremony, the trial that follows, and what is refused on the way. ``known/keys.json``."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sanduq import errors
from sanduq.algebra.group import Q
from sanduq.algebra.numbers import Random
from sanduq.algebra.proofs import Proof
from sanduq.archive import json
from sanduq.count import trial
from sanduq.keys import ceremony
from sanduq.keys.ceremony import Polynomial, Vinput, Voutput
from sanduq.keys.certificates import Cert, Context, SignedMessage, sign
from sanduq.keys.pki import Seed, encrypt, new_seed, send
from sanduq.keys.trustees import Single, Trustees, check_trustees

Case = dict[str, Any]
Stream = Callable[[str], Random]


@dataclass(frozen=True)
class Made:
    """What the members of a group have made, in the order of their indices."""

    name: str
    seeds: tuple[Seed, ...]
    certs: tuple[Cert, ...]
    polynomials: tuple[Polynomial, ...]
    vinputs: tuple[Vinput, ...]
    voutputs: tuple[Voutput, ...]

    @property
    def commitments(self) -> list[str]:
        return [polynomial.commitment for polynomial in self.polynomials]


def _ceremony(name: str, size: int, threshold: int, names: list[str | None], stream: Stream) -> Made:
    choose = random.Random(name)
    seeds = tuple(Seed(new_seed(choose.choice)) for _ in range(size))
    each = list(enumerate(seeds, 1))
    made = tuple(ceremony.begin(seed, Context(size, threshold, i), stream(f"{name}|begin|{i}")) for i, seed in each)
    certs = ceremony.read_certs([_line(cert) for cert in made])
    polynomials = tuple(ceremony.make_polynomial(seed, certs, stream(f"{name}|polynomial|{i}")) for i, seed in each)
    vinputs = tuple(ceremony.route(certs, polynomials))
    commitments = [polynomial.commitment for polynomial in polynomials]
    voutputs = tuple(
        ceremony.finish(seed, certs, vinputs[i - 1], commitments, stream(f"{name}|finish|{i}"), names[i - 1])
        for i, seed in each
    )
    return Made(name, seeds, certs, polynomials, vinputs, voutputs)


def _line(cert: Cert) -> bytes:
    return json.write(cert.signed.to_json()).encode()


def keys(stream: Stream) -> Case:
    """Two ceremonies, one with a mandatory trustee before the group; and spoiled steps."""
    plain = _ceremony("two of three", 3, 2, [None] * 3, stream)
    named = _ceremony("three of four, named", 4, 3, ["Ay", "شهاب", 'O"Neil', None], stream)
    return {
        "ceremonies": [_told(plain, 0, stream), _told(named, 1, stream)],
        "judged": [_judge(*case) for case in _spoiled(plain, stream)],
    }


def _told(made: Made, mandatory: int, stream: Stream) -> Case:
    singles, tellings = [], []
    for n in range(1, mandatory + 1):
        seed = f"{made.name}|single|{n}"
        x, public = ceremony.new_single(stream(seed))
        singles.append((x, Single(public)))
        tellings.append({"random": seed, "privkey": json.write(str(x)), "pubkey": json.write(public.to_json())})
    group = ceremony.assemble(made.certs, made.polynomials, made.voutputs)
    trustees = Trustees((*(single for _, single in singles), group))
    check_trustees(trustees)
    secrets = [x for x, _ in singles]
    secrets += [ceremony.decryption_key(s, v.private_key) for s, v in zip(made.seeds, made.voutputs, strict=True)]
    trials = [trial.decrypt_trial(trustees, x, stream(f"{made.name}|trial|{n}")) for n, x in enumerate(secrets, 1)]
    return {
        "name": made.name,
        "threshold": made.certs[0].context.threshold,
        "singles": tellings,
        "members": [_member(made, i) for i in range(len(made.seeds))],
        "group": json.write(ceremony.group_value(group)),
        "trustees": trustees.to_bytes().decode(),
        "trials": [trial.trial_bytes(trustees, part).decode() for part in trials],
        "numbers": list(trial.check_trial(trustees, trials)[0]),
    }


def _member(made: Made, i: int) -> Case:
    return {
        "seed": made.seeds[i].text,
        "random": {step: f"{made.name}|{step}|{i + 1}" for step in ("begin", "polynomial", "finish")},
        "name": made.voutputs[i].public_key.name,
        "cert": _line(made.certs[i]).decode(),
        "commitment": made.polynomials[i].commitment,
        "polynomial": made.polynomials[i].to_bytes().decode(),
        "vinput": made.vinputs[i].to_bytes().decode(),
        "voutput": made.voutputs[i].to_bytes().decode(),
    }


# --- what is refused --------------------------------------------------------------------------------------------------------


def _spoiled(made: Made, stream: Stream) -> Iterator[tuple[str, Made, list[str]]]:
    """Ways to spoil what reaches the second trustee in step 5."""
    vinput, commitments = made.vinputs[1], made.commitments
    fresh = stream("spoiled")

    def case(what: str, **edit: Any) -> tuple[str, Made, list[str]]:
        vinputs = (made.vinputs[0], replace(vinput, **edit), made.vinputs[2])
        return what, replace(made, vinputs=vinputs), commitments

    def letter(sender: int, recipient: int, text: str) -> str:
        return send(made.seeds[sender], made.seeds[recipient].encryption_key, text, fresh)

    def third(secret: str) -> tuple[str, ...]:
        return (*vinput.secrets[:2], secret)

    yield "good", made, commitments
    yield "other commitments", made, ["0" * 64, *commitments[1:]]
    yield "commitments in another order", made, commitments[::-1]
    yield "a commitment is missing", made, commitments[:2]
    yield case("a share of 1", secrets=third(letter(2, 1, '{"secret":"1"}')))
    yield case("a share not reduced", secrets=third(letter(2, 1, f'{{"secret":"{Q}"}}')))
    yield case("a letter by another", secrets=third(letter(0, 1, '{"secret":"1"}')))
    yield case("a letter to another", secrets=third(made.vinputs[0].secrets[2]))
    yield case("a letter with another share inside its wrapping", secrets=third(_rewrapped(made, fresh)))
    yield case("a letter cut short", secrets=third(vinput.secrets[2].replace('"data":"', '"data":"00')))
    yield case("another cipher", secrets=third(vinput.secrets[2].replace("AES-GCM", "AES-CCM")))
    yield case("no letter", secrets=third(""))
    yield case("a share is missing", secrets=vinput.secrets[:2])
    yield case("a polynomial that is not mine", polynomial=vinput.secrets[0])
    yield case("another polynomial of mine", polynomial=letter(1, 1, '{"polynomial":["1","2"]}'))
    first, second, last = vinput.signatures
    yield case("signatures swapped", signatures=(second, first, last))
    off = SignedMessage(vinput.coefexps[0].message, _off(vinput.coefexps[0].signature))
    yield case("coefficients not signed", coefexps=(off, *vinput.coefexps[1:]))
    certs = (*made.certs[:2], ceremony.begin(made.seeds[2], Context(3, 2, 3), fresh))
    yield "another certificate of the third", replace(made, certs=certs), commitments
    foreign = Seed(new_seed(random.Random("foreign").choice))
    yield "a key that is none of them", replace(made, seeds=(made.seeds[0], foreign, made.seeds[2])), commitments
    yield "two certificates are of one trustee", replace(made, certs=(made.certs[0], *made.certs[:2])), commitments
    one = ceremony.begin(made.seeds[2], Context(3, 3, 3), fresh)
    yield "a certificate for another threshold", replace(made, certs=(*made.certs[:2], one)), commitments


def _off(proof: Proof) -> Proof:
    return Proof(proof.challenge, (proof.response + 1) % Q)


def _rewrapped(made: Made, fresh: Random) -> str:
    """What the third signed for the first, in a letter to the second."""
    inner = json.write({"recipient": made.seeds[0].encryption_key.hex, "message": '{"secret":"1"}'})
    signed = sign(inner, made.seeds[2].signing, fresh)
    return encrypt(made.seeds[1].encryption_key, json.write(signed.to_json()), fresh)


def _judge(what: str, made: Made, commitments: list[str]) -> Case:
    lines = [_line(cert) for cert in made.certs]
    case: Case = {
        "what": what,
        "seed": made.seeds[1].text,
        "certs": [line.decode() for line in lines],
        "vinput": made.vinputs[1].to_bytes().decode(),
        "commitments": commitments,
    }
    try:
        certs = ceremony.read_certs(lines)
        made_here = ceremony.finish(made.seeds[1], certs, made.vinputs[1], commitments, random_once())
        return case | {"accept": made_here.public_key.key.hex}
    except errors.Refused as refusal:
        return case | {"step": refusal.step, "error": type(refusal).__name__}


def random_once() -> Random:
    """Numbers that leave no trace in what is written: the key that comes out does not depend on them."""
    rng = random.Random("once")
    return lambda: rng.randrange(Q)
