"""The command ``sanduq-web disc``: what is added to an edition, one part after the other.

A part is a module with ``NAME``, ``HELP``, ``add(parser)`` for its arguments, and ``run(options, say)``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, Final

from sanduq_web.disc.books import command as books

PARTS: Final[list[Any]] = [
    books,
]


def add(parser: argparse.ArgumentParser) -> None:
    """The parts as commands of their own."""
    parts = parser.add_subparsers(dest="part", required=True)
    for part in PARTS:
        part.add(parts.add_parser(part.NAME, help=part.HELP))


def run(options: argparse.Namespace, say: Callable[[str], None]) -> None:
    """The part that was named."""
    next(part for part in PARTS if options.part == part.NAME).run(options, say)
