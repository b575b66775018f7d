"""4.9 to 4.15: what a ballot encrypts, proves and signs. The voter's credential is good; what it signs is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sanduq.algebra.elgamal import Ciphertext
from sanduq.algebra.group import G
from sanduq.algebra.numbers import Random
from sanduq.archive import json
from sanduq.booth.ballot import Answer

from .booth_text import answered, blank_world, kept, text, two_world
from .catalogue import vector
from .sealing import Pen, off_by_one, openings, other_challenge, signed, unsigned
from .world import OF_THREE, WITH_BLANK, YES_NO, world

# --- 4.9, 4.10 --------------------------------------------------------------------------------------------------------------


@vector("4.9-no-randomness", "a choice encrypted without randomness: everybody reads the vote; all proofs hold", "B17")
def _(rng: Random) -> bytes:
    w = world()
    answer = Pen.of(w, 0, rng).answer(YES_NO, [(0, 1), (rng(), 0)])
    return w.chain().ballots(signed(unsigned(w, 0, [answer]), w.voters[0], rng)).content


@vector("4.10-same-alpha", "two choices with the same randomness: everybody sees which is which; all proofs hold", "B17")
def _(rng: Random) -> bytes:
    w, r = world(), rng()
    answer = Pen.of(w, 0, rng).answer(YES_NO, [(r, 1), (r, 0)])
    return w.chain().ballots(signed(unsigned(w, 0, [answer]), w.voters[0], rng)).content


@vector("4.10-across-questions", "choices of two questions with the same randomness", "B17")
def _(rng: Random) -> bytes:
    w, r = two_world(), rng()
    pen = Pen.of(w, 0, rng)
    answers = [pen.answer(YES_NO, [(r, 1), (rng(), 0)]), pen.answer(OF_THREE, [(r, 1), (rng(), 0), (rng(), 0)])]
    return w.chain().ballots(signed(unsigned(w, 0, answers), w.voters[0], rng)).content


# --- 4.11 to 4.13 -----------------------------------------------------------------------------------------------------------


def first_bit(change: Callable[..., object]) -> Callable[[Answer], Answer]:
    """Change the first part of the first individual proof."""

    def edit(answer: Answer) -> Answer:
        (part, other), *rest = answer.individual_proofs
        return replace(answer, individual_proofs=((change(part), other), *rest))

    return edit


@vector("4.11-stuffing", "+1000 Yes and −999 No: a sum that is allowed", "B1")
def _(rng: Random) -> bytes:
    return answered(rng, 1000, -999, edit=kept)


@vector("4.11-swing", "+2 Yes and −1 No: a vote is taken from the others", "B1")
def _(rng: Random) -> bytes:
    return answered(rng, 2, -1, edit=kept)


@vector("4.11-response", "one response of an individual proof is off by one", "B2")
def _(rng: Random) -> bytes:
    return answered(rng, 1, 0, edit=first_bit(off_by_one))


@vector("4.11-challenge", "one challenge of an individual proof is off by one", "B2")
def _(rng: Random) -> bytes:
    return answered(rng, 1, 0, edit=first_bit(other_challenge))


@vector("4.11-exchanged", "the individual proofs of two choices have changed places", "B7")
def _(rng: Random) -> bytes:
    return answered(rng, 1, 0, edit=lambda answer: replace(answer, individual_proofs=answer.individual_proofs[::-1]))


def unbound(leave_out: str, rng: Random) -> bytes:
    """A ballot whose individual proofs are hashed without a part of the statement."""
    w = world()
    pen = Pen.of(w, 0, rng)
    opened = openings(rng, 1, 0)
    answer = pen.answer(YES_NO, opened)
    phi, key = w.election.fingerprint, w.voters[0].key
    prefixes = {
        "statement": lambda choice: f"prove|{phi}|{key}|",
        "election": lambda choice: f"prove||{key}|{choice.text}|",
        "credential": lambda choice: f"prove|{phi}||{choice.text}|",
    }
    bits = tuple(
        pen.bit(choice, r, m, prefixes[leave_out](choice)) for choice, (r, m) in zip(answer.choices, opened, strict=True)
    )
    return w.chain().ballots(signed(unsigned(w, 0, [replace(answer, individual_proofs=bits)]), w.voters[0], rng)).content


@vector("4.11-unbound-statement", "proofs whose hash leaves out the ciphertext: made for one chosen afterwards", "B9")
def _(rng: Random) -> bytes:
    return unbound("statement", rng)


@vector("4.11-unbound-election", "proofs whose hash leaves out the election: good in every election with this key", "B9")
def _(rng: Random) -> bytes:
    return unbound("election", rng)


@vector("4.11-unbound-credential", "proofs whose hash leaves out the credential: anybody could copy them", "B9")
def _(rng: Random) -> bytes:
    return unbound("credential", rng)


@vector(
    "4.11-copied", "another voter's ciphertexts and proofs, signed as one's own", "B6", group="ballot without proofs of its own"
)
def _(rng: Random) -> bytes:
    w = world()
    answer = Pen.of(w, 1, rng).answer(YES_NO, openings(rng, 1, 0))
    return w.chain().ballots(signed(unsigned(w, 0, [answer]), w.voters[0], rng)).content


@vector("4.11-copied-blank", "the same where a blank vote is allowed", "B6", group="blank ballot without proofs of its own")
def _(rng: Random) -> bytes:
    w = blank_world()
    answer = Pen.of(w, 1, rng).answer(WITH_BLANK, openings(rng, 0, 1, 0))
    return w.chain().ballots(signed(unsigned(w, 0, [answer]), w.voters[0], rng)).content


@vector(
    "4.11-malleated",
    "another voter's ciphertexts, each multiplied by an encryption of 0",
    "B7",
    group="ballot without proofs of its own",
)
def _(rng: Random) -> bytes:
    w = world()
    answer = Pen.of(w, 1, rng).answer(YES_NO, openings(rng, 1, 0))
    zeros = [rng() for _ in answer.choices]
    choices = tuple(
        Ciphertext(choice.alpha * G**r, choice.beta * w.election.y**r) for choice, r in zip(answer.choices, zeros, strict=True)
    )
    return w.chain().ballots(signed(unsigned(w, 0, [replace(answer, choices=choices)]), w.voters[0], rng)).content


@vector("4.12-both", "Yes and No at once: each choice is proven, their sum is not", "B1")
def _(rng: Random) -> bytes:
    return answered(rng, 1, 1, edit=kept)


@vector("4.12-neither", "neither Yes nor No where one must be chosen", "B1")
def _(rng: Random) -> bytes:
    return answered(rng, 0, 0, edit=kept)


@vector("4.12-response", "the response of the overall proof is off by one", "B2")
def _(rng: Random) -> bytes:
    return answered(rng, 1, 0, edit=lambda answer: replace(answer, overall_proof=(off_by_one(answer.overall_proof[0]),)))


@vector("4.12-challenge", "the challenge of the overall proof is off by one", "B2")
def _(rng: Random) -> bytes:
    return answered(rng, 1, 0, edit=lambda answer: replace(answer, overall_proof=(other_challenge(answer.overall_proof[0]),)))


@vector("4.12-unbound", "an overall proof whose hash leaves out the credential", "B9")
def _(rng: Random) -> bytes:
    w = world()
    pen, opened = Pen.of(w, 0, rng), openings(rng, 1, 0)
    answer = pen.answer(YES_NO, opened)
    loose = replace(pen, context=w.election.fingerprint).overall(YES_NO, answer, opened)
    return w.chain().ballots(signed(unsigned(w, 0, [replace(answer, overall_proof=loose)]), w.voters[0], rng)).content


@vector("4.12-blank-response", "where a blank vote is allowed, a response of the overall proof is off by one", "B2")
def _(rng: Random) -> bytes:
    def edit(answer: Answer) -> Answer:
        first, *rest = answer.overall_proof
        return replace(answer, overall_proof=(off_by_one(first), *rest))

    return answered(rng, 0, 1, 0, edit=edit, w=blank_world())


@vector("4.12-blank-neither", "neither blank nor an answer", "B15")
def _(rng: Random) -> bytes:
    return answered(rng, 0, 0, 0, edit=kept, w=blank_world())


@vector("4.13-blank-and-yes", "blank and Yes at once: a vote that counts twice", "B15")
def _(rng: Random) -> bytes:
    return answered(rng, 1, 1, 0, edit=kept, w=blank_world())


def of_blank_proof(change: Callable[..., object]) -> Callable[[Answer], Answer]:
    """Change the second part of the proof about the blank vote."""

    def edit(answer: Answer) -> Answer:
        first, second = answer.blank_proof or ()
        return replace(answer, blank_proof=(first, change(second)))

    return edit


@vector("4.13-response", "a response of the proof about the blank vote is off by one", "B2")
def _(rng: Random) -> bytes:
    return answered(rng, 0, 1, 0, edit=of_blank_proof(off_by_one), w=blank_world())


@vector("4.13-challenge", "a challenge of the proof about the blank vote is off by one", "B2")
def _(rng: Random) -> bytes:
    return answered(rng, 1, 0, 0, edit=of_blank_proof(other_challenge), w=blank_world())


# --- 4.14, 4.15 -------------------------------------------------------------------------------------------------------------


def by(voter: int, rng: Random, h: str | None = None) -> bytes:
    """The first voter's ballot, signed by a voter, over its hash or another one."""
    w = world()
    ballot = unsigned(w, 0, [Pen.of(w, 0, rng).answer(YES_NO, openings(rng, 1, 0))])
    return w.chain().ballots(signed(ballot, w.voters[voter], rng, h)).content


@vector("4.14-other-hash", "the hash that is signed is that of another ballot", "B3")
def _(rng: Random) -> bytes:
    return by(0, rng, "A" * 43)


@vector("4.15-other-key", "a ballot that another voter signed", "B3")
def _(rng: Random) -> bytes:
    return by(1, rng)


@vector("4.15-response", "the response of the signature is off by one", "B3")
def _(rng: Random) -> bytes:
    def edit(raw: bytes) -> bytes:
        value = json.read(raw)
        proof = value["signature"]["proof"]
        proof["response"] = str(int(proof["response"]) - 1)
        return json.write(value).encode()

    return text(edit, rng)
