"""What both refuse: without this, a verdict "accepted" of either would say little.

(Each refuses more than the other in places; here is what they have in common.)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from oracle.elections import Turns, hold, play
from oracle.ours import Ours, setup_entry
from oracle.party import Party
from oracle.peer import Peer, desk
from oracle.scenario import BLANK_NO, BLANK_YES, NO, YES, Asked, Holders, Scenario, vote
from oracle.verdicts import ENGINES, copy_until, entries, they_refuse_ballot, they_verify, they_verify_ballot
from sanduq import errors
from sanduq.algebra.numbers import sha256_hex, system_random
from sanduq.archive import Entry, Kind, Owned, Sized, event_records, setup_records
from sanduq.booth.ballot import ballot_value, read_ballot, signature_scheme
from sanduq.box import Box
from sanduq.question.election import read_election
from sanduq.roll import new_credential, secret_exponent

pytestmark = pytest.mark.oracle

Change = Callable[[Any], Any]
QUESTIONS = (Asked(), Asked(blank=True))


def written(value: Any) -> bytes:
    """Compact, as the protocol writes it (nothing here needs an escape)."""
    return json.dumps(value, separators=(",", ":")).encode()


# --- ballots ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Open:
    """An open election without ballots, the credentials of its three voters, and a ballot of the first two."""

    archive: Path
    credentials: tuple[str, ...]
    ballots: tuple[bytes, ...]


@pytest.fixture(scope="module")
def vote_is_open(peer: Peer, party: Callable[[str], Party], tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Made by sanduq, sealed by both."""
    ours, keys = party("rust"), hold(Holders(), Turns([party("rust")]))
    uuid = ours.uuid()
    made = ours.credentials(uuid, 3, None)
    election = ours.election(uuid, keys.trustees, Scenario("", QUESTIONS).template())
    archive = ours.start(tmp_path_factory.mktemp("open"), uuid, election, keys.trustees, made.roll)
    first = peer.seal(archive, made.secret[0], [YES, BLANK_NO])
    return Open(archive, made.secret, (first, ours.seal(archive, made.secret[1], [NO, BLANK_YES])))


def at(*path: str | int, to: Change) -> Callable[[Open], bytes]:
    """The first ballot, changed at one place."""

    def change(given: Open) -> bytes:
        value = json.loads(given.ballots[0])
        inner = value
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = to(inner[path[-1]])
        return written(value)

    return change


def _other(number: str) -> str:
    return "1" if number != "1" else "2"


def _signed_by(given: Open, number: int, voter: int) -> bytes:
    """Ballot ``number`` under the public credential of ``voter``, and signed by it: all is right but that it is a copy."""
    election = read_election(setup_entry(given.archive)[0])
    unsigned = read_ballot(given.ballots[number], election).unsigned
    public = Ours("rust", "rust").public(election.uuid, given.credentials[voter])
    copy = replace(unsigned, credential=public)
    proof = signature_scheme(copy.hash).prove(secret_exponent(election.uuid, given.credentials[voter]), system_random)
    return written(ballot_value(copy, copy.hash, proof))


def _signed_by_another(given: Open) -> bytes:
    """The first ballot, signed with the second voter's secret."""
    election = read_election(setup_entry(given.archive)[0])
    ballot = read_ballot(given.ballots[0], election)
    proof = signature_scheme(ballot.unsigned.hash).prove(secret_exponent(election.uuid, given.credentials[1]), system_random)
    return written(ballot_value(ballot.unsigned, ballot.unsigned.hash, proof))


def _of_a_stranger(given: Open) -> bytes:
    return Ours("rust", "rust").seal(given.archive, new_credential(), [YES, BLANK_NO])


def _torsion(point: str) -> str:
    """The point plus the one of order two: (−x, −y)."""
    number = int(point, 16)
    sign, y = number >> 255, number & (1 << 255) - 1
    return f"{(1 - sign) << 255 | (2**255 - 19 - y):064x}"


