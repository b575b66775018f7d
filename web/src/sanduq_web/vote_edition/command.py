"""The command ``sanduq-web mirror``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sanduq import errors


def add(commands: Any) -> None:
    """Enter the command among others."""
    about = "copy all public pages into a folder, numbered and dated, to be read without a network"
    parser = commands.add_parser("mirror", help=about, description=about)
    parser.add_argument("folder", type=Path, help="a new folder; best EDITION/vote")
    parser.add_argument("--number", type=int, required=True, help="of the edition")
    parser.add_argument("--date", help="YYYY-MM-DD (default: today)")
    parser.add_argument(
        "--as-of", help="the moment that pages tell, YYYY-MM-DDTHH:MM:SSZ; then nothing is done that is due (default: now)"
    )
    parser.add_argument("--address", default="http://localhost:8000", help="the site's, as readers type it")


def run(options: argparse.Namespace, say: Callable[[str], None]) -> None:
    """Make an edition, and say what it is. Raises :class:`sanduq.errors.Unusable`."""
    from sanduq_web import clock, dates
    from sanduq_web.box.api import published_until
    from sanduq_web.question.api import anchors, referendum
    from sanduq_web.vote_edition.build import build
    from sanduq_web.watch.actions import bring_up_to_date

    now = clock.now()
    try:
        moment = clock.moment(options.as_of or now)
        day = date.fromisoformat(options.date) if options.date else moment.date()
    except ValueError as error:
        raise errors.Unusable(f"--date, --as-of: {error}", hint="such as 2026-11-22 and 2026-11-22T12:00:00Z") from None
    if not 1 <= options.number <= 999_999:
        raise errors.Unusable(f"--number {options.number}: expected 1 to 999999")
    if options.as_of and options.as_of > now:
        raise errors.Unusable(f"--as-of {options.as_of} is not yet")
    for anchor in anchors():
        if not options.as_of:
            bring_up_to_date(referendum(anchor), now)  # as the visit of a reader would
        elif (last := published_until(anchor)) > options.as_of:
            hint = f"{last} or later: the database has one state, the newest"
            raise errors.Unusable(f"--as-of {options.as_of}: more has become public since then", hint=hint)
    made = build(options.folder, options.number, day, moment, options.address.rstrip("/"))
    for page, link in made.broken:
        say(f"broken   {page} leads to {link}, which is not there")
    say(f"edition  {options.number} of {day}: {made.pages} pages, {made.files} files, {dates.size(made.size, 'en')}")
    say(f"look-up  {made.ballots} ballots")
    say(f"begin    {options.folder / 'index.html'}")
