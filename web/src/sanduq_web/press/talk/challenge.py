"""The CAPTCHA: digits in a picture, or, for whoever cannot see it, digits in words. Without JavaScript, without anybody else.

The rows are django-simple-captcha's; each is good for one answer and for ``CAPTCHA_TIMEOUT`` minutes. Of that package's views
none is used: it draws with the process's common random numbers, seeded by the key that stands in the page, so that anybody
can draw the same noise and take it away. Here the picture's seed is hashed with the site's secret.

A key ends with the second in which its time is up. So a form that comes late is told so, although the row is deleted by then,
and one that was sent twice is not told that it is late.
"""

from __future__ import annotations

import enum
import hmac
import io
import secrets
import unicodedata
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any, Final

from captcha.models import CaptchaStore
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from sanduq_web import clock

LENGTH: Final = 5
MOST: Final = 20_000
"""Rows at a time. Beyond, the oldest go: their readers get a new one, and keep what they wrote."""
SIZE: Final = (240, 80)
_WORDS: Final = "words:"
_FONT: Final = Path(__file__).resolve().parent.parent / "fonts" / "digits.ttf"
_DIGITS: Final = {"fa": "۰۱۲۳۴۵۶۷۸۹", "azb": "۰۱۲۳۴۵۶۷۸۹", "ar": "٠١٢٣٤٥٦٧٨٩"}
_NAMES: Final = [
    _("zero"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"),
]  # fmt: skip


class Verdict(enum.Enum):
    """What became of an answer."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    USED = "used"


def make(language: str, in_words: bool = False) -> str:
    """A new one, in the digits of a language; gives its key."""
    now = clock.seconds(clock.now())
    CaptchaStore.objects.filter(expiration__lte=_moment(now)).delete()
    if CaptchaStore.objects.count() >= MOST:
        oldest = CaptchaStore.objects.order_by("pk").values_list("pk", flat=True)[: MOST // 10]
        CaptchaStore.objects.filter(pk__in=list(oldest)).delete()
    # In a picture no zero: in Arabic digits it is a dot, which nobody finds among the others.
    answer = "".join(secrets.choice("0123456789" if in_words else "123456789") for _number in range(LENGTH))
    drawn = answer.translate(str.maketrans("0123456789", _DIGITS.get(language, "0123456789")))
    ends = now + 60 * int(settings.CAPTCHA_TIMEOUT)
    key = f"{secrets.token_hex(16)}{ends:08x}"
    challenge = _WORDS + answer if in_words else drawn
    CaptchaStore.objects.create(hashkey=key, challenge=challenge, response=answer, expiration=_moment(ends))
    return key


def alive(key: str) -> Any:
    """The row, if it can still be answered."""
    return CaptchaStore.objects.filter(hashkey=key, expiration__gt=_moment(clock.seconds(clock.now()))).first()


def words_of(key: str) -> list[str]:
    """The digits in the words of the active language; none if it is a picture."""
    row = alive(key)
    if row is None or not row.challenge.startswith(_WORDS):
        return []
    return [str(_NAMES[int(digit)]) for digit in row.response]


def judge(key: str, answer: str) -> Verdict:
    """What an answer is worth. Right or wrong, there is no second one."""
    row = CaptchaStore.objects.filter(hashkey=key).first()
    now = clock.seconds(clock.now())
    if row is None:
        return Verdict.EXPIRED if _ends(key) <= now else Verdict.USED
    if not CaptchaStore.objects.filter(pk=row.pk).delete()[0]:
        return Verdict.USED  # two answers came at the same time
    if row.expiration <= _moment(now):
        return Verdict.EXPIRED
    return Verdict.RIGHT if hmac.compare_digest(plain(answer).encode(), row.response.encode()) else Verdict.WRONG


def plain(answer: str) -> str:
    """An answer in European digits, whichever were typed."""
    return "".join(str(unicodedata.decimal(c, c)) for c in answer if not c.isspace() and unicodedata.category(c) != "Cf")


def picture(key: str) -> bytes | None:
    """A PNG of the digits, always the same for a key; none if there is nothing to draw."""
    row = alive(key)
    if row is None or row.challenge.startswith(_WORDS):
        return None
    random = Random(hmac.digest(settings.SECRET_KEY.encode(), key.encode(), "sha256"))
    image = Image.new("L", SIZE, 255)
    step = (SIZE[0] - 30) // len(row.challenge)
    for place, digit in enumerate(row.challenge):
        glyph = _glyph(digit, random)
        at = (15 + place * step + random.randint(-4, 4), random.randint(2, SIZE[1] - glyph.height - 2))
        image.paste(0, at, glyph)
    _noise(image, random)
    out = io.BytesIO()
    image.filter(ImageFilter.SMOOTH).save(out, "PNG")
    return out.getvalue()


def _glyph(digit: str, random: Random) -> Any:
    glyph = Image.new("L", (64, 64), 0)
    ImageDraw.Draw(glyph).text((32, 32), digit, font=_font(random.randint(44, 52)), fill=255, anchor="mm")
    turned = glyph.rotate(random.uniform(-24, 24), resample=Image.Resampling.BICUBIC)
    slant = random.uniform(-0.25, 0.25)
    slanted = turned.transform((64, 64), Image.Transform.AFFINE, (1, slant, -32 * slant, 0, 1, 0), Image.Resampling.BICUBIC)
    return slanted.crop(slanted.getbbox())


def _noise(image: Any, random: Random) -> None:
    draw = ImageDraw.Draw(image)
    wide, high = image.size
    for number in range(4):
        ends = [(0, random.randint(0, high)), (wide, random.randint(0, high))]
        draw.line(ends, fill=random.choice((0, 90)), width=random.choice((1, 2)))
        x, y = random.randint(-40, wide - 40), random.randint(-20, high - 20)
        draw.arc(
            [x, y, x + random.randint(60, 140), y + random.randint(30, 70)], 0, 360, fill=255 if number % 2 else 0, width=1
        )
    for _dot in range(wide * high // 24):
        draw.point((random.randrange(wide), random.randrange(high)), fill=random.choice((0, 120, 255)))


@lru_cache(maxsize=16)
def _font(size: int) -> Any:
    return ImageFont.truetype(str(_FONT), size)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _ends(key: str) -> int:
    try:
        return int(key[32:40], 16)
    except ValueError:
        return 0
