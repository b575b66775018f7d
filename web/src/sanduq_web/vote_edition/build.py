"""Making an edition of the vote site: what stands on a list of views, asked for as any reader asks, and nothing else."""

from __future__ import annotations

import os.path
import re
import time
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language_from_path, override

from sanduq import errors
from sanduq_web import disc
from sanduq_web.box import api as box
from sanduq_web.edition import Edition, current
from sanduq_web.mirror import Answer, Ask, Copier, Mirror, answer
from sanduq_web.question.api import anchors, beside, referendum
from sanduq_web.vote_edition import trackers
from sanduq_web.watch.api import version

VIEWS: Final = frozenset(
    """index learn guide referendum check watch result protocol results-csv results-json outcome-json outcome-annulled-json
    observers incidents statements complaints complaint style font icon""".split()
)
"""Names of the addresses that are copied. No other is even asked for: neither the API, nor the records, nor a new page."""
_ORDERS: Final = {"watch": ("turnout", "area"), "result": ("area", "votes", "turnout")}
"""Of views with a table, by what it can be sorted; first as it is if nothing is said."""
_ADDRESS: Final = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?\Z")
_LOOK_UP: Final = Path(__file__).resolve().parent / "look_up.js"
_TRIES, _WAIT = 24, 5.0
"""How often, and after how many seconds, a page is asked for that cannot be made just now: one PDF is made at a time."""


@dataclass(frozen=True)
class Made:
    """What was made: pages, files and their bytes, ballots that can be looked up, links that lead to nothing."""

    pages: int
    files: int
    size: int
    ballots: int
    broken: list[tuple[str, str]]


def build(folder: Path, number: int, day: date, moment: datetime, address: str) -> Made:
    """An edition in an empty folder; ``address`` is the site's origin, at which readers with a network find what needs one.

    The folder is best named ``vote`` within the edition's own: a record that lies there (``sanduq-web disc record``) is then
    led to. Raises :class:`sanduq.errors.Unusable` for a folder that is not empty, for an address that is no site's, for an
    edition that says another number or date, and if something became public meanwhile.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise errors.Unusable(f"{folder} is not empty", hint="an edition is made in a new folder")
    _require_site(address)
    _require_same(folder.parent, number, day)
    ask = _asker(address)
    for anchor in anchors():
        for code, _ in settings.LANGUAGES:
            ask(f"/{code}/{anchor}/protocol.pdf")  # takes seconds, and is kept: what follows is done before much has happened
    before = _state()
    folder.mkdir(parents=True, exist_ok=True)
    near = _records(folder.parent)
    edition = Edition(number, day, moment, address, frozenset(near))
    mark = current.set(edition)
    try:
        copies, ballots = _scripts(folder)
        for each in near.values():
            copies |= each
        lies = {address: Path(os.path.relpath(file, folder)).as_posix() for address, file in copies.items()}
        mirror = Mirror(Copier(ask, address, folder, _order), beside=lies)
        mirror.copy(f"/{code}/" for code, _ in settings.LANGUAGES)
        _begin(folder, edition)
        disc.About(number, day, moment, tuple(code for code, _ in settings.LANGUAGES), address).write(folder)
    finally:
        current.reset(mark)
    if _state() != before:
        raise errors.Unusable("something became public while the edition was made", hint="begin again in another folder")
    files = [each for each in folder.rglob("*") if each.is_file()]
    return Made(mirror.pages + 1, len(files), sum(each.stat().st_size for each in files), ballots, mirror.broken)


def _require_site(address: str) -> None:
    match = _ADDRESS.match(address)
    if match is None:
        raise errors.Unusable(f"--address {address}: expected https://name or http://name:port")
    if match[1] not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        raise errors.Unusable(f"--address {address}: SANDUQ_HOSTS does not have {match[1]}")


def _require_same(around: Path, number: int, day: date) -> None:
    """The edition around this folder, if there is one, has the same number and date."""
    if not (around / disc.ABOUT).is_file():
        return
    about = disc.about(around)
    if (about.number, about.date) != (number, day):
        raise errors.Unusable(f"{around / disc.ABOUT} is of edition {about.number} of {about.date}; got {number} of {day}")


def _state() -> list[Any]:
    """What is public, in a form that changes whenever any of it does."""
    found: list[Any] = []
    for anchor in anchors():
        heights = [each.height for each in box.public(referendum(anchor))]
        found.append((anchor, box.journal_bytes(anchor), heights, beside(anchor).version, version(anchor)))
    return found


def _records(around: Path) -> dict[str, dict[str, Path]]:
    """Of each referendum whose record lies in the edition, where its files are, by their addresses on the site."""
    found: dict[str, dict[str, Path]] = {}
    for anchor in anchors():
        folder = disc.record_folder(around, anchor)
        if not (folder / "setup.json").is_file():
            continue
        start = f"/records/{anchor}/"
        copies = {f"{start}{name}": folder / name for name in ("setup.json", "journal.jsonl", "fingerprints.json")}
        copies[start] = around / disc.RECORD / "README.html"
        for code, place in referendum(anchor).places.items():
            name = f"areas/{code}/{place.area.uuid}.bel"
            copies[start + name] = folder / f"{name}.gz"
        found[anchor] = {address: file for address, file in copies.items() if file.is_file()}
    return found


def _scripts(folder: Path) -> tuple[dict[str, Path], int]:
    """What the look-up needs: the files by the addresses at which its page names them, and how many ballots are in them."""
    copies, ballots = {"/trackers/look-up.js": folder / "trackers" / "look-up.js"}, 0
    for anchor in anchors():
        ballots += trackers.write(referendum(anchor), folder / "trackers" / anchor[: disc.SHORT])
        copies[f"/trackers/{anchor}/index.js"] = folder / "trackers" / anchor[: disc.SHORT] / "index.js"
    (folder / "trackers").mkdir(exist_ok=True)
    copies["/trackers/look-up.js"].write_bytes(_LOOK_UP.read_bytes())
    return copies, ballots


def _order(path: str, query: str) -> str:
    """By what a table is sorted, where that is not as it is anyway."""
    given, first = parse_qs(query).get("by", [""])[-1], path.rstrip("/").rpartition("/")[2]
    return f"by={given}" if given in _ORDERS.get(first, ())[1:] else ""


def _asker(address: str) -> Ask:
    scheme, _, host = address.partition("://")
    client = Client(headers={"host": host})

    def ask(path: str) -> Answer:
        with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
            try:
                name = resolve(urlsplit(path).path).url_name
            except Resolver404:
                return Answer(404)
        if name not in VIEWS:
            return Answer(403)
        response: Any = client.get(path, secure=scheme == "https")
        for _ in range(_TRIES):
            if response.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                break
            time.sleep(_WAIT)
            response = client.get(path, secure=scheme == "https")
        return answer(response, is_public=True)

    return ask


def _begin(folder: Path, edition: Edition) -> None:
    """A page that leads to each language: where there is no server, nobody else chooses one."""
    texts = []
    for code, name in settings.LANGUAGES:
        direction = "rtl" if code in settings.LANGUAGES_BIDI else "ltr"
        texts.append({"language": code, "name": name, "direction": direction, "edition": edition.told(code)})
    style = reverse("style").lstrip("/")
    values = {"texts": texts, "copy": edition, "style": style}
    (folder / "index.html").write_text(render_to_string("edition/begin.html", values), "utf-8")
