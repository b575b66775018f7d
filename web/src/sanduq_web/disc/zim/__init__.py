"""Archives for Kiwix: of each language of an edition one file (ZIM), with an index of all its words.

Made of the exported pages alone. The same edition gives the same bytes, with the same versions of libzim and Xapian.

With a cache, the archive of a language in which nothing has changed since it was made is taken into the next edition as it is:
it keeps the number and the date of its own edition, in its name and on its pages (:mod:`sanduq_web.disc.zim.kept`).
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from sanduq import errors
from sanduq_web.disc import ZIM, about
from sanduq_web.disc.contents import require_unsigned
from sanduq_web.disc.tools import missing
from sanduq_web.disc.zim.languages import iso_639_3
from sanduq_web.processes import end_with_parent

NAME: Final = "zim"
HELP: Final = "archives for Kiwix, one for each language, into an edition that is not signed yet"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("edition", type=Path, help="the folder of an edition, before its sums are made")
    parser.add_argument("--jobs", type=_jobs, default=1, help="languages at the same time (default 1)")
    parser.add_argument("--cache", type=Path, help="a folder of your own: archives in which nothing has changed are kept")


def _jobs(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]?", text):
        raise argparse.ArgumentTypeError("a number from 1 to 99")
    return int(text)


def run(options: argparse.Namespace, say: Callable[[str], None]) -> None:
    for path in build_all(options.edition, options.jobs, options.cache):
        say(f"{path}: {path.stat().st_size} bytes")


def build_all(edition: Path, jobs: int = 1, cached: Path | None = None) -> list[Path]:
    """An archive for each language of an edition, in their order; the files. ``cached`` keeps them for the next edition.

    Raises :class:`sanduq.errors.Unusable` without libzim, for an edition that is signed, and for a language whose code in
    ISO 639-3 is not known.
    """
    try:
        from sanduq_web.disc.zim.kept import build_or_take
    except ImportError:
        raise missing("libzim", "archives for Kiwix are made with it", "pip install 'sanduq-web[disc]'") from None
    told = about(edition)
    require_unsigned(edition)
    for each in told.languages:
        iso_639_3(each)
    (edition / ZIM).mkdir(exist_ok=True)
    if any((edition / ZIM).iterdir()):
        raise errors.Unusable(f"{edition / ZIM} is not empty", hint="delete what is in it")
    if jobs == 1 or len(told.languages) == 1:
        return [build_or_take(edition, each, cached) for each in told.languages]
    own = get_context("spawn")  # libzim has threads, which no fork survives
    with ProcessPoolExecutor(jobs, own, end_with_parent) as workers:
        return [*workers.map(build_or_take, *zip(*((edition, each, cached) for each in told.languages), strict=True))]
