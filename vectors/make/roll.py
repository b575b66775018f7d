"""Chapter 1: the public list and its certificate."""

from __future__ import annotations

from dataclasses import replace

from sanduq.algebra.group import IDENTITY
from sanduq.algebra.numbers import Random
from sanduq.archive import json
from sanduq.roll import MAX_WEIGHT, make_roll

from . import certificate
from .catalogue import vector
from .chain import Chain
from .foundations_text import in_roll, swap, with_roll
from .sealing import Pen, off_by_one, openings, signed, unsigned
from .world import YES_NO, Voter, world


def weighed(*weights: str) -> bytes:
    """A roll whose entries have these weights, as text (empty: none)."""
    keys = [voter.key for voter in world().voters]
    entries = [f"{key},{weight}" if weight else key for key, weight in zip(keys, weights, strict=False)]
    return with_roll(lambda _: json.write(entries).encode())


@vector("1.1-no-json", "the roll is cut off", "A9", reader=True)
def _(rng: Random) -> bytes:
    return with_roll(lambda data: data[:-1])


@vector("1.1-a-name", "the roll has a name where a key should be", "A9", reader=True)
def _(rng: Random) -> bytes:
    return in_roll("Somebody")


@vector("1.1-negative-weight", "a weight below zero", "A9", reader=True)
def _(rng: Random) -> bytes:
    return weighed("1", "-1")


@vector("1.1-weight-zeros", "a weight with zeros before it", "A9", reader=True)
def _(rng: Random) -> bytes:
    return weighed("1", "007")


@vector("1.2-without-ballots", "a credential stands twice, and nobody has voted", "A9")
def _(rng: Random) -> bytes:
    return in_roll(world().voters[0].key)


@vector("1.2-with-ballots", "a credential stands twice, and its voter has voted", "A9")
def _(rng: Random) -> bytes:
    w = world()
    keys = [voter.key for voter in (*w.voters, w.voters[0])]
    chain = Chain().setup(w.election.raw, w.trustees.to_bytes(), json.write(keys).encode())
    return chain.ballots(w.ballot(0, rng)).content


@vector("1.3-no-ballot", "a public credential is the identity: everybody knows its exponent", "A9")
def _(rng: Random) -> bytes:
    return in_roll(IDENTITY.hex)


@vector("1.3-voted", "somebody votes with the credential that is the identity", "B10")
def _(rng: Random) -> bytes:
    nobody = Voter("", 0, IDENTITY.hex)
    w = replace(world(), voters=(nobody,), roll=make_roll([(nobody.key, None)]))
    answer = Pen.of(w, 0, rng).answer(YES_NO, openings(rng, 1, 0))
    return w.chain().ballots(signed(unsigned(w, 0, [answer]), nobody, rng)).content


@vector("1.4-some-without", "the second voter has no weight", "A9", group="weights for some")
def _(rng: Random) -> bytes:
    return weighed("2", "")


@vector("1.4-some-with", "only the second voter has a weight", "A9", group="weights for some")
def _(rng: Random) -> bytes:
    return weighed("", "2")


@vector("1.4-too-large", "a weight above 10^11", "A9")
def _(rng: Random) -> bytes:
    return weighed("1", str(MAX_WEIGHT + 1))


@vector("1.4-too-large-together", "weights that are above 10^11 together", "A9")
def _(rng: Random) -> bytes:
    return weighed(str(MAX_WEIGHT), "1")


@vector("1.5-garbage", "the certificate of the credentials is something else", "A10", reader=True)
def _(rng: Random) -> bytes:
    return certificate.archive(rng, text=lambda _: b'{"garbage":1}')


@vector("1.5-unknown-field", "the certificate of the credentials has a field that it does not know", "A10", reader=True)
def _(rng: Random) -> bytes:
    return certificate.archive(rng, text=swap(b'{"uuid"', b'{"note":"hidden","uuid"'))


@vector("1.6-uuid", "the certificate is for another election", "A10")
def _(rng: Random) -> bytes:
    return certificate.archive(rng, uuid="another1e1ect1on")


@vector("1.6-roll", "the certificate is for another list", "A10")
def _(rng: Random) -> bytes:
    return certificate.archive(rng, public_creds_hash="0" * 64)


@vector("1.6-length", "the certificate is for more voters than there are", "A10")
def _(rng: Random) -> bytes:
    return certificate.archive(rng, voter_list_length=4)


@vector("1.7-message", "the certificate's message, which is signed, is not the hash of its text", "A10")
def _(rng: Random) -> bytes:
    return certificate.archive(rng, message=lambda _: "0" * 64)


@vector("1.7-signature", "the certificate's signature is off by one", "A10")
def _(rng: Random) -> bytes:
    return certificate.archive(rng, proof=off_by_one)


@vector("1.7-other-key", "the certificate is signed with another key", "A10")
def _(rng: Random) -> bytes:
    return certificate.archive(rng, other_key=True)
