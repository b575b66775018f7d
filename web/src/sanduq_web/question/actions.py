"""Taking up a referendum."""

from __future__ import annotations

from collections.abc import Mapping

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.question.setup import Setup
from sanduq_web.question.models import Area, Referendum


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
