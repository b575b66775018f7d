"""The Rust engine, ``sanduq-speed``: all processors, each equation on its own, or with hints all of them as one (spec 4.e). The
one module that knows it.

Where Rust refuses, Python judges: its word is final, and it names the step. If Python then accepts, the engines disagree,
which is an error of its own and never a pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import sanduq_speed
from sanduq import errors
from sanduq.algebra.elgamal import Ciphertext
from sanduq.algebra.group import unchecked_point
from sanduq.booth.seal import check_choices
from sanduq.engine import Sums
from sanduq.engine.ledger import Keeper, Place, Start, Stretch
from sanduq.engine.python import PythonEngine
from sanduq.question.election import Election
from sanduq.roll import Roll, check_credential, check_key, check_uuid

T = TypeVar("T")


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
        return self._judge(raws, self.screen(raws))

    def _judge(self, raws: Sequence[bytes], screened: Sequence[T | None]) -> list[T | errors.Refused]:
        """What Rust refuses, Python judges."""
        verdicts: list[T | errors.Refused] = []
        for raw, found in zip(raws, screened, strict=True):
            if found is not None:
                verdicts.append(found)
                continue
            judged = self._reference.check([raw])[0]
            if not isinstance(judged, errors.Refused):
                raise errors.EnginesDisagree(
                    "rust refuses a ballot that python accepts", hint="please report this, with the archive"
                )
            verdicts.append(judged)
        return verdicts

    @property
    def hint_size(self) -> int:
        """See :class:`sanduq.engine.BallotEngine`."""
        found: int = self._checker.hint_size
        return found

    def check_and_hint(self, raws: Sequence[bytes]) -> list[tuple[str, bytes] | errors.Refused]:
        """See :class:`sanduq.engine.BallotEngine`."""
        found = self._checker.check_and_hint(list(raws))
        return self._judge(raws, [None if pair is None else (pair[0].hex(), pair[1]) for pair in found])

    def hint(self, raws: Sequence[bytes]) -> list[bytes | None]:
        """See :class:`sanduq.engine.BallotEngine`."""
        return [None if pair is None else pair[1] for pair in self._checker.check_and_hint(list(raws))]

    def check_hinted(self, raws: Sequence[bytes], hints: bytes) -> tuple[list[str | errors.Refused], int]:
        """See :class:`sanduq.engine.BallotEngine`."""
        found, bad = self._checker.check_hinted(list(raws), hints)
        return self._judge(raws, [None if credential is None else credential.hex() for credential in found]), len(bad)

    def screen(self, raws: Sequence[bytes]) -> list[str | None]:
        """See :class:`sanduq.engine.BallotEngine`."""
        return [None if credential is None else credential.hex() for credential in self._checker.check(list(raws))]

    def ledger(self, roll: Roll) -> RustLedger:
        """See :class:`sanduq.engine.BallotEngine`."""
        return RustLedger(roll)

    def count(self, data: bytes) -> int:
        """See :class:`sanduq.engine.BallotEngine`."""
        found: int = self._checker.count(data)
        return found

    def take(self, ledger: Keeper, data: bytes, hints: bytes, start: Start) -> Stretch | None:
        """See :class:`sanduq.engine.BallotEngine`."""
        if not isinstance(ledger, RustLedger):
            return None
        head = bytes.fromhex(start.head)
        taken = self._checker.take(ledger.inner, data, hints, start.offset, head, start.height, start.time)
        if not taken.count:
            return None
        replaced = tuple((Place(begin, length), weight) for begin, length, weight in taken.replaced)
        sums = self._sums(taken.sums)
        return Stretch(taken.count, taken.length, taken.head.hex(), sums, replaced, taken.hinted, taken.bad)

    def sum(self, raws: Sequence[bytes], weights: Sequence[int]) -> Sums:
        """See :class:`sanduq.engine.BallotEngine`."""
        return self._sums(self._checker.sum(list(raws), list(weights)))

    def _sums(self, data: bytes) -> Sums:
        # The points are sums of points that were checked, so they need no check of their own.
        points = [unchecked_point(data[start : start + 32].hex()) for start in range(0, len(data), 32)]
        pairs = iter(zip(points[::2], points[1::2], strict=True))
        return tuple(tuple(Ciphertext(*next(pairs)) for _ in range(question.choices)) for question in self._questions)


class RustLedger:
    """See :class:`sanduq.engine.ledger.Keeper`: a hundred bytes a voter."""

    def __init__(self, roll: Roll) -> None:
        weights = list(roll.weights.values()) if roll.weighted else []
        self.inner = sanduq_speed.Ledger(bytes.fromhex("".join(roll.weights)), weights)

    @property
    def counted(self) -> int:
        """See :class:`sanduq.engine.ledger.Keeper`."""
        found: int = self.inner.counted
        return found

    @property
    def total_weight(self) -> int:
        """See :class:`sanduq.engine.ledger.Keeper`."""
        found: int = self.inner.total_weight
        return found

    def enter(self, credential: str, digest: str, place: Place) -> tuple[int, Place | None]:
        """See :class:`sanduq.engine.ledger.Keeper`."""
        found = self.inner.enter(bytes.fromhex(credential), bytes.fromhex(digest), *place)
        if found is None:
            raise errors.CredentialUnknown(got=credential)
        if found is False:
            raise errors.BallotReplayed(got=digest)
        weight, before = found
        return weight, None if before is None else Place(*before)


class RustEngine:
    """See :class:`sanduq.engine.Engine`."""

    name = "rust"

    def check_roll(self, roll: Roll, hints: bytes = b"") -> bool:
        """See :class:`sanduq.engine.Engine`."""
        keys = list(roll.weights)
        points = bytes.fromhex("".join(keys))
        if hints and sanduq_speed.check_points_hinted(points, hints):
            return True
        bad = sanduq_speed.check_points(points)
        if bad is None:
            return False
        try:
            check_key(keys[bad])
        except errors.Refused as refusal:
            raise refusal.within(f"entry {bad + 1}") from None
        raise errors.EnginesDisagree("rust refuses a public credential that python accepts")

    def hint_roll(self, roll: Roll) -> bytes:
        """See :class:`sanduq.engine.Engine`."""
        found: bytes = sanduq_speed.hint_points(bytes.fromhex("".join(roll.weights)))
        return found

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
            return list(checker.vartime_seal(list(credentials), [[list(vector) for vector in ballot] for ballot in choices]))
        except ValueError:
            for credential, chosen in zip(credentials, choices, strict=True):
                check_credential(credential)
                check_choices(election, chosen)
            raise errors.EnginesDisagree("rust does not seal what python seals") from None
