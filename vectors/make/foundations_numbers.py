"""0.3 to 0.5: numbers and points."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from sanduq.algebra.group import G, P, Q
from sanduq.algebra.numbers import Random
from sanduq.algebra.proofs import Schnorr
from sanduq.archive import json
from sanduq.booth.ballot import Answer
from sanduq.count.decryption import PartialDecryption, scheme
from sanduq.keys.trustees import PublicKey, Single
from sanduq.roll import make_roll

from . import certificate, group
from .catalogue import vector
from .foundations_text import in_roll, swap
from .sealing import Pen, forged, not_reduced, openings, short, signed, unsigned, until
from .world import EIGHT, TWO, YES_NO, only_setup, single, world

# --- 0.3 --------------------------------------------------------------------------------------------------------------------


@vector("0.3-individual-proof", "a response inside a ballot is not reduced: a second text for the same ballot", "B12")
def _(rng: Random) -> bytes:
    def edit(answer: Answer) -> Answer:
        first, *rest = answer.individual_proofs
        return replace(answer, individual_proofs=(tuple(not_reduced(p) if short(p) else p for p in first), *rest))

    w = world()
    while True:
        raw = forged(w, rng, 1, 0, edit=edit)
        first = json.read(raw)["answers"][0]["individual_proofs"][0]
        if any(int(part["response"]) >= Q for part in first):
            return w.chain().ballots(raw).content


@vector("0.3-signature", "the response of a ballot's signature is not reduced: anybody can make this second text of it", "B12")
def _(rng: Random) -> bytes:
    w = world()
    while True:
        value = json.read(w.ballot(0, rng))
        response = int(value["signature"]["proof"]["response"]) + Q
        if response < 10**76:
            value["signature"]["proof"]["response"] = str(response)
            return w.chain().ballots(json.write(value).encode()).content


@vector("0.3-proof-of-knowledge", "the response of a trustee's proof is not reduced", "B12")
def _(rng: Random) -> bytes:
    _, item = single(rng)
    key = item.public_key
    return only_setup([Single(PublicKey(key.key, not_reduced(key.proof)))])


@vector("0.3-decryption", "a response of a partial decryption is not reduced", "B12")
def _(rng: Random) -> bytes:
    w = world()
    part = w.part(1, w.sums(), rng)
    loose = PartialDecryption(part.factors, tuple(tuple(map(not_reduced, row)) for row in part.proofs))
    return w.chain().end().tally(w.sums(), 0).decryption(1, loose).content


@vector("0.3-cert", "the response of a certificate's signature is not reduced", "B12")
def _(rng: Random) -> bytes:
    def edit(g: group.Group) -> None:
        g.certs[0] = replace(g.certs[0], signature=not_reduced(g.certs[0].signature))

    return group.archive(rng, certs=edit)


@vector("0.3-certificate", "the response under the certificate of the credentials is not reduced", "B12")
def _(rng: Random) -> bytes:
    return certificate.archive(rng, proof=not_reduced)


# --- 0.4 --------------------------------------------------------------------------------------------------------------------


@vector("0.4-not-reduced", "a public credential whose y is p + 1: a second text for the identity", "B11", reader=True)
def _(rng: Random) -> bytes:
    return in_roll(f"{P + 1:064x}")


@vector("0.4-sign-of-zero", "x is zero and its sign is set: a second text for the identity", "B11", reader=True)
def _(rng: Random) -> bytes:
    return in_roll(f"{2**255 + 1:064x}")


@vector("0.4-no-point", "a public credential that is no point of the curve", "A9", reader=True)
def _(rng: Random) -> bytes:
    return in_roll(f"{2:064x}")


@vector(
    "0.4-upper-case", "an alpha inside a ballot in upper case digits: a second text for the same ballot", "B11", reader=True
)
def _(rng: Random) -> bytes:
    w = world()
    raw = w.ballot(0, rng)
    at = raw.index(b'"alpha":"') + 9
    return w.chain().ballots(raw[:at] + raw[at : at + 64].upper() + raw[at + 64 :]).content


@vector("0.4-factor", "a decryption factor that is no point of the curve", "T7", reader=True)
def _(rng: Random) -> bytes:
    w = world()
    part = w.part(1, w.sums(), rng)
    edit = swap(part.factors[0][0].hex.encode(), b"%064x" % 2)
    return w.chain().end().tally(w.sums(), 0).decryption(1, part, text=edit).content


# --- 0.5 --------------------------------------------------------------------------------------------------------------------


@vector("0.5-roll", "a public credential with a part of order 8", "B10")
def _(rng: Random) -> bytes:
    return in_roll((G ** rng() * EIGHT).hex)


@vector("0.5-roll-small", "a public credential that is a point of order 8: seven exponents open it", "B10")
def _(rng: Random) -> bytes:
    return in_roll(EIGHT.hex)


@vector("0.5-credential", "a voter whose credential has a part of order 2 votes; the signature is made to hold", "B10")
def _(rng: Random) -> bytes:
    w = world()
    voter = replace(w.voters[0], key=(G ** w.voters[0].x * TWO).hex)
    odd = replace(w, voters=(voter,), roll=make_roll([(voter.key, None)]))
    pen = Pen.of(odd, 0, rng)
    ballot = unsigned(odd, 0, [pen.answer(YES_NO, openings(rng, 1, 0))])
    while True:
        raw = signed(ballot, voter, rng)
        if int(json.read(raw)["signature"]["proof"]["challenge"]) % 2 == 0:
            return odd.chain().ballots(raw).content


def odd_trustee(rng: Random) -> Single:
    """A trustee whose key has a part of order 2, with a proof that holds."""
    x = rng()
    key = G**x * TWO
    scheme_of = Schnorr(f"pok|Ed25519|{key.hex}|")
    return Single(PublicKey(key, until(lambda: scheme_of.prove(x, rng), lambda proof: proof.challenge % 2 == 0)))


@vector("0.5-trustees", "two trustees' keys have a part of order 2, which cancels in the election's key", "T1")
def _(rng: Random) -> bytes:
    return only_setup([odd_trustee(rng), odd_trustee(rng)])


@vector("0.5-election-key", "the election's key, and the trustee's, have a part of order 2", "T1")
def _(rng: Random) -> bytes:
    return only_setup([odd_trustee(rng)])


@vector("0.5-coefficients", "two threshold trustees' coefficients have a part of order 2, which cancels in the keys", "T1")
def _(rng: Random) -> bytes:
    def edit(g: group.Group) -> None:
        for row in g.rows[:2]:
            row[0] = row[0] * TWO

    return group.archive(rng, rows=edit)


@vector("0.5-cert", "the key to encrypt to a trustee has a part of order 8", "T4")
def _(rng: Random) -> bytes:
    def edit(g: group.Group) -> None:
        g.encryption[0] = g.encryption[0] * EIGHT

    return group.archive(rng, begin=edit)


@vector("0.5-certificate", "the key in the certificate of the credentials has a part of order 8", "A10")
def _(rng: Random) -> bytes:
    return certificate.archive(rng, encryption=G ** rng() * EIGHT)


@vector("0.5-alpha", "an alpha with a part of order 2, its proofs made to hold", "B10")
def _(rng: Random) -> bytes:
    return one_odd_choice(rng, alpha=True)


@vector("0.5-beta", "a beta with a part of order 2, its proofs made to hold", "B10")
def _(rng: Random) -> bytes:
    return one_odd_choice(rng, alpha=False)


def one_odd_choice(rng: Random, *, alpha: bool) -> bytes:
    """A ballot whose first choice has a part of order 2."""
    w = world()
    opened = openings(rng, 1, 0)
    pen = Pen.of(w, 0, rng)
    first, second = pen.answer(YES_NO, opened).choices
    odd = replace(first, alpha=first.alpha * TWO) if alpha else replace(first, beta=first.beta * TWO)
    answer = pen.answer(YES_NO, opened, (odd, second))
    return w.chain().ballots(signed(unsigned(w, 0, [answer]), w.voters[0], rng)).content


@vector("0.5-tally", "a ciphertext of the encrypted tally has a part of order 2", "B10", group="torsion in a sum")
def _(rng: Random) -> bytes:
    w = world()
    first, second = w.sums()[0]
    return w.chain().end().tally(((replace(first, alpha=first.alpha * TWO), second),), 0).content


@vector("0.5-factor", "two trustees' factors have a part of order 2, which cancels in the result", "T7")
def _(rng: Random) -> bytes:
    w = world("two trustees", (YES_NO,), 1, 2)
    raw = w.ballot(0, rng)
    sums = w.sums(raw)
    chain = w.chain().ballots(raw).end().tally(sums, 1)
    for owner, x in w.secrets.items():
        part = w.part(owner, sums, rng)
        first, second = part.factors[0]
        proof_of, alpha = scheme(w.election, G**x), sums[0][0].alpha

        proof = until(partial(proof_of.prove, alpha, x, rng), lambda made: made.challenge % 2 == 0)
        chain.decryption(owner, PartialDecryption(((first * TWO, second),), ((proof, part.proofs[0][1]),)))
    return chain.result((1, 0)).content
