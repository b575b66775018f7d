"""The ballot: its text, its parts, and what makes it valid (spec 4.a, 4.b; BS §Ballots, §Encrypted answers).

:func:`read_ballot` turns bytes into a :class:`Ballot` (4.1 to 4.3, and 0.3, 0.4 on the way); :func:`check_ballot` checks
everything that can be said about it with the election alone (4.4, 4.5, 4.8 to 4.15, 0.5). Whether its credential is on the
roll (4.6) and whether it is in the box already (4.7) is asked where roll and box are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sanduq import errors
from sanduq.algebra.elgamal import Ciphertext, product
from sanduq.algebra.group import Point, unchecked_point
from sanduq.algebra.numbers import sha256_b64
from sanduq.algebra.proofs import Proof, Schnorr, Statement, interval, interval_prefix, proves_one
from sanduq.archive import json
from sanduq.archive.values import ciphertext_value, proof_value, read_proof
from sanduq.question.election import Election, Question

_form = json.Form(errors.BallotMalformed)
Proofs = tuple[Proof, ...]


@dataclass(frozen=True)
class Answer:
    """What a ballot says to one question."""

    choices: tuple[Ciphertext, ...]
    individual_proofs: tuple[Proofs, ...]
    overall_proof: Proofs
    blank_proof: Proofs | None = None

    def to_json(self) -> dict[str, Any]:
        """The JSON value, fields in their order."""
        value: dict[str, Any] = {
            "choices": [ciphertext_value(choice) for choice in self.choices],
            "individual_proofs": [_proofs_value(proofs) for proofs in self.individual_proofs],
            "overall_proof": _proofs_value(self.overall_proof),
        }
        return value if self.blank_proof is None else value | {"blank_proof": _proofs_value(self.blank_proof)}

    @property
    def text(self) -> str:
        """α₁,β₁,α₂,β₂,…: how the choices enter the hashes."""
        return ",".join(choice.text for choice in self.choices)


@dataclass(frozen=True)
class Unsigned:
    """A sealed ballot before it is cast: everything but the signature."""

    uuid: str
    election_hash: str
    credential: str
    answers: tuple[Answer, ...]

    def to_json(self) -> dict[str, Any]:
        """The JSON value, fields in their order."""
        return {
            "election_uuid": self.uuid,
            "election_hash": self.election_hash,
            "credential": self.credential,
            "answers": [answer.to_json() for answer in self.answers],
        }

    @cached_property
    def hash(self) -> str:
        """h: what the booth shows and the signature signs (43 characters of base64)."""
        return sha256_b64(json.write(self.to_json()).encode())


@dataclass(frozen=True)
class Ballot:
    """A signed ballot. ``raw`` is its exact text."""

    raw: bytes
    unsigned: Unsigned
    signature_hash: str
    signature: Proof

    @property
    def credential(self) -> str:
        """The public credential that signed it."""
        return self.unsigned.credential

    @cached_property
    def tracker(self) -> str:
        """The hash with which the voter finds the ballot."""
        return sha256_b64(self.raw)


def ballot_value(unsigned: Unsigned, signature_hash: str, signature: Proof) -> dict[str, Any]:
    """The JSON value of a signed ballot."""
    return unsigned.to_json() | {"signature": {"hash": signature_hash, "proof": proof_value(signature)}}


def _proofs_value(proofs: Proofs) -> list[dict[str, str]]:
    return [proof_value(proof) for proof in proofs]


# --- reading ----------------------------------------------------------------------------------------------------------------


def max_ballot_size(election: Election) -> int:
    """The length in bytes of the longest ballot that these questions allow (4.1)."""
    proof = {"challenge": "9" * 76, "response": "9" * 76}
    answers = []
    for question in election.questions:
        answer: dict[str, Any] = {
            "choices": [{"alpha": "0" * 64, "beta": "0" * 64}] * question.choices,
            "individual_proofs": [[proof] * 2] * question.choices,
            "overall_proof": [proof] * question.overall_proofs,
        }
        answers.append(answer | {"blank_proof": [proof] * 2} if question.blank else answer)
    whole = {
        "election_uuid": election.uuid,
        "election_hash": "0" * 43,
        "credential": "0" * 64,
        "answers": answers,
        "signature": {"hash": "0" * 43, "proof": proof},
    }
    return len(json.write(whole))


def _read_ciphertext(value: Any) -> Ciphertext:
    fields = _form.fields(value, ("alpha", "beta"))
    alpha, beta = (unchecked_point(_form.text(fields[name], name)) for name in ("alpha", "beta"))
    return Ciphertext(alpha, beta)


def _read_proofs(value: Any) -> Proofs:
    return _form.items(value, "proof", lambda item: read_proof(_form, item))


def _read_answer(value: Any) -> Answer:
    fields = _form.fields(value, ("choices", "individual_proofs", "overall_proof"), ("blank_proof",))
    return Answer(
        _form.items(fields["choices"], "choice", _read_ciphertext),
        _form.items(fields["individual_proofs"], "individual proof", _read_proofs),
        _read_proofs(fields["overall_proof"]),
        _read_proofs(fields["blank_proof"]) if "blank_proof" in fields else None,
    )


def read_unsigned(value: Any) -> Unsigned:
    """A ballot without signature from its JSON value; points are not yet known to be in the group."""
    fields = _form.fields(value, ("election_uuid", "election_hash", "credential", "answers"))
    return Unsigned(
        _form.text(fields["election_uuid"], "election_uuid"),
        _form.text(fields["election_hash"], "election_hash"),
        _form.hash(fields["credential"], "credential"),
        _form.items(fields["answers"], "answer", _read_answer),
    )


def read_ballot(raw: bytes, election: Election) -> Ballot:
    """The ballot in ``raw`` (4.1 to 4.3, 0.3, 0.4)."""
    limit = max_ballot_size(election)
    errors.require(errors.BallotOversize, len(raw) <= limit, expected=f"at most {limit} bytes", got=f"{len(raw)} bytes")
    try:
        value = json.read(raw)
    except errors.MalformedJson as refusal:
        raise errors.BallotMalformed(refusal.message, got=refusal.got) from None
    fields = _form.fields(value, ("election_uuid", "election_hash", "credential", "answers", "signature"))
    signature = _form.fields(fields["signature"], ("hash", "proof"))
    ballot = Ballot(
        raw,
        read_unsigned({name: item for name, item in fields.items() if name != "signature"}),
        _form.text(signature["hash"], "hash"),
        read_proof(_form, signature["proof"]),
    )
    rewritten = ballot_value(ballot.unsigned, ballot.signature_hash, ballot.signature)
    json.require_canonical(raw, rewritten, errors.BallotNotCanonical)
    return ballot


# --- checking ---------------------------------------------------------------------------------------------------------------


def check_ballot(ballot: Ballot, election: Election) -> None:
    """The ballot is one for this election, well formed, proven and signed (4.4, 4.5, 4.8 to 4.15, 0.5)."""
    check_unsigned(ballot.unsigned, election)
    h = ballot.unsigned.hash
    errors.require(errors.SignatureHashInvalid, ballot.signature_hash == h, expected=h, got=ballot.signature_hash)
    holds = signature_scheme(ballot.signature_hash).holds(_credential(ballot.credential), ballot.signature)
    errors.require(errors.SignatureInvalid, holds)


def signature_scheme(h: str) -> Schnorr:
    """The signature of a ballot whose unsigned hash is h (BS §Signatures)."""
    return Schnorr(f"sig|{h}|")


def _credential(text: str) -> Point:
    element = unchecked_point(text)
    errors.require(errors.RollKeyIdentity, not element.is_identity, got=text)
    errors.require(errors.PointOutsideGroup, element.is_in_group, got=text)
    return element


def check_unsigned(unsigned: Unsigned, election: Election) -> None:
    """The same for a ballot without its signature (4.4, 4.5, 4.8 to 4.13, 0.5)."""
    got, expected = unsigned.uuid, election.uuid
    errors.require(errors.BallotOtherElection, got == expected, expected=expected, got=got)
    got, expected = unsigned.election_hash, election.fingerprint
    errors.require(errors.BallotOtherQuestions, got == expected, expected=expected, got=got)
    count = len(election.questions)
    errors.require(errors.BallotShape, len(unsigned.answers) == count, "answers", expected=count, got=len(unsigned.answers))
    alphas: set[str] = set()
    context = f"{election.fingerprint}|{unsigned.credential}"
    for number, (question, answer) in enumerate(zip(election.questions, unsigned.answers, strict=False), 1):
        try:
            _check_shape(question, answer)
            _check_points(answer, alphas)
            _check_proofs(question, answer, election, context)
        except errors.Refused as refusal:
            raise refusal.within(f"answer {number}") from None


def _check_shape(question: Question, answer: Answer) -> None:
    def count(what: str, expected: int, got: int) -> None:
        errors.require(errors.BallotShape, got == expected, what, expected=expected, got=got)

    count("choices", question.choices, len(answer.choices))
    count("individual proofs", question.choices, len(answer.individual_proofs))
    for number, proofs in enumerate(answer.individual_proofs, 1):
        count(f"parts of individual proof {number}", 2, len(proofs))
    count("parts of the overall proof", question.overall_proofs, len(answer.overall_proof))
    count("parts of the blank proof", 2 if question.blank else 0, len(answer.blank_proof or ()))
    # An empty list is not the same as no field: the text would differ from the one that everybody makes.
    errors.require(errors.BallotShape, (answer.blank_proof is not None) is bool(question.blank), "blank proof")


def _check_points(answer: Answer, alphas: set[str]) -> None:
    for number, choice in enumerate(answer.choices, 1):
        try:
            for element in (choice.alpha, choice.beta):
                errors.require(errors.PointOutsideGroup, element.is_in_group, got=element.hex)
            errors.require(errors.AlphaIdentity, not choice.alpha.is_identity)
            errors.require(errors.AlphaRepeated, choice.alpha.hex not in alphas, got=choice.alpha.hex)
        except errors.Refused as refusal:
            raise refusal.within(f"choice {number}") from None
        alphas.add(choice.alpha.hex)


def _check_proofs(question: Question, answer: Answer, election: Election, context: str) -> None:
    for number, (choice, proofs) in enumerate(zip(answer.choices, answer.individual_proofs, strict=False), 1):
        holds = proves_one(election.y, interval_prefix(context, choice), interval(choice, 0, 1), proofs)
        errors.require(errors.IndividualProofInvalid, holds, f"choice {number}")
    whole = f"{context}|{answer.text}"
    if answer.blank_proof is not None:
        holds = proves_one(election.y, f"bproof0|{whole}|", blank_statements(answer), answer.blank_proof)
        errors.require(errors.BlankProofInvalid, holds)
    prefix, statements = overall_statements(question, answer, whole)
    errors.require(errors.OverallProofInvalid, proves_one(election.y, prefix, statements, answer.overall_proof))


def blank_statements(answer: Answer) -> list[Statement]:
    """m₀ = 0 ∨ mΣ = 0: not blank, or nothing chosen."""
    return [Statement(answer.choices[0], 0), Statement(product(answer.choices[1:]), 0)]


def overall_statements(question: Question, answer: Answer, whole: str) -> tuple[str, list[Statement]]:
    """The text of the hash, and: mΣ ∈ [min, max]; where blank is allowed, m₀ = 1 ∨ mΣ ∈ [min, max]."""
    if not question.blank:
        total = product(answer.choices)
        return interval_prefix(whole, total), interval(total, question.min, question.max)
    total = product(answer.choices[1:])
    return f"bproof1|{whole}|", [Statement(answer.choices[0], 1), *interval(total, question.min, question.max)]
