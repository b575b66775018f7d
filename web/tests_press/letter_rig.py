"""Letters, keys and signatures for tests."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from newsroom import publish, section
from sanduq.press import PressKey, read_letter, sign
from sanduq.press.key import FILE_PREFIX
from sanduq_web.press.models import CoSignature, LetterPage
from talking import solved

BODY = [
    ("heading", "What we ask"),
    (
        "paragraph",
        '<p data-block-key="a1">The lake is <b>lower</b> &amp; nobody says why.<br/></p><ul><li>Measure it.</li></ul>',
    ),
    ("quote", {"text": "It was always so.", "source": "The keeper"}),
]


def key(number: int) -> PressKey:
    return PressKey.from_file(FILE_PREFIX + hashlib.sha256(f"rig {number}".encode()).hexdigest())


def letter(language: str = "en", **more: Any) -> LetterPage:
    """A published letter that is open for signatures."""
    given = {
        "title": "On the level of the lake",
        "summary": "Three sentences to the council.",
        "addressee": "The Council of the Valley",
        "place": "Port Anna",
        "letter_date": date(2026, 11, 22),
        "text": BODY,
        "open_until": timezone.localdate() + timedelta(days=1),
    } | more
    return publish(LetterPage(**given), section(language, title="Letters", slug="letters", kind="letter"))


def address(page: LetterPage) -> str:
    return f"/{page.locale.language_code}/co-sign/{page.letter_id}/"


def shown(reader: Client, page: LetterPage) -> str:
    """The letter's page, as a reader gets it."""
    answer = reader.get(page.get_url())
    assert answer.status_code == 200
    return answer.text


def signature(reader: Client, page: LetterPage, number: int = 1, name: str = "Lake Society", **more: str) -> str:
    """A signature of the text that the site hands out."""
    text = read_letter(reader.get(f"{address(page)}letter.json").content)
    who = {"representative": "R. Example", "office": "Chair", "date": "2026-11-23"} | more
    return sign(text, key(number), name, **who).to_bytes().decode()


def send(reader: Client, page: LetterPage, text: str, **headers: str) -> Any:
    """Open the form, paste the text, solve the CAPTCHA, send."""
    form = reader.get(address(page))
    sent = solved(form, signature=text) if "captcha_key" in form.text else {"signature": text}
    return reader.post(address(page), sent, headers={"Sec-Fetch-Site": "same-origin"} | headers)


def accept(under: LetterPage, /, **more: Any) -> CoSignature:
    """What an editor does with the newest signature."""
    row = under.cosignatures.order_by("-pk")[0]
    for name, value in ({"state": "accepted"} | more).items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    return row


def edited(page: LetterPage, **changed: Any) -> LetterPage:
    """The letter with another text, published."""
    page = LetterPage.objects.get(pk=page.pk)
    for name, value in changed.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return LetterPage.objects.get(pk=page.pk)
