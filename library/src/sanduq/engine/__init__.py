"""The two engines that check ballots and keys: Python, the reference, and Rust, the same answers sooner.

``SANDUQ_ENGINE=python`` or ``rust`` chooses; without it Rust is used where ``sanduq-speed`` is installed. The name stands in
every report. Both accept exactly the same set: ``library/tests/test_engines.py`` seeks a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from sanduq import errors
from sanduq.algebra.elgamal import Ciphertext
from sanduq.engine.ledger import Keeper, Start, Stretch
from sanduq.question.election import Election
from sanduq.roll import Roll

Sums = tuple[tuple[Ciphertext, ...], ...]
"""For each question, the product of each choice."""


class BallotEngine(Protocol):
    """Checks ballots of one election."""

    batch: int
    """How many ballots to hand over at once."""

    def check(self, raws: Sequence[bytes]) -> list[str | errors.Refused]:
        """For each ballot its credential, or its refusal (4.1 to 4.5, 4.8 to 4.15, 0.3 to 0.5)."""
        ...

    def screen(self, raws: Sequence[bytes]) -> list[str | None]:
        """For each ballot its credential, or None where :meth:`check` is to be asked why not: that may take long."""
        ...

    @property
    def hint_size(self) -> int:
        """The bytes of one ballot's hint (0.e)."""
        ...

    def check_and_hint(self, raws: Sequence[bytes]) -> list[tuple[str, bytes] | errors.Refused]:
        """As :meth:`check`, and with each credential the ballot's hint, which is made on the way."""
        ...

    def hint(self, raws: Sequence[bytes]) -> list[bytes | None]:
        """The hint of each ballot that is accepted."""
        ...

    def check_hinted(self, raws: Sequence[bytes], hints: bytes) -> tuple[list[str | errors.Refused], int]:
        """As :meth:`check`, sooner where the ballots' hints are right; and how many were missing or wrong.

        ``hints`` are those of these ballots, one behind the other, and may end earlier.
        """
        ...

    def ledger(self, roll: Roll) -> Keeper:
        """An empty ledger for this roll, which was checked."""
        ...

    def count(self, data: bytes) -> int:
        """How many ballots with their events stand whole at the beginning of these bytes: for so many hints are of use."""
        ...

    def take(self, ledger: Keeper, data: bytes, hints: bytes, start: Start) -> Stretch | None:
        """The ballots at the beginning of these bytes of an archive, as far as everything is plainly right: records and chain
        (0.7 to 0.15) and ballots (4.1 to 4.15); they stand in the ledger then. None where there is none, or the engine has
        no such way.

        Nothing is refused: whoever reads on behind them says what is wrong there.
        """
        ...

    def sum(self, raws: Sequence[bytes], weights: Sequence[int]) -> Sums:
        """∏ choice^weight over ballots that were accepted before; a negative weight takes a ballot out again."""
        ...


class Engine(Protocol):
    """One of the two."""

    name: str

    def check_roll(self, roll: Roll, hints: bytes = b"") -> bool:
        """Every key of the roll is in the group and not the identity (0.4, 0.5, 1.3); tells whether its hints were used."""
        ...

    def hint_roll(self, roll: Roll) -> bytes:
        """The hints of a roll's keys (0.e), which were checked before."""
        ...

    def ballots(self, election: Election) -> BallotEngine:
        """The checker for one election."""
        ...

    def public_credentials(self, uuid: str, credentials: Sequence[str]) -> list[str]:
        """The public credential of each secret one, in 64 digits."""
        ...

    def seal_many(
        self, election: Election, credentials: Sequence[str], choices: Sequence[Sequence[Sequence[int]]]
    ) -> list[bytes]:
        """Signed ballots for rehearsals: choices[b][q] is what ballot b says to question q, in the order of its ciphertexts."""
        ...


def _python() -> Engine:
    from sanduq.engine.python import PythonEngine

    return PythonEngine()


def _rust() -> Engine:
    try:
        from sanduq.engine.rust import RustEngine
    except ImportError as error:
        raise errors.Unusable(
            "the rust engine is not installed", hint="install sanduq-speed, or set SANDUQ_ENGINE=python"
        ) from error
    return RustEngine()


ENGINES: dict[str, Callable[[], Engine]] = {"python": _python, "rust": _rust}


def choose(name: str | None) -> Engine:
    """The engine called ``name``; without a name the fastest that is installed."""
    if name:
        if name not in ENGINES:
            raise errors.Unusable(f"no engine is called {name!r}", hint="SANDUQ_ENGINE is python or rust")
        return ENGINES[name]()
    try:
        return _rust()
    except errors.Unusable:
        return _python()
