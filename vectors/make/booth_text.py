"""4.1 to 4.8: the text of a ballot, whom and what it names, its shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sanduq.algebra.numbers import Random
from sanduq.archive import json
from sanduq.booth.ballot import Answer, max_ballot_size

from .catalogue import vector
from .foundations_text import swap
from .sealing import Pen, forged, openings, signed, unsigned
from .world import OF_THREE, WITH_BLANK, YES_NO, World, world


def blank_world() -> World:
    """An election with a blank vote."""
    return world("blank", (WITH_BLANK,), 2, 1)


def two_world() -> World:
    """An election with two questions, of two and of three answers."""
    return world("two", (YES_NO, OF_THREE), 2, 1)


def text(edit: Callable[[bytes], bytes], rng: Random) -> bytes:
    """An open vote with one ballot whose text is changed after it was signed."""
    w = world()
    return w.chain().ballots(edit(w.ballot(0, rng))).content


def shorter(raw: bytes) -> bytes:
    """The ballot with a number of one digit, so that it is not too long."""
    at = raw.index(b'"challenge":"') + 13
    return raw[:at] + b"1" + raw[raw.index(b'"', at) :]


def answered(rng: Random, *numbers: int, edit: Callable[[Answer], Answer], w: World | None = None) -> bytes:
    """An open vote with one ballot that encrypts these numbers, changed before it is signed."""
    w = w or world()
    return w.chain().ballots(forged(w, rng, *numbers, edit=edit)).content


def kept(answer: Answer) -> Answer:
    """No change: what is wrong is what is encrypted."""
    return answer


# --- 4.1 to 4.8 -------------------------------------------------------------------------------------------------------------


@vector("4.1-white-space", "a ballot with white space up to one byte more than the longest", "B14", group="length of a ballot")
def _(rng: Random) -> bytes:
    return text(lambda raw: raw.ljust(max_ballot_size(world().election) + 1), rng)


@vector("4.2-note", "a ballot that says how its voter voted: a receipt for whoever bought the vote", "B13", reader=True)
def _(rng: Random) -> bytes:
    return text(lambda raw: shorter(swap(b'"choices"', b'"note":"I voted Yes","choices"')(raw)), rng)


@vector("4.2-key-twice", "a ballot with a field twice", "B13", reader=True)
def _(rng: Random) -> bytes:
    return text(lambda raw: shorter(swap(b'"answers"', b'"answers":[],"answers"')(raw)), rng)


@vector("4.2-number", "a challenge that is a JSON number", "B12", reader=True)
def _(rng: Random) -> bytes:
    def edit(raw: bytes) -> bytes:
        value = json.read(raw)
        value["signature"]["proof"]["challenge"] = 7
        return json.write(value).encode()

    return text(edit, rng)


@vector("4.2-unsigned", "a ballot without a signature", "B3", reader=True)
def _(rng: Random) -> bytes:
    def edit(raw: bytes) -> bytes:
        value = json.read(raw)
        del value["signature"]
        return json.write(value).encode()

    return text(edit, rng)


@vector("4.3-white-space", "a ballot with white space behind it: a second text, and tracker, of the same ballot", "B13")
def _(rng: Random) -> bytes:
    return text(lambda raw: raw + b"\n", rng)


@vector("4.3-order-inside", "two fields inside an answer stand in another order", "B13")
def _(rng: Random) -> bytes:
    def edit(raw: bytes) -> bytes:
        value = json.read(raw)
        value["answers"][0]["choices"][0] = dict(reversed(value["answers"][0]["choices"][0].items()))
        return json.write(value).encode()

    return text(edit, rng)


@vector("4.3-escape", "a letter of the uuid is written as an escape", "B13")
def _(rng: Random) -> bytes:
    w = two_world()
    uuid = w.election.uuid.encode()
    edit = swap(b'"' + uuid, b'"\\u00%02x' % uuid[0] + uuid[1:])
    while True:
        raw = edit(w.ballot(0, rng))
        if len(raw) <= max_ballot_size(w.election):
            return w.chain().ballots(raw).content


def resigned(rng: Random, **fields: str) -> bytes:
    """A ballot that names something else, signed as it is."""
    w = world()
    ballot = replace(unsigned(w, 0, [Pen.of(w, 0, rng).answer(YES_NO, openings(rng, 1, 0))]), **fields)
    return w.chain().ballots(signed(ballot, w.voters[0], rng)).content


@vector("4.4-uuid", "a ballot that names another election, and is right otherwise", "B5")
def _(rng: Random) -> bytes:
    return resigned(rng, uuid=world("other").election.uuid)


@vector("4.5-hash", "a ballot that names another text of the election, and is right otherwise", "B5")
def _(rng: Random) -> bytes:
    return resigned(rng, election_hash=world("other").election.fingerprint)


@vector(
    "4.5-other-questions",
    "a ballot sealed for a text in which Yes and No have changed places",
    "B5",
    group="ballot of other questions",
)
def _(rng: Random) -> bytes:
    w = world()
    swapped = replace(w.election, raw=w.election.raw.replace(b'["Yes","No"]', b'["No","Yes"]'))
    ballot = replace(w, election=swapped).ballot(0, rng)
    return w.chain().ballots(ballot).content


@vector("4.6-unknown", "a ballot of somebody who is not on the list", "B4")
def _(rng: Random) -> bytes:
    w = world()
    stranger = replace(w, voters=world("other").voters)
    answer = Pen.of(stranger, 0, rng).answer(YES_NO, openings(rng, 1, 0))
    return w.chain().ballots(signed(unsigned(stranger, 0, [answer]), stranger.voters[0], rng)).content


@vector("4.7-twice", "the same ballot twice", "B8")
def _(rng: Random) -> bytes:
    w = world()
    raw = w.ballot(0, rng)
    return w.chain().ballots(raw, raw).content


@vector("4.7-undone", "a voter's first ballot comes again and undoes the second", "B8")
def _(rng: Random) -> bytes:
    w = world()
    raw = w.ballot(0, rng)
    return w.chain().ballots(raw, w.ballot(0, rng, (0, 1)), raw).content


@vector("4.8-answer-missing", "two questions, one answer", "B16")
def _(rng: Random) -> bytes:
    w = two_world()
    return w.chain().ballots(forged(w, rng, 1, 0)).content


@vector("4.8-answers-swapped", "two questions of two and of three answers, answered in the wrong order", "B16")
def _(rng: Random) -> bytes:
    w = two_world()
    pen = Pen.of(w, 0, rng)
    answers = [pen.answer(OF_THREE, openings(rng, 1, 0, 0)), pen.answer(YES_NO, openings(rng, 1, 0))]
    return w.chain().ballots(signed(unsigned(w, 0, answers), w.voters[0], rng)).content


@vector("4.8-no-individual-proofs", "+1000 Yes and −999 No, without proofs that a choice is 0 or 1", "B1")
def _(rng: Random) -> bytes:
    return answered(rng, 1000, -999, edit=lambda answer: replace(answer, individual_proofs=()))


@vector("4.8-blank-and-yes", "blank and Yes at once, without the proof that only one of them is chosen", "B15")
def _(rng: Random) -> bytes:
    return answered(rng, 1, 1, 0, edit=lambda answer: replace(answer, blank_proof=None), w=blank_world())


@vector(
    "4.8-tally-killer",
    "no blank vote where one is asked for: two ciphertexts for three, which no sum can take",
    "B15",
    reader=True,
)
def _(rng: Random) -> bytes:
    w = blank_world()
    answer = Pen.of(w, 0, rng).answer(YES_NO, openings(rng, 1, 0))
    return w.chain().ballots(signed(unsigned(w, 0, [answer]), w.voters[0], rng)).content


@vector("4.8-no-overall-proof", "Yes and No at once, without a proof of their sum", "B16", reader=True)
def _(rng: Random) -> bytes:
    return answered(rng, 1, 1, edit=lambda answer: replace(answer, overall_proof=()))


@vector("4.8-empty-blank-proof", "a proof of nothing about a blank vote, where none is allowed", "B15", reader=True)
def _(rng: Random) -> bytes:
    edit = swap(b'}]}],"signature"', b'}],"blank_proof":[]}],"signature"')
    return text(lambda raw: shorter(edit(raw)), rng)


@vector("4.8-half-a-blank-proof", "the proof about the blank vote has one part", "B15", reader=True)
def _(rng: Random) -> bytes:
    return answered(rng, 0, 1, 0, edit=lambda answer: replace(answer, blank_proof=answer.blank_proof[:1]), w=blank_world())
