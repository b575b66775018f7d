"""Taking up a referendum, and what is shown beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.question.setup import Setup, hidden_in
from sanduq_web.drawing import read_boundaries
from sanduq_web.question.models import Area, Beside, Referendum

MOST_CREDITS: Final = 20
LONGEST_CREDIT: Final = 600


def add(setup: Setup, trustees: bytes, elections: Mapping[str, bytes]) -> dict[str, Area]:
    """Keep a setup, its trustees and its areas' elections, within the caller's transaction; gives the areas by code."""
    expected, got = setup.trustees_sha256, sha256_hex(trustees)
    errors.require(errors.AreaTrustees, got == expected, expected=expected, got=got)
    if Area.objects.filter(uuid__in=[area.uuid for area in setup.areas]).exists():
        raise errors.SetupAreas("an area's uuid is another referendum's here")
    referendum = Referendum.objects.create(anchor=setup.anchor, setup=setup.to_bytes(), trustees=trustees)
    areas = [
        Area(referendum=referendum, position=position, code=area.code, uuid=area.uuid, election=elections[area.code])
        for position, area in enumerate(setup.areas)
    ]
    return {area.code: area for area in Area.objects.bulk_create(areas)}


@dataclass(frozen=True)
class Fit:
    """How a map fits a setup: codes of the map that the setup does not know, and areas of the setup that the map lacks."""

    drawn: int
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


def fit(boundaries: bytes, setup: Setup) -> Fit:
    """How a file of boundaries fits; :class:`errors.Unusable` if it is none, or has no area of this setup."""
    found, known = [shape.code for shape in read_boundaries(boundaries).shapes], [area.code for area in setup.areas]
    drawn = set(found) & set(known)
    if not drawn:
        raise errors.Unusable(
            "boundaries: no area of the map is one of this referendum", hint="area_code must be the code of a counting area"
        )
    return Fit(len(drawn), tuple(c for c in found if c not in drawn), tuple(c for c in known if c not in drawn))


def check_credits(texts: Sequence[str]) -> None:
    """Refuse (:class:`errors.Unusable`) too many, too long, empty ones, and such as are more than one line of text."""
    if len(texts) > MOST_CREDITS:
        raise errors.Unusable(f"{len(texts)} credits; at most {MOST_CREDITS} are shown")
    for text in texts:
        plain = hidden_in(text) is None and "\n" not in text
        if not (text.strip() and len(text) <= LONGEST_CREDIT and plain):
            raise errors.Unusable(f"a credit is one line of 1 to {LONGEST_CREDIT} characters", hint=ascii(text[:60]))


def keep_beside(anchor: str, boundaries: bytes | None, texts: Sequence[str] | None) -> None:
    """Keep checked boundaries and credits in the place of earlier ones; what is None stays. Within the caller's transaction."""
    values: dict[str, object] = {}
    if boundaries is not None:
        values |= {"boundaries": boundaries, "sha256": sha256_hex(boundaries)}
    if texts is not None:
        values["credits"] = list(texts)
    if values:
        Beside.objects.update_or_create(referendum_id=anchor, defaults=values)
