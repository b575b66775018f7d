"""What anybody can read of the record, and of a table on a page."""

from __future__ import annotations

import json
from contextlib import closing

from playwright.sync_api import Page

from browser.town import Town
from rig import Rig
from sanduq.question.setup import CountingArea
from server import Voter as Reader


def read(town: Town, path: str) -> tuple[int, bytes]:
    """An address of the site, without a browser."""
    with closing(Reader(town.port, town.rig.anchor)) as reader:
        return reader.get(path)


def heights(town: Town, rig: Rig | None = None) -> dict[str, int]:
    """How far each area's box has come."""
    status, raw = read(town, f"/records/{(rig or town.rig).anchor}/fingerprints.json")
    assert status == 200
    return {code: int(found["height"]) for code, found in json.loads(raw).items()}


def public_file(town: Town, area: CountingArea) -> bytes:
    """An area's archive as it is public."""
    status, raw = read(town, f"/records/{town.rig.anchor}/areas/{area.code}/{area.uuid}.bel")
    assert status == 200
    return raw


def cells_of(page: Page, name: str) -> dict[str, str]:
    """A row of a table by its heading, the cells by the headings of their columns."""
    row = page.locator("tbody tr", has=page.get_by_role("rowheader", name=name, exact=True)).first
    heads = row.locator("xpath=ancestor::table").locator("thead th").all_inner_texts()
    return dict(zip(heads, row.locator("th, td").all_inner_texts(), strict=True))
