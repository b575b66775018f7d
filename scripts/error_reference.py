"""Writes docs/look-up/errors.md: every refusal by its step, from the error tree. A test sees that the page is current.

usage: .venv/bin/python scripts/error_reference.py            writes the page
       .venv/bin/python scripts/error_reference.py --check    prints what differs, exits 1 if anything does
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from sanduq import errors

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/look-up/errors.md"
HEAD = """\
# Errors

Made from the error tree (`sanduq.errors`) by `scripts/error_reference.py`; not to be edited.

A refusal has a number and a name. The number is the step of the [specification](../../spec/README.md), which says exactly
what is refused. The command line prints both at the end of its `error:` line, `--json` gives them as `step` and `error`, and
in Python each is a class of `sanduq.errors`:

```python
from sanduq import errors

print(errors.SignatureInvalid.step, errors.SignatureInvalid.sentence())
```

```text
4.15 the ballot's signature is wrong
```

An error says where, what, what was expected and what was got. No error holds a secret.

```console run
$ sanduq watch verify vectors/forged/ballot-individual-proof.bel
error: event 3 (Ballot): answer 1: the proof that a choice is 0 or 1 is wrong: choice 2 [4.11 IndividualProofInvalid]
```

Two errors are no refusals and have no step. `Unusable` (exit status 2): the call cannot be carried out, because a file is
missing, exists already, or an option is wrong; no data is to blame. `EnginesDisagree` (exit status 1): Rust and Python give
different verdicts on one ballot. That is a fault of ours and never a pass; please report it, with the archive.
"""


def refusals() -> list[type[errors.Refused]]:
    """All refusals with a step, in the order of the specification."""
    found = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.Refused) and kind.step
    ]
    return sorted(set(found), key=lambda kind: [int(part) for part in kind.step.split(".")])


def chapters() -> Iterator[tuple[int, str, str]]:
    """Number, title and file of each chapter of the specification."""
    for path in sorted((ROOT / "spec").glob("[0-9]*.md")):
        title = path.read_text(encoding="utf-8").split("\n", 1)[0]
        if match := re.fullmatch(r"# (\d+) (.+)", title):
            yield int(match[1]), match[2], path.name


def page() -> str:
    """The whole page."""
    lines = [HEAD]
    known = refusals()
    for number, title, name in chapters():
        rows = [kind for kind in known if kind.step.split(".")[0] == str(number)]
        if not rows:
            continue
        lines += [f"## {number} {title}", "", f"Specification: [chapter {number}](../../spec/{name}).", ""]
        lines += ["| step | name | what is wrong |", "|---|---|---|"]
        lines += [f"| {kind.step} | `{kind.__name__}` | {kind.sentence()} |" for kind in rows]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    text = page()
    if arguments == ["--check"]:
        before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        found = list(difflib.unified_diff(before.splitlines(), text.splitlines(), "the page", "the tree", lineterm=""))
        print("\n".join(found) or "docs/look-up/errors.md is current")
        return 1 if found else 0
    PAGE.write_text(text, encoding="utf-8")
    print("docs/look-up/errors.md is written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
