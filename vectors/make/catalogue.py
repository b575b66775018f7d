"""What there is to make: every vector with its step, its origin and the reason why it must be refused."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sanduq import errors
from sanduq.algebra.group import Q
from sanduq.algebra.numbers import Random

WORDS = {"0": "foundations", "1": "roll", "2": "question", "3": "keys", "4": "booth", "7": "count", "8": "watch"}

GROUPS = {
    "archive version": ("0.9", "0.2"),
    "name of the group": ("3.7", "0.2"),
    "weights for some": ("1.4", "0.2"),
    "torsion in a sum": ("0.5", "7.3"),
    "hidden ballots": ("0.15", "7.1", "7.2", "7.3"),
    "no trustee, any key": ("3.2", "3.13"),
    "no trustee, key of nobody": ("3.14", "3.2"),
    "unsigned verification key": ("3.1", "3.12"),
    "length of a ballot": ("4.1", "4.3"),
    "ballot of other questions": ("4.5", "4.11", "4.12"),
    "ballot without proofs of its own": ("4.11", "4.12"),
    "blank ballot without proofs of its own": ("4.11", "4.12", "4.13"),
    "bogus decryption before a good one": ("7.7", "7.6"),
    "too few decryptions": ("7.8", "7.10"),
    "shape of a sum": ("7.11", "7.3"),
    "spelling of an anchored setup": ("2.8", "8.1"),
    "language of a text": ("2.10", "2.8"),
    "archive of another referendum": ("7.15", "8.5"),
}
"""Checks that overlap: a group's vectors pass only when all its steps are taken out; each of them alone refuses them."""

STEPS = {
    kind.step: kind.__name__ for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.Refused)
}


@dataclass(frozen=True)
class Folder:
    """Several files: a record, or two copies of an archive. ``anchor`` is what the record is verified against."""

    files: Mapping[str, bytes]
    anchor: str | None = None


@dataclass(frozen=True)
class Vector:
    """One forged thing. ``origin`` is a case of the list in ``vectors/README.md``, or the specification itself."""

    name: str
    step: str
    origin: str
    why: str
    group: str | None
    reader: bool
    make: Callable[[Random], bytes | Folder]

    def built(self) -> bytes | Folder:
        """The forged bytes; the same at every run."""
        return self.make(numbers(self.name))

    def expectation(self, made: bytes | Folder) -> dict[str, object]:
        """The entry in ``expected.json``."""
        entry: dict[str, object] = {"step": self.step, "error": STEPS[self.step], "origin": self.origin, "why": self.why}
        if isinstance(made, Folder):
            entry |= {"kind": "record", "anchor": made.anchor} if "setup.json" in made.files else {"kind": "compare"}
        else:
            entry["kind"] = "archive"
        if self.reader:
            return entry | {"reader": True}
        return entry | ({"group": self.group} if self.group else {"passes_without": True})


VECTORS: dict[str, Vector] = {}
Maker = Callable[[Random], bytes | Folder]


def numbers(seed: str) -> Random:
    """Numbers modulo q that follow from a text."""
    generator = random.Random(seed)
    return lambda: generator.randrange(Q)


def vector(
    slug: str, why: str, origin: str = "spec", *, group: str | None = None, reader: bool = False
) -> Callable[[Maker], Maker]:
    """Register the maker of ``<step>-<slug>``. It gets randomness and gives the bytes of an archive, or a folder."""

    def register(make: Maker) -> Maker:
        step = slug.split("-", 1)[0]
        name = f"{WORDS[step.split('.')[0]]}/{slug}"
        if name in VECTORS or step not in STEPS or (group is not None and (group not in GROUPS or GROUPS[group][0] != step)):
            raise ValueError(f"{name}: there already, or no such step or group")
        VECTORS[name] = Vector(name, step, origin, why, group, reader, make)
        return make

    return register
