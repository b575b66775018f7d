"""``sanduq-web disc books``: books and booklets of an edition."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

from sanduq import errors
from sanduq_web import dates
from sanduq_web.disc.books import MOST

NAME: Final = "books"
HELP: Final = "make EPUB, PDF and booklets of an edition's publications and news"


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("folder", type=Path, help="of an edition, as `sanduq-press edition` makes it")
    parser.add_argument("--jobs", type=_number, default=2, help="books made side by side, each in 1.5 GB at most (default 2)")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keeps books: of what has not changed none is made again")
    parser.add_argument("--since", type=_day, metavar="DATE", help="news from this day on, such as 2026-11-01 (default: all)")
    parser.add_argument("--most", type=_number, default=MOST, help=f"articles and letters of the news (default {MOST})")


def run(options: argparse.Namespace, say: Callable[[str], None]) -> None:
    """Makes them, and says how many."""
    try:
        from sanduq_web.disc.books.make import make_books
    except ImportError as error:
        raise errors.Unusable(f"{error.name} is missing", hint="pip install 'sanduq-web[disc]'") from None
    began = time.monotonic()
    made = make_books(options.folder, options.cache, options.jobs, options.since, options.most, say)
    again = f", {made.cached} of them as before" if made.cached else ""
    say(f"books    {made.books}{again}: {made.files} files, {dates.size(made.size, 'en')}, {time.monotonic() - began:.0f} s")


def _number(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 1000):
        raise argparse.ArgumentTypeError("a number from 1 to 1000")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day such as 2026-11-01") from None
