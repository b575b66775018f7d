"""The one place of the library that opens a connection: SMTP (RFC 5321), over TLS.

Which addresses get mail is for :mod:`sanduq.roll.mail` to say; this module hands one mail over and tells how far it came.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sanduq import errors
from sanduq.roll.mail import Address, Answer, Lost

_MAILS_OF_A_CONNECTION: Final = 200
_TAKEN: Final = 354
_GOING: Final = 421
IMPLICIT, STARTTLS, NONE = "implicit", "starttls", "none"


@dataclass(frozen=True)
class Server:
    """Where mail is handed in, and how. ``tls`` is one of ``implicit``, ``starttls``, ``none``; the last on loopback only."""

    host: str
    port: int
    tls: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    authority: Path | None = None  # PEM
    timeout: float = 60


def read_server(text: str, tls: str | None) -> tuple[str, int, str]:
    """Host, port and kind of TLS from ``mail.example:587``. TLS may be left out on this very machine only."""
    match = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.\-]+)):([0-9]{1,5})", text)
    if match is None or not 0 < int(match[3]) < 65536:
        raise errors.Unusable(f"not a mail server: {text[:80]}", hint="HOST:PORT, as mail.example:587")
    host, port = match[1] or match[2], int(match[3])
    kind = tls or (IMPLICIT if port == 465 else STARTTLS)
    if kind not in (IMPLICIT, STARTTLS, NONE):
        raise errors.Unusable(f"--tls {kind!r}", hint="implicit, starttls or none")
    if kind == NONE and not _loopback(host):
        raise errors.Unusable("a connection without TLS to another machine", hint="credentials would be readable on the way")
    return host, port, kind


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def trusted(authority: Path | None) -> ssl.SSLContext:
    """Whose certificates are believed: the system's authorities, or the one in a file."""
    try:
        return ssl.create_default_context(cafile=None if authority is None else str(authority))
    except ssl.SSLError:
        raise errors.Unusable(f"{authority}: no certificates in the form of PEM") from None


class Smtp:
    """A connection that is made when it is needed, and anew when it is lost. Certificates are always checked."""

    def __init__(self, server: Server, sender: Address) -> None:
        self._server = server
        self._sender = sender
        self._connection: smtplib.SMTP | None = None
        self._handed = 0

    def deliver(self, to: Address, raw: bytes, begins: Callable[[], None]) -> Answer:
        """Hand over a mail. Raises :class:`Lost` as long as the server cannot have all of it, so that it may be tried again."""
        try:
            connection = self._connected()
            options = ["SMTPUTF8", "BODY=8BITMIME"] if to.utf8 or self._sender.utf8 else []
            if options and not connection.has_extn("smtputf8"):
                return Answer(553, "this server takes no addresses beyond ASCII")
            for code, text in self._envelope(connection, to, options):
                if code // 100 != 2:
                    return self._refused(connection, code, text)
            code, text = connection.docmd("DATA")
            if code != _TAKEN:
                return self._refused(connection, code, text)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Lost(_said(error)) from None
        begins()
        try:
            connection.send(re.sub(rb"(?m)^\.", b"..", raw).removesuffix(b"\r\n") + b"\r\n.\r\n")
            code, text = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Answer(0, _said(error))
        self._handed += 1
        if self._handed >= _MAILS_OF_A_CONNECTION or code == _GOING:
            self.close()
        return Answer(code, _text(text))

    def _envelope(self, connection: smtplib.SMTP, to: Address, options: list[str]) -> list[tuple[int, bytes]]:
        first = connection.mail(str(self._sender), options)
        return [first] if first[0] // 100 != 2 else [first, connection.rcpt(str(to))]

    def _refused(self, connection: smtplib.SMTP, code: int, text: bytes) -> Answer:
        try:
            if code == _GOING or connection.rset()[0] // 100 != 2:
                self.close()
        except (OSError, smtplib.SMTPException):
            self.close()
        return Answer(code, _text(text))

    def _connected(self) -> smtplib.SMTP:
        if self._connection is not None:
            return self._connection
        server, name = self._server, self._sender.domain
        made: smtplib.SMTP | None = None
        context = trusted(server.authority)
        # The greeting names the sender's domain: smtplib would tell the name of this machine, after asking a name server.
        try:
            if server.tls == IMPLICIT:
                made = smtplib.SMTP_SSL(server.host, server.port, name, timeout=server.timeout, context=context)
            else:
                made = smtplib.SMTP(server.host, server.port, name, timeout=server.timeout)
            self._greet(made, context)
        except BaseException as error:
            if made is not None:
                made.close()
            if isinstance(error, ssl.SSLError):
                hint = "--ca FILE, if it is from an authority of your own"
                raise errors.Unusable(f"the mail server's certificate or TLS: {_said(error)}", hint=hint) from None
            raise
        self._connection, self._handed = made, 0
        return made

    def _greet(self, made: smtplib.SMTP, context: ssl.SSLContext) -> None:
        """TLS, and the login."""
        try:
            made.ehlo()
            if self._server.tls == STARTTLS:
                made.starttls(context=context)
                made.ehlo()
            if self._server.user is None:
                return
            try:
                made.login(self._server.user, self._server.password or "")
            except (smtplib.SMTPAuthenticationError, smtplib.SMTPServerDisconnected):
                # Some servers hang up instead of answering.
                raise errors.Unusable("the mail server refuses user and password", hint="nothing was sent with it") from None
        except smtplib.SMTPNotSupportedError:
            raise errors.Unusable("the mail server offers no TLS, or no way to log in", hint="nothing was sent") from None

    def close(self) -> None:
        """Say goodbye, if anybody is there."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                connection.quit()


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace")


def _said(error: Exception) -> str:
    """What went wrong, without what was sent."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error) if isinstance(error.smtp_error, bytes) else error.smtp_error}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return getattr(error, "strerror", None) or type(error).__name__
