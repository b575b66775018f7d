"""Between the close and the result: which trustees have decrypted which area, and what is still needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from sanduq.keys.trustees import Pedersen, read_trustees
from sanduq_web.count.models import Tally
from sanduq_web.drawing import Part, bar
from sanduq_web.pages import by_letters
from sanduq_web.question.api import Frozen


@dataclass(frozen=True)
class Trustee:
    """A trustee by the number that decryptions name; the name that the trustees' text gives, if any; the key, in 64 digits."""

    owner: int
    name: str
    key: str
    mandatory: bool


@dataclass(frozen=True)
class Share:
    """How many areas a trustee has decrypted."""

    trustee: Trustee
    areas: int
    bar: SafeString


@dataclass(frozen=True)
class AreaProgress:
    """One area: ballots that count, who has decrypted, who must still, and how many of the others must still.

    ``state`` is waiting (nothing is summed), decrypting, done, or few (ballots: it stays uncounted).
    """

    name: str
    ballots: int | None
    done: tuple[Trustee, ...]
    missing: tuple[Trustee, ...]
    more: int
    state: str


@dataclass(frozen=True)
class Progress:
    """All areas, those that are not done first."""

    trustees: tuple[Share, ...]
    areas: tuple[AreaProgress, ...]
    done: int
    to_count: int
    bar: SafeString


@lru_cache(maxsize=64)
def trustees_of(frozen: Frozen) -> tuple[tuple[Trustee, ...], int]:
    """The trustees in the order of their numbers, and how many of those that are not mandatory are needed."""
    found: list[Trustee] = []
    needed = 0
    for item in read_trustees(frozen.trustees).items:
        group = isinstance(item, Pedersen)
        keys = item.verification_keys if isinstance(item, Pedersen) else (item.public_key,)
        for key in keys:
            found.append(Trustee(len(found) + 1, key.name or "", key.key.hex, not group))
        needed += item.needed if group else 0
    return tuple(found), needed


def tell_progress(frozen: Frozen, tallies: Mapping[str, Tally]) -> Progress:
    """What the verified tallies say."""
    trustees, threshold = trustees_of(frozen)
    areas = [_area(place.area.name, tallies.get(code), frozen, trustees, threshold) for code, place in frozen.places.items()]
    order = ("decrypting", "waiting", "few", "done")
    areas.sort(key=lambda area: (order.index(area.state), by_letters(area.name)))
    to_count = sum(area.state != "few" for area in areas)
    shares = []
    for trustee in trustees:
        count = sum(trustee in area.done for area in areas)
        shares.append(Share(trustee, count, _bar(count, max(to_count, count))))
    done = sum(area.state == "done" for area in areas)
    return Progress(tuple(shares), tuple(areas), done, to_count, _bar(done, to_count))


def _area(name: str, tally: Tally | None, frozen: Frozen, trustees: tuple[Trustee, ...], threshold: int) -> AreaProgress:
    if tally is None:
        return AreaProgress(name, None, (), (), 0, "waiting")
    owners = set(tally.owners)
    done = tuple(trustee for trustee in trustees if trustee.owner in owners)
    missing = tuple(trustee for trustee in trustees if trustee.mandatory and trustee.owner not in owners)
    more = max(threshold - sum(not trustee.mandatory for trustee in done), 0)
    few = 0 < tally.counted < frozen.setup.minimum_ballots and tally.votes is None
    state = "few" if few else "done" if tally.votes is not None else "decrypting"
    return AreaProgress(name, tally.counted, done, missing, more, state)


def _bar(count: int, whole: int) -> SafeString:
    return mark_safe(bar([Part("done", count)], whole))  # noqa: S308  # its class is ours
