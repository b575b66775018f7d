"""The Rust engine of sanduq: the same answers as the Python reference, sooner.

Points are the 32 bytes that the protocol's 64 digits spell: ``bytes.fromhex(text)``. Calls release the interpreter's lock and
use all processors (``RAYON_NUM_THREADS`` says otherwise). The contract is ``spec/0-foundations.md`` and ``spec/4-booth.md``.
"""

from collections.abc import Sequence
from typing import Final, Literal, final

__all__ = [
    "VERSION",
    "Checker",
    "Ledger",
    "Taken",
    "add_points",
    "check_points",
    "check_points_hinted",
    "derive",
    "hint_points",
]

VERSION: Final[str]
"""The version of the engine."""

@final
class Checker:
    """Ballots of one election."""

    def __new__(
        cls, uuid: str, election_hash: str, public_key: bytes, questions: Sequence[tuple[int, bool, int, int]]
    ) -> Checker:
        """``election_hash`` is φ, 43 characters; a question is (number of answers, blank, min, max).

        Raises ``ValueError`` for an uuid or a hash that cannot be one, for a key outside the group or the identity, and for
        questions that no ballot fits.
        """

    @staticmethod
    def portable(uuid: str, election_hash: str, public_key: bytes, questions: Sequence[tuple[int, bool, int, int]]) -> Checker:
        """The same without the processor's extra instructions: what runs on any other processor, to compare and to measure."""

    @property
    def max_size(self) -> int:
        """The bound of step 4.1, in bytes."""

    def check(self, ballots: Sequence[bytes]) -> list[bytes | None]:
        """For each ballot its public credential, or None if it is refused.

        Checked are 4.1 to 4.5, 4.8 to 4.15 and 0.3 to 0.5, and that the credential is not the identity. Whether the
        credential is on the roll (4.6) and the ballot new in the box (4.7) is the caller's.
        """

    @property
    def hint_size(self) -> int:
        """The bytes of one ballot's hint (``spec/0-foundations.md``, 0.e)."""

    def check_and_hint(self, ballots: Sequence[bytes]) -> list[tuple[bytes, bytes] | None]:
        """As :meth:`check`, and with each credential the ballot's hint."""

    def check_hinted(self, ballots: Sequence[bytes], hints: bytes) -> tuple[list[bytes | None], list[int]]:
        """As :meth:`check`, sooner where hints are right; and the ballots, by their index, whose hints were missing or wrong.

        ``hints`` are the ballots' own, one behind the other; they may end earlier. They are not believed: what is accepted is
        what :meth:`check` accepts.
        """

    def count(self, data: bytes) -> int:
        """How many ballots, each with its event, stand whole at the beginning of these bytes of an archive."""

    def take(self, ledger: Ledger, data: bytes, hints: bytes, offset: int, head: bytes, height: int, time: int) -> Taken:
        """Check the ballots at the beginning of these bytes with all that is around them, and enter them in the ledger.

        Checked are 0.7 to 0.15 and 4.1 to 4.15 and whatever they ask for. It ends, without a refusal, at the first entry that
        is not plainly right: the reference goes on from there. ``data`` begins at byte ``offset`` of the file with a ballot of
        this ``height`` whose event follows the one with the hash ``head``; ``time`` is the archive's. ``hints`` are as in
        :meth:`check_hinted`.
        """

    def sum(self, ballots: Sequence[bytes], weights: Sequence[int]) -> bytes:
        """α and β of ∏ choice^weight for each choice of each question, over ballots that were **accepted before**.

        A weight below zero takes a ballot out again. Raises ``ValueError`` for what is no ballot of this election and for
        lists of different lengths, ``OverflowError`` for weights beyond 64 bits.
        """

    def vartime_seal(self, credentials: Sequence[str], choices: Sequence[Sequence[Sequence[int]]]) -> list[bytes]:
        """Complete signed ballots: ``choices[b][q]`` is a vector of 0 and 1 in the order of the ciphertexts (with blank:
        "blank" first).

        Randomness is the operating system's. **For rehearsals**: the time it takes depends on votes and secrets. Raises
        ``ValueError`` that names the place, never the credential.
        """

@final
class Ledger:
    """What is kept of every ballot of an archive: which are in the box, and whose is the last."""

    def __new__(cls, keys: bytes, weights: Sequence[int]) -> Ledger:
        """For a roll and its weights, or no weights where all are 1. Raises ``ValueError`` for a key that stands twice."""

    def enter(
        self, credential: bytes, digest: bytes, start: int, length: int
    ) -> tuple[int, tuple[int, int] | None] | Literal[False] | None:
        """Enter a ballot that was checked: its weight, and where the one stands that it replaces (start, length).

        None if the credential is not on the roll (4.6), False if the ballot is in the box already (4.7).
        """

    @property
    def counted(self) -> int:
        """How many credentials have a ballot."""

    @property
    def total_weight(self) -> int:
        """The weight of these."""

@final
class Taken:
    """What :meth:`Checker.take` took."""

    @property
    def count(self) -> int:
        """How many ballots."""

    @property
    def length(self) -> int:
        """How many bytes they are, with their events."""

    @property
    def head(self) -> bytes:
        """The hash of the last event."""

    @property
    def sums(self) -> bytes:
        """As of :meth:`Checker.sum`; empty if there was no ballot."""

    @property
    def replaced(self) -> list[tuple[int, int, int]]:
        """Start, length and weight of ballots that no longer count, and are still in the sum."""

    @property
    def hinted(self) -> int:
        """How many ballots were accepted with their hints."""

    @property
    def bad(self) -> int:
        """How many hints did not fit their ballot."""

def derive(uuid: str, credentials: Sequence[str]) -> bytes:
    """The public credentials of secret ones, 32 bytes each. Raises ``ValueError`` that names the place, never the
    credential.
    """

def check_points(points: bytes) -> int | None:
    """The index of the first point that is not canonical, not in the group, or the identity (0.4, 0.5, 1.3); None if there is
    none.
    """

def check_points_hinted(points: bytes, hints: bytes) -> bool:
    """Whether the points' hints (0.e) show that all of them are in the group and none is the identity. If not, nothing is
    said: ask :func:`check_points`.
    """

def hint_points(points: bytes) -> bytes:
    """The hints of points of the group, 64 bytes each."""

def add_points(a: bytes, b: bytes) -> bytes:
    """The products of two lists of points, pair by pair. Raises ``ValueError`` for different lengths or a point outside the
    group.
    """
