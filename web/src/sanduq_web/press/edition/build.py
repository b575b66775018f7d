"""Making an edition of the press site."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import get_language_info, override
from wagtail.models import Site

from sanduq import errors
from sanduq_web.disc import PRESS, About
from sanduq_web.mirror import Mirror
from sanduq_web.press import kept
from sanduq_web.press.edition import Edition, current
from sanduq_web.press.models import FrontPage, Token
from sanduq_web.press.pages import style_name

_ADDRESS: Final = re.compile(r"https?://([a-z0-9.-]+)(?::[0-9]{1,5})?\Z")


@dataclass(frozen=True)
class Made:
    """What was made: pages, files and their bytes, and links of the site that lead to nothing."""

    pages: int
    files: int
    size: int
    broken: list[tuple[str, str]]


def build(folder: Path, number: int, day: date, moment: datetime, address: str) -> Made:
    """An edition in an empty folder; ``address`` is the site's origin, at which readers with a network find what needs one.

    Raises :class:`sanduq.errors.Unusable` for a folder that is not empty, for an address that is no site's, and if something
    was published meanwhile.
    """
    if folder.exists() and any(folder.iterdir()):
        raise errors.Unusable(f"{folder} is not empty", hint="an edition is made in a new folder")
    languages = _languages(address)
    edition = Edition(number, day, moment)
    before = _token()
    (folder / PRESS).mkdir(parents=True, exist_ok=True)
    mark = current.set(edition)
    try:
        with kept.remembering(f"edition-{number}-{before}"):
            mirror = Mirror(_asker(address), address, folder / PRESS)
            mirror.copy(f"/{code}/" for code in languages)
        _about(folder, edition, languages, address)
    finally:
        current.reset(mark)
    if _token() != before:
        raise errors.Unusable("something was published while the edition was made", hint="begin again in another folder")
    files = [each for each in folder.rglob("*") if each.is_file()]
    return Made(mirror.pages, len(files), sum(each.stat().st_size for each in files), mirror.broken)


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


def _asker(address: str) -> Any:
    scheme, _, host = address.partition("://")
    client = Client(headers={"host": host})
    return lambda path: client.get(path, secure=scheme == "https")


def _about(folder: Path, edition: Edition, languages: list[str], address: str) -> None:
    """What is at the root: where to begin, in every language, and what this is, for programs."""
    texts = []
    for code in languages:
        with override(code):
            info = get_language_info(code)
            shown = {
                "edition": edition,
                "code": code,
                "name": info["name_local"],
                "direction": "rtl" if info["bidi"] else "ltr",
            }
            shown["start"] = f"{PRESS}/{code}/index.html"
            texts.append(
                shown
                | {
                    "html": render_to_string("press/edition/begin.html", shown),
                    "text": render_to_string("press/edition/begin.txt", shown),
                }
            )
    page = render_to_string("press/edition/start.html", {"texts": texts, "edition": edition, "style_name": style_name()})
    (folder / "START-HERE.html").write_text(page, "utf-8")
    (folder / "README.txt").write_text("\n\n".join(each["text"].strip() for each in texts) + "\n", "utf-8")
    About(edition.number, edition.date, edition.moment, tuple(languages), address).write(folder)
