"""``sanduq roll mail``: credentials by e-mail, where there is no post."""

from __future__ import annotations

import os
import secrets
import signal
import threading
import time as clocks
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from sanduq import errors
from sanduq.archive.writer import create, replace
from sanduq.booth.letter import Letter, Sheet, booth_link, language_of, words_of
from sanduq.cli.common import clock, note, progress, read_file, require_new, say
from sanduq.cli.roll.keeping import Credentials, Keeper, Key, read_credentials, read_pins_of
from sanduq.cli.roll.letters import Anchor, BareLink, Booth, Pins, RecordOption, area_of, make_sheet, people_of, read_setup_of
from sanduq.question.setup import Setup
from sanduq.roll import printed_credential
from sanduq.roll.custody import KeptName
from sanduq.roll.mail import (
    Address,
    Journal,
    Pace,
    Queued,
    State,
    Template,
    Told,
    check_address,
    compose,
    opened,
    read_sender,
    read_template,
    send_all,
)
from sanduq.roll.people import Person

if TYPE_CHECKING:
    from sanduq.cli.roll.smtp import Server, Smtp

PASSWORD: str = "SANDUQ_SMTP_PASSWORD"  # noqa: S105  the name of a variable
_LARGEST_TEMPLATE = 100_000
_People = Annotated[
    Path, typer.Option("--people", metavar="CSV", help="Columns voter and email, and any of language, name, address.")
]
_Templates = Annotated[
    Path, typer.Option("--templates", metavar="FOLDER", help="The commission's texts: LANGUAGE.txt for each language.")
]
_ServerOption = Annotated[str, typer.Option("--server", metavar="HOST:PORT", help="The SMTP server that takes the mails.")]
_From = Annotated[str, typer.Option("--from", metavar="SENDER", help='"Electoral commission <vote@commission.example>".')]
_Tls = Annotated[
    str | None, typer.Option("--tls", help="implicit (port 465), starttls (else), or none: on this machine's own address only.")
]
_User = Annotated[str | None, typer.Option("--user", help=f"To log in. The password: --password-file or {PASSWORD}.")]
_PasswordFile = Annotated[str | None, typer.Option("--password-file", metavar="FILE", help="Its first line is the password.")]
_Authority = Annotated[
    Path | None, typer.Option("--ca", metavar="FILE", help="Certificates of the authority that the server's is from (PEM).")
]
_Rate = Annotated[int, typer.Option("--per-minute", min=1, max=100_000, help="So many mails a minute at most.")]
_StopFile = Annotated[str | None, typer.Option("--stop-file", metavar="FILE", help="Stop as soon as this file is there.")]
_UnknownAgain = Annotated[
    bool, typer.Option("--unknown-again", help="Send those again of which nobody knows whether the server took them.")
]
_Pause = Annotated[float, typer.Option("--pause", min=0, max=3600, help="Seconds until what was put off is tried again.")]


def mail(
    path: Credentials,
    record: RecordOption,
    booth: Booth,
    people: _People,
    out: Annotated[Path, typer.Option("--out", help="Folder for the report and its journal.")],
    server: _ServerOption,
    sender: _From,
    templates: _Templates,
    pins: Pins = None,
    bare_link: BareLink = False,
    anchor: Anchor = None,
    tls: _Tls = None,
    user: _User = None,
    password_file: _PasswordFile = None,
    ca: _Authority = None,
    per_minute: _Rate = 300,
    stop_file: _StopFile = None,
    unknown_again: _UnknownAgain = False,
    pause: _Pause = 60,
    key: Key = None,
) -> None:
    """Send each voter of one area their credential by e-mail, in their language: [bold]the one command that opens a
    connection[/bold].

    Every server on the way, and who reads the mailbox, can vote with it: send letters where that is possible. A run that was
    stopped (Ctrl-C, --stop-file) or killed goes on when it is started again, and sends nothing twice that the server took.
    UUID.mailing…csv says what became of each mail; it holds no credential. Missing texts are written as a beginning.

    Example: sanduq roll mail UUID.credentials.until-2031-05-01.csv.age --record record --booth https://booth.example
    --people people.csv --server mail.example:587 --from vote@commission.example --templates texts --out mailing
    """
    sheet, name, made = _prepared(path, record, anchor, booth, people, pins, bare_link, Keeper(key))
    told_by, place = read_sender(sender), _server(server, tls, user, password_file, ca)
    texts, addresses = _read_templates(templates, sheet, made), _addresses(made)
    if not addresses:
        say("nobody here has an e-mail address: nothing was sent or written")
        return
    journal_file, report = (out / str(name.of("mailing", form=form, locks=0)) for form in ("journal", "csv"))
    about = {"uuid": name.uuid, "anchor": sheet.setup.anchor}
    with opened(journal_file, about) as journal, _stopping(None if stop_file is None else Path(stop_file)) as stopped:
        queue = _queue(sheet, made, addresses, texts, told_by, journal, unknown_again)
        finished = _run(queue, _transport(place, told_by[1]), journal, _pace(per_minute, pause, stopped), report, made)
    _say_report(journal, report, made, finished)


