"""Whether all is well with a vote site: each check says ok, warning or failure, and what to do. It changes nothing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Final, Literal

from sanduq import errors

Level = Literal["ok", "warning", "failure"]


@dataclass(frozen=True)
class Finding:
    """One line: how it stands with ``name``, what was seen, and what to do unless it is ok."""

    level: Level
    name: str
    said: str
    do: str = ""


class NotWell(errors.Refused):
    """Something is not as it must be."""


def well(name: str, said: str) -> Finding:
    """All right."""
    return Finding("ok", name, said)


def warn(name: str, said: str, do: str) -> Finding:
    """It works, and should be otherwise."""
    return Finding("warning", name, said, do)


def fail(name: str, said: str, do: str) -> Finding:
    """It does not work, or must not be so."""
    return Finding("failure", name, said, do)


def examine(*, deploy: bool, smtp: bool) -> Iterator[Finding]:
    """Every check, in the order in which one would mend things. One that breaks is a failure of its own."""
    from sanduq_web.operating import checks

    tables = False
    for check in checks.ALWAYS:
        yield from _safely(check)
    for finding in _safely(checks.database):
        tables = tables or (finding.name == "tables" and finding.level == "ok")
        yield finding
    if tables:
        for check in checks.WITH_TABLES:
            yield from _safely(check)
    if smtp:
        yield from _safely(checks.mail_server)
    if deploy:
        yield from _safely(checks.django_deploy)


def _safely(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    name = check.__name__.replace("_", " ")
    try:
        yield from check()
    except Exception as error:  # noqa: BLE001  # the others are still asked
        # What it says may quote an address or a password.
        yield fail(name, f"could not be looked at: {type(error).__name__}", "the line above, or the log, may say why")


_COLUMN: Final = 12


def run(options: argparse.Namespace, say: Callable[[str], None]) -> None:
    """Say what was found. Raises :class:`NotWell` if anything has failed; before a deployment also if there is a warning."""
    found = []
    for each in examine(deploy=options.deploy, smtp=options.smtp):
        found.append(each)
        if not options.json:
            todo = f"\n{'':<{9 + _COLUMN}}→ {each.do}" if each.do else ""
            say(f"{each.level:<9}{each.name:<{_COLUMN}}{each.said}{todo}")
    if options.json:
        say(json.dumps([asdict(each) for each in found], indent=1))
    counts = {level: sum(each.level == level for each in found) for level in ("failure", "warning")}
    if counts["failure"] or (options.deploy and counts["warning"]):
        raise NotWell(f"{counts['failure']} failures, {counts['warning']} warnings")
