"""Rules of this repository that no linter knows. Standard library only; prints what breaks a rule, exits 1 if anything does.

usage: python3 scripts/check_tree.py
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FILE_LINES = 400
FUNCTION_LINES = 40  # without the docstring: near the mathematics write more prose

# What may be longer, and why: path -> reason; path::function -> reason.
LONG_FILES: dict[str, str] = {
    "web/src/sanduq_web/press/migrations/0001_initial.py": "written by Django",
}
LONG_FUNCTIONS: dict[str, str] = {}

SOURCES = {".py", ".rs", ".ts"}
TEXTS = SOURCES | {".md", ".toml", ".sh", ".yml", ".yaml", ".html", ".css", ".js", ".mjs", ".txt", ".in", ""}
NOT_OURS = ("vectors/", "rehearsal/data/", "LICENSE", "library/LICENSE")

# Whoever builds this takes packages from where *they* have set it up. (Put together here, so that this file passes.)
HOSTS = re.compile(
    "|".join(
        re.escape(".".join(host))
        for host in [
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("crates", "io"),
            ("registry", "npmjs"),
            ("registry", "yarnpkg"),
            ("proxy", "golang"),
            ("deb", "debian"),
            ("security", "debian"),
            ("snapshot", "debian"),
            ("ftp", "debian"),
        ]
    )
)
LATER = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]) + r")\b")
# A path of somebody's machine: at the start of a word, so no address.
MACHINE = re.compile(r"(?<![\w.:/~$}])/(?:home|root|Users|work|workspace|mnt)/\w")

STEP_ROW = re.compile(r"^\|\s*(\d+\.\d+)(?:\s+\*\*R\*\*)?\s*\|\s*`(\w+)`\s*\|", re.MULTILINE)


def tracked() -> list[Path]:
    """What git holds or would take; without git (an unpacked archive), all but what the tools make."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\0")
        paths = [ROOT / name for name in names if name]
    except (OSError, subprocess.CalledProcessError):
        made = {".venv", ".tools", ".git", "build", "dist", "target", "node_modules", "__pycache__"}
        paths = [p for p in ROOT.rglob("*") if p.suffix != ".lock" and not made & set(p.relative_to(ROOT).parts)]
    return sorted(p for p in set(paths) if p.is_file() and not p.is_symlink())


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def check_files(paths: list[Path]) -> Iterator[str]:
    """No lock files, no hosts of registries, no notes to oneself, no paths of a machine, no long files."""
    for path in paths:
        if path.suffix == ".lock":
            yield f"{name(path)}: lock files are made, not kept"
        text = path.read_bytes().decode("utf-8", errors="replace")
        for line, host in _hits(HOSTS, text):
            yield f"{name(path)}:{line}: names a registry's host, {host}"
        if path.suffix not in TEXTS or name(path).startswith(NOT_OURS):
            continue
        for line, word in _hits(LATER, text):
            yield f"{name(path)}:{line}: {word}: do it, or open an issue"
        for line, start in _hits(MACHINE, text):
            yield f"{name(path)}:{line}: {start}… is a path of one machine"
        lines = text.count("\n")
        if path.suffix in SOURCES and lines > FILE_LINES and name(path) not in LONG_FILES:
            yield f"{name(path)}: {lines} lines, more than {FILE_LINES}: make it a folder of the same name"


def _hits(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    for hit in pattern.finditer(text):
        yield text.count("\n", 0, hit.start()) + 1, hit.group()


def check_functions(paths: list[Path]) -> Iterator[str]:
    """Functions of the library are at most 40 lines long."""
    for path in paths:
        if path.suffix != ".py" or not name(path).startswith("library/src/"):
            continue
        for node in ast.walk(ast.parse(path.read_bytes())):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            first = node.body[0]
            if ast.get_docstring(node, clean=False) is not None:
                lines -= (first.end_lineno or first.lineno) - first.lineno + 1
            if lines > FUNCTION_LINES and f"{name(path)}::{node.name}" not in LONG_FUNCTIONS:
                yield f"{name(path)}:{node.lineno}: {node.name} has {lines} lines, more than {FUNCTION_LINES}"


def check_exceptions(paths: list[Path]) -> Iterator[str]:
    """The tables of what may be long hold nothing that is gone."""
    known = {name(path) for path in paths}
    for entry in [*LONG_FILES, *LONG_FUNCTIONS]:
        if entry.partition("::")[0] not in known:
            yield f"scripts/check_tree.py: {entry} is excepted, but there is no such file"


def check_steps() -> Iterator[str]:
    """Each check has one number and one name, the same in the error tree and in the specification."""
    code: dict[str, tuple[str, str]] = {}
    spec: dict[str, tuple[str, str]] = {}
    for path in sorted((ROOT / "library/src/sanduq/errors").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ClassDef) and (step := _step(node)):
                yield from _enter(code, step, node.name, f"{name(path)}:{node.lineno}")
    for path in sorted((ROOT / "spec").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        for row in STEP_ROW.finditer(text):
            yield from _enter(spec, row[1], row[2], f"{name(path)}:{text.count(chr(10), 0, row.start()) + 1}")
    for step in sorted(code.keys() | spec.keys(), key=lambda s: [int(n) for n in s.split(".")]):
        if step not in spec:
            yield f"{code[step][1]}: step {step} `{code[step][0]}` is in no table of spec/"
        elif step not in code:
            yield f"{spec[step][1]}: step {step} `{spec[step][0]}` is not in the error tree"
        elif code[step][0] != spec[step][0]:
            yield f"{spec[step][1]}: step {step} is `{spec[step][0]}` here and {code[step][0]} in {code[step][1]}"


def _step(node: ast.ClassDef) -> str:
    for item in node.body:
        if (
            isinstance(item, ast.Assign)
            and [t.id for t in item.targets if isinstance(t, ast.Name)] == ["step"]
            and isinstance(item.value, ast.Constant)
        ):
            return str(item.value.value)
    return ""


def _enter(table: dict[str, tuple[str, str]], step: str, title: str, place: str) -> Iterator[str]:
    if step in table:
        yield f"{place}: step {step} `{title}` has that number already at {table[step][1]}"
    table[step] = (title, place)


def main() -> int:
    paths = tracked()
    complaints = [*check_files(paths), *check_functions(paths), *check_exceptions(paths), *check_steps()]
    for complaint in complaints:
        print(complaint)
    print(f"{len(paths)} files, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