def _prepared(
    path: Path,
    record: Path,
    anchor: str | None,
    booth: str,
    people: Path,
    pins: Path | None,
    bare_link: bool,
    keeper: Keeper,
) -> tuple[Sheet, KeptName, list[Letter]]:
    """What every mail says, the name of the registrar's file, and what each voter gets."""
    setup = read_setup_of(record, anchor)
    name, voters = read_credentials(keeper, path)
    sheet = make_sheet(setup, area_of(setup, name.uuid, path), booth, "", "left", bare_link)
    known = people_of(people, setup, voters)
    pin_of = read_pins_of(keeper, pins, name.uuid, (voter for voter, _ in voters))
    return sheet, name, [Letter(voter, secret, known.get(voter, Person()), pin_of.get(voter)) for voter, secret in voters]


def _transport(place: Server, sender: Address) -> Smtp:
    from sanduq.cli.roll.smtp import Smtp  # here, so that no other command loads what can open a connection

    return Smtp(place, sender)


def _run(queue: Sequence[Queued], transport: Smtp, journal: Journal, pace: Pace, report: Path, made: Sequence[Letter]) -> bool:
    """Send, and write the report however it ends."""
    try:
        with progress("mails") as told:
            return send_all(queue, transport, journal, pace, told)
    finally:
        transport.close()
        replace(report, journal.report(letter.voter for letter in made).encode())


def _say_report(journal: Journal, report: Path, made: Sequence[Letter], finished: bool) -> None:
    counts = Counter(journal.state(letter.voter) for letter in made)
    for state in State:
        if counts[state]:
            say(f"{state.value:<11} {counts[state]}")
    say(f"report      {report}  (mode 600; destroy it with the credentials)")
    if counts[State.UNKNOWN]:
        note("hint: of the unknown nobody knows whether the server took them; --unknown-again sends them again")
    if not finished:
        note("stopped; the same command goes on")
        raise typer.Exit(130)


def _addresses(made: Sequence[Letter]) -> Mapping[str, Address]:
    """By voter; every wrong one is named by its voter, and then nothing is sent."""
    found, wrong = {}, []
    for letter in made:
        try:
            if letter.person.email:
                found[letter.voter] = check_address(letter.person.email)
        except errors.Unusable as error:
            if "installed" in error.message:
                raise
            wrong.append(letter.voter)
    if wrong:
        more = f", and {len(wrong) - 20} more" if len(wrong) > 20 else ""
        raise errors.Unusable(f"not an e-mail address, of voters {', '.join(wrong[:20])}{more}", hint="nothing was sent")
    return found


def _queue(
    sheet: Sheet,
    made: Sequence[Letter],
    addresses: Mapping[str, Address],
    texts: Mapping[str, Template],
    sender: tuple[str, Address],
    journal: Journal,
    unknown_again: bool,
) -> list[Queued]:
    """The mails that are still to go out."""
    again = {State.WAITING, State.DEFERRED} | ({State.UNKNOWN} if unknown_again else set())
    queue = []
    for letter in made:
        state, to = journal.state(letter.voter), addresses.get(letter.voter)
        if to is None and state is State.WAITING:
            journal.states[letter.voter] = Told(letter.voter, State.NO_ADDRESS, "")
        elif to is not None and state in again:
            template = texts[language_of(sheet, letter.person)]
            write = partial(_compose, sheet, letter, template, sender, to)
            queue.append(Queued(letter.voter, to, write, (letter.credential, letter.pin or "")))
    return queue


