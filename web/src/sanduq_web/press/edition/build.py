"""Making an edition of the press site."""

from __future__ import annotations

import pickle
import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from django.conf import settings
from wagtail.models import Site

from sanduq import errors
from sanduq_web.disc import PRESS, About, start
from sanduq_web.mirror import Copier, Mirror
from sanduq_web.press.edition import Edition, current, process
from sanduq_web.press.edition.asking import Asker, Store, version
from sanduq_web.press.models import FrontPage, Token

_ADDRESS: Final = re.compile(r"https?://([a-z0-9.-]+)(?::[0-9]{1,5})?\Z")


@dataclass(frozen=True)
class Made:
    """What was made: pages, how many of them anew, files and their bytes, and links of the site that lead to nothing."""

    pages: int
    anew: int
    files: int
    size: int
    broken: list[tuple[str, str]]


def build(
    folder: Path, number: int, day: date, moment: datetime, address: str, cache: Path | None = None, jobs: int = 1
) -> Made:
    """An edition in an empty folder; ``address`` is the site's origin, at which readers with a network find what needs one.

    With ``cache``, a folder of the operator's, pages that would be the same as in the edition before are not made again; with
    ``jobs``, so many processes make them. Raises :class:`sanduq.errors.Unusable` for a folder that is not empty, for an address
    that is no site's, and if something was published meanwhile.
    """
    if folder.exists() and any(folder.iterdir()):
        raise errors.Unusable(f"{folder} is not empty", hint="an edition is made in a new folder")
    languages = _languages(address)
    edition, store = Edition(number, day, moment), cache and cache / "pages.db"
    work = _Work(edition, address, folder / PRESS, store, version(address, languages))
    before = _token()
    work.folder.mkdir(parents=True, exist_ok=True)
    mirror = _mirrored(work, [f"/{code}/" for code in languages], jobs)
    About(number, day, moment, tuple(languages), address).write(folder)
    start.write(folder)
    if _token() != before:
        raise errors.Unusable("something was published while the edition was made", hint="begin again in another folder")
    files = [each for each in folder.rglob("*") if each.is_file()]
    return Made(mirror.pages, mirror.anew, len(files), sum(each.stat().st_size for each in files), sorted(mirror.broken))


@dataclass(frozen=True)
class _Work:
    """What each process must know."""

    edition: Edition
    address: str
    folder: Path
    store: Path | None
    version: str

    def copier(self) -> Copier:
        store = Store(self.store, self.version) if self.store else None
        return Copier(Asker(self.edition, self.address, store), self.address, self.folder)


def _mirrored(work: _Work, starts: list[str], jobs: int) -> Mirror:
    mark = current.set(work.edition)
    try:
        if jobs == 1:
            mirror = Mirror(work.copier())
            mirror.copy(starts)
        else:
            processes = ProcessPoolExecutor(jobs, get_context("spawn"), process.begin, (pickle.dumps(work),))
            with processes:
                mirror = Mirror(work.copier(), processes, side_by_side=jobs)
                mirror.copy(starts)
        if work.store:
            store = Store(work.store, work.version)
            store.forget_others(mirror.addresses)
            store.close()
        return mirror
    finally:
        current.reset(mark)


def _token() -> str | None:
    return Token.objects.values_list("value", flat=True).filter(pk=1).first()


def _languages(address: str) -> list[str]:
    """Those of the site with an address, in the order of the settings."""
    match = _ADDRESS.match(address)
    if match is None:
        raise errors.Unusable(f"--address {address}: expected https://name or http://name:port")
    host = match[1]
    site = Site.objects.filter(hostname=host).order_by("-is_default_site").first()
    if site is None:
        raise errors.Unusable(f"--address {address}: no site here has this name")
    if host not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        raise errors.Unusable(f"--address {address}: SANDUQ_PRESS_HOSTS does not have {host}")
    root = FrontPage.objects.get(pk=site.root_page_id)
    there = set(root.get_translations(inclusive=True).live().values_list("locale__language_code", flat=True))
    return [code for code, _ in settings.LANGUAGES if code in there]
