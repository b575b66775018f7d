"""Ballots that are wrong: changed by chance and mended, or made with care so that one check alone can catch them.

:func:`mutant` is the door. Half of the changed ballots get their hash made anew and a signature of the voter, so that what lies
behind is looked at; the careful ones are proven with the secrets of :mod:`small`, as a voter could who wants to cheat or to
break the count.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from mutate import change_text, change_tree, parse, write
from mutate import field as field_of
from mutate_values import Fields, Tree, torsion
from sanduq.algebra.elgamal import Ciphertext, encrypt
from sanduq.algebra.group import G, Point, Q
from sanduq.algebra.numbers import Random, sha256_b64
from sanduq.algebra.proofs import Proof, Schnorr, Statement, interval, interval_prefix, prove_one, proves_one
from sanduq.booth.ballot import Answer, Unsigned, ballot_value, blank_statements, max_ballot_size, overall_statements
from sanduq.question.election import Election, Question
from sanduq.roll import secret_exponent
from small import Small, any_vote

TRIES = 60
"""How often a proof about a point outside the group is tried anew: it holds when its challenge is a multiple of 8."""


# --- changed and mended -----------------------------------------------------------------------------------------------------


def mend(tree: Tree, secret: int, rng: random.Random) -> None:
    """Make ``signature.hash`` right and sign it, as far as the tree has such fields."""
    signature = field_of(tree, "signature")
    if not isinstance(signature, Fields):
        return
    unsigned = Fields((name, value) for name, value in tree if name != "signature")
    h = sha256_b64(write(unsigned).encode("utf-8", "surrogatepass"))
    proof = Schnorr(f"sig|{h}|").prove(secret, lambda: rng.randrange(Q))
    values = {"hash": h, "proof": Fields([("challenge", str(proof.challenge)), ("response", str(proof.response))])}
    for index, (name, value) in enumerate(signature):
        signature[index] = (name, values.get(name, value))


def changed(small: Small, rng: random.Random) -> tuple[str, bytes]:
    """A ballot with one to three changes in its tree, or some in its bytes; half of the trees are mended.

    Most that are too long are made anew: there is little to see behind 4.1.
    """
    limit = max_ballot_size(small.election)
    while True:
        what, raw = _changed(small, rng)
        if len(raw) <= limit or rng.random() < 0.2:
            return what, raw


def _changed(small: Small, rng: random.Random) -> tuple[str, bytes]:
    number = rng.randrange(len(small.ballots))
    raw = small.ballots[number]
    if rng.random() < 0.2:
        names = []
        for _ in range(rng.choice([1, 1, 1, 2])):
            name, raw = change_text(rng, raw)
            names.append(name)
        return ", ".join(names), raw
    tree = parse(raw.decode())
    names = [change_tree(rng, tree) for _ in range(rng.choice([1, 1, 1, 1, 2, 3]))]
    if rng.random() < 0.5:
        credential = small.credentials[small.votes[number][0]]
        mend(tree, secret_exponent(small.election.uuid, credential), rng)
        names.append("signed anew")
    return ", ".join(names), write(tree).encode("utf-8", "surrogatepass")


# --- made with care ---------------------------------------------------------------------------------------------------------


@dataclass
class Craft:
    """What a crafted ballot says and how; :data:`CUNNING` changes it before it is proven and signed."""

    small: Small
    rng: random.Random
    credential: str
    secret: int
    openings: list[list[tuple[int, int]]]
    questions: list[Question]
    shifts: dict[tuple[int, int, str], Point] = field(default_factory=dict)
    uuid: str = ""
    election_hash: str = ""
    context_hash: str = ""
    key: Point | None = None
    swap_tags: bool = False
    signed_hash: str = ""

    @property
    def random(self) -> Random:
        """Fresh numbers for proofs."""
        return lambda: self.rng.randrange(Q)

    def some_choice(self) -> tuple[int, int]:
        """The place of a ciphertext."""
        question = self.rng.randrange(len(self.openings))
        return question, self.rng.randrange(len(self.openings[question]))

    def message(self, question: int, choice: int, m: int) -> None:
        """Encrypt another number."""
        self.openings[question][choice] = (self.openings[question][choice][0], m)


def _begin(small: Small, rng: random.Random) -> Craft:
    voter = rng.randrange(len(small.credentials))
    openings = [[(rng.randrange(Q), m) for m in any_vote(question, rng)] for question in small.election.questions]
    secret = secret_exponent(small.election.uuid, small.credentials[voter])
    election_hash = small.election.fingerprint
    return Craft(
        small,
        rng,
        small.public(voter),
        secret,
        openings,
        list(small.election.questions),
        uuid=small.election.uuid,
        election_hash=election_hash,
        context_hash=election_hash,
    )


def _alpha_identity(craft: Craft) -> None:
    question, choice = craft.some_choice()
    craft.openings[question][choice] = (0, craft.openings[question][choice][1])


def _same_alpha(craft: Craft) -> None:
    (q1, c1), (q2, c2) = craft.some_choice(), craft.some_choice()
    craft.openings[q1][c1] = (craft.openings[q2][c2][0], craft.openings[q1][c1][1])


def _shift(part: str) -> Callable[[Craft], None]:
    def act(craft: Craft) -> None:
        craft.shifts[(*craft.some_choice(), part)] = craft.rng.choice(torsion()[1:])

    return act


def _shift_two(craft: Craft) -> None:
    """Two shifts that cancel in the sum."""
    question = craft.rng.randrange(len(craft.openings))
    part, k = craft.rng.choice(["alpha", "beta"]), craft.rng.randrange(1, 8)
    count = len(craft.openings[question])
    craft.shifts[question, count - 1, part] = torsion()[k]
    if count > 1:
        craft.shifts[question, count - 2, part] = torsion()[-k]


def _too_large(craft: Craft) -> None:
    """One choice holds 2, or −1 which another one makes up for."""
    question, choice = craft.some_choice()
    craft.message(question, choice, craft.rng.choice([2, -1, 1000, Q - 1]))
    other = craft.rng.randrange(len(craft.openings[question]))
    if other != choice and craft.rng.random() < 0.5:
        craft.message(question, other, 2)


def _all(m: int) -> Callable[[Craft], None]:
    def act(craft: Craft) -> None:
        question, _ = craft.some_choice()
        for choice in range(len(craft.openings[question])):
            craft.message(question, choice, m)

    return act


def _credential_shifted(craft: Craft) -> None:
    craft.key = G**craft.secret * craft.rng.choice(torsion()[1:])


def _credential_small(craft: Craft) -> None:
    craft.secret, craft.key = 0, craft.rng.choice(torsion())


def _credential_new(craft: Craft) -> None:
    craft.secret = craft.rng.randrange(Q)
    craft.key = G**craft.secret


def _other_signer(craft: Craft) -> None:
    craft.secret = craft.rng.randrange(Q)


def _widened(craft: Craft) -> None:
    """The proofs are for another interval, or for a question with or without blank."""
    index = craft.rng.randrange(len(craft.questions))
    asked = craft.questions[index]
    wider = [
        replace(asked, max=asked.max + 1),
        replace(asked, min=max(0, asked.min - 1)),
        replace(asked, min=asked.max),
        replace(asked, blank=not asked.blank),
        replace(asked, answers=(*asked.answers, "one more")),
    ]
    craft.questions[index] = craft.rng.choice(wider)
    if craft.questions[index].choices != asked.choices:
        craft.openings[index] = [(craft.rng.randrange(Q), m) for m in any_vote(craft.questions[index], craft.rng)]


def _set(**values: str | bool) -> Callable[[Craft], None]:
    return lambda craft: vars(craft).update(values)


def _questions_moved(craft: Craft) -> None:
    order = list(range(len(craft.questions)))
    craft.rng.shuffle(order)
    craft.openings = [craft.openings[index] for index in order]
    craft.questions = [craft.questions[index] for index in order]


def _question_fewer(craft: Craft) -> None:
    craft.openings.pop()
    craft.questions.pop()


def _question_more(craft: Craft) -> None:
    craft.openings.append([(craft.rng.randrange(Q), m) for _, m in craft.openings[0]])
    craft.questions.append(craft.questions[0])


OTHER_HASH = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0"
CUNNING: dict[str, Callable[[Craft], None]] = {
    "honest": lambda craft: None,
    "an alpha is the identity": _alpha_identity,
    "two alphas are the same": _same_alpha,
    "an alpha is shifted": _shift("alpha"),
    "a beta is shifted": _shift("beta"),
    "two shifts cancel": _shift_two,
    "a choice is not 0 or 1": _too_large,
    "everything is chosen": _all(1),
    "nothing is chosen": _all(0),
    "the credential is shifted": _credential_shifted,
    "the credential is of small order": _credential_small,
    "the credential is on no roll": _credential_new,
    "another voter signs": _other_signer,
    "another interval": _widened,
    "another election's uuid": _set(uuid="BBBBBBBBBBBBBB"),
    "other questions' hash": _set(election_hash=OTHER_HASH, context_hash=OTHER_HASH),
    "proven for other questions": _set(context_hash=OTHER_HASH),
    "tags exchanged": _set(swap_tags=True),
    "signs another hash": _set(signed_hash=OTHER_HASH),
    "questions moved": _questions_moved,
    "a question fewer": _question_fewer,
    "a question more": _question_more,
}


def crafted(small: Small, rng: random.Random) -> tuple[str, bytes]:
    """A ballot made with one or two deceits, proven and signed as well as it can be."""
    names = rng.sample(list(CUNNING), rng.choice([1, 1, 1, 2]))
    craft = _begin(small, rng)
    for name in names:
        if craft.openings:
            CUNNING[name](craft)
    return ", ".join(names), _finish(craft)


def _finish(craft: Craft) -> bytes:
    credential = craft.key.hex if craft.key is not None else craft.credential
    context = f"{craft.context_hash}|{credential}"
    answers = tuple(_answer(craft, number, context) for number in range(len(craft.questions)))
    unsigned = Unsigned(craft.uuid, craft.election_hash, credential, answers)
    h = craft.signed_hash or unsigned.hash
    scheme, key = Schnorr(f"sig|{h}|"), craft.key if craft.key is not None else G**craft.secret
    for _ in range(TRIES):
        signature = scheme.prove(craft.secret, craft.random)
        if scheme.holds(key, signature):
            break
    tree = ballot_value(unsigned, h, signature)
    return write(_as_tree(tree)).encode()


def _as_tree(value: object) -> Tree:
    if isinstance(value, dict):
        return Fields((name, _as_tree(item)) for name, item in value.items())
    return [_as_tree(item) for item in value] if isinstance(value, list) else value


def _answer(craft: Craft, number: int, context: str) -> Answer:
    election, question, opened = craft.small.election, craft.questions[number], craft.openings[number]
    choices = [_ciphertext(craft, election, number, choice) for choice in range(len(opened))]
    y, tries = election.y, TRIES if any(place[0] == number for place in craft.shifts) else 1

    def prove(prefix: str, statements: Sequence[Statement], index: int, r: int) -> tuple[Proof, ...]:
        for _ in range(tries):
            proofs = prove_one(y, prefix, statements, index, r, craft.random)
            if tries == 1 or proves_one(y, prefix, statements, proofs):
                break
        return proofs

    individual = [
        prove(interval_prefix(context, choice), interval(choice, 0, 1), int(m == 1), r)
        for choice, (r, m) in zip(choices, opened, strict=True)
    ]
    bare = Answer(tuple(choices), tuple(individual), ())
    whole = f"{context}|{bare.text}"
    rest = opened[1:] if question.blank else opened
    r_sum, m_sum = sum(r for r, _ in rest) % Q, sum(m for _, m in rest)
    is_blank = bool(question.blank and opened[0][1])
    blank_proof = None
    if question.blank:
        index, r = (1, r_sum) if is_blank else (0, opened[0][0])
        tag = "bproof1" if craft.swap_tags else "bproof0"
        blank_proof = prove(f"{tag}|{whole}|", blank_statements(bare), index, r)
    prefix, statements = overall_statements(question, bare, whole)
    index = 0 if is_blank else min(max(m_sum - question.min, 0), question.max - question.min) + bool(question.blank)
    if craft.swap_tags:
        prefix = prefix.replace("bproof1", "bproof0").replace("prove|", "bproof1|")
    overall = prove(prefix, statements, index, opened[0][0] if is_blank else r_sum)
    return Answer(bare.choices, bare.individual_proofs, overall, blank_proof)


def _ciphertext(craft: Craft, election: Election, question: int, choice: int) -> Ciphertext:
    made = encrypt(election.y, *craft.openings[question][choice])
    alpha, beta = craft.shifts.get((question, choice, "alpha")), craft.shifts.get((question, choice, "beta"))
    return Ciphertext(made.alpha * alpha if alpha else made.alpha, made.beta * beta if beta else made.beta)


def mutant(small: Small, rng: random.Random) -> tuple[str, bytes]:
    """A ballot for this election, most often a wrong one, and what was done to it."""
    return crafted(small, rng) if rng.random() < 0.2 else changed(small, rng)
