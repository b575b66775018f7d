"""Archives that are kept from one edition to the next.

Every page says the edition that it is of, so every archive would change with every edition. Where that line is all that has
changed in a language, its archive is taken over as it is, with the number that it has: what it says of itself stays true.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Final

import libzim.version

from sanduq_web import __version__
from sanduq_web.disc import ZIM, about
from sanduq_web.disc.zim.archive import build
from sanduq_web.disc.zim.pages import Pages

_LINE: Final = re.compile(rb'<p class="(?:when )?edition"[^>]*>.*?</p>', re.DOTALL)
"""The line of both sites that tells number and date."""
_KEPT: Final = re.compile(r"[0-9a-f]{64}\Z")


def build_or_take(edition: Path, language: str, cached: Path | None) -> Path:
    """The archive of one language: from the cache if nothing but the edition's own line has changed, else a new one."""
    if cached is None:
        return build(edition, language)
    folder = cached / f"zim-{language}"
    mark = _mark(Pages(edition, about(edition), language))
    found = _found(folder / mark)
    if found is not None:
        return Path(shutil.copyfile(found, edition / ZIM / found.name))
    made = build(edition, language)
    _keep(folder, mark, made)
    return made


def _found(kept: Path) -> Path | None:
    names = [*kept.glob("*.zim")] if kept.is_dir() else []
    return names[0] if len(names) == 1 else None


def _keep(folder: Path, mark: str, made: Path) -> None:
    """In the place of the one before; whole or not at all."""
    partial = folder / f"{mark}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    shutil.copyfile(made, partial / made.name)
    shutil.rmtree(folder / mark, ignore_errors=True)
    partial.rename(folder / mark)
    for each in folder.iterdir():
        if each.name != mark and _KEPT.match(each.name):
            shutil.rmtree(each, ignore_errors=True)


def _mark(pages: Pages) -> str:
    """A hash of all that decides about an archive but the edition's number and date."""
    whole = hashlib.sha256(_code())
    told = pages.told
    whole.update(f"{pages.language} {told.address} {' '.join(told.languages)}\n".encode())
    for path in sorted(pages.found):
        raw = (pages.edition / path).read_bytes()
        if path.endswith(".html"):
            raw = _LINE.sub(b"", raw)
        whole.update(f"{path}\0{hashlib.sha256(raw).hexdigest()}\n".encode())
    return whole.hexdigest()


@cache
def _code() -> bytes:
    """This code, and the programs that write archives."""
    found = hashlib.sha256(f"{__version__} {libzim.version.get_versions()}".encode())
    for path in sorted(Path(__file__).parent.iterdir()):
        if path.is_file():
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.digest()
