"""The command ``sanduq``: one group of commands a word, and ``rehearse``, which plays them all.

Exit status: 0 done (or verified), 1 refused, 2 wrong usage, a missing file, a full disk. What goes wrong is said on standard
error in an ``error:`` line and, where we know what to do, a ``hint:`` line; nothing is ever said with a traceback.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import Annotated, NoReturn

import click
import typer

from sanduq import __version__, errors
from sanduq.cli import booth, box, count, keys, question, rehearse, roll, watch
from sanduq.cli.common import app as make_app
from sanduq.cli.common import err, say

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


_SYSTEM = {
    errno.ENOENT: "there is no such file or folder",
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.ENOSPC: "the disk is full; nothing that was acknowledged is lost",
    errno.EDQUOT: "the disk quota is used up; nothing that was acknowledged is lost",
    errno.EROFS: "the disk can only be read",
    errno.EISDIR: "this is a folder, a file is wanted",
    errno.ENOTDIR: "a folder is wanted, this is a file",
    errno.EFBIG: "the file would become larger than allowed; nothing that was acknowledged is lost",
}


def _fail(status: int, message: str, hint: str | None = None) -> NoReturn:
    err.print(f"error: {message}", markup=False)
    if hint:
        err.print(f"hint: {hint}", markup=False)
    sys.exit(status)


def main() -> NoReturn:
    """Run the command line; always ends the process."""
    try:
        status = app(standalone_mode=False)
        sys.stdout.flush()
        sys.exit(status if isinstance(status, int) else 0)
    except errors.Refused as refusal:
        _fail(1, f"{refusal} [{refusal.step} {type(refusal).__name__}]", refusal.hint)
    except errors.EnginesDisagree as error:
        _fail(1, error.message, error.hint)
    except errors.SanduqError as error:
        _fail(2, error.message, error.hint)
    except click.exceptions.NoArgsIsHelpError as error:
        say(error.format_message())
        sys.exit(2)
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "sanduq"
        _fail(2, error.format_message()[:1].lower() + error.format_message()[1:].rstrip("."), f"{path} --help")
    except click.ClickException as error:
        _fail(2, error.format_message())
    except (KeyboardInterrupt, click.Abort):
        _fail(130, "stopped")
    except BrokenPipeError:
        # The reader went away (`sanduq … | head`): nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        _fail(2, f"{name}{_SYSTEM.get(error.errno or 0, error.strerror or str(error))}")
    except MemoryError:
        _fail(2, "not enough memory")
