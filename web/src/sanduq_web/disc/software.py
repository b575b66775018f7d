"""The verifier within an edition: wheels, from which ``pip`` installs without a network, and for which systems they are."""

from __future__ import annotations

import argparse
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path
from typing import Final

from sanduq import errors
from sanduq_web.disc import SOFTWARE, readme

NAME: Final = "software"
HELP: Final = "the verifier and all that it needs, as wheels, into an edition"
_WHEEL: Final = re.compile(r"(\w[\w.]*)-([\w.!+]+)(-\d[\w.]*)?-([a-z0-9_.]+)-([a-z0-9_]+)-([a-z0-9_.]+)\.whl\Z", re.ASCII)
_NEEDED: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)[^;]*(;.*)?\Z")
_LARGEST: Final = 1 << 20
OURS: Final = ("sanduq", "sanduq_speed")


@dataclass(frozen=True)
class Wheel:
    """A wheel: its distribution (in lower case, with ``_``), for what it is (tags), what it needs on every system."""

    path: Path
    name: str
    systems: str
    needs: tuple[str, ...]


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of this part."""
    parser.add_argument("edition", type=Path, help="the folder of an edition")
    parser.add_argument("--wheels", type=Path, required=True, help="dist, as `make wheels` makes it")


def run(options: argparse.Namespace, say: Callable[[str], None]) -> None:
    """Put the wheels in, and say which."""
    for each in put(options.edition, options.wheels):
        say(f"wheel    {each.path.name}")
    say(f"read     {options.edition / SOFTWARE / 'README.html'}")


def put(edition: Path, dist: Path) -> list[Wheel]:
    """Copy wheels into an edition: sanduq, sanduq-speed if it is there, and what lies in ``deps``.

    Raises :class:`sanduq.errors.Unusable` for what is no edition or no wheel, and if one is missing that another one needs.
    """
    if not edition.is_dir():
        raise errors.Unusable(f"{edition}: there is no such edition")
    target = edition / SOFTWARE
    if target.exists():
        raise errors.Unusable(f"{target} is there already", hint="an edition is made anew each time")
    found = [_read(path) for path in sorted([*dist.glob("*.whl"), *dist.glob("deps/*.whl")])]
    found = [each for each in found if each.name in OURS or each.path.parent != dist]
    names = {each.name for each in found}
    if OURS[0] not in names:
        raise errors.Unusable(f"{dist}: there is no wheel of sanduq", hint="make wheels")
    missing = sorted({f"{need} (for {each.name})" for each in found for need in each.needs if need not in names})
    if missing:
        raise errors.Unusable(f"{dist}: not there: {', '.join(missing)}", hint="make wheels")
    target.mkdir()
    for each in found:
        shutil.copyfile(each.path, target / each.path.name)
    what = "sanduq[speed]" if OURS[1] in names else "sanduq"
    systems = [each.path.name for each in found if not each.systems.endswith("-any")]
    readme.write(target, "disc/software.html", {"what": what, "systems": systems})
    return found


def _read(path: Path) -> Wheel:
    match = _WHEEL.match(path.name)
    if match is None or path.is_symlink() or not path.is_file():
        raise errors.Unusable(f"{path}: this is no wheel")
    try:
        with zipfile.ZipFile(path) as archive:
            info = next(each for each in archive.infolist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", each.filename))
            if info.file_size > _LARGEST:
                raise errors.Unusable(f"{path}: its METADATA is too long")
            told = HeaderParser().parsestr(archive.read(info).decode())
    except (zipfile.BadZipFile, StopIteration, UnicodeDecodeError, OSError) as error:
        raise errors.Unusable(f"{path}: this is no wheel: {error}") from None
    needs = [_NEEDED.match(each) for each in told.get_all("Requires-Dist", [])]
    # What is needed under a condition only (a system, an extra) is pip's to say.
    always = tuple(_plain(each[1]) for each in needs if each and not each[2])
    return Wheel(path, _plain(match[1]), "-".join(match.group(4, 5, 6)), always)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()
