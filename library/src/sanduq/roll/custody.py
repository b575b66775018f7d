"""The registrar's files: how they are called, encrypted at rest, and destroyed.

A name says what a file is and when it must be destroyed: ``UUID.credentials.until-2031-05-01.csv.age``. What ends in ``.age``
is encrypted by age (https://age-encryption.org/v1), to recipients or with a passphrase, once for each ``.age``: two of them
need two keys. Nothing of ours is around it, so that ``age --decrypt`` opens it where sanduq is not at hand. The date stands in
the name so that it is seen without a key; it guards against forgetting and mistakes, not against who may write to the folder.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from sanduq import errors
from sanduq.archive.writer import sync_folder

SHORTEST_PASSPHRASE: Final = 12
"""Characters. age makes a guess cost about a second; five words drawn by dice are what it should be."""
KINDS: Final = ("credentials", "reserve", "given", "pins", "pinhashes", "addresses", "letters", "mailing")
_BASE58: Final = "1-9A-HJ-NP-Za-km-z"
_NAME: Final = re.compile(
    rf"(?P<uuid>[{_BASE58}]{{14,64}})\.(?P<kind>{'|'.join(KINDS)})(?:\.until-(?P<until>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}))?"
    r"(?:\.(?P<part>[A-Za-z0-9-]{1,40}))?\.(?P<form>csv|pdf|journal)(?P<locks>(?:\.age){0,2})\Z"
)


@dataclass(frozen=True)
class KeptName:
    """What the name of a registrar's file says. ``until`` is the day of destruction, ``locks`` how many keys it needs."""

    uuid: str
    kind: str
    until: str | None = None
    part: str | None = None
    form: str = "csv"
    locks: int = 0

    def __str__(self) -> str:
        day = "" if self.until is None else f".until-{self.until}"
        part = "" if self.part is None else f".{self.part}"
        return f"{self.uuid}.{self.kind}{day}{part}.{self.form}{'.age' * self.locks}"

    def of(self, kind: str, **changes: Any) -> KeptName:
        """The name of another file for the same election and day, locked in the same way if nothing else is said."""
        return replace(self, kind=kind, **changes)

    def is_past(self, today: str) -> bool:
        """Whether its day of destruction has come."""
        return self.until is not None and self.until <= today


def read_name(path: Path) -> KeptName:
    """What a file is, from its name. Raises :class:`errors.Unusable` for any other file."""
    match = _NAME.match(path.name)
    if match is None:
        raise errors.Unusable(
            f"{path.name} is not the name of a registrar's file",
            hint="UUID.credentials.until-2031-05-01.csv.age, as it was made",
        )
    until = None if match["until"] is None else check_day(match["until"])
    return KeptName(match["uuid"], match["kind"], until, match["part"], match["form"], match["locks"].count(".age"))


def check_day(text: str) -> str:
    """The day itself, if there is such a day."""
    try:
        if len(text) != len("2031-05-01"):
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise errors.Unusable(f"not a day: {text[:20]!r}", hint="write it as 2031-05-01") from None


# --- keys ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Secret:
    """What opens or closes a file: an identity or a recipient of age, or a passphrase. Never shown by ``repr``."""

    recipient: str | None = None
    identity: str | None = field(default=None, repr=False)
    passphrase: str | None = field(default=None, repr=False)

    def same_key(self, other: Secret) -> bool:
        """Whether both are one key."""
        mine, theirs = (self.recipient or self.passphrase or "", other.recipient or other.passphrase or "")
        return secrets.compare_digest(mine.encode(), theirs.encode())


def _age() -> Any:
    try:
        import pyrage
    except ImportError:
        raise errors.Unusable("pyrage is not installed", hint="pip install 'sanduq[registrar]'") from None
    return pyrage


def read_secret(text: str, name: str) -> Secret:
    """A key from the text of a file: age's identity, age's recipient, or else a passphrase, which is its first line.

    ``name`` is what errors call it; they repeat nothing of it.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise errors.Unusable(f"{name}: nothing is in it", hint="a passphrase, or a key as `age-keygen` writes it")
    if lines[0].startswith("AGE-SECRET-KEY-"):
        try:
            identity = _age().x25519.Identity.from_str(lines[0])
        except _age().IdentityError:
            raise errors.Unusable(f"{name}: not an identity of age", hint="expected AGE-SECRET-KEY-1…") from None
        return Secret(recipient=str(identity.to_public()), identity=lines[0])
    if lines[0].startswith("age1"):
        return Secret(recipient=check_recipient(lines[0]))
    if not lines[0].isprintable() or len(lines[0]) > 1000:
        raise errors.Unusable(f"{name}: no key is in it", hint="an identity of age, or a passphrase in its first line")
    return Secret(passphrase=lines[0])


def check_recipient(text: str) -> str:
    """The recipient itself, if it is one of age's (X25519)."""
    try:
        _age().x25519.Recipient.from_str(text)
    except _age().RecipientError:
        raise errors.Unusable("not a recipient of age", hint="expected age1…, as `age-keygen` shows it") from None
    return text


