"""Chapter 7: the encrypted sum, the decryptions, the result. Trustees and server lie with all their keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sanduq.algebra.elgamal import NOTHING
from sanduq.algebra.group import G, Q
from sanduq.algebra.numbers import Random
from sanduq.algebra.proofs import SameExponent
from sanduq.archive import json
from sanduq.count.decryption import PartialDecryption

from . import group
from .catalogue import vector
from .chain import Chain
from .sealing import off_by_one
from .world import YES_NO, World, world

TWO_TRUSTEES = ("two trustees", (YES_NO,), 1, 2)


def summed(rng: Random, w: World | None = None, *, counted: int = 1, weight: int | None = None) -> bytes:
    """A vote of one ballot with its true sum, said to be of so many ballots."""
    w = w or world()
    raw = w.ballot(0, rng)
    return w.chain().ballots(raw).end().tally(w.sums(raw), counted, weight).content


@vector("7.1-more", "4711 ballots are said to be in a sum of one", "A7")
def _(rng: Random) -> bytes:
    return summed(rng, counted=4711, weight=1)


@vector("7.1-revote", "a ballot that was replaced is counted as one more", "A7")
def _(rng: Random) -> bytes:
    w = world()
    first, second = w.ballot(0, rng), w.ballot(0, rng)
    return w.chain().ballots(first, second).end().tally(w.sums(second), 2, 1).content


@vector("7.2-more", "a total weight of 4711 of one ballot", "A7")
def _(rng: Random) -> bytes:
    return summed(rng, weight=4711)


@vector("7.2-unweighted", "the number of ballots instead of their weight", "A7")
def _(rng: Random) -> bytes:
    w = world("weighted", (YES_NO,), 1, weights=(5,))
    raw = w.ballot(0, rng)
    return w.chain().ballots(raw).end().tally(w.sums(raw, weights=[5]), 1, 1).content


def counted(w: World, raws: Sequence[bytes], rng: Random, *result: int, **other: object) -> bytes:
    """A vote of two voters that is counted to its end, whatever stands in the sum."""
    first, second = w.ballot(0, rng), w.ballot(1, rng)
    sums = w.sums(*(raws or [first]), **other)
    chain = w.chain().ballots(first, second).end().tally(sums, 2)
    return w.decrypted(chain, sums, rng).result(result).content


@vector("7.3-dropped", "a ballot is left out of the sum; decryptions and result are right for what is in it", "A8")
def _(rng: Random) -> bytes:
    return counted(world(), [], rng, 1, 0)


@vector("7.3-doubled", "a ballot stands twice in the sum", "A8")
def _(rng: Random) -> bytes:
    w = world()
    first, second = w.ballot(0, rng), w.ballot(1, rng)
    sums = w.sums(first, first, second)
    chain = w.chain().ballots(first, second).end().tally(sums, 2)
    return w.decrypted(chain, sums, rng).result((3, 0)).content


@vector("7.3-weight", "the weight of a ballot is left out of the sum", "A8")
def _(rng: Random) -> bytes:
    w = world("weighted", (YES_NO,), 1, weights=(5,))
    raw = w.ballot(0, rng)
    return w.chain().ballots(raw).end().tally(w.sums(raw), 1, 5).content


@vector("7.3-first-of-two", "a voter's first ballot is in the sum instead of the last", "A8")
def _(rng: Random) -> bytes:
    w = world()
    first, second = w.ballot(0, rng), w.ballot(0, rng, (0, 1))
    return w.chain().ballots(first, second).end().tally(w.sums(first), 1).content


@vector(
    "7.3-one-ballot-of-another-area",
    "the sum is one voter's ciphertext of another area with the same trustees: a decryption would show the vote",
)
def _(rng: Random) -> bytes:
    w = world()
    return w.chain().end().tally(w.sums(w.ballot(0, rng)), 0).content


# --- 7.4 to 7.8 -------------------------------------------------------------------------------------------------------------


def closed(w: World) -> Chain:
    """A vote without ballots up to its sum."""
    return w.chain().end().tally(w.sums(), 0)


@vector("7.4-question-more", "a decryption of a question that nobody asked", "T7")
def _(rng: Random) -> bytes:
    w = world()
    part = w.part(1, w.sums(), rng)
    return closed(w).decryption(1, PartialDecryption(part.factors * 2, part.proofs * 2)).content


@vector("7.4-question-missing", "a decryption without its only question", "T7", reader=True)
def _(rng: Random) -> bytes:
    return closed(world()).decryption(1, PartialDecryption((), ())).content


@vector("7.5-owner-0", "a trustee decrypts as trustee 0", "T6")
def _(rng: Random) -> bytes:
    w = world()
    return closed(w).decryption(0, w.part(1, w.sums(), rng)).content


@vector("7.5-owner-above", "trustee 2 of 1 decrypts", "T6", reader=True)
def _(rng: Random) -> bytes:
    w = world()
    return closed(w).decryption(2, w.part(1, w.sums(), rng)).content


@vector("7.6-same", "a trustee's decryption stands twice", "T6")
def _(rng: Random) -> bytes:
    w = world()
    part = w.part(1, w.sums(), rng)
    return closed(w).decryption(1, part).decryption(1, part).content


@vector("7.6-other-proofs", "a trustee has decrypted twice, right both times", "T6")
def _(rng: Random) -> bytes:
    w = world()
    return closed(w).decryption(1, w.part(1, w.sums(), rng)).decryption(1, w.part(1, w.sums(), rng)).content


def bogus(part: PartialDecryption) -> PartialDecryption:
    """A decryption with false proofs."""
    return replace(part, proofs=tuple(tuple(map(off_by_one, row)) for row in part.proofs))


@vector("7.7-bogus-first", "a trustee's false decryption, then its right one", "T6", group="bogus decryption before a good one")
def _(rng: Random) -> bytes:
    w = world()
    part = w.part(1, w.sums(), rng)
    return closed(w).decryption(1, bogus(part)).decryption(1, part).content


@vector("7.7-response", "the factors are right, a proof is off by one", "T7")
def _(rng: Random) -> bytes:
    w = world()
    return closed(w).decryption(1, bogus(w.part(1, w.sums(), rng))).content


def voted(w: World, rng: Random) -> tuple[Chain, object]:
    """A vote of one ballot up to its sum."""
    raw = w.ballot(0, rng)
    sums = w.sums(raw)
    return w.chain().ballots(raw).end().tally(sums, 1), sums


@vector("7.7-one-vote-more", "a trustee shifts a factor by one vote, and the result says so", "T7")
def _(rng: Random) -> bytes:
    w = world()
    part = w.part(1, w.sums(), rng)
    first, second = part.factors[0]
    return closed(w).decryption(1, replace(part, factors=((first / G.point, second),))).result((1, 0)).content


@vector("7.7-threshold", "a threshold trustee more than needed decrypts, falsely", "T6")
def _(rng: Random) -> bytes:
    w = group.world()
    chain = w.decrypted(closed(w), w.sums(), rng, (1, 2))
    return chain.decryption(3, bogus(w.part(3, w.sums(), rng))).result((0, 0)).content


@vector("7.7-owners-exchanged", "two trustees' decryptions have changed owners", "T6")
def _(rng: Random) -> bytes:
    w = world(*TWO_TRUSTEES)
    sums = w.sums()
    return closed(w).decryption(2, w.part(1, sums, rng)).decryption(1, w.part(2, sums, rng)).content


def proven(prefix: str, rng: Random) -> bytes:
    """A decryption whose factors are right, with proofs over another text."""
    w = world()
    part = w.part(1, w.sums(), rng)
    proofs = tuple(SameExponent(prefix).prove(choice.alpha, w.secrets[1], rng) for choice in w.sums()[0])
    return closed(w).decryption(1, replace(part, proofs=(proofs,))).content


@vector("7.7-other-election", "proofs that are bound to another election", "T7")
def _(rng: Random) -> bytes:
    return proven(f"decrypt|{world('other').election.fingerprint}|{(G ** world().secrets[1]).hex}|", rng)


@vector("7.7-unbound", "proofs whose hash leaves out the key", "T12")
def _(rng: Random) -> bytes:
    return proven(f"decrypt|{world().election.fingerprint}|", rng)


@vector("7.7-other-sum", "a decryption of another sum of the same election", "T7")
def _(rng: Random) -> bytes:
    w = world()
    part = w.part(1, w.sums(w.ballot(0, rng)), rng)
    return closed(w).decryption(1, part).content


@vector("7.8-no-ballots", "a mandatory trustee has not decrypted an area without ballots", "T6")
def _(rng: Random) -> bytes:
    w = world(*TWO_TRUSTEES)
    return w.decrypted(closed(w), w.sums(), rng, (1,)).result((0, 0)).content


@vector("7.8-mandatory", "a mandatory trustee has not decrypted", "T6", group="too few decryptions")
def _(rng: Random) -> bytes:
    w = world(*TWO_TRUSTEES)
    chain, sums = voted(w, rng)
    return w.decrypted(chain, sums, rng, (2,)).result((1, 0)).content


@vector("7.8-threshold", "one trustee of a group that needs two has decrypted", "T6", group="too few decryptions")
def _(rng: Random) -> bytes:
    w = group.world()
    chain, sums = voted(w, rng)
    return w.decrypted(chain, sums, rng, (2,)).result((1, 0)).content


@vector("7.8-none", "a result without any decryption", "T6", group="too few decryptions")
def _(rng: Random) -> bytes:
    w = world()
    return voted(w, rng)[0].result((1, 0)).content


# --- 7.9 to 7.11 ------------------------------------------------------------------------------------------------------------


def told(rng: Random, *rows: tuple[int, ...], **other: object) -> bytes:
    """A vote without ballots, and any result."""
    w = world()
    return w.decrypted(closed(w), w.sums(), rng).result(*rows, **other).content


@vector("7.9-question-more", "a result of a question that nobody asked", "T10")
def _(rng: Random) -> bytes:
    return told(rng, (0, 0), (5, 0))


@vector("7.9-choice-more", "a result for an answer that is not there", "T10")
def _(rng: Random) -> bytes:
    return told(rng, (0, 0, 7))


@vector("7.9-question-missing", "a result without its only question", "T10", reader=True)
def _(rng: Random) -> bytes:
    return told(rng)


@vector("7.9-negative", "a result below zero", "T10", reader=True)
def _(rng: Random) -> bytes:
    return told(rng, (0, -1))


@vector("7.9-q", "a result of q votes, which the equation cannot tell from none", "T10", reader=True)
def _(rng: Random) -> bytes:
    return told(rng, text=lambda _: json.write({"result": [[str(Q), 0]]}).encode())


@vector("7.10-one-more", "a vote that nobody cast", "T10")
def _(rng: Random) -> bytes:
    return told(rng, (1, 0))


@vector("7.10-exchanged", "Yes and No have changed places", "T10")
def _(rng: Random) -> bytes:
    w = world()
    chain, sums = voted(w, rng)
    return w.decrypted(chain, sums, rng).result((0, 1)).content


@vector("7.11-question-more", "a sum of a question that nobody asked", "A8", group="shape of a sum")
def _(rng: Random) -> bytes:
    w = world()
    return w.chain().end().tally(((NOTHING, NOTHING), (NOTHING,)), 0).content


@vector("7.11-choice-missing", "a sum without one of the choices", "A8", group="shape of a sum")
def _(rng: Random) -> bytes:
    return world().chain().end().tally(((NOTHING,),), 0).content


@vector("7.11-no-ciphertexts", "a sum that is no list of ciphertexts", "A8", reader=True)
def _(rng: Random) -> bytes:
    return world().chain().end().tally((), 0, text=lambda _: b'{"sum":0}').content
