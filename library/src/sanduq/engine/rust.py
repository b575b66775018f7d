"""The Rust engine, ``sanduq-speed``: strict, each equation on its own, all processors. The one module that knows it.

Where Rust refuses, Python judges: its word is final, and it names the step. If Python then accepts, the engines disagree,
which is an error of its own and never a pass.
"""

from __future__ import annotations

from collections.abc import Sequence

import sanduq_speed
from sanduq import errors
from sanduq.algebra.elgamal import Ciphertext
from sanduq.algebra.group import unchecked_point
from sanduq.booth.seal import check_choices
from sanduq.engine import Sums
from sanduq.engine.python import PythonEngine
from sanduq.question.election import Election
from sanduq.roll import Roll, check_credential, check_key, check_uuid


class RustBallots:
    """Checks ballots in batches, on all processors."""

    batch = 4096

    def __init__(self, election: Election) -> None:
        self._reference = PythonEngine().ballots(election)
        self._questions = election.questions
        questions = [(len(q.answers), bool(q.blank), q.min, q.max) for q in election.questions]
        key = bytes.fromhex(election.public_key.hex)
        self._checker = sanduq_speed.Checker(election.uuid, election.fingerprint, key, questions)

    def check(self, raws: Sequence[bytes]) -> list[str | errors.Refused]:
        """See :class:`sanduq.engine.BallotEngine`."""
        verdicts: list[str | errors.Refused] = []
        for raw, credential in zip(raws, self.screen(raws), strict=True):
            if credential is not None:
                verdicts.append(credential)
                continue
            judged = self._reference.check([raw])[0]
            if not isinstance(judged, errors.Refused):
                raise errors.EnginesDisagree(
                    "rust refuses a ballot that python accepts", hint="please report this, with the archive"
                )
            verdicts.append(judged)
        return verdicts

    def screen(self, raws: Sequence[bytes]) -> list[str | None]:
        """See :class:`sanduq.engine.BallotEngine`."""
        return [None if credential is None else credential.hex() for credential in self._checker.check(list(raws))]

    def sum(self, raws: Sequence[bytes], weights: Sequence[int]) -> Sums:
        """See :class:`sanduq.engine.BallotEngine`."""
        data = self._checker.sum(list(raws), list(weights))
        # The points are sums of points that were checked, so they need no check of their own.
        points = [unchecked_point(data[start : start + 32].hex()) for start in range(0, len(data), 32)]
        pairs = iter(zip(points[::2], points[1::2], strict=True))
        return tuple(tuple(Ciphertext(*next(pairs)) for _ in range(question.choices)) for question in self._questions)


class RustEngine:
    """See :class:`sanduq.engine.Engine`."""

    name = "rust"

    def check_roll(self, roll: Roll) -> None:
        """See :class:`sanduq.engine.Engine`."""
        keys = list(roll.weights)
        bad = sanduq_speed.check_points(bytes.fromhex("".join(keys)))
        if bad is None:
            return
        try:
            check_key(keys[bad])
        except errors.Refused as refusal:
            raise refusal.within(f"entry {bad + 1}") from None
        raise errors.EnginesDisagree("rust refuses a public credential that python accepts")

    def ballots(self, election: Election) -> RustBallots:
        """See :class:`sanduq.engine.Engine`."""
        return RustBallots(election)

    def public_credentials(self, uuid: str, credentials: Sequence[str]) -> list[str]:
        """See :class:`sanduq.engine.Engine`."""
        try:
            data = sanduq_speed.derive(uuid, list(credentials))
        except ValueError:
            check_uuid(uuid)
            for credential in credentials:
                check_credential(credential)
            raise errors.EnginesDisagree("rust refuses a credential that python accepts") from None
        return [data[start : start + 32].hex() for start in range(0, len(data), 32)]

    def seal_many(
        self, election: Election, credentials: Sequence[str], choices: Sequence[Sequence[Sequence[int]]]
    ) -> list[bytes]:
        """See :class:`sanduq.engine.Engine`."""
        questions = [(len(q.answers), bool(q.blank), q.min, q.max) for q in election.questions]
        key = bytes.fromhex(election.public_key.hex)
        checker = sanduq_speed.Checker(election.uuid, election.fingerprint, key, questions)
        try:
            return list(checker.seal(list(credentials), [[list(vector) for vector in ballot] for ballot in choices]))
        except ValueError:
            for credential, chosen in zip(credentials, choices, strict=True):
                check_credential(credential)
                check_choices(election, chosen)
            raise errors.EnginesDisagree("rust does not seal what python seals") from None