HASH = "A" * 43
BALLOTS: list[tuple[str, Callable[[Open], bytes], type[errors.Refused]]] = [
    ("uuid", at("election_uuid", to=lambda _: "1" * 14), errors.BallotOtherElection),
    ("election", at("election_hash", to=lambda _: HASH), errors.BallotOtherQuestions),
    ("alpha", at("answers", 0, "choices", 0, "alpha", to=_torsion), errors.PointOutsideGroup),
    ("y too large", at("answers", 0, "choices", 0, "beta", to=lambda _: "7f" + "f" * 62), errors.PointInvalid),
    ("a number too large", at("signature", "proof", "response", to=lambda _: str(2**255)), errors.ScalarNotReduced),
    ("an individual proof", at("answers", 0, "individual_proofs", 1, 0, "response", to=_other), errors.IndividualProofInvalid),
    ("an overall proof", at("answers", 0, "overall_proof", 0, "challenge", to=_other), errors.OverallProofInvalid),
    ("an overall proof with blank", at("answers", 1, "overall_proof", 1, "response", to=_other), errors.OverallProofInvalid),
    ("a blank proof", at("answers", 1, "blank_proof", 0, "response", to=_other), errors.BlankProofInvalid),
    ("choices in another order", at("answers", 0, "choices", to=lambda c: c[::-1]), errors.IndividualProofInvalid),
    ("answers in another order", at("answers", to=lambda a: a[::-1]), errors.BallotShape),
    ("an answer is missing", at("answers", to=lambda a: a[:1]), errors.BallotShape),
    ("an answer more", at("answers", to=lambda a: [*a, a[0]]), errors.BallotOversize),
    ("a choice more", at("answers", 0, "choices", to=lambda c: [*c, c[0]]), errors.BallotOversize),
    ("the signature", at("signature", "proof", "response", to=_other), errors.SignatureInvalid),
    ("the signed hash", at("signature", "hash", to=lambda _: HASH), errors.SignatureHashInvalid),
    ("signed by another voter", _signed_by_another, errors.SignatureInvalid),
    ("a copy under another credential", lambda given: _signed_by(given, 0, 1), errors.IndividualProofInvalid),
    ("of a credential that is not on the list", _of_a_stranger, errors.CredentialUnknown),
    ("a space behind", lambda given: given.ballots[0] + b" ", errors.BallotNotCanonical),
    ("not JSON", lambda given: given.ballots[0][:-1], errors.BallotMalformed),
    ("another object", lambda given: b"{}", errors.BallotMalformed),
]


@pytest.mark.parametrize(("spoil", "refusal"), [row[1:] for row in BALLOTS], ids=[row[0] for row in BALLOTS])
def test_both_refuse_a_spoiled_ballot(
    spoil: Callable[[Open], bytes], refusal: type[errors.Refused], vote_is_open: Open, peer: Peer
) -> None:
    archive, spoiled = vote_is_open.archive, spoil(vote_is_open)
    before = archive.read_bytes()
    they_refuse_ballot(peer, archive.parent, spoiled)
    for name in ENGINES:
        with Box.open(archive, Ours(name, name).engine) as box, pytest.raises(refusal) as caught:
            box.cast(spoiled)
        assert type(caught.value) is refusal
    assert archive.read_bytes() == before


def test_both_accept_what_was_not_spoiled(vote_is_open: Open, peer: Peer, tmp_path: Path) -> None:
    for number in (0, 1):
        they_verify_ballot(peer, vote_is_open.archive.parent, vote_is_open.ballots[number])
        assert _signed_by(vote_is_open, number, number) != vote_is_open.ballots[number]
        they_verify_ballot(peer, vote_is_open.archive.parent, _signed_by(vote_is_open, number, number))
    copy = copy_until(vote_is_open.archive, tmp_path, 1)
    with Box.open(copy, Ours("python", "python").engine) as box:
        box.cast_many(vote_is_open.ballots)


def test_both_refuse_a_ballot_twice(vote_is_open: Open, peer: Peer, tmp_path: Path) -> None:
    copy = copy_until(vote_is_open.archive, tmp_path, 1)
    for ballot in vote_is_open.ballots:
        peer.cast(copy, ballot)
    for ballot in vote_is_open.ballots:
        they_refuse_ballot(peer, tmp_path, ballot)
    peer.cast(copy, vote_is_open.ballots[0])
    for name in ENGINES:
        with pytest.raises(errors.BallotReplayed):
            Ours(name, name).verify(copy)


# --- archives ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def counted(party: Callable[[str], Party], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole election with two trustees."""
    votes = (vote(0, YES, BLANK_NO), vote(1, NO, BLANK_YES), vote(0, YES, BLANK_YES))
    scenario = Scenario("", QUESTIONS, votes, 3, holders=Holders(2, decrypt=(1, 2)))
    return play(scenario, Turns([party("rust"), party("tool")]), tmp_path_factory.mktemp("counted") / "e").archive


Data = Sequence[bytes]


