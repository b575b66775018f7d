"""The documents run: Python and shell examples give what they show, links lead somewhere, references are current.

In a document, ```` ```python ```` blocks run as they are, each by itself, from the repository's root; a ```` ```text ````
block right behind one is its output. ```` ```console run ```` blocks run in one shell and one temporary folder for the whole
document, in order: lines after ``$ `` (and ``> ``) are typed, the others are what must come out, on both outputs. ``…`` in a
line stands for anything within it, a line with only ``…`` for any lines. A command whose output is not shown may say what it
likes. A command fails exactly if the output shown has a line with ``error:``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from forking import started

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("spec/*.md"),
        ROOT / "rehearsal/README.md",
        ROOT / "library/README.md",
    ]
)
FENCE = re.compile(r"^( *)```(\S*)( run)?\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
MARK = "--- the next command ---"


def ids(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, whether it is marked to be run, its text, and what stands between it and the next."""

    language: str
    run: bool
    text: str
    end: int


def blocks(path: Path) -> list[Block]:
    text = path.read_text(encoding="utf-8")
    return [Block(m[2], bool(m[3]), m[4], m.end()) for m in FENCE.finditer(text)]


def prose(path: Path) -> str:
    """A document without its blocks."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def pattern(shown: str) -> re.Pattern[str]:
    """What a shown output matches: ``…`` stands for anything, and columns may be wider or narrower."""
    parts = []
    for line in shown.splitlines():
        if line.strip() == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            pieces = [re.sub(r"(?:\\ ){2,}", "  +", re.escape(piece)) for piece in line.rstrip().split("…")]
            parts.append("[^\n]*?".join(pieces) + " *\n")
    return re.compile("".join(parts) + r"\s*\Z")


def environment(folder: Path) -> dict[str, str]:
    """As a reader has it: the commands on PATH, a home of its own, one line a line."""
    paths = [str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]
    return {"PATH": os.pathsep.join(paths), "HOME": str(folder), "LC_ALL": "C.UTF-8", "COLUMNS": "200", "PYTHONUTF8": "1"}


# --- Python ------------------------------------------------------------------------------------------------------------------


def python_blocks() -> Iterator[tuple[str, str, str | None]]:
    for path in DOCUMENTS:
        text, found = path.read_text(encoding="utf-8"), blocks(path)
        for number, block in enumerate(found):
            if block.language != "python":
                continue
            following = found[number + 1] if number + 1 < len(found) else None
            shown = None
            if following is not None and following.language == "text":
                between = text[block.end : following.end - len(following.text) - len("```text\n```")]
                shown = following.text if not between.strip() else None
            yield f"{ids(path)}-{number + 1}", block.text, shown


@pytest.mark.parametrize(("code", "shown"), [pytest.param(code, shown, id=name) for name, code, shown in python_blocks()])
def test_python_examples_run(code: str, shown: str | None, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    if shown is not None:
        assert pattern(shown).match(done.stdout), f"expected\n{shown}\ngot\n{done.stdout}"


# --- the shell ---------------------------------------------------------------------------------------------------------------


@dataclass
class Command:
    """What is typed, and what is shown behind it."""

    typed: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    @property
    def fails(self) -> bool:
        return any(line.startswith("error:") for line in self.shown)


def read_session(text: str) -> list[Command]:
    commands: list[Command] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            commands.append(Command([line[2:]]))
        elif line.startswith("> ") and not commands[-1].shown:
            commands[-1].typed.append(line[2:])
        else:
            commands[-1].shown.append(line)
    return commands


def sessions() -> list[Path]:
    return [path for path in DOCUMENTS if any(block.run for block in blocks(path))]


def test_only_sessions_are_marked() -> None:
    marked = {block.language for path in DOCUMENTS for block in blocks(path) if block.run}
    assert marked == {"console"}
    assert ROOT / "docs/learn/first-referendum.md" in sessions()


@pytest.mark.parametrize("path", sessions(), ids=ids)
def test_what_is_typed_gives_what_is_shown(path: Path, tmp_path: Path) -> None:
    commands = [command for block in blocks(path) if block.run for command in read_session(block.text)]
    for name in ("vectors", "rehearsal", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    script = ["set -o pipefail"]
    for command in commands:
        script += ["{", *command.typed, "} < /dev/null", f"printf '\\n%s %s\\n' '{MARK}' \"$?\""]
    with started(environment(tmp_path)) as first:
        env = environment(tmp_path)
        done = subprocess.run(
            ["bash", "-c", "\n".join(script)],
            cwd=tmp_path,
            env=env | {"PATH": f"{first}{os.pathsep}{env['PATH']}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )
    answers = re.split(rf"\n{MARK} (\d+)\n", done.stdout)
    assert len(answers) == 2 * len(commands) + 1, done.stdout
    for command, output, status in zip(commands, answers[::2], answers[1::2], strict=False):
        typed = "\n".join(command.typed)
        assert (status != "0") is command.fails, f"$ {typed}\n{output}"
        if command.shown:
            shown = "\n".join(command.shown)
            assert pattern(shown).match(output + "\n"), f"$ {typed}\nexpected\n{shown}\ngot\n{output}"


# --- commands that are mentioned ---------------------------------------------------------------------------------------------


MENTION = re.compile(r"(?<![\w./-])sanduq((?: +(?!\|)[^\s`|;&)]+)*)")


def mentions(path: Path) -> Iterator[str]:
    """Every `sanduq …` in code, with lines joined that end in a backslash."""
    text = path.read_text(encoding="utf-8")
    for block in blocks(path):
        if block.language in ("console", "sh", "bash"):
            lines = [re.sub(r"^[$>] ", "", line) for line in block.text.splitlines()]
            yield from (match[0] for match in MENTION.finditer(re.sub(r"\\\n\s*", " ", "\n".join(lines))))
    for span in re.findall(r"`(sanduq [^`]+)`", FENCE.sub("", text)):
        yield " ".join(span.split())


@cache
def all_commands() -> Any:
    import typer.main

    from sanduq.cli import app

    return typer.main.get_command(app)


def follow(words: list[str]) -> str | None:
    """What is wrong with a command line, if anything: a command or an option that does not exist."""
    import click

    command = all_commands()
    context = click.Context(command, info_name="sanduq")
    while isinstance(command, click.Group) and words and not words[0].startswith(("-", "…", "$", "<")):
        inner = command.get_command(context, words[0])
        if inner is None:
            return f"{context.command_path} has no command {words[0]}"
        command, context = inner, click.Context(inner, info_name=words.pop(0), parent=context)
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in known]
    return f"{context.command_path} has no option {unknown[0]}" if unknown else None


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # typer's, of click
@pytest.mark.parametrize("path", DOCUMENTS, ids=ids)
def test_commands_that_are_mentioned_exist(path: Path) -> None:
    wrong = [f"{mention}: {problem}" for mention in mentions(path) if (problem := follow(mention.split()[1:]))]
    assert not wrong


# --- links and references ----------------------------------------------------------------------------------------------------


LINK = re.compile(r"\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)")


def anchors(path: Path) -> set[str]:
    """The anchors that headings make."""
    found: dict[str, int] = {}
    for heading in re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", text.lower()).strip().replace(" ", "-")
        found[slug] = found.get(slug, 0) + 1
    return set(found)


@pytest.mark.parametrize("path", DOCUMENTS, ids=ids)
def test_links_lead_somewhere(path: Path) -> None:
    broken = []
    for target in LINK.findall(prose(path)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        aim = (path.parent / name).resolve() if name else path
        if not aim.exists() or not aim.is_relative_to(ROOT) or (anchor and anchor not in anchors(aim)):
            broken.append(target)
    assert not broken


def test_every_page_is_in_the_index() -> None:
    index = {(ROOT / "docs" / target.partition("#")[0]).resolve() for target in LINK.findall(prose(ROOT / "docs/README.md"))}
    decisions = ROOT / "docs/decisions"
    listed = {(decisions / target).resolve() for target in LINK.findall(prose(decisions / "README.md"))}
    pages = set(ROOT.glob("docs/**/*.md")) - {ROOT / "docs/README.md"}
    assert not {ids(page) for page in pages - index - listed}


@pytest.mark.parametrize("script", ["cli_reference.py", "error_reference.py"])
def test_the_references_are_current(script: str) -> None:
    command = [sys.executable, str(ROOT / "scripts" / script), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, f"run scripts/{script}\n{done.stdout}{done.stderr}"
