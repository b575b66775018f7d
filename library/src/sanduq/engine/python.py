"""The reference engine: plain Python, no compiled part, one processor. What it says is the truth that Rust must say too."""

from __future__ import annotations

from collections.abc import Sequence

from sanduq import errors
from sanduq.algebra.elgamal import NOTHING
from sanduq.algebra.group import unchecked_point
from sanduq.algebra.numbers import Random, system_random
from sanduq.booth.ballot import check_ballot, read_ballot
from sanduq.booth.seal import cast_ballot, seal
from sanduq.engine import Sums
from sanduq.engine.hints import hint_ballot, hint_point, hint_size
from sanduq.engine.ledger import Keeper, Ledger, Start
from sanduq.question.election import Election
from sanduq.roll import Roll, check_key, public_credential


class PythonBallots:
    """Checks ballots one by one, as the specification reads."""

    batch = 16

    def __init__(self, election: Election) -> None:
        self._election = election

    def check(self, raws: Sequence[bytes]) -> list[str | errors.Refused]:
        """See :class:`sanduq.engine.BallotEngine`."""
        verdicts: list[str | errors.Refused] = []
        for raw in raws:
            try:
                ballot = read_ballot(raw, self._election)
                check_ballot(ballot, self._election)
                verdicts.append(ballot.credential)
            except errors.Refused as refusal:
                verdicts.append(refusal)
        return verdicts

    @property
    def hint_size(self) -> int:
        """See :class:`sanduq.engine.BallotEngine`."""
        return hint_size(self._election)

    def check_and_hint(self, raws: Sequence[bytes]) -> list[tuple[str, bytes] | errors.Refused]:
        """See :class:`sanduq.engine.BallotEngine`."""
        found: list[tuple[str, bytes] | errors.Refused] = []
        for raw, verdict in zip(raws, self.check(raws), strict=True):
            if isinstance(verdict, errors.Refused):
                found.append(verdict)
            else:
                found.append((verdict, hint_ballot(read_ballot(raw, self._election), self._election)))
        return found

    def hint(self, raws: Sequence[bytes]) -> list[bytes | None]:
        """See :class:`sanduq.engine.BallotEngine`."""
        return [None if isinstance(found, errors.Refused) else found[1] for found in self.check_and_hint(raws)]

    def check_hinted(self, raws: Sequence[bytes], hints: bytes) -> tuple[list[str | errors.Refused], int]:
        """See :class:`sanduq.engine.BallotEngine`. The reference has no use for hints."""
        return self.check(raws), max(0, len(raws) - len(hints) // self.hint_size)

    def screen(self, raws: Sequence[bytes]) -> list[str | None]:
        """See :class:`sanduq.engine.BallotEngine`."""
        return [None if isinstance(verdict, errors.Refused) else verdict for verdict in self.check(raws)]

    def ledger(self, roll: Roll) -> Ledger:
        """See :class:`sanduq.engine.BallotEngine`."""
        return Ledger(roll)

    def count(self, data: bytes) -> int:
        """See :class:`sanduq.engine.BallotEngine`."""
        del data
        return 0

    def take(self, ledger: Keeper, data: bytes, hints: bytes, start: Start) -> None:
        """See :class:`sanduq.engine.BallotEngine`. The reference reads event by event."""
        del ledger, data, hints, start

    def sum(self, raws: Sequence[bytes], weights: Sequence[int]) -> Sums:
        """See :class:`sanduq.engine.BallotEngine`."""
        sums = [[NOTHING] * question.choices for question in self._election.questions]
        for raw, weight in zip(raws, weights, strict=True):
            for row, answer in zip(sums, read_ballot(raw, self._election).unsigned.answers, strict=False):
                for index, choice in enumerate(answer.choices[: len(row)]):
                    row[index] = row[index] * choice**weight
        return tuple(tuple(row) for row in sums)


class PythonEngine:
    """See :class:`sanduq.engine.Engine`."""

    name = "python"

    def __init__(self, random: Random = system_random) -> None:
        self._random = random

    def check_roll(self, roll: Roll, hints: bytes = b"") -> bool:
        """See :class:`sanduq.engine.Engine`. The reference has no use for hints."""
        del hints
        for number, key in enumerate(roll.weights, 1):
            try:
                check_key(key)
            except errors.Refused as refusal:
                raise refusal.within(f"entry {number}") from None
        return False

    def hint_roll(self, roll: Roll) -> bytes:
        """See :class:`sanduq.engine.Engine`."""
        return b"".join(hint_point(unchecked_point(key)) for key in roll.weights)

    def ballots(self, election: Election) -> PythonBallots:
        """See :class:`sanduq.engine.Engine`."""
        return PythonBallots(election)

    def public_credentials(self, uuid: str, credentials: Sequence[str]) -> list[str]:
        """See :class:`sanduq.engine.Engine`."""
        return [public_credential(uuid, credential) for credential in credentials]

    def seal_many(
        self, election: Election, credentials: Sequence[str], choices: Sequence[Sequence[Sequence[int]]]
    ) -> list[bytes]:
        """See :class:`sanduq.engine.Engine`."""
        ballots = []
        for credential, chosen in zip(credentials, choices, strict=True):
            sealed = seal(election, public_credential(election.uuid, credential), chosen, self._random)
            ballots.append(cast_ballot(sealed.unsigned, credential, self._random).raw)
        return ballots