def _tally(data: Data, change: Change) -> Data:
    tally = written(change(json.loads(data[0])))
    sized = json.loads(data[1])
    return [tally, Sized(sized["num_tallied"], sized["total_weight"], sha256_hex(tally)).to_bytes()]


def _decryption(data: Data, change: Change, owner: int | None = None) -> Data:
    decryption = written(change(json.loads(data[0])))
    return [decryption, Owned(owner or json.loads(data[1])["owner"], sha256_hex(decryption)).to_bytes()]


def _election(data: Data, name: str, to: Any) -> Data:
    return [written(json.loads(data[0]) | {name: to}), *data[1:]]


def _same(value: Any) -> Any:
    return value


G_POINT = "6666666666666666666666666666666666666666666666666666666666666658"
ARCHIVES: list[tuple[str, Kind, Callable[[Data], Data | None], type[errors.Refused]]] = [
    ("the key", Kind.SETUP, lambda d: _election(d, "public_key", G_POINT), errors.ElectionKeyWrong),
    ("another election for the ballots", Kind.SETUP, lambda d: _election(d, "name", "Another"), errors.BallotOtherQuestions),
    (
        "the sum in another order",
        Kind.ENCRYPTED_TALLY,
        lambda d: _tally(d, lambda t: [t[0][::-1], t[1]]),
        errors.EncryptedSumWrong,
    ),
    (
        "factors in another order",
        Kind.PARTIAL_DECRYPTION,
        lambda d: _decryption(d, lambda p: p | {"decryption_factors": [row[::-1] for row in p["decryption_factors"]]}),
        errors.DecryptionProofInvalid,
    ),
    ("another owner", Kind.PARTIAL_DECRYPTION, lambda d: _decryption(d, _same, 2), errors.DecryptionProofInvalid),
    ("an owner who is none", Kind.PARTIAL_DECRYPTION, lambda d: _decryption(d, _same, 3), errors.DecryptionOwner),
    ("a decryption is missing", Kind.PARTIAL_DECRYPTION, lambda d: None, errors.DecryptionsMissing),
    ("a vote more", Kind.RESULT, lambda d: [b'{"result":[[2,1],[0,2,0]]}'], errors.ResultWrong),
    ("a vote less", Kind.RESULT, lambda d: [b'{"result":[[1,0],[0,2,0]]}'], errors.ResultWrong),
    ("a question less", Kind.RESULT, lambda d: [b'{"result":[[1,1]]}'], errors.ResultMalformed),
]


def respelled(archive: Path, kind: Kind, change: Callable[[Data], Data | None]) -> bytes:
    """The archive with the data of the first event of a kind changed (without it, if they become None), all hashes right."""
    time, found = entries(archive)
    target = next(entry for entry in found if entry.event.kind is kind)

    def data_of(entry: Entry) -> Data | None:
        return change(entry.data) if entry is target else entry.data

    first = data_of(found[0])
    assert first is not None
    content, head = setup_records(time, *first[:3])
    for entry in found[1:]:
        data = data_of(entry)
        if data is not None:
            more, head = event_records(head, entry.event.kind, data)
            content += more
    return content


@pytest.mark.parametrize(
    ("kind", "change", "refusal"),
    [pytest.param(*row[1:], id=row[0], marks=[pytest.mark.long] if at % 3 else []) for at, row in enumerate(ARCHIVES)],
)
def test_both_refuse_a_spoiled_archive(
    kind: Kind, change: Callable[[Data], Data | None], refusal: type[errors.Refused], counted: Path, peer: Peer
) -> None:
    with desk() as folder:
        copy = folder / counted.name
        copy.write_bytes(respelled(counted, kind, change))
        if refusal is errors.BallotOtherQuestions:
            ballot = next(entry.data[0] for entry in entries(copy)[1] if entry.event.kind is Kind.BALLOT)
            copy_until(copy, folder, 1)
            they_refuse_ballot(peer, folder, ballot)
            copy.write_bytes(respelled(counted, kind, change))
        else:
            peer.tool.refuses(folder, "election", "verify")
        for name in ENGINES:
            with pytest.raises(refusal):
                Ours(name, name).verify(copy)


def test_both_accept_the_archive_that_was_not_spoiled(counted: Path, peer: Peer) -> None:
    they_verify(peer, counted)
    assert respelled(counted, Kind.RESULT, _same) == counted.read_bytes()
    assert Ours("python", "python").verify(counted).result == ((1, 1), (0, 2, 0))
