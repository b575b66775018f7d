"""The console's key for people's data: an age identity in a file outside the database.

Files that are uploaded are sealed to it as they come. From it follows the key (HKDF, RFC 5869) under which names, addresses and
e-mails of the register stand in the database (AES-GCM), each bound to its register and voter, so that none can be moved to
another row. Whoever has the database alone reads voters' numbers and areas; whoever has the running console reads everything.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from sanduq import errors

_NONCE: Final = 12
_MISSING: Final = "SANDUQ_CONSOLE_ROLL_KEY names no key: no register can be kept"
_HINT: Final = "`sanduq-console roll-key FILE` makes one; keep it outside of all backups of the database"


@lru_cache(maxsize=4)
def _identity(path: Path) -> tuple[Any, AESGCM]:
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        text = next((line for line in lines if line and not line.startswith("#")), "")
        identity = pyrage.x25519.Identity.from_str(text)
    except (OSError, UnicodeDecodeError, pyrage.IdentityError):
        raise errors.Unusable(_MISSING, hint=_HINT) from None
    key = HKDF(SHA256(), 32, None, b"sanduq console: fields of a register").derive(text.encode())
    return identity, AESGCM(key)


def _key() -> tuple[Any, AESGCM]:
    if settings.SANDUQ_CONSOLE_ROLL_KEY is None:
        raise errors.Unusable(_MISSING, hint=_HINT)
    return _identity(settings.SANDUQ_CONSOLE_ROLL_KEY)


def make_key(path: Path) -> str:
    """A new key in a file that only its owner reads; gives its recipient."""
    made = pyrage.x25519.Identity.generate()
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(f"# public key: {made.to_public()}\n{made}\n", encoding="utf-8")
    return str(made.to_public())


def is_there() -> bool:
    """Whether a register can be kept."""
    try:
        _key()
    except errors.Unusable:
        return False
    return True


def own_recipient() -> str:
    """The console's own age recipient: what is sealed to it, it can show to officers."""
    return str(_key()[0].to_public())


def recipient(text: str) -> str:
    """An age recipient (``age1…``) as somebody typed it. Raises :class:`sanduq.errors.Unusable` for what is none."""
    try:
        return str(pyrage.x25519.Recipient.from_str(text.strip()))
    except pyrage.RecipientError:
        raise errors.Unusable("expected an age recipient: age1 and 58 characters", hint="`age-keygen` prints it") from None


# --- fields ------------------------------------------------------------------------------------------------------------------


def seal_fields(values: Mapping[str, Any], bound_to: str) -> bytes:
    """Values of one entry, for the database; ``bound_to`` names the row."""
    nonce = os.urandom(_NONCE)
    raw = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    # Lengths tell addresses apart: in steps of 32 bytes.
    return nonce + _key()[1].encrypt(nonce, raw.ljust(-(-len(raw) // 32) * 32), bound_to.encode())


def open_fields(sealed: bytes, bound_to: str) -> dict[str, Any]:
    """The values again. Raises :class:`sanduq.errors.Unusable` where another key sealed them, or they are of another row."""
    raw = bytes(sealed)
    try:
        return dict(json.loads(_key()[1].decrypt(raw[:_NONCE], raw[_NONCE:], bound_to.encode())))
    except (InvalidTag, ValueError):
        raise errors.Unusable("this entry cannot be opened: it is of another key, or damaged") from None


def open_sealed(sealed: bytes) -> bytes:
    """What was sealed to :func:`own_recipient`, which is short. Raises :class:`sanduq.errors.Unusable`."""
    try:
        return bytes(pyrage.decrypt(bytes(sealed), [_key()[0]]))
    except pyrage.DecryptError:
        raise errors.Unusable("this cannot be opened: it is sealed to another key, or damaged") from None


# --- files -------------------------------------------------------------------------------------------------------------------


def seal_file(source: BinaryIO, target: BinaryIO, recipients: list[str] | None = None) -> None:
    """A file of any length, sealed as it is read: to these recipients, or to the console's own key."""
    to = [pyrage.x25519.Recipient.from_str(each) for each in recipients or [own_recipient()]]
    pyrage.encrypt_io(source, target, to)


def forget(path: Path) -> None:
    """The file is gone. It is sealed: what a disk keeps of it cannot be read without the key."""
    path.unlink(missing_ok=True)


@contextmanager
def opened_file(path: Path) -> Iterator[BinaryIO]:
    """A file that :func:`seal_file` made for the console, to be read from its beginning; nothing of it touches the disk.

    Raises :class:`sanduq.errors.Unusable` at the end of what could be read, where the rest is damaged.
    """
    identity = _key()[0]
    failed: list[Exception] = []
    into, out = os.pipe()

    def run() -> None:
        with path.open("rb") as source, os.fdopen(out, "wb") as target:
            try:
                pyrage.decrypt_io(source, target, [identity])
            except BrokenPipeError:
                pass  # the reader has seen enough
            except Exception as error:  # noqa: BLE001  # told by the reader's thread
                failed.append(error)

    thread = threading.Thread(target=run, name="unsealing", daemon=True)
    thread.start()
    rest = b""
    with os.fdopen(into, "rb", buffering=1 << 16) as reader:
        yield reader
        rest = reader.read(1)
    thread.join()
    if failed and not rest:
        raise errors.Unusable("the file cannot be opened any more: it is damaged, or of another key") from None


@contextmanager
def sealing(target: BinaryIO, recipients: list[str]) -> Iterator[BinaryIO]:
    """A file to write into: what is written goes sealed into another one."""
    failed: list[Exception] = []
    into, out = os.pipe()

    def run() -> None:
        with os.fdopen(into, "rb") as source:
            try:
                seal_file(source, target, recipients)
            except Exception as error:  # noqa: BLE001  # told by the writer's thread
                failed.append(error)

    thread = threading.Thread(target=run, name="sealing", daemon=True)
    thread.start()
    try:
        with os.fdopen(out, "wb", buffering=1 << 16) as writer:
            yield writer
    finally:
        thread.join()
    if failed:
        raise errors.Unusable("the file could not be sealed") from failed[0]
