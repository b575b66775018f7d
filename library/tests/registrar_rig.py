"""A frozen referendum whose registrar has encrypted files, people with addresses, reserves; and a mail server on loopback."""

from __future__ import annotations

import asyncio
import csv
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pyrage
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cli.hand import Done, ok
from sanduq.roll.custody import open_once, open_twice, read_secret

UUID = "NorthBankTest1"
DAY = "2031-05-01"
LANGUAGES = {"E-1": "en", "E-2": "fa", "E-3": ""}
CREDENTIALS = f"rolls/north/{UUID}.credentials.until-{DAY}.csv.age"
RESERVE = f"rolls/north/{UUID}.reserve.until-{DAY}.csv.age.age"
REGISTER = f"rolls/north/{UUID}.reserves.jsonl"
OPEN = ("--key", "registrar.key")
OFFICERS = ("--officer", "Ann=ann.key", "--officer", "Bo=bo.key")
BOOTH = "https://booth.example"
BEFORE, AFTER = "2031-04-30T00:00:00Z", f"{DAY}T00:00:00Z"
"""Moments before and after the day of destruction."""


def some(rows: list[tuple[object, ...]]) -> list[object]:
    """Every third row at once, all of them in ``make test-all``."""
    return [pytest.param(*row, marks=[pytest.mark.long] if at % 3 else []) for at, row in enumerate(rows)]


def no_secret(done: Done, *folders: Path) -> None:
    """Nothing that was said has a group of a credential in it."""
    for folder in folders:
        for secret in (*credentials(folder).values(), *reserves(folder).values()):
            assert not [group for group in secret.split("-") if group in done.said]


def build(folder: Path) -> None:
    """A record, open, in whose north area E-1 has voted; keys of the registrar and of two officers; people."""
    for who in ("registrar", "ann", "bo", "eve"):
        (folder / f"{who}.key").write_text(f"{pyrage.x25519.Identity.generate()}\n")
    ok("question", "new", "bridge", cwd=folder)
    _edit(folder / "bridge/referendum.toml", "count = 5", "count = 2")
    _edit(folder / "bridge/referendum.toml", "threshold = 3  # more than half, fewer than all", "")
    _edit(folder / "bridge/referendum.toml", "minimum = 20", "minimum = 0")
    _edit(folder / "bridge/areas.csv", ",500", ",6")
    _edit(folder / "bridge/areas.csv", ",400", ",2")
    for who in ("cem", "dan"):
        ok("keys", "single", "--out", who, cwd=folder)
    ok("keys", "trustees", "--single", "cem/trustee.pubkey", "--single", "dan/trustee.pubkey", "--out", "t.json", cwd=folder)
    (folder / "voters.csv").write_text("voter\nE-1\nE-2\nE-3\n")
    (folder / "people.csv").write_text(
        "voter,name,address,language,email\n"
        "E-1,Ayşe,Gül 12|12345 Şehir,en,ayse@mail.example\n"
        "E-2,شیرین,کوچهٔ گل ۱۲,fa,shirin@پیام.example\n"
        "E-3,Cem,Yol 3,,\n",
        encoding="utf-8",
    )
    made = ("roll", "credentials", "--voters", "voters.csv", "--uuid", UUID, "--destroy-on", DAY)
    keys = ("--encrypt-to", read_secret((folder / "registrar.key").read_text(), "").recipient)
    ok(*made, *keys, "--reserve", 3, *OFFICERS, "--out", "rolls/north", cwd=folder)
    ok("roll", "credentials", "--count", 2, "--unencrypted", "--out", "rolls/south", cwd=folder)
    ok("box", "key", "--out", "box", cwd=folder)
    freeze = ("question", "freeze", "bridge/referendum.toml", "--rolls", "rolls", "--trustees", "t.json")
    ok(*freeze, "--box-key", "box/box.pub", "--out", "record", "--time", "2030-04-01T00:00:00Z", cwd=folder)
    ok("box", "open", "record", "--time", "2030-05-01T06:00:00Z", cwd=folder)
    vote(folder, credentials(folder)["E-1"])


def vote(folder: Path, credential: str) -> None:
    """Cast a ballot in the north area."""
    (folder / "c").write_text(credential)
    (folder / "yes").write_text("[[0,1,0]]")
    archive = f"record/areas/north/{UUID}.bel"
    for old in folder.glob("1.*"):
        old.unlink()
    ok("booth", "seal", "--archive", archive, "--credential", "c", "--choices", "yes", "--out", "1.sealed", cwd=folder)
    ok("booth", "cast", "1.sealed", "--credential", "c", "--out", "1.ballot", cwd=folder)
    ok("box", "cast", "record", "1.ballot", "--key", "box/box.key", "--time", "2030-05-02T08:00:00Z", cwd=folder)


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def credentials(folder: Path) -> dict[str, str]:
    """Who has which credential."""
    key = read_secret((folder / "registrar.key").read_text(), "")
    return _rows(open_once((folder / CREDENTIALS).read_bytes(), key, ""))


def reserves(folder: Path) -> dict[str, str]:
    """The reserve credentials."""
    keys = (read_secret((folder / f"{who}.key").read_text(), "") for who in ("ann", "bo"))
    return _rows(open_twice((folder / RESERVE).read_bytes(), *keys, ""))


def _rows(data: bytes) -> dict[str, str]:
    return {row["voter"]: row["credential"] for row in csv.DictReader(data.decode().splitlines())}


# --- a mail server -----------------------------------------------------------------------------------------------------------


@dataclass
class Mailbox:
    """What a server took, and how it answers: ``says`` gives the answer to DATA for an address, or None for 250."""

    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)
    says: Callable[[str], str | None] = lambda _: None
    recipient: Callable[[str], str | None] = lambda _: None
    delay: float = 0
    port: int = 0

    async def handle_RCPT(self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        """Takes a recipient, or says why not."""
        answer = self.recipient(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 fine"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        """Takes a mail, or says why not; ``drop`` ends the connection without an answer."""
        address = envelope.rcpt_tos[0]
        await asyncio.sleep(self.delay)
        answer = self.says(address)
        if answer == "drop":
            server.transport.abort()
            return "250 nobody hears"
        if answer is None:
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.mails.append((address, message))
        return answer or "250 2.0.0 taken"


@contextmanager
def mail_server(box: Mailbox, **how: Any) -> Iterator[Mailbox]:
    """A server that is really there, on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port, enable_SMTPUTF8=True, **how)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def certificate(folder: Path) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 in ``folder/ca.pem``, and the server's side of it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.key").write_bytes(key.private_bytes(*form))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "ca.pem", folder / "server.key")
    return context


def only(user: str, password: str) -> Callable[..., AuthResult]:
    """Lets one user in."""

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    return check
