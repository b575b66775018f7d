"""The numbered steps as a reader of the report sees them: number, what holds, and how often it was asked (spec 0 to 8).

``count_of`` of a step is a name in :class:`Counts`; the report prints one line for each step, with "–" where the archive has
nothing to ask. A test sees that these are exactly the steps of the specification that a verifier takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sanduq.count.report import ArchiveReport

_TABLE: Final = """
0.1  json        every text is JSON of the form expected, bounded in depth and length
0.2  json        every text is the canonical one
0.3  json        every number modulo q is reduced
0.4  points      every point is a point of the curve, in its one form
0.5  points      every point is in the prime-order group
0.6  archives    the file ends behind a whole event
0.7  records     every header is the one form of its name, size and time; padding is zero
0.8  records     every record has a name of a known form
0.9  archives    the first record is version 1, and all bear its time
0.10 records     no record is longer than its place allows
0.11 records     every name is the SHA-256 of the content
0.12 events      every event names the one before it
0.13 events      heights count 0, 1, 2, …
0.14 events      every event brings its records, all of them and no others
0.15 events      events stand in their order, each once
1.1  archives    the public list is one of credentials
1.2  roll        no credential stands twice
1.3  roll        no credential is the identity
1.4  roll        weights are in bounds, for all or for none
1.5  certificate the certificate of the list can be read
1.6  certificate the certificate is for this election and this list
1.7  certificate the certificate is signed
2.1  archives    the election has the form of version 1
2.2  archives    the version of the protocol is 1
2.3  archives    the group is Ed25519
2.4  questions   every question is homomorphic
2.5  questions   every question's bounds make sense
2.6  archives    the uuid is one
3.1  archives    the trustees can be read
3.2  archives    there are trustees
3.3  trustees    no trustee's key is the identity
3.4  trustees    no key stands twice
3.5  trustees    every trustee has proven to know its key
3.6  groups      thresholds fit the groups
3.7  groups      certificates are for this group, size, threshold and index
3.8  groups      certificates are signed
3.9  groups      coefficients are signed
3.10 groups      each trustee signed all certificates
3.11 groups      verification keys are what the coefficients give
3.12 groups      verification keys are signed
3.13 archives    the election's key is the product of the trustees' keys
3.14 archives    the election's key is not the identity
4.1  ballots     no ballot is longer than the questions allow
4.2  ballots     every ballot can be read
4.3  ballots     every ballot is the canonical text
4.4  ballots     every ballot is for this election
4.5  ballots     every ballot was made for this text of the election
4.6  ballots     every ballot's credential is on the public list
4.7  ballots     no ballot is there twice
4.8  ballots     every ballot has the answers, choices and proofs of the questions
4.9  ballots     no choice is encrypted without randomness
4.10 ballots     no two choices of a ballot share their randomness
4.11 ballots     every choice is proven to be 0 or 1
4.12 ballots     every answer is proven to be within its question's bounds
4.13 ballots     every blank vote is proven to be nothing else
4.14 ballots     the signed hash is the hash of the ballot
4.15 ballots     every ballot is signed with its credential
7.1  tallies     the number of counted ballots is right
7.2  tallies     their total weight is right
7.3  tallies     the encrypted tally is the product of each credential's last ballot
7.4  decryptions every partial decryption has the shape of the tally
7.5  decryptions every partial decryption is a trustee's
7.6  decryptions no trustee decrypted twice
7.7  decryptions every decryption factor is proven
7.16 results     decryptions beyond the threshold fit the others
7.8  results     enough trustees decrypted
7.9  results     the result has the shape of the questions
7.10 results     the result is what the decryptions give
7.11 tallies     the encrypted tally has the shape of the questions
8.1  anchors     the setup is the one that was announced
2.7  records_    the setup can be read
2.8  records_    the setup is canonical
2.9  records_    the setup's areas fit together
2.10 records_    every text is there in every language
2.11 records_    the rule fits the questions and the areas
2.12 records_    the information is plain, and gives its sides equal space
2.13 records_    the supervisor's key is one, and not the box's
2.14 records_    the uuid of the test sum is no area's
3.19 areas       the trustees fit the setup's policy
7.15 areas       every election is one of the setup
7.12 areas       no area was counted with fewer ballots than the setup's minimum
8.2  areas       no area is missing
8.3  areas       no archive is extra
8.4  areas       no area is there twice
8.5  areas       every election is, to the byte, what the setup gives
8.6  areas       every roll is the setup's
8.7  areas       every area's trustees are the setup's
7.17 bindings    every decryption is proven to be of this very sum
7.18 tests       the trustees have decrypted the test sum before the opening
7.19 tests       the test sum is the one that follows from the setup, with the result that was put in
7.20 tests       every trustee has decrypted the test sum
8.8  lines       the journal can be read
8.9  lines       the journal's chain is whole
8.10 lines       the acts are in order, and not before the calendar allows
8.11 lines       the journal says what the archives say
8.16 signed      no act lacks the supervisor's signature
8.17 signed      every signature is the supervisor's, of this act in this place
8.18 suspensions no ballot came in while the vote was suspended
8.12 areas       every archive is, or has grown out of, the one that was fingerprinted
8.13 records_    the folder holds nothing else
"""


@dataclass(frozen=True)
class Step:
    """One line of the report."""

    number: str
    counts: str
    sentence: str


STEPS: Final = tuple(Step(*line.split(None, 2)) for line in _TABLE.strip().splitlines())
RECORD_ONLY: Final = frozenset({"anchors", "records_", "areas", "lines", "bindings", "tests", "signed", "suspensions"})


def counts_of(report: ArchiveReport) -> dict[str, int]:
    """How many of each thing an archive has."""
    choices = sum(question.choices for question in report.election.questions)
    trustees = len(report.trustees.keys)
    groups = sum(item.needed != 1 or len(item.keys) != 1 for item in report.trustees.items)
    tallies = int(report.phase in ("counting", "counted"))
    decryptions = len(report.decryptions)
    return {
        "archives": 1,
        "records": report.records,
        "json": report.records,
        "events": report.height + 1,
        "roll": report.roll_size,
        "certificate": int(report.has_certificate),
        "questions": len(report.election.questions),
        "trustees": trustees,
        "groups": groups,
        "ballots": report.ballots,
        "points": report.roll_size
        + trustees
        + report.ballots * (2 * choices + 1)
        + 2 * choices * tallies
        + choices * decryptions,
        "tallies": tallies,
        "decryptions": decryptions,
        "results": int(report.result is not None),
    }
