"""The command ``sanduq``: one group of commands a word, and ``rehearse``, which plays them all.

Exit status: 0 done (or verified), 1 refused, 2 wrong usage, a missing file, a full disk. What goes wrong is said on standard
error in an ``error:`` line and, where we know what to do, a ``hint:`` line; nothing is ever said with a traceback.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import sys
from concurrent.futures.process import BrokenProcessPool
from typing import Annotated, Final, NoReturn

import click
import typer

from sanduq import __version__, errors
from sanduq.cli import booth, box, count, disc, keys, press, question, rehearse, roll, watch
from sanduq.cli.common import ReaderGone, note, plain, say
from sanduq.cli.common import app as make_app

app = make_app(
    "A referendum that anybody can check.\n\n"
    "Observers need one command: [bold]sanduq watch verify RECORD --anchor SHA256[/bold]. "
    "To see a whole referendum played: [bold]sanduq rehearse FILE.toml --scale 1/1000 --out FOLDER[/bold]."
)
for word, module in (
    ("roll", roll),
    ("question", question),
    ("keys", keys),
    ("booth", booth),
    ("box", box),
    ("count", count),
    ("watch", watch),
    ("press", press),
    ("disc", disc),
):
    app.add_typer(module.app, name=word)
app.command("rehearse")(rehearse.rehearse)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"sanduq {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    pass


_PARTIAL: Final = re.compile(r"\.([^/]+)\.\d+\.partial\Z")
_SYSTEM: Final = {
    errno.ENOENT: "there is no such file or folder",
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.ENOSPC: "the disk is full; nothing that was acknowledged is lost",
    errno.EDQUOT: "the disk quota is used up; nothing that was acknowledged is lost",
    errno.EROFS: "the disk can only be read",
    errno.EISDIR: "this is a folder, a file is wanted",
    errno.ENOTDIR: "a folder is wanted, this is a file",
    errno.EEXIST: "a folder is wanted, this is a file",
    errno.EFBIG: "the file would become larger than allowed; nothing that was acknowledged is lost",
}


def _fail(status: int, message: str, hint: str | None = None) -> NoReturn:
    # Only our own lists of problems have several lines; a refusal quotes what others wrote, and stays on one.
    for line in f"error: {message}".split("\n"):
        note(line)
    if hint:
        note(f"hint: {hint}")
    sys.exit(status)


def main() -> NoReturn:
    """Run the command line; always ends the process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show every letter is no reason to stop
    try:
        status = app(prog_name="sanduq", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except (ReaderGone, BrokenPipeError):
        # (`sanduq … | head`): nothing is wrong, and nothing more can be said.
        _leave_stdout()
        sys.exit(141)
    except Exception as error:  # noqa: BLE001  what is not known here is raised again
        _explain(error)
    if status == 130:
        _fail(130, "stopped")
    sys.exit(status if isinstance(status, int) else 0)


def _explain(error: Exception) -> NoReturn:
    """Say what went wrong, and end with its status."""
    match error:
        case errors.Refused():
            _fail(1, f"{plain(str(error))} [{error.step} {type(error).__name__}]", error.hint)
        case errors.EnginesDisagree():
            _fail(1, error.message, error.hint)
        case errors.SanduqError():
            _fail(2, error.message, error.hint)
        case click.exceptions.NoArgsIsHelpError():
            for line in error.format_message().split("\n"):
                say(line)
            sys.exit(2)
        case click.UsageError():
            path = error.ctx.command_path if error.ctx else "sanduq"
            _fail(2, error.format_message()[:1].lower() + error.format_message()[1:].rstrip("."), f"{path} --help")
        case click.ClickException():
            _fail(2, error.format_message())
        case click.Abort():
            _fail(130, "stopped")
        case OSError():
            _explain_system(error)
        case MemoryError():
            _fail(2, "not enough memory")
        case BrokenProcessPool():
            _fail(2, "a process that verified areas was ended from outside", "not enough memory? try it with --jobs 1")
        case _:
            raise error


def _explain_system(error: OSError) -> NoReturn:
    """What the system refused. If it is our own words, what is left of them must not fail once more when the process ends."""
    _leave_stdout(only_if_full=True)
    # A file is written under another name first, which says nothing to anybody.
    shown = _PARTIAL.sub(r"\1", os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else ""
    _fail(2, f"{shown}{': ' if shown else ''}{_SYSTEM.get(error.errno or 0, error.strerror or str(error))}")


def _leave_stdout(*, only_if_full: bool = False) -> None:
    """Let standard output lead to nowhere."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
        if only_if_full:
            return
    except OSError:
        pass
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
