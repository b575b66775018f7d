"""From a letter's page to the text that is signed, and how each signature stands under it.

Nothing of this is kept: it is found anew from the published text and the signatures' files, each time that a page is shown. So
neither an edit nor a change in the database can leave a signature under a text that it is not of.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sanduq import errors
from sanduq.press import Attached, Block, Cosignature, Letter, SignedLetter, check_letter, check_signature, fingerprint, grouped
from sanduq.question.setup import hidden_in
from sanduq_web.press.edition import depends_on_more
from sanduq_web.press.models import CoSignature, CosignatureState, LetterPage, OrganisationPage, SigningKey

_NAMES: Final = {"strong": "b", "em": "i"}


# --- the text ---------------------------------------------------------------------------------------------------------------


class _Plain(HTMLParser):
    """Rich text as a letter has it: the same elements without attributes, characters written in one way."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(f"<{_NAMES.get(tag, tag)}>")
        self.depth += tag not in ("br", "hr")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("br", "hr"):
            self.parts.append(f"</{_NAMES.get(tag, tag)}>")
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        text = data.replace("\r\n", " ").replace("\n", " ")
        if self.depth or text.strip():
            self.parts.append(escape(text, quote=False))


def plain_html(source: str) -> str:
    """Rich text of the desk as the restricted HTML of spec 9.a. What is not allowed stays, and is refused by the check."""
    parser = _Plain()
    parser.feed(source)
    parser.close()
    return "".join(parser.parts)


def _block(kind: str, value: Any) -> Block:
    if kind == "heading":
        return Block("heading", str(value).strip())
    if kind == "quote":
        text = value["text"].replace("\r\n", "\n").strip()
        return Block("quote", text, value["source"].strip())
    return Block("paragraph", plain_html(value.source))


@lru_cache(maxsize=1024)
def _sha256(path: str, changed: int, size: int) -> str:
    """Of a file; ``changed`` and ``size`` are there so that another content is another question."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _attached(letter: LetterPage) -> tuple[Attached, ...]:
    found = []
    for each in letter.attachments.all() if letter.pk else ():
        name = " ".join((each.title or each.document.title).split())
        path = Path(each.document.file.path)
        depends_on_more()
        shown = "".join(character for character in name if hidden_in(character) is None) or "document"
        try:
            state = path.stat()
            digest = _sha256(str(path), state.st_mtime_ns, state.st_size)
        except OSError:
            digest = "0" * 64  # it is gone: no signature stands any more under a letter that had it
        found.append(Attached(shown, digest))
    return tuple(found)


def letter_of(page: LetterPage) -> Letter:
    """The letter that organisations sign; raises :class:`sanduq.errors.Refused` where nobody could."""
    letter = Letter(
        id=str(page.letter_id),
        language=page.locale.language_code,
        title=page.title.strip(),
        addressee=page.addressee.strip(),
        place=page.place.strip(),
        date=page.letter_date.isoformat(),
        body=tuple(_block(block.block_type, block.value) for block in page.text),
        attachments=_attached(page),
    )
    check_letter(letter)
    return letter


# --- the signatures ---------------------------------------------------------------------------------------------------------


class Standing(TextChoices):
    """How a signature stands under the text as it is now."""

    CONFIRMED = "confirmed", _("holds, key confirmed")
    UNCONFIRMED = "unconfirmed", _("holds, key unconfirmed")
    WITHDRAWN = "withdrawn", _("the key was withdrawn")
    VOID = "void", _("void: the text was changed after this signature")
    WRONG = "wrong", _("does not verify")


@dataclass(frozen=True)
class Signed:
    """A signature as a page shows it."""

    row: CoSignature
    given: Cosignature
    standing: Standing
    known: SigningKey | None

    @property
    def fingerprint(self) -> str:
        """The key's, in groups."""
        return grouped(fingerprint(self.given.key))

    @property
    def signed_on(self) -> date:
        """The day, as the signer says."""
        return date.fromisoformat(self.given.date)

    @property
    def signatory(self) -> OrganisationPage | None:
        """The organisation's page, if anybody may read it."""
        return self.row.page if self.row.page and self.row.page.is_readable() else None


def _standing(given: Cosignature, letter: Letter, known: SigningKey | None) -> Standing:
    try:
        check_signature(given, letter)
    except errors.CosignatureOtherText:
        return Standing.VOID
    except errors.Refused:
        return Standing.WRONG
    if known is not None and known.withdrawn_on is not None:
        return Standing.WITHDRAWN
    if known is None or known.confirmed_on is None or given.organisation not in known.names:
        return Standing.UNCONFIRMED
    return Standing.CONFIRMED


def signed_by(page: LetterPage, letter: Letter, state: str = CosignatureState.ACCEPTED) -> list[Signed]:
    """The signatures under a letter, in the editors' order."""
    rows = list(page.cosignatures.filter(state=state).select_related("page", "scan").order_by("order", "pk"))
    known = {each.key: each for each in SigningKey.objects.filter(key__in=[row.key for row in rows])}
    found = []
    for row in rows:
        given = row.read()
        key = known.get(given.key)
        found.append(Signed(row, given, _standing(given, letter, key), key))
    return found


HOLDING: Final = (Standing.CONFIRMED, Standing.UNCONFIRMED)


def standing_of(row: CoSignature) -> str:
    """The same of one signature, for the desk."""
    known = SigningKey.objects.filter(key=row.key).first()
    return str(_standing(row.read(), letter_of(row.letter), known).label)


def signed_letter(page: LetterPage) -> SignedLetter:
    """The file to verify offline: the letter and what holds under it."""
    letter = letter_of(page)
    return SignedLetter(letter, tuple(each.given for each in signed_by(page, letter) if each.standing in HOLDING))


def is_open(page: LetterPage) -> bool:
    """Whether organisations may still sign."""
    return page.open_until is not None and timezone.localdate() <= page.open_until


# --- what pages show --------------------------------------------------------------------------------------------------------


def shown_letter(page: LetterPage) -> dict[str, Any]:
    """What the page of a letter shows beside what every article's page does."""
    letter = letter_of(page)
    signed = signed_by(page, letter)
    others = page.get_translations().live().select_related("locale")
    return {
        "letter": letter,
        "holding": [each for each in signed if each.standing in HOLDING],
        "void": [each for each in signed if each.standing not in HOLDING],
        "attached": list(zip(page.attachments.all(), letter.attachments, strict=True)),
        "is_open": is_open(page),
        "other_languages": [each for each in others if each.is_readable()],
    }


def shown_organisation(page: OrganisationPage) -> dict[str, Any]:
    """Its lists in their orders; its keys; the letters it signed, as far as its signature holds."""
    rows = CoSignature.objects.filter(page=page, state=CosignatureState.ACCEPTED, letter__live=True).select_related("letter")
    seen = [row for row in rows if row.letter.is_readable()]
    letters = [row.letter for row in seen if _standing(row.read(), letter_of(row.letter), None) in HOLDING]
    return {
        "events": page.events.order_by("on", "sort_order"),
        "articles": page.articles.order_by("number"),
        # (A page that is being made has no name yet when its keys are checked.)
        "keys": [each.key for each in page.keys.all() if page.title.strip() in each.key.names],
        "letters": letters,
    }
