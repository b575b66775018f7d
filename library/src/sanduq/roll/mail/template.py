"""Addresses, and the text of a mail: the commission's template, filled in for one voter."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import parseaddr
from typing import Any, Final

from sanduq import errors

FIELDS: Final = ("title", "area", "credential", "link", "booth", "anchor", "opens", "closes", "voter", "pin")
"""What a template may name, as ``$title`` or ``${title}``."""
_SECRET: Final = frozenset({"credential", "link", "pin"})
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]+"
_LOCAL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*\Z")
_UNSEEN: Final = re.compile("[\x00-\x20\x7f-\xa0\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST: Final = 100_000


@dataclass(frozen=True)
class Address:
    """An address as it goes over the wire: the domain in ASCII. ``utf8`` if the part before the @ needs SMTPUTF8 (RFC 6531)."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def utf8(self) -> bool:
        """Whether the server must know RFC 6531."""
        return not self.local.isascii()


def check_address(text: str) -> Address:
    """An e-mail address, its domain by IDNA 2008 (RFC 5891). The error does not repeat it."""
    try:
        import idna
    except ImportError:
        raise errors.Unusable("idna is not installed", hint="pip install 'sanduq[registrar]'") from None
    local, at, domain = text.rpartition("@")
    if not at or _UNSEEN.search(text) or not _LOCAL.match(local) or len(local.encode()) > 64:
        raise errors.Unusable("not an e-mail address", hint="name@mail.example, without spaces, quotes and comments")
    try:
        # IDNA 2003, which Python brings along, drops characters that Persian names need, and so leads to another domain.
        ascii_domain = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise errors.Unusable("not an e-mail address: its domain is none") from None
    if "." not in ascii_domain or len(local.encode()) + len(ascii_domain) > 253:
        raise errors.Unusable("not an e-mail address: its domain is none")
    return Address(local, ascii_domain)


def read_sender(text: str) -> tuple[str, Address]:
    """Name and address of ``Electoral commission <vote@commission.example>``, or of an address alone."""
    name, address = parseaddr(text)
    if not address or any(character in text for character in "\r\n"):
        raise errors.Unusable("not a sender", hint='"Electoral commission <vote@commission.example>"')
    return name, check_address(address)


@dataclass(frozen=True)
class Template:
    """Subject and text in one language."""

    language: str
    subject: str
    body: str

    def fill(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Subject and text for one voter."""
        return string.Template(self.subject).substitute(values), string.Template(self.body).substitute(values)


def read_template(data: bytes, language: str, *, pin: bool = False) -> Template:
    """The commission's text: ``Subject: …`` in the first line, an empty one, and the text, with the names of ``FIELDS``.

    Refused (:class:`errors.Unusable`): other names, a secret in the subject, which any server on the way writes into its log, a
    text with neither credential nor link, and one without the PIN where there are PINs (or the other way round).
    """
    name = f"{language}.txt"
    try:
        head, _, body = data.decode("utf-8-sig").replace("\r\n", "\n").partition("\n\n")
    except UnicodeDecodeError:
        raise errors.Unusable(f"{name}: not a text in UTF-8") from None
    subject = head.removeprefix("Subject:").strip()
    if not head.startswith("Subject:") or "\n" in head or not subject or not body.strip() or len(data) > _LONGEST:
        raise errors.Unusable(f"{name}: expected a line `Subject: …`, an empty line, and the text")
    used = {part: _names(name, text) for part, text in (("subject", subject), ("text", body))}
    if used["subject"] & _SECRET:
        raise errors.Unusable(f"{name}: a secret in the subject", hint="servers on the way write subjects into their logs")
    if not used["text"] & {"credential", "link"}:
        raise errors.Unusable(f"{name}: the text names neither $credential nor $link")
    if ("pin" in used["text"]) is not pin:
        raise errors.Unusable(f"{name}: the text {'does not name' if pin else 'names'} $pin", hint="--pins FILE goes with $pin")
    return Template(language, subject, body)


def _names(name: str, text: str) -> set[str]:
    template = string.Template(text)
    found = set(template.get_identifiers())
    unknown = sorted(found - {*FIELDS})
    if unknown or not template.is_valid():
        what = f"unknown name ${unknown[0][:40]}" if unknown else "a $ with no name behind it; write $$ for one"
        raise errors.Unusable(f"{name}: {what}", hint="$" + ", $".join(FIELDS))
    return found


def compose(
    template: Template, values: Mapping[str, str], sender: tuple[str, Address], to: Address, date: Any, identifier: str
) -> bytes:
    """The mail, as it goes over the wire. ``date`` is a time with a zone, ``identifier`` its Message-ID.

    Nothing that is filled in can become a header: line breaks in the subject are refused, and headers take no other values.
    """
    subject, body = template.fill(values)
    if _UNSEEN.search(subject.replace(" ", "").replace("\xa0", "")):
        raise errors.Unusable("a line break in the subject", hint="the referendum's title must be one line")
    policy = SMTPUTF8 if to.utf8 or sender[1].utf8 else SMTP
    message = EmailMessage(policy=policy.clone(cte_type="7bit"))
    message["From"] = f"{_quoted(sender[0])} <{sender[1]}>" if sender[0] else str(sender[1])
    message["To"] = str(to)
    message["Subject"] = subject
    message["Date"] = date
    message["Message-ID"] = f"<{identifier}@{sender[1].domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    message["Content-Language"] = template.language
    return message.as_bytes()


def _quoted(name: str) -> str:
    """A name that may have commas, as a quoted string."""
    return '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