def check_new_passphrase(passphrase: str) -> str:
    """The passphrase itself, if it is long enough to close a file with."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise errors.Unusable(
            f"a passphrase of {len(passphrase)} characters; expected at least {SHORTEST_PASSPHRASE}",
            hint="five words drawn by dice, on paper, in a safe",
        )
    return passphrase


def close(data: bytes, keys: Sequence[Secret]) -> bytes:
    """The data encrypted, so that any one of the keys opens it; a passphrase stands alone."""
    phrases = [key.passphrase for key in keys if key.passphrase is not None]
    if phrases and len(keys) > 1:
        raise errors.Unusable("a passphrase together with other keys", hint="age takes recipients, or one passphrase")
    if phrases:
        return bytes(_age().passphrase.encrypt(data, check_new_passphrase(phrases[0])))
    return bytes(_age().encrypt(data, [_age().x25519.Recipient.from_str(key.recipient or "") for key in keys]))


def close_twice(data: bytes, first: Secret, second: Secret) -> bytes:
    """The data encrypted so that both keys are needed."""
    return close(close(data, [first]), [second])


def open_once(data: bytes, key: Secret, name: str) -> bytes:
    """The data decrypted, in memory. ``name`` is what errors call the file."""
    age = _age()
    try:
        if key.passphrase is not None:
            return bytes(age.passphrase.decrypt(data, key.passphrase))
        if key.identity is None:
            raise errors.Unusable(f"{name}: a recipient opens nothing", hint="its identity is wanted: AGE-SECRET-KEY-1…")
        return bytes(age.decrypt(data, [age.x25519.Identity.from_str(key.identity)]))
    except age.DecryptError as error:
        if "xcessive work" in str(error):  # age bounds what a strange file may cost, by this machine's speed of the moment
            what = f"{name}: its passphrase would take this machine too long"
            raise errors.Unusable(what, hint="try again when it is idle, or where the file was made") from None
        raise errors.Unusable(f"{name}: this key does not open it, or it is damaged") from None


def open_twice(data: bytes, first: Secret, second: Secret, name: str) -> bytes:
    """What :func:`close_twice` encrypted, whichever of the two keys is named first."""
    try:
        return open_once(open_once(data, second, name), first, name)
    except errors.Unusable as error:
        if "too long" in error.message:
            raise
    try:
        return open_once(open_once(data, first, name), second, name)
    except errors.Unusable:
        raise errors.Unusable(
            f"{name}: these two keys do not open it, or it is damaged", hint="both officers are needed"
        ) from None


# --- destroying ------------------------------------------------------------------------------------------------------------


def may_be_destroyed(path: Path, today: str, *, forced: bool) -> KeptName:
    """What the file is; :class:`errors.Unusable` if it is none of ours, or its day has not come and no force is used."""
    name = read_name(path)
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        raise errors.Unusable(f"{path} is no file of its own", hint="a link, or it has a second name: destroy what it leads to")
    if name.is_past(today) or forced:
        return name
    said = "says no day of destruction" if name.until is None else f"must be kept until {name.until}; today is {today}"
    raise errors.Unusable(f"{path.name} {said}", hint="nothing was destroyed; --force destroys it all the same")


def destroy(path: Path, random: Any = os.urandom) -> None:
    """Write random bytes over a file, give it a name that says nothing, and remove it.

    What the disk really forgets is another matter: solid-state disks, file systems that copy on writing or keep a journal,
    snapshots and backups may hold the old blocks. Where the file was encrypted they hold nothing to read without the key.
    """
    with path.open("r+b", buffering=0) as file:
        left = os.fstat(file.fileno()).st_size
        while left > 0:
            left -= file.write(random(min(left, 1 << 20)))
        os.fsync(file.fileno())
        os.ftruncate(file.fileno(), 0)
        os.fsync(file.fileno())
    nameless = path.with_name(secrets.token_hex(16))
    path.rename(nameless)
    nameless.unlink()
    sync_folder(path.parent)
