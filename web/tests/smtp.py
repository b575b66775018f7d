"""A mail server in a thread: takes what it is sent, refuses when it is told to."""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread


@dataclass
class Mailbox:
    """What has come: recipient and mail. ``refuses`` is the answer to every recipient, if it is set."""

    port: int = 0
    refuses: str = ""
    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def last_code(self) -> str:
        """The line of the last mail that is a code."""
        (code,) = [line for line in self.mails[-1][1].get_content().splitlines() if line.isdecimal()]
        return code


class _Talk(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs that sends plain mail."""

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self) -> None:
        box: Mailbox = self.server.mailbox  # type: ignore[attr-defined]
        to = ""
        self.say("220 here")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"RCPT" and box.refuses:
                self.say(box.refuses)
            elif word == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
                self.say("250 yes")
            elif word == b"DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                raw = b"".join(each[1:] if each.startswith(b".") else each for each in lines)
                box.mails.append((to, message_from_bytes(raw, policy=policy.default)))  # type: ignore[arg-type]
                self.say("250 taken")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 yes")


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A server on a port of this machine."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.mailbox = box = Mailbox(server.server_address[1])  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
