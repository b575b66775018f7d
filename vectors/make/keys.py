"""Chapter 3: the trustees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sanduq.algebra.group import IDENTITY, G, Q
from sanduq.algebra.numbers import Random
from sanduq.algebra.proofs import Proof, Schnorr
from sanduq.archive import json
from sanduq.keys.ceremony import public_key_of
from sanduq.keys.certificates import sign
from sanduq.keys.trustees import PublicKey, Single

from . import group
from .catalogue import vector
from .foundations_text import swap, with_election, with_trustees
from .group import Group, archive
from .sealing import off_by_one
from .world import only_setup, single, world


def with_proof(rng: Random, edit: Callable[[PublicKey], PublicKey]) -> bytes:
    """An archive with one trustee, changed."""
    _, item = single(rng)
    return only_setup([Single(edit(item.public_key))])


# --- 3.1 to 3.4 -------------------------------------------------------------------------------------------------------------


@vector("3.1-unknown-kind", "a trustee of a kind that the format does not know", reader=True)
def _(rng: Random) -> bytes:
    return with_trustees(swap(b"Single", b"Shamir"))


@vector("3.1-many", "101 trustees, none of which is looked at", "B14", reader=True)
def _(rng: Random) -> bytes:
    return with_trustees(lambda _: json.write([0] * 101).encode())


@vector("3.1-group-of-none", "a threshold group without members", "T2", reader=True)
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        g.certs, g.coefexps, g.signatures, g.keys = [], [], [], []

    return archive(rng, keys=edit)


@vector("3.1-signed-single", "a mandatory trustee with a signature, which nobody could check")
def _(rng: Random) -> bytes:
    return with_proof(rng, lambda key: replace(key, signature=key.proof))


@vector("3.1-unsigned-in-a-group", "a verification key without its signature", "T4", group="unsigned verification key")
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        g.keys[0] = replace(g.keys[0], signature=None)

    return archive(rng, keys=edit)


@vector(
    "3.2-any-key", "no trustee, and a key of the election that somebody else holds alone", "T2", group="no trustee, any key"
)
def _(rng: Random) -> bytes:
    return with_trustees(lambda _: b"[]")


@vector("3.3-secret-of-zero", "a trustee whose secret key is 0 beside an honest one", "T2")
def _(rng: Random) -> bytes:
    return only_setup([Single(public_key_of(0, rng)), single(rng)[1]])


@vector("3.3-cert-verification", "a certificate whose signing key is 0: anybody signs for this trustee", "T4")
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        g.signing[0] = 0

    return archive(rng, begin=edit)


@vector("3.3-cert-encryption", "a certificate whose decryption key is 0: anybody reads this trustee's letters", "T4")
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        g.encryption[0] = IDENTITY

    return archive(rng, begin=edit)


@vector("3.3-constant-coefficient", "a trustee whose part of the group's secret is 0", "T2")
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        g.coefficients[0][0] = 0

    return archive(rng, begin=edit)


@vector("3.3-last-coefficient", "a trustee whose polynomial is of a lower degree", "T2")
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        g.coefficients[0][-1] = 0

    return archive(rng, begin=edit)


@vector("3.3-group-of-zero", "the last trustee of the group chose its part so that the group's secret is 0", "T2")
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        g.coefficients[-1][0] = -sum(row[0] for row in g.coefficients[:-1]) % Q

    made = Group(rng, 2).run(begin=edit)
    other = single(rng)[1]
    return only_setup([made, other], other.key)


@vector(
    "3.3-lower-threshold",
    "the last trustee chose its part so that two of them can decrypt where three are said to be needed",
    "T2",
)
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        g.coefficients[-1][-1] = -sum(row[-1] for row in g.coefficients[:-1]) % Q

    return archive(rng, size=3, threshold=3, begin=edit)


@vector("3.3-verification-key", "the last trustee chose its part so that the first one's decryption key is 0", "T2")
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        g.coefficients[-1][0] = (g.coefficients[-1][0] - g.share(1)) % Q

    return archive(rng, begin=edit)


@vector("3.4-single", "the same trustee twice", "T2")
def _(rng: Random) -> bytes:
    _, item = single(rng)
    return only_setup([item, item])


@vector("3.4-cert", "two trustees of a group with the same signing key", "T2")
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        g.signing[1] = g.signing[0]

    return archive(rng, begin=edit)


@vector(
    "3.4-verification-keys", "two trustees of a group with the same decryption key: the polynomial meets a value twice", "T2"
)
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        # f(1) = f(2) for f = a + bx + cx²: b = −3c.
        row = g.coefficients[-1]
        row[1] = (row[1] - sum(r[1] + 3 * r[2] for r in g.coefficients)) % Q

    return archive(rng, size=3, threshold=3, begin=edit)


# --- 3.5 --------------------------------------------------------------------------------------------------------------------


@vector("3.5-response", "a trustee's proof is off by one", "T1")
def _(rng: Random) -> bytes:
    return with_proof(rng, lambda key: replace(key, proof=off_by_one(key.proof)))


@vector("3.5-rogue-key", "the last trustee chose its key so that it holds the election's key alone", "T1")
def _(rng: Random) -> bytes:
    _, honest = single(rng)
    mine = G ** rng() / honest.key
    return only_setup([honest, Single(PublicKey(mine, Proof(rng(), rng())))])


@vector("3.5-unbound", "a proof whose hash leaves out the key: made for a key chosen afterwards", "B9")
def _(rng: Random) -> bytes:
    x = rng()
    return only_setup([Single(PublicKey(G**x, Schnorr("pok|Ed25519|").prove(x, rng)))])


@vector("3.5-group", "a proof in a threshold group is off by one", "T4")
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        g.keys[0] = replace(g.keys[0], proof=off_by_one(g.keys[0].proof))

    return archive(rng, keys=edit)


# --- 3.6 to 3.12 ------------------------------------------------------------------------------------------------------------


def threshold_of(number: int) -> group.Edit:
    """A group that says another threshold everywhere."""

    def edit(g: Group) -> None:
        g.threshold = number
        for context in g.contexts:
            context["threshold"] = number

    return edit


@vector("3.6-zero", "a threshold of 0: nobody needs to decrypt", "T2")
def _(rng: Random) -> bytes:
    return archive(rng, begin=threshold_of(0))


@vector("3.6-above-size", "a threshold of 3 in a group of 2: nobody can decrypt", "T2")
def _(rng: Random) -> bytes:
    return archive(rng, threshold=3)


@vector("3.6-long-polynomials", "polynomials of a higher degree than the threshold: nobody can decrypt", "T2")
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        for row in g.coefficients:
            row.append(rng())

    return archive(rng, begin=edit)


@vector("3.6-one-key-more", "a verification key more than certificates", "T2")
def _(rng: Random) -> bytes:
    return archive(rng, keys=lambda g: g.keys.append(public_key_of(rng(), rng)))


@vector("3.6-one-signature-more", "a signature more than certificates", "T4")
def _(rng: Random) -> bytes:
    return archive(rng, signatures=lambda g: g.signatures.append(Proof(0, 0)))


def context_of(name: str, value: object) -> group.Edit:
    """A certificate for another context."""

    def edit(g: Group) -> None:
        g.contexts[0][name] = value

    return edit


@vector("3.7-index", "a certificate for another index", "T4")
def _(rng: Random) -> bytes:
    return archive(rng, begin=context_of("index", 2))


@vector("3.7-size", "a certificate for a larger group", "T4")
def _(rng: Random) -> bytes:
    return archive(rng, begin=context_of("size", 3))


@vector("3.7-threshold", "a certificate for another threshold", "T4")
def _(rng: Random) -> bytes:
    return archive(rng, begin=context_of("threshold", 3))


@vector("3.7-group", "a certificate for another group", "T4", group="name of the group")
def _(rng: Random) -> bytes:
    return archive(rng, begin=context_of("group", "BELENIOS-2048"))


@vector("3.8-other-key", "a certificate that another trustee signed", "T4")
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        g.certs[0] = sign(g.cert_text(0), g.signing[1], rng)

    return archive(rng, certs=edit)


@vector("3.9-other-key", "a trustee's coefficients that another one signed", "T4")
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        g.coefexps[0] = sign(g.coefexps[0].message, g.signing[1], rng)

    return archive(rng, coefexps=edit)


@vector("3.10-other-certificates", "a trustee was shown another certificate of the second trustee, and signed that", "T4")
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        other = Group(rng, 2)
        other.make_certs()
        g.signatures[0] = g.sign_all(0, [g.certs[0], other.certs[1]])

    return archive(rng, signatures=edit)


@vector("3.11-own-key", "a trustee has put in a verification key of its own making", "T4")
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        g.keys[0] = g.key_of(rng(), 0)

    return archive(rng, keys=edit)


@vector("3.12-other-key", "a verification key that another trustee signed", "T4")
def _(rng: Random) -> bytes:
    def edit(g: Group) -> None:
        g.keys[0] = g.key_of(g.share(1), 1)

    return archive(rng, keys=edit)


# --- 3.13, 3.14 -------------------------------------------------------------------------------------------------------------


@vector("3.13-other-key", "the election's key is one that the server holds alone", "T1")
def _(rng: Random) -> bytes:
    return with_election(swap(world().election.public_key.hex.encode(), (G ** rng()).hex.encode()))


@vector("3.13-left-out", "the election's key leaves a trustee out", "T1")
def _(rng: Random) -> bytes:
    first, second = single(rng)[1], single(rng)[1]
    return only_setup([first, second], first.key)


@vector(
    "3.14-x-and-minus-x",
    "two trustees with x and −x: the election's key is the identity and everybody reads every ballot",
    "T2",
)
def _(rng: Random) -> bytes:
    x = rng()
    return only_setup([Single(public_key_of(x, rng)), Single(public_key_of(Q - x, rng))])


@vector("3.14-no-trustee", "no trustee: the election's key is the identity", "T2", group="no trustee, key of nobody")
def _(rng: Random) -> bytes:
    return only_setup([])
