"""The command ``sanduq-web disc``: what is added to an edition, and how it is handed on. Each part is a module of its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, Final

from sanduq_web.disc import build, doctor, image, pack, record, software, zim
from sanduq_web.disc.books import command as books

PARTS: Final[list[Any]] = [
    build,
    books,
    record,
    software,
    zim,
    image,
    pack,
    doctor,
]
"""Modules with ``NAME``, ``HELP``, ``add(parser)`` and ``run(options, say)``; in the order in which help lists them."""


def add(commands: Any) -> None:
    """Enter the command and its parts among others."""
    parser = commands.add_parser("disc", help="editions in the hand: disc images, archives, books")
    parts = parser.add_subparsers(dest="part", required=True)
    for each in PARTS:
        part = parts.add_parser(each.NAME, help=each.HELP, description=each.HELP)
        each.add(part)
        part.set_defaults(run=each.run)


def run(options: argparse.Namespace, say: Callable[[str], None]) -> None:
    """The part that was asked for."""
    options.run(options, say)