def _compose(
    sheet: Sheet, letter: Letter, template: Template, sender: tuple[str, Address], to: Address, identifier: str
) -> bytes:
    return compose(template, _values(sheet, letter), sender, to, datetime.now(UTC), identifier)


def _values(sheet: Sheet, letter: Letter) -> dict[str, str]:
    setup, area, language = sheet.setup, sheet.area, language_of(sheet, letter.person)
    secret = None if sheet.bare_link else letter.credential
    return {
        "title": setup.title[language],
        "area": f"{area.name} ({area.code})",
        "credential": printed_credential(letter.credential),
        "link": booth_link(sheet.booth, setup.anchor, area.code, secret, language),
        "booth": sheet.booth,
        "anchor": setup.anchor,
        "opens": _shown(setup.calendar.opens),
        "closes": _shown(setup.calendar.closes),
        "voter": letter.voter,
        "pin": letter.pin or "",
    }


def _shown(time: str) -> str:
    return f"{time[:10]} {time[11:16]}"


def _read_templates(folder: Path, sheet: Sheet, made: Sequence[Letter]) -> dict[str, Template]:
    """The text for each language that is needed; where one is missing a beginning is written, and nothing is sent."""
    if not folder.is_dir():
        raise errors.Unusable(
            f"{folder}: there is no such folder", hint="make it, empty: a text to begin with is written there"
        )
    needed = sorted({language_of(sheet, letter.person) for letter in made})
    missing = [language for language in needed if not (folder / f"{language}.txt").is_file()]
    if missing:
        paths = [folder / f"{language}.txt" for language in missing]
        require_new(*paths)
        for path, language in zip(paths, missing, strict=True):
            create(path, _beginning(sheet.setup, language, any(letter.pin for letter in made)).encode())
        names = ", ".join(path.name for path in paths)
        raise errors.Unusable(
            f"no text in {', '.join(missing)}", hint=f"a beginning stands in {folder}: edit {names}, then again"
        )
    pin = any(letter.pin for letter in made)
    return {each: read_template(read_file(folder / f"{each}.txt", _LARGEST_TEMPLATE), each, pin=pin) for each in needed}


def _beginning(setup: Setup, language: str, pin: bool) -> str:
    """A text to begin with, in the words of the letters."""
    words = words_of(language)
    times = words.open.format(opens="$opens", closes="$closes")
    lines = [f"{words.area}: $area", "", "$link", "", f"{words.credential}:", "$credential", words.small, ""]
    lines += [f"{words.pin}: $pin", ""] if pin else []
    lines += [f"{words.address}: $booth", f"{words.anchor} $anchor", "", times, words.again, "", words.secret]
    return "Subject: $title\n\n" + "\n".join(lines) + "\n"


def _server(text: str, tls: str | None, user: str | None, password_file: str | None, ca: Path | None) -> Server:
    from sanduq.cli.roll.smtp import Server, read_server, trusted

    host, port, kind = read_server(text, tls)
    password = os.environ.get(PASSWORD)
    if password_file is not None:
        password = read_file(Path(password_file), 4096).decode("utf-8", errors="replace").partition("\n")[0].rstrip("\r")
    if user is not None and not password:
        raise errors.Unusable("a user without a password", hint=f"--password-file FILE, or {PASSWORD} in the environment")
    trusted(ca)  # refused now rather than at the first mail
    return Server(host, port, kind, user, password, ca)


def _pace(per_minute: int, pause: float, stopped: threading.Event) -> Pace:
    return Pace(
        per_minute,
        clocks.monotonic,
        clocks.sleep,
        lambda: clock(None),
        stopped.is_set,
        lambda: secrets.token_hex(16),
        pause=pause,
    )


class _Stop(threading.Event):
    """Set by a signal, or by a file that somebody makes."""

    def __init__(self, path: Path | None) -> None:
        super().__init__()
        self._path = path

    def is_set(self) -> bool:
        return super().is_set() or (self._path is not None and self._path.exists())


@contextmanager
def _stopping(path: Path | None) -> Iterator[_Stop]:
    """The first Ctrl-C (or SIGTERM) lets the mail that is on its way finish; the second one ends the process."""
    stop = _Stop(path)

    def heard(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    here = threading.current_thread() is threading.main_thread()
    before = {each: signal.signal(each, heard) for each in (signal.SIGINT, signal.SIGTERM)} if here else {}
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
