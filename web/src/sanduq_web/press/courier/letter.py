"""The demo's open letter: invented organisations sign it with keys that are made here and thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sanduq.press import PressKey, sign
from sanduq_web.press.courier.texts import blocks
from sanduq_web.press.letters import letter_of
from sanduq_web.press.models import CoSignature, CosignatureState, LetterPage, SigningKey

_CONFIRMED = 2
"""So many of the keys; the next organisation's is shown as unconfirmed."""


def unsigned(words: Mapping[str, Any], place: str, now: datetime) -> LetterPage:
    """The letter of a language, open for signatures for a month."""
    body = blocks(words["body"], {})
    return LetterPage(
        title=words["title"],
        slug="ferry-letter",
        summary=words["addressee"],
        addressee=words["addressee"],
        place=place,
        letter_date=now.date(),
        published_on=now - timedelta(hours=30),
        text=body,
        body=body,
        invitation=words["invitation"],
        open_until=now.date() + timedelta(days=30),
    )


def have_signed(page: LetterPage, words: Mapping[str, Any], now: datetime) -> None:
    """Each organisation signs the text as it is published."""
    letter = letter_of(page)
    for number, who in enumerate(words["signatories"]):
        key = PressKey.new()
        given = sign(letter, key, who["organisation"], who["representative"], who["office"], now.date().isoformat())
        CoSignature.objects.create(
            letter=page, given=given.to_bytes().decode(), state=CosignatureState.ACCEPTED, order=number + 1
        )
        if number < _CONFIRMED:
            SigningKey.objects.create(
                key=key.public, owners=who["organisation"], confirmed_on=now.date(), confirmed_how=words["confirmed"]
            )
