"""Writes docs/look-up/cli.md: every command of `sanduq`, from its own help. A test sees that the page is current.

usage: .venv/bin/python scripts/cli_reference.py            writes the page
       .venv/bin/python scripts/cli_reference.py --check    prints what differs, exits 1 if anything does
"""

from __future__ import annotations

import difflib
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click
import typer.main

from sanduq.cli import app

PAGE = Path(__file__).resolve().parent.parent / "docs/look-up/cli.md"
HEAD = """\
# The command line

Made from the commands' own help by `scripts/cli_reference.py`; not to be edited.

Exit status: 0 done, or verified; 1 refused; 2 wrong usage, a missing file, a full disk. What goes wrong is said on
standard error in an `error:` line and, where there is something to do, a `hint:` line. The `error:` of a refusal ends with
the number and the name of its step, as in [errors](errors.md).

`SANDUQ_ENGINE=python` or `SANDUQ_ENGINE=rust` chooses the engine; without it Rust is used where `sanduq-speed` is
installed. `sanduq --install-completion` makes the shell complete commands. Files that hold a secret are written for their
owner alone (mode 600), and no command writes over a file that somebody may still need.
"""
MARKUP = re.compile(r"\[/?(?:bold|italic|dim)\]")


def plain(text: str | None) -> str:
    """Help text without rich's marks, one line."""
    return " ".join(MARKUP.sub("", text or "").split())


def paragraphs(command: click.Command) -> tuple[str, list[str], list[str]]:
    """First sentence, further paragraphs, examples."""
    blocks = [plain(block) for block in inspect.cleandoc(command.help or "").split("\n\n")]
    examples = [block.removeprefix("Example:").strip() for block in blocks if block.startswith("Example:")]
    rest = [block for block in blocks if not block.startswith("Example:")]
    return rest[0], rest[1:], examples


def commands(command: click.Command, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """All commands below, groups before what they hold."""
    yield command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                yield from commands(inner, click.Context(inner, info_name=name, parent=context))


def prose(text: str) -> list[str]:
    return [*textwrap.wrap(text, 124, break_long_words=False, break_on_hyphens=False), ""]


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def parameters(command: click.Command, context: click.Context) -> Iterator[str]:
    """One row of the table for each argument and option."""
    for parameter in command.params:
        if isinstance(parameter, click.Option) and (parameter.hidden or "--help" in parameter.opts):
            continue
        if "completion" in (parameter.name or ""):
            continue
        if isinstance(parameter, click.Option):
            metavar = parameter.make_metavar(context).strip("<>").upper()
            name = " ".join(parameter.opts) + ("" if parameter.is_flag else f" {'N' if 'INTEGER' in metavar else metavar}")
        else:
            name = (parameter.name or "").upper() + ("…" if parameter.nargs == -1 else "")
        needed = "needed" if parameter.required else ""
        shown = (
            parameter.default if isinstance(parameter.default, str | int) and not isinstance(parameter.default, bool) else None
        )
        if shown is not None and str(shown):
            needed = f"`{shown}`"
        yield f"| `{cell(name)}` | {needed} | {cell(plain(getattr(parameter, 'help', '')))} |"


def section(command: click.Command, context: click.Context) -> Iterator[str]:
    """A group's heading, or all of one command."""
    first, rest, examples = paragraphs(command)
    if isinstance(command, click.Group):
        yield f"## {context.command_path}"
        yield from ("", *(line for text in (first, *rest) for line in prose(text)))
        return
    depth = "##" if context.command_path.count(" ") == 1 else "###"
    yield f"{depth} {context.command_path}"
    yield from ("", *(line for text in (first, *rest) for line in prose(text)))
    rows = list(parameters(command, context))
    if rows:
        yield from ("| argument or option | needed, or default | |", "|---|---|---|", *rows, "")
    for example in examples:
        wrapped = textwrap.wrap(example, 118, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
        yield from ("```sh", " \\\n".join(wrapped), "```", "")


def page() -> str:
    """The whole page."""
    root = typer.main.get_command(app)
    context = click.Context(root, info_name="sanduq")
    lines: list[str] = [HEAD]
    for command, inner in commands(root, context):
        if command is not root:
            lines += section(command, inner)
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    text = page()
    if arguments == ["--check"]:
        before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        found = list(difflib.unified_diff(before.splitlines(), text.splitlines(), "the page", "the commands", lineterm=""))
        print("\n".join(found) or "docs/look-up/cli.md is current")
        return 1 if found else 0
    PAGE.write_text(text, encoding="utf-8")
    print("docs/look-up/cli.md is written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
